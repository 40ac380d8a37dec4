#pragma once

#include "home/home.h"

#include <string>
#include <vector>

/// A home file (`hearth serve --home HOME.yaml`): rooms, names and aliases for a home that does not
/// know them yet. The same file tells `hearth simulate` which devices to play; those parts
/// (`simulation`, and `simulate` of a device) are the simulator's to check and are passed over
/// here.
namespace hearth::home {

/// What the file says of one device.
struct SeedDevice {
    /// The adapter's own id of the device: for MQTT discovery, its first identifier. Where it is
    /// empty, the device is known by calling itself `name` (whatever the case).
    std::string external_id;
    std::string name;
    std::string area; ///< the name or alias of an area of the file; may be empty
    std::vector<std::string> aliases;

    bool operator==(const SeedDevice&) const = default;
};

struct HomeSeed {
    static constexpr std::size_t max_areas = 1'000;
    static constexpr std::size_t max_devices = 10'000;
    static constexpr std::size_t max_aliases = 50; ///< of one area or device
    static constexpr std::size_t max_name_bytes = 200;

    std::string name;
    std::vector<Area> areas; ///< without ids, in the file's order
    std::vector<SeedDevice> devices;
    // As the file has them; automations/seed.h reads them.
    Value automations;
    Value place;

    bool operator==(const HomeSeed&) const = default;
};

/// Checks the whole file and returns its seed. Errors: invalid, naming the place ("devices[2] "Hall
/// light": unknown key "alias"; known are …"): an unknown key, a missing name, a wrong type, a name
/// or id that comes twice, a device in an area that the file does not have; limit.
Result<HomeSeed> parse_home(const Value& yaml);

/// Gives a home what a seed says and the home does not know yet.
///
/// Each device is named once in the life of the home, when it is first seen; that it was is kept in
/// the journal (a note). So what a person changes later stays, whether the device leaves and comes
/// back, the hub restarts or the file changes. Of a device that people named before there was a
/// seed, only what is still empty is filled.
///
/// Belongs to the home's shard, and must outlive the home's last event.
class Seeding {
public:
    Seeding(Home& home, HomeSeed seed, Cause cause);
    Seeding(const Seeding&) = delete;
    Seeding& operator=(const Seeding&) = delete;

    /// After replay and before adapters start: adds areas, names the devices that are there, and
    /// listens for those that join. Errors: those of Home; the rest of the seed is planted anyway,
    /// and the first error comes back.
    Result<void> begin();

    /// Names the devices that have joined since. A step of the shard's turn, because a listener may
    /// not record facts; costs nothing where none has joined. Errors: as begin().
    Result<void> advance();
    /// Whether advance() has something to do.
    bool has_more() const { return !joined_.empty(); }

private:
    const SeedDevice* match(const Device& device) const;
    Result<void> plant_area(const Area& area);
    Result<void> plant_device(const Device& device, bool first_seen);
    Result<void> name_device(const Device& device, const SeedDevice& seed, bool first_seen);

    struct Joined {
        DeviceId device;
        Micros at = 0;
    };

    Home& home_;
    HomeSeed seed_;
    Cause cause_;
    std::vector<Joined> joined_; ///< since the last advance()
};

} // namespace hearth::home
