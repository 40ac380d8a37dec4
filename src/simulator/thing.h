#pragma once

#include "base/result.h"
#include "base/value.h"
#include "simulator/chance.h"
#include "simulator/home_plan.h"
#include "simulator/story.h"
#include "simulator/world.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace hearth::simulator {

/// A device as a piece of hardware: what it does of itself, what people do to it, and how it obeys.
/// It knows no protocol: a Firmware puts its state into messages and messages into requests.
///
/// States and requests are maps with neutral keys:
///
/// | kind          | state                                                   | request |
/// |---------------|---------------------------------------------------------|----------------------|
/// | …light        | on, brightness 1–254, color_mode "hs"/"ct", hue 0–360,  | on (or toggle:
/// true),| |               | saturation 0–100, mireds 153–500                        | the same,
/// transition_s| | curtain       | position 0–100 (open), motion opening/closing/stopped   |
/// position, or move:   | |               | | open/close/stop      | | lock          | lock
/// locked/locking/unlocked/unlocking, battery         | locked               | | motion_sensor |
/// occupied, lux, battery                                  | –                    | | thermometer
/// | celsius, humidity, battery                              | –                    | |
/// metering_plug | on, watts, volts, amperes, kwh, kwh_today, kwh_yesterday| on (or toggle: true) |
///
/// Which keys a light has depends on its kind. All times are simulated.
class Thing : public Actor {
public:
    static constexpr std::size_t max_requests = 100; ///< that wait to be obeyed

    Thing(DevicePlan plan, World& world, std::uint64_t seed, Micros begin);

    const DevicePlan& plan() const { return plan_; }

    /// Called when there is something to tell: a change, or a reading that is due.
    std::function<void(Micros now)> tells;

    /// Asks for something; it happens after a delay of 30 to 300 ms. Errors: invalid, with words
    /// that firmware could use; limit.
    Result<void> ask(ValueMap request, Micros now);

    virtual ValueMap state(Micros now) const = 0;

    Micros next() const final;
    void act(Micros now) final;

protected:
    /// Whether a request makes sense; called before it is queued.
    virtual Result<void> check(const ValueMap& request) const = 0;
    /// Returns whether there is something to tell.
    virtual bool obey(const ValueMap& request, Micros now) = 0;
    /// Of what it does by itself, or people do to it.
    virtual Micros due() const = 0;
    virtual bool live(Micros now) = 0;

    const World& world() const { return world_; }
    World& world() { return world_; }
    Micros begun() const { return begun_; }
    /// Chance for what happens by itself; never drawn from because of a request.
    double chance(double low, double high) { return chance_.between(low, high); }
    Micros chance_s(double low, double high);
    /// For what answers a request.
    Micros delay_s(double low, double high);
    std::uint64_t seed() const { return seed_; }
    /// Of a battery that lasts about `life_days` and is then changed; whole percent.
    int battery(Micros now, double life_days) const;

private:
    struct Waiting {
        Micros due = 0;
        ValueMap request;
    };

    DevicePlan plan_;
    World& world_;
    std::uint64_t seed_;
    Micros begun_;
    SeededRandom chance_;
    SeededRandom delays_;
    std::deque<Waiting> waiting_;
};

/// Makes the thing that a plan describes. The world must outlive it.
std::unique_ptr<Thing> make_thing(const DevicePlan& plan, World& world, std::uint64_t seed,
                                  Micros begin);

// One for each kind, in the file of that name; make_thing() picks.
using ThingMaker = std::unique_ptr<Thing>(const DevicePlan&, World&, std::uint64_t, Micros);
ThingMaker make_light;
ThingMaker make_curtain;
ThingMaker make_lock;
ThingMaker make_motion_sensor;
ThingMaker make_thermometer;
ThingMaker make_metering_plug;

} // namespace hearth::simulator
