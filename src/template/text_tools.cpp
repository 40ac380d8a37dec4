#include "template/text_tools.h"

#include "template/unicode.h"

#include <algorithm>

namespace hearth::templating {
namespace {

bool is_in_set(std::string_view character, std::string_view set) {
    for (; !set.empty(); set.remove_prefix(character_length(set)))
        if (set.substr(0, character_length(set)) == character) return true;
    return false;
}

/// Where the last character begins.
std::size_t last_character(std::string_view text) {
    std::size_t at = text.size() - 1;
    while (at > 0 && text.size() - at < 4 &&
           (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
        --at;
    return character_length(text.substr(at)) == text.size() - at ? at : text.size() - 1;
}

/// The next word, after white space; false where none is left.
bool take_word(std::string_view& rest, std::string_view& word) {
    rest = strip(rest, true, false);
    if (rest.empty()) return false;
    std::size_t end = 0;
    while (end < rest.size() && !is_space(decode(rest.substr(end))))
        end += character_length(rest.substr(end));
    word = rest.substr(0, end);
    rest.remove_prefix(end);
    return true;
}

Item split_words(Run& run, std::string_view rest, std::int64_t limit) {
    List& parts = run.make_list();
    std::string_view word;
    while (!run.failed() && (limit < 0 || std::ssize(parts.items) < limit) && take_word(rest, word))
        run.append(parts, Item::of(word));
    rest = strip(rest, true, false);
    if (!rest.empty()) run.append(parts, Item::of(rest));
    return Item::of(&parts);
}

Item split_words_from_right(Run& run, std::string_view rest, std::int64_t limit) {
    List& parts = run.make_list();
    rest = strip(rest, false, true);
    while (!run.failed() && !rest.empty() && (limit < 0 || std::ssize(parts.items) < limit)) {
        std::size_t begin = rest.size();
        while (begin > 0) {
            const std::size_t at = last_character(rest.substr(0, begin));
            if (is_space(decode(rest.substr(at)))) break;
            begin = at;
        }
        run.append(parts, Item::of(rest.substr(begin)));
        rest = strip(rest.substr(0, begin), false, true);
    }
    if (!rest.empty()) run.append(parts, Item::of(rest));
    std::ranges::reverse(parts.items);
    return Item::of(&parts);
}

/// The separator's text; false, and failed, where it is none.
bool separator_text(Run& run, const Item& separator, std::string_view& text) {
    if (!separator.is_string() || separator.text().empty()) {
        run.invalid("split needs a text that is not empty, not a {}", type_name(separator));
        return false;
    }
    text = separator.text();
    return true;
}

} // namespace

std::string_view strip_characters(std::string_view text, std::string_view set, bool left,
                                  bool right) {
    while (left && !text.empty() && is_in_set(text.substr(0, character_length(text)), set))
        text.remove_prefix(character_length(text));
    while (right && !text.empty()) {
        const std::size_t at = last_character(text);
        if (!is_in_set(text.substr(at), set)) break;
        text = text.substr(0, at);
    }
    return text;
}

Item replaced(Run& run, std::string_view text, std::string_view old, std::string_view with,
              std::int64_t count) {
    Text out(run);
    while (count != 0 && run.spend()) {
        const std::size_t at = text.find(old);
        if (at == std::string_view::npos) break;
        out.append(text.substr(0, at));
        out.append(with);
        text.remove_prefix(at + old.size());
        --count;
        if (!old.empty()) continue;
        // An empty text stands before each character and at the end.
        if (text.empty()) break;
        out.append(text.substr(0, character_length(text)));
        text.remove_prefix(character_length(text));
    }
    out.append(text);
    return out.item();
}

Item split_text(Run& run, std::string_view text, const Item& separator, std::int64_t limit) {
    if (!run.spend(text.size() / 8)) return {};
    if (separator.is_none()) return split_words(run, text, limit);
    std::string_view between;
    if (!separator_text(run, separator, between)) return {};
    List& parts = run.make_list();
    for (std::size_t at = 0; !run.failed() && limit != 0; --limit) {
        at = text.find(between);
        if (at == std::string_view::npos) break;
        run.append(parts, Item::of(text.substr(0, at)));
        text.remove_prefix(at + between.size());
    }
    run.append(parts, Item::of(text));
    return Item::of(&parts);
}

Item split_text_from_right(Run& run, std::string_view text, const Item& separator,
                           std::int64_t limit) {
    if (!run.spend(text.size() / 8)) return {};
    if (separator.is_none()) return split_words_from_right(run, text, limit);
    std::string_view between;
    if (!separator_text(run, separator, between)) return {};
    List& parts = run.make_list();
    for (; !run.failed() && limit != 0; --limit) {
        const std::size_t at = text.rfind(between);
        if (at == std::string_view::npos) break;
        run.append(parts, Item::of(text.substr(at + between.size())));
        text = text.substr(0, at);
    }
    run.append(parts, Item::of(text));
    std::ranges::reverse(parts.items);
    return Item::of(&parts);
}

} // namespace hearth::templating
