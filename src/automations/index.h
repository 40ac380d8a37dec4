#pragma once

#include "automations/kept.h"

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hearth::automations {

/// One trigger of one automation.
struct WatchRef {
    Kept* kept = nullptr;
    std::size_t trigger = 0;
};

/// What an automation last asked of an attribute.
struct Asked {
    Micros at = 0; ///< UTC; 0 where no automation asked, or somebody else did since
    home::CommandId command = 0;
    home::EventId issued_in = 0;
    Value value;
    Chain chain; ///< of the run that asked
    /// Settled without a report: until then, one that says the value is its effect. UTC; else 0.
    Micros echo_until = 0;
    bool known = false; ///< the device had said so before, so another value ends that
};

/// Who waits for one attribute of one device.
struct PathWatch {
    std::vector<WatchRef> refs;
    Asked asked;
};

constexpr std::size_t device_trigger_kinds = 4; ///< of DeviceTrigger::What

struct DeviceWatch {
    std::map<std::string, PathWatch, std::less<>> paths;
    std::array<std::vector<WatchRef>, device_trigger_kinds> events;
};

/// Which triggers an event touches: by device, then by attribute. What no trigger names costs one
/// look-up. Holds pointers to automations: take an automation out before it goes or changes.
class Index {
public:
    void add(Kept& kept);
    void remove(const Kept& kept);
    void clear();

    DeviceWatch* find(std::string_view device);
    const std::vector<WatchRef>& of_any_device(DeviceTrigger::What what) const {
        return any_[static_cast<std::size_t>(what)];
    }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };

    std::unordered_map<std::string, DeviceWatch, Hash, std::equal_to<>> devices_;
    std::array<std::vector<WatchRef>, device_trigger_kinds> any_;
};

} // namespace hearth::automations
