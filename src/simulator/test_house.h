#pragma once

#include "base/json.h"
#include "simulator/story.h"
#include "simulator/thing.h"

#include <memory>
#include <string>
#include <vector>

/// For tests of this room: a house whose time is turned by hand.
namespace hearth::simulator {

/// 2026-06-15, a Monday, 00:00 by the clock of UTC+1.
constexpr Micros summer_midnight = 1'781'478'000 * seconds;

class House {
public:
    explicit House(const DevicePlan& device, std::uint64_t seed = 7, Micros begin = summer_midnight)
        : world(plan(), seed)
        , story(begin)
        , thing(make_thing(device, world, seed, begin)) {
        story.add(*thing);
        thing->tells = [this](Micros now) { told.push_back({now, thing->state(now)}); };
    }

    static HomePlan plan() {
        HomePlan home;
        home.areas = {"Hall", "Kitchen", "Living room", "Bedroom"};
        home.sleep_in = "Bedroom";
        home.eat_in = "Kitchen";
        home.live_in = "Living room";
        home.enter_through = "Hall";
        return home;
    }

    void turn(Micros by) { story.advance(story.now() + by); }
    Result<void> ask(ValueMap request) { return thing->ask(std::move(request), story.now()); }
    Value now(std::string_view key) { return *thing->state(story.now()).find(key); }

    struct Told {
        Micros at = 0;
        ValueMap state;
        const Value& operator[](std::string_view key) const { return *state.find(key); }
        bool operator==(const Told&) const = default;
    };

    World world;
    Story story;
    std::unique_ptr<Thing> thing;
    std::vector<Told> told;
};

inline DevicePlan device_of(Kind kind, std::string area = "Kitchen") {
    DevicePlan device;
    device.name = "Thing";
    device.id = "zigbee2mqtt_0x01";
    device.topic = "thing";
    device.area = std::move(area);
    device.kind = kind;
    return device;
}

} // namespace hearth::simulator
