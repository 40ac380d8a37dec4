#include "simulator/thing.h"

#include <algorithm>
#include <cmath>

namespace hearth::simulator {
namespace {

constexpr double max_brightness = 254;
constexpr double warmest_mireds = 500;
constexpr double coolest_mireds = 153;

Result<void> check_range(const ValueMap& request, std::string_view key, double min, double max) {
    const Value* value = request.find(key);
    if (value == nullptr) return {};
    const double number = value->number_or(max + 1);
    if (value->is_number() && number >= min && number <= max) return {};
    return fail(Code::invalid, "{} must be a number from {} to {}", key, min, max);
}

/// A lamp. People switch it on when they come into a dark room, and mostly off when the last one
/// leaves.
class Light final : public Thing {
public:
    Light(const DevicePlan& plan, World& house, std::uint64_t seed, Micros begin)
        : Thing(plan, house, seed, begin)
        , dims_(plan.kind != Kind::light)
        , colors_(plan.kind == Kind::color_light) {
        look_for_people(begin);
    }

    ValueMap state(Micros) const override {
        ValueMap state{{"on", on_}};
        if (dims_) state.set("brightness", brightness_);
        if (colors_) {
            state.set("color_mode", by_temperature_ ? "ct" : "hs");
            state.set("hue", hue_);
            state.set("saturation", saturation_);
            state.set("mireds", mireds_);
        }
        return state;
    }

protected:
    Result<void> check(const ValueMap& request) const override {
        for (const auto& [key, value] : request) {
            const bool known =
                key == "on" || key == "toggle" || key == "transition_s" ||
                (dims_ && key == "brightness") ||
                (colors_ && (key == "hue" || key == "saturation" || key == "mireds"));
            if (!known) return fail(Code::invalid, "no such function: {}", key);
        }
        if (const Value* on = request.find("on"); on != nullptr && !on->is_bool())
            return fail(Code::invalid, "on must be true or false");
        auto result = check_range(request, "brightness", 0, 255);
        if (result) result = check_range(request, "hue", 0, 360);
        if (result) result = check_range(request, "saturation", 0, 100);
        if (result) result = check_range(request, "mireds", coolest_mireds, warmest_mireds);
        if (result) result = check_range(request, "transition_s", 0, 6'553);
        return result;
    }

    bool obey(const ValueMap& request, Micros now) override {
        if (const Value* brightness = request.find("brightness")) {
            const double wanted = std::min(max_brightness, brightness->number_or(0));
            on_ = wanted >= 1;
            if (on_) brightness_ = static_cast<std::int64_t>(std::lround(wanted));
        }
        take_color(request);
        if (const Value* on = request.find("on")) on_ = on->bool_or(on_);
        if (request.contains("toggle")) on_ = !on_;
        const Value* transition = request.find("transition_s");
        fade(transition ? transition->number_or(0) : 0, now);
        return true;
    }

    Micros due() const override { return std::min({arrival_, departure_, fade_end_}); }

    bool live(Micros now) override {
        // Firmware tells the goal when a fade begins, and once more when it is reached.
        bool news = fade_end_ <= now;
        if (news) fade_end_ = never;
        const bool before = on_;
        if (arrival_ <= now) {
            const bool wants = chance(0, 1) < 0.9;
            if (wants && world().is_dark(now)) on_ = true;
        }
        if (departure_ <= now) {
            const bool cares = chance(0, 1) < 0.8;
            if (cares && !world().household().anybody_awake_in(plan().area, now)) on_ = false;
        }
        if (arrival_ <= now || departure_ <= now) look_for_people(now);
        if (on_ != before) fade(0, now);
        return news || on_ != before;
    }

private:
    void look_for_people(Micros now) {
        arrival_ = world().household().next_arrival(plan().area, now).value_or(never);
        departure_ = world().household().next_departure(plan().area, now).value_or(never);
    }

    void take_color(const ValueMap& request) {
        if (const Value* hue = request.find("hue")) hue_ = hue->number_or(hue_);
        if (const Value* part = request.find("saturation")) saturation_ = part->number_or(0);
        if (request.contains("hue") || request.contains("saturation")) by_temperature_ = false;
        if (const Value* mireds = request.find("mireds")) {
            mireds_ = static_cast<std::int64_t>(std::lround(mireds->number_or(warmest_mireds)));
            by_temperature_ = true;
        }
    }

    /// A new goal: reached at once, or after a while. What falls into the room is the goal's light.
    void fade(double length_s, Micros now) {
        fade_end_ = length_s > 0
                        ? now + static_cast<Micros>(length_s * static_cast<double>(seconds))
                        : never;
        world().set_lamp(plan().id, plan().area,
                         on_ ? static_cast<double>(brightness_) / max_brightness : 0);
    }

    bool dims_;
    bool colors_;
    bool on_ = false;
    std::int64_t brightness_ = 254;
    bool by_temperature_ = true;
    double hue_ = 30;
    double saturation_ = 60;
    std::int64_t mireds_ = 370;
    Micros arrival_ = never;
    Micros departure_ = never;
    Micros fade_end_ = never;
};

} // namespace

std::unique_ptr<Thing> make_light(const DevicePlan& plan, World& world, std::uint64_t seed,
                                  Micros begin) {
    return std::make_unique<Light>(plan, world, seed, begin);
}

} // namespace hearth::simulator
