#pragma once

#include "base/refusals.h"
#include "home/home.h"

#include <string_view>

namespace hearth::adapters {

/// What an adapter may do to its home. One for each adapter; it adds the cause and turns what the
/// home does not accept into refusals, so that one bad value never hides the good ones beside it.
class Port {
public:
    Port(std::string_view adapter, home::Home& home, Refusals& refusals, const Clock& clock)
        : adapter_(adapter)
        , home_(home)
        , refusals_(refusals)
        , clock_(clock) {}

    /// Announces a device (again). Empty where the home refused it.
    home::DeviceId discovered(home::DeviceDescription description);
    void left(const home::DeviceId& device);
    void available(const home::DeviceId& device, bool online);
    using Told = std::vector<std::pair<home::Path, Value>>;
    /// What one message told. Values that do not fit are refused one by one, texts that are too
    /// much together (HomeLimits) all of them; the rest is recorded.
    void report(const home::DeviceId& device, Told values, Micros device_time = 0);
    void settle(home::CommandId command, home::Settlement settlement, std::string detail);
    void refuse(std::string_view from, const Error& error, std::string_view excerpt = {});

    void keep_note(std::string_view key, std::string_view bytes);

    /// To look things up; an adapter never changes the home but through this port.
    const home::Home& home() const { return home_; }
    const Clock& clock() const { return clock_; }

private:
    bool record(const home::DeviceId& device, Told values, Micros device_time);

    std::string_view adapter_;
    home::Home& home_;
    Refusals& refusals_;
    const Clock& clock_;
};

/// Speaks one protocol with many devices. It translates, and keeps no state of the home.
/// Runs on the home's shard; slow work goes to the workers. After stop() it calls no more.
class Adapter {
public:
    virtual ~Adapter() = default;

    /// The `adapter` of its devices; never changes.
    virtual std::string_view name() const = 0;
    virtual Result<void> start(Port& port) = 0;
    /// Brings a command to a device of this adapter, or settles it as refused through the port.
    virtual void send(const home::Device& device, const home::Command& command) = 0;
    virtual void stop() = 0;
    /// Where a device's attributes come from (topics, templates), for `hearth show`.
    virtual Value sources(const home::Device& device) const = 0;
};

} // namespace hearth::adapters
