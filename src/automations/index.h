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

/// Who waits for one attribute of one device, and which run last asked for it.
struct PathWatch {
    std::vector<WatchRef> refs;
    std::uint32_t asked_depth = 0;
    Micros asked_at = 0; ///< UTC; 0 where no automation asked
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
