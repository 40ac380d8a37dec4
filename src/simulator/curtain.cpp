#include "simulator/thing.h"

#include <algorithm>
#include <cmath>

namespace hearth::simulator {
namespace {

constexpr Micros report_interval = seconds; ///< while it moves

/// A curtain motor. Somebody opens it in the morning and closes it when it gets dark.
class Curtain final : public Thing {
public:
    Curtain(const DevicePlan& plan, World& house, std::uint64_t seed, Micros begin)
        : Thing(plan, house, seed, begin) {
        position_ = house.is_dark(begin) ? 0 : 100;
        target_ = position_;
        next_hand_ = next_hand(begin);
    }

    ValueMap state(Micros) const override {
        return {{"position", static_cast<std::int64_t>(std::lround(position_))},
                {"motion", motion()}};
    }

protected:
    Result<void> check(const ValueMap& request) const override {
        for (const auto& [key, value] : request) {
            if (key == "position") {
                const double wanted = value.number_or(-1);
                if (!(wanted >= 0 && wanted <= 100)) // not a number is refused, too
                    return fail(Code::invalid, "position must be a number from 0 to 100");
            } else if (key == "move") {
                const std::string_view word = value.string_or("");
                if (word != "open" && word != "close" && word != "stop")
                    return fail(Code::invalid, "move must be open, close or stop");
            } else {
                return fail(Code::invalid, "no such function: {}", key);
            }
        }
        return {};
    }

    bool obey(const ValueMap& request, Micros now) override {
        move_on(now);
        if (const Value* wanted = request.find("position"))
            go_to(wanted->number_or(position_), now);
        if (const Value* move = request.find("move")) {
            const std::string_view word = move->string_or("");
            go_to(word == "open" ? 100 : word == "close" ? 0 : position_, now);
        }
        return true;
    }

    Micros due() const override { return std::min(next_step_, next_hand_); }

    bool live(Micros now) override {
        move_on(now);
        if (next_hand_ <= now) {
            if (world().household().anybody_home(now)) go_to(world().is_dark(now) ? 0 : 100, now);
            next_hand_ = next_hand(now);
        }
        if (next_step_ <= now) next_step_ = step_after(now);
        return true;
    }

private:
    std::string_view motion() const {
        return target_ > position_ ? "opening" : target_ < position_ ? "closing" : "stopped";
    }

    double per_second() const { return 100 / plan().travel_s; }

    /// To where it has come by now.
    void move_on(Micros now) {
        const double way =
            per_second() * static_cast<double>(now - moved_at_) / static_cast<double>(seconds);
        if (target_ > position_)
            position_ = std::min(target_, position_ + way);
        else
            position_ = std::max(target_, position_ - way);
        moved_at_ = now;
        // What is left of the last step by rounding to microseconds.
        if (std::abs(target_ - position_) < 0.01) position_ = target_;
    }

    void go_to(double target, Micros now) {
        moved_at_ = now;
        target_ = target;
        next_step_ = step_after(now);
    }

    /// The next report on the way, or the arrival.
    Micros step_after(Micros now) const {
        if (target_ == position_) return never;
        const double left_s = std::abs(target_ - position_) / per_second();
        return now +
               std::min(report_interval,
                        static_cast<Micros>(std::ceil(left_s * static_cast<double>(seconds))));
    }

    /// Somebody's hand: each morning and each evening, a little differently every day.
    Micros next_hand(Micros now) {
        const double later = chance(0, 20);
        for (Micros at = now + 5 * minutes; at < now + 2 * days; at += 5 * minutes) {
            const bool dark = world().is_dark(at);
            const double minute = world().minute_of_day(at);
            const bool opens = !dark && was_dark_ && minute > 6.5 * 60;
            const bool closes = dark && !was_dark_;
            if (!opens && !closes) continue;
            was_dark_ = dark;
            return at + static_cast<Micros>(later * static_cast<double>(minutes));
        }
        return never;
    }

    double position_ = 0;
    double target_ = 0;
    Micros moved_at_ = 0;
    Micros next_step_ = never;
    Micros next_hand_ = never;
    bool was_dark_ = world().is_dark(begun());
};

} // namespace

std::unique_ptr<Thing> make_curtain(const DevicePlan& plan, World& world, std::uint64_t seed,
                                    Micros begin) {
    return std::make_unique<Curtain>(plan, world, seed, begin);
}

} // namespace hearth::simulator
