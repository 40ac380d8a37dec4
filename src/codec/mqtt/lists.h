#pragma once

#include "codec/mqtt/protocol.h"
#include "codec/mqtt/reason.h"

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace hearth::mqtt {

/// One name and value that means something to the applications, not to MQTT (3.1.2.11.8). Names may
/// repeat; their order is kept.
struct UserProperty {
    std::string_view name{};
    std::string_view value{};

    bool operator==(const UserProperty&) const = default;
};

/// When a new subscription is answered with the retained messages (3.8.3.1).
enum class RetainHandling : std::uint8_t { send = 0, send_if_new = 1, never = 2 };

/// One line of a SUBSCRIBE (3.8.3). All but filter and qos exist only in 5.0.
struct Subscription {
    std::string_view filter{};
    Qos qos = Qos::at_most_once;
    bool no_local = false;
    bool retain_as_published = false;
    RetainHandling retain_handling = RetainHandling::send;

    bool operator==(const Subscription&) const = default;
};

/// Take the next entry from the front of an encoded block; false at its end or where it makes no
/// sense. They are what EncodedList iterates with. Those of properties pass over other properties.
bool take_entry(std::string_view& rest, UserProperty& property);
bool take_entry(std::string_view& rest, std::uint32_t& subscription_id);
bool take_entry(std::string_view& rest, Subscription& subscription);
bool take_entry(std::string_view& rest, std::string_view& filter);
bool take_entry(std::string_view& rest, ReasonCode& reason);

/// A list that stays in the form that it has on the wire, so that neither decoding nor encoding
/// copies or allocates it. Owns nothing: the block must outlive the list and whatever was taken out
/// of it. Iterating is safe over any bytes; it ends where they make no sense.
///
/// A decoded list views the input. To encode one, make its block with the append_… functions below:
/// `std::string block; append_user_property(block, "unit", "K"); UserProperties list(block);`
template <class Entry>
class EncodedList {
public:
    class Iterator {
    public:
        using value_type = Entry;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;
        explicit Iterator(std::string_view rest)
            : rest_(rest) {
            ++*this;
        }

        const Entry& operator*() const { return entry_; }
        const Entry* operator->() const { return &entry_; }
        Iterator& operator++() {
            there_ = take_entry(rest_, entry_);
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return !there_; }

    private:
        std::string_view rest_;
        Entry entry_{};
        bool there_ = false;
    };

    EncodedList() = default;
    explicit EncodedList(std::string_view block)
        : block_(block) {}

    Iterator begin() const { return Iterator(block_); }
    std::default_sentinel_t end() const { return {}; }
    bool empty() const { return block_.empty() || begin() == end(); }
    /// Counts by walking.
    std::size_t count() const {
        std::size_t entries = 0;
        for (auto entry = begin(); entry != end(); ++entry)
            ++entries;
        return entries;
    }

    /// The bytes behind it. A list of properties may lie among other properties.
    std::string_view block() const { return block_; }

    /// The same entries in the same order, whatever lies between them.
    bool operator==(const EncodedList& other) const {
        auto mine = begin();
        auto its = other.begin();
        for (; mine != end() && its != end(); ++mine, ++its) {
            if (!(*mine == *its)) return false;
        }
        return mine == end() && its == end();
    }

private:
    std::string_view block_;
};

using UserProperties = EncodedList<UserProperty>;
/// Which subscriptions a PUBLISH answers (3.3.2.3.8), each 1 to 268,435,455.
using SubscriptionIds = EncodedList<std::uint32_t>;
using SubscriptionList = EncodedList<Subscription>;
using FilterList = EncodedList<std::string_view>;
using ReasonList = EncodedList<ReasonCode>;

/// Each appends one entry to the block of its list; false, and nothing is appended, if a text is
/// longer than max_field_bytes or an id is out of range. What the text says is not checked.
[[nodiscard]] bool append_user_property(std::string& block, std::string_view name,
                                        std::string_view value);
[[nodiscard]] bool append_subscription_id(std::string& block, std::uint32_t id);
[[nodiscard]] bool append_subscription(std::string& block, const Subscription& subscription);
[[nodiscard]] bool append_filter(std::string& block, std::string_view filter);
void append_reason(std::string& block, ReasonCode reason);

/// The options byte of a subscription (3.8.3.1), as 5.0 has it.
std::uint8_t subscription_options(const Subscription& subscription);

} // namespace hearth::mqtt
