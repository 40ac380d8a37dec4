#include "codec/mqtt/topic.h"

#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace hearth::mqtt {
namespace {

constexpr std::string_view share_prefix = "$share/";

/// Eight bytes at once: what is done to the word is done to each of them.
using Word = std::uint64_t;
constexpr Word every(unsigned char byte) {
    return 0x0101'0101'0101'0101U * byte;
}

/// Not 0 if one of the bytes is 0.
constexpr Word zeros(Word word) {
    return (word - every(0x01)) & ~word & every(0x80);
}

/// What one pass over a text finds. Topics are short and looked at with every PUBLISH: byte by byte
/// this took half of the time of decoding one.
struct Scan {
    Word bits = 0;     ///< of all bytes; 0x80 in any of them is more than ASCII
    Word nul = 0;      ///< not 0 if there is a U+0000
    Word wildcard = 0; ///< not 0 if there is a '+' or '#'

    void look_at(Word word) {
        bits |= word;
        nul |= zeros(word);
        static_assert(('+' & ~0x08) == '#');
        wildcard |= zeros((word & every(0xF7)) ^ every('#'));
    }
    bool ascii() const { return (bits & every(0x80)) == 0; }
};

Scan scan(std::string_view text) {
    Scan found;
    const auto word_at = [&](std::size_t i) {
        Word word = 0;
        std::memcpy(&word, text.data() + i, sizeof word);
        return word;
    };
    if (text.size() < sizeof(Word)) {
        for (const char c : text)
            found.look_at(every(static_cast<unsigned char>(c)));
        return found;
    }
    // The last word may overlap the one before it: looking twice does no harm.
    const std::size_t last = text.size() - sizeof(Word);
    for (std::size_t i = 0; i < last; i += sizeof(Word))
        found.look_at(word_at(i));
    found.look_at(word_at(last));
    return found;
}

bool is_text(std::string_view bytes, const Scan& found) {
    return bytes.size() <= max_field_bytes && found.nul == 0 && (found.ascii() || is_utf8(bytes));
}

std::unexpected<PacketError> refuse_topic(ReasonCode reason, std::string_view what,
                                          std::string_view topic, std::string_view why) {
    return refuse(reason, "{} \"{}\" {}", what, printable(topic, 100), why);
}

Checked<void> check_levels(ReasonCode reason, std::string_view what, std::string_view topic,
                           std::size_t max_levels) {
    // Counted only where there is room for so many.
    if (topic.size() < max_levels) return {};
    const std::size_t levels = Levels(topic).count();
    if (levels <= max_levels) return {};
    return refuse(reason, "{} \"{}\" has {} levels; at most {} are allowed", what,
                  printable(topic, 100), levels, max_levels);
}

/// Why the wildcards of a filter stand wrong, or nothing (4.7.1.2, 4.7.1.3).
std::string_view misplaced_wildcard(std::string_view filter) {
    for (std::size_t i = 0; i < filter.size(); ++i) {
        if (filter[i] != '+' && filter[i] != '#') continue;
        const bool last = i + 1 == filter.size();
        const bool begins = i == 0 || filter[i - 1] == '/';
        if (filter[i] == '#' && !last) return "has '#' before its end";
        if (!begins || (!last && filter[i + 1] != '/')) return "has a wildcard inside of a level";
    }
    return {};
}

} // namespace

bool is_text(std::string_view bytes) {
    return is_text(bytes, scan(bytes));
}

Checked<void> check_topic_name(std::string_view topic, std::size_t max_levels) {
    using enum ReasonCode;
    const Scan found = scan(topic);
    if (!is_text(topic, found))
        return refuse_topic(malformed_packet, "topic", topic, "is not UTF-8 without U+0000");
    if (topic.empty()) return refuse(topic_name_invalid, "topic is empty");
    if (found.wildcard != 0)
        return refuse_topic(topic_name_invalid, "topic", topic,
                            "has a wildcard; only filters may have '+' and '#'");
    return check_levels(topic_name_invalid, "topic", topic, max_levels);
}

Checked<void> check_topic_filter(std::string_view filter, std::size_t max_levels) {
    using enum ReasonCode;
    const Scan found = scan(filter);
    if (!is_text(filter, found))
        return refuse_topic(malformed_packet, "filter", filter, "is not UTF-8 without U+0000");
    std::string_view inner = filter;
    if (filter.starts_with(share_prefix)) {
        const auto shared = shared_filter(filter);
        if (!shared || shared->group.empty() || shared->filter.empty())
            return refuse_topic(topic_filter_invalid, "filter", filter,
                                "is no shared subscription; it must be $share/GROUP/FILTER");
        if (has_wildcard(shared->group))
            return refuse_topic(topic_filter_invalid, "filter", filter,
                                "has a wildcard in its group's name");
        inner = shared->filter;
    }
    if (inner.empty()) return refuse(topic_filter_invalid, "filter is empty");
    if (found.wildcard != 0) {
        const std::string_view why = misplaced_wildcard(inner);
        if (!why.empty()) return refuse_topic(topic_filter_invalid, "filter", filter, why);
    }
    return check_levels(topic_filter_invalid, "filter", inner, max_levels);
}

bool has_wildcard(std::string_view filter) {
    return filter.find_first_of("+#") != std::string_view::npos;
}

std::optional<SharedFilter> shared_filter(std::string_view filter) {
    if (!filter.starts_with(share_prefix)) return std::nullopt;
    filter.remove_prefix(share_prefix.size());
    const std::size_t slash = filter.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    return SharedFilter{filter.substr(0, slash), filter.substr(slash + 1)};
}

bool matches(std::string_view filter, std::string_view topic) {
    if (filter.empty() || topic.empty()) return false;
    // A filter without '$' in front could match this topic only by a wildcard in front.
    if (topic.front() == '$' && filter.front() != '$') return false;
    std::size_t at = 0;
    for (std::size_t i = 0; i < filter.size(); ++i) {
        if (filter[i] == '#') return true;
        if (filter[i] == '+') {
            while (at < topic.size() && topic[at] != '/')
                ++at;
        } else if (at < topic.size() && filter[i] == topic[at]) {
            ++at;
        } else {
            // "sport/#" also matches "sport", the level above (4.7.1.2).
            return at == topic.size() && filter.substr(i) == "/#";
        }
    }
    return at == topic.size();
}

void Levels::Iterator::cut() {
    length_ = std::min(rest_.find('/'), rest_.size());
}

Levels::Iterator& Levels::Iterator::operator++() {
    there_ = !last();
    rest_.remove_prefix(there_ ? length_ + 1 : length_);
    cut();
    return *this;
}

std::size_t Levels::count() const {
    return 1 + static_cast<std::size_t>(std::ranges::count(topic_, '/'));
}

} // namespace hearth::mqtt
