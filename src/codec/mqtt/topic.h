#pragma once

#include "codec/mqtt/reason.h"

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

/// Topic names and topic filters (4.7): checking, splitting and matching. Nothing here allocates,
/// except the text of an error.
namespace hearth::mqtt {

/// How many levels a topic or filter may have where nobody says otherwise. The standard has no
/// limit; without one a topic of 65,535 slashes costs a tree of topics 65,536 nodes.
inline constexpr std::size_t default_max_topic_levels = 128;

/// A text as MQTT has it (1.5.4): well-formed UTF-8 without U+0000, at most max_field_bytes.
bool is_text(std::string_view bytes);

/// A topic that a message can be published to: text, not empty, no '+' and no '#', at most that
/// many levels. Errors: malformed_packet if it is no text, else topic_name_invalid.
Checked<void> check_topic_name(std::string_view topic,
                               std::size_t max_levels = default_max_topic_levels);

/// A filter that can be subscribed to: text, not empty, '+' only as a whole level, '#' only as the
/// whole last level, at most that many levels. One that begins with "$share/" must be a well-formed
/// shared subscription (4.8.2): "$share/", a name without '/', '+', '#', then '/' and a filter.
/// Errors: malformed_packet if it is no text, else topic_filter_invalid.
Checked<void> check_topic_filter(std::string_view filter,
                                 std::size_t max_levels = default_max_topic_levels);

bool has_wildcard(std::string_view filter);

/// "$share/kitchen/lights/#" → {"kitchen", "lights/#"} (4.8.2).
struct SharedFilter {
    std::string_view group;
    std::string_view filter;

    bool operator==(const SharedFilter&) const = default;
};

/// Nothing if the filter is not a shared one. The filter must have passed check_topic_filter().
std::optional<SharedFilter> shared_filter(std::string_view filter);

/// Whether a message to `topic` goes to who subscribed to `filter` (4.7.1). A filter that begins
/// with a wildcard does not match a topic that begins with '$' (4.7.2). Both must have been
/// checked; of a shared subscription hand in SharedFilter::filter. Whatever is handed in, nothing
/// beyond it is read.
bool matches(std::string_view filter, std::string_view topic);

/// The levels of a topic or filter in order: "a//b" has "a", "" and "b"; "/" has two empty ones;
/// "" has one. `for (const std::string_view level : Levels(topic)) …`
class Levels {
public:
    class Iterator {
    public:
        using value_type = std::string_view;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;
        explicit Iterator(std::string_view topic)
            : rest_(topic)
            , there_(true) {
            cut();
        }

        std::string_view operator*() const { return rest_.substr(0, length_); }
        Iterator& operator++();
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return !there_; }
        /// Whether no level follows this one.
        bool last() const { return length_ == rest_.size(); }

    private:
        void cut();

        std::string_view rest_;
        std::size_t length_ = 0;
        bool there_ = false;
    };

    explicit Levels(std::string_view topic)
        : topic_(topic) {}
    Iterator begin() const { return Iterator(topic_); }
    std::default_sentinel_t end() const { return {}; }
    std::size_t count() const;

private:
    std::string_view topic_;
};

} // namespace hearth::mqtt
