#pragma once

#include "adapters/mqtt_discovery/limits.h"
#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hearth::mqtt_discovery {

/// What the messages of one publisher may cost hearth in reading them: a step is what
/// templating::Limits counts, about 30 ns. One template is bounded by the engine; this bounds all
/// of a message, and all messages of a credential: who announces thousands of dear templates for
/// one topic holds up itself alone.
///
/// The first Limits::template_free_steps of each message cost nothing, so that ordinary messages
/// are never looked up. What goes beyond comes out of the publisher's bucket, which is filled
/// evenly. Clients without a name are one publisher. On the home's shard.
class TemplateBudget {
public:
    explicit TemplateBudget(const Limits& limits)
        : limits_(limits) {}

    /// How many steps this publisher may spend now beyond the free ones.
    std::size_t available(std::string_view publisher, const Clock& clock) const;
    void spend(std::string_view publisher, const Clock& clock, std::size_t steps);

    /// A message of this publisher was not read to its end. How many others were set aside since
    /// that was last told, or nothing where it is not yet to be told again.
    std::optional<std::uint64_t> set_aside(std::string_view publisher, const Clock& clock);

    std::size_t publishers() const { return buckets_.size(); }

private:
    struct Bucket {
        std::size_t steps = 0; ///< what is left, at `filled`
        Micros filled = 0;     ///< steady clock
        Micros tell_again = 0; ///< not before
        std::uint64_t untold = 0;
    };
    /// Of a publisher of whom nothing is known, a full one.
    Bucket& bucket(std::string_view publisher, Micros now);
    std::size_t filled(const Bucket& bucket, Micros now) const;
    void forget_idle(Micros now);

    const Limits& limits_;
    std::unordered_map<std::string, Bucket> buckets_;
};

/// The share of one message. Gives the bill to its publisher when it goes.
class MessageBudget {
public:
    /// Borrows all three.
    MessageBudget(TemplateBudget& all, std::string_view publisher, const Clock& clock,
                  const Limits& limits)
        : all_(all)
        , publisher_(publisher)
        , clock_(clock)
        , limits_(limits)
        , allowed_(limits.template_free_steps) {}
    ~MessageBudget();
    MessageBudget(const MessageBudget&) = delete;

    std::string_view publisher() const { return publisher_; }
    /// How many steps may still be spent. Looks the publisher up only where the free ones are few.
    std::size_t left(std::size_t wanted);
    void spend(std::size_t steps) { spent_ += steps; }
    /// From now on nothing more is read of the message.
    void exhaust() { exhausted_ = true; }
    bool is_exhausted() const { return exhausted_; }
    /// Which limit ended it, in words.
    std::string reason() const;

private:
    TemplateBudget& all_;
    std::string_view publisher_;
    const Clock& clock_;
    const Limits& limits_;
    std::size_t allowed_;
    std::size_t spent_ = 0;
    bool asked_ = false;
    bool exhausted_ = false;
};

} // namespace hearth::mqtt_discovery
