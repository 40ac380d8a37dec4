#include "home/seed.h"

#include "base/document.h"
#include "base/text.h"

#include <algorithm>
#include <set>
#include <utility>

namespace hearth::home {
namespace {

/// Under which the journal keeps which devices have been named: a note for each.
constexpr std::string_view note_keeper = "home_seed";

Result<std::string> checked_name(const Value& value, const std::string& place) {
    const std::string* text = value.as_string();
    if (text == nullptr)
        return fail(Code::invalid, "{}: a text is wanted, not a {} (write it in quotes)", place,
                    to_string(value.type()));
    const std::string_view name = trim(*text);
    if (name.empty()) return fail(Code::invalid, "{}: is empty", place);
    if (name.size() > HomeSeed::max_name_bytes)
        return fail(Code::limit, "{}: {} bytes; at most {} are allowed", place, name.size(),
                    HomeSeed::max_name_bytes);
    return std::string(name);
}

Result<std::string> name_in(const ValueMap& map, std::string_view key, const std::string& place,
                            bool needed) {
    const Value* value = map.find(key);
    if (value != nullptr) return checked_name(*value, fmt::format("{}: {}", place, key));
    if (needed) return fail(Code::invalid, "{}: {} is missing", place, key);
    return std::string();
}

Result<std::vector<std::string>> aliases_in(const ValueMap& map, const std::string& place) {
    auto list = list_in(map, "aliases", place, HomeSeed::max_aliases);
    if (!list) return fail(list);
    std::vector<std::string> aliases;
    for (const Value& value : **list) {
        auto alias = checked_name(value, place + ": aliases");
        if (!alias) return fail(alias);
        aliases.push_back(std::move(*alias));
    }
    return aliases;
}

/// "devices[2] "Hall light"": where something stands, for errors.
std::string place_of(const std::string& list, std::size_t index, const Value& entry) {
    std::string place = fmt::format("{}[{}]", list, index);
    const std::string_view name = entry.at("name").string_or("");
    return name.empty() ? place : fmt::format("{} \"{}\"", place, printable(name, 60));
}

Result<void> read_areas(const ValueMap& map, const std::string& place, const std::string& floor,
                        HomeSeed& seed) {
    auto list = list_in(map, "areas", place, HomeSeed::max_areas - seed.areas.size());
    if (!list) return fail(list);
    for (std::size_t i = 0; i < (*list)->size(); ++i) {
        const Value& entry = (**list)[i];
        const std::string here = place_of(place + ": areas", i, entry);
        auto keys = map_with(entry, here, {"name", "aliases"});
        if (!keys) return fail(keys);
        auto name = name_in(**keys, "name", here, true);
        if (!name) return fail(name);
        auto aliases = aliases_in(**keys, here);
        if (!aliases) return fail(aliases);
        seed.areas.push_back({{}, std::move(*name), floor, std::move(*aliases)});
    }
    return {};
}

Result<void> read_floors(const ValueMap& map, HomeSeed& seed) {
    auto list = list_in(map, "floors", "home", HomeSeed::max_areas);
    if (!list) return fail(list);
    for (std::size_t i = 0; i < (*list)->size(); ++i) {
        const Value& entry = (**list)[i];
        const std::string here = place_of("floors", i, entry);
        auto keys = map_with(entry, here, {"name", "areas"});
        if (!keys) return fail(keys);
        auto name = name_in(**keys, "name", here, true);
        if (!name) return fail(name);
        if (auto read = read_areas(**keys, here, *name, seed); !read) return fail(read);
    }
    return {};
}

Result<SeedDevice> read_device(const Value& entry, const std::string& here) {
    auto keys = map_with(entry, here, {"name", "id", "area", "aliases", "simulate"});
    if (!keys) return fail(keys);
    auto name = name_in(**keys, "name", here, true);
    if (!name) return fail(name);
    auto id = name_in(**keys, "id", here, false);
    if (!id) return fail(id);
    auto area = name_in(**keys, "area", here, false);
    if (!area) return fail(area);
    auto aliases = aliases_in(**keys, here);
    if (!aliases) return fail(aliases);
    return SeedDevice{std::move(*id), std::move(*name), std::move(*area), std::move(*aliases)};
}

Result<void> read_devices(const ValueMap& map, HomeSeed& seed) {
    auto list = list_in(map, "devices", "home", HomeSeed::max_devices);
    if (!list) return fail(list);
    for (std::size_t i = 0; i < (*list)->size(); ++i) {
        auto device = read_device((**list)[i], place_of("devices", i, (**list)[i]));
        if (!device) return fail(device);
        seed.devices.push_back(std::move(*device));
    }
    return {};
}

Result<void> check_areas(const HomeSeed& seed, std::set<std::string>& words) {
    for (const Area& area : seed.areas) {
        if (!words.insert(to_lower(area.name)).second)
            return fail(Code::conflict, "areas: \"{}\" comes twice", printable(area.name, 60));
        for (const std::string& alias : area.aliases) {
            if (!words.insert(to_lower(alias)).second)
                return fail(Code::conflict, "areas: \"{}\": the alias \"{}\" is taken already",
                            printable(area.name, 60), printable(alias, 60));
        }
    }
    return {};
}

/// What only the whole file can tell.
Result<void> check_whole(const HomeSeed& seed) {
    std::set<std::string> areas;
    if (auto checked = check_areas(seed, areas); !checked) return checked;
    std::set<std::string> names;
    std::set<std::string> ids;
    for (const SeedDevice& device : seed.devices) {
        const std::string shown = printable(device.name, 60);
        if (!names.insert(to_lower(device.name)).second)
            return fail(Code::conflict, "devices: the name \"{}\" comes twice", shown);
        if (!device.external_id.empty() && !ids.insert(device.external_id).second)
            return fail(Code::conflict, "devices: \"{}\": the id \"{}\" comes twice", shown,
                        printable(device.external_id, 60));
        if (!device.area.empty() && !areas.contains(to_lower(device.area)))
            return fail(Code::not_found,
                        "devices: \"{}\": there is no area \"{}\" in this file; add it to areas",
                        shown, printable(device.area, 60));
    }
    return {};
}

/// Keeps the first of several errors.
void keep_first(Result<void>& kept, Result<void> next) {
    if (kept && !next) kept = std::move(next);
}

} // namespace

Result<HomeSeed> parse_home(const Value& yaml) {
    auto keys = map_with(
        yaml, "home", {"name", "floors", "areas", "devices", "place", "automations", "simulation"});
    if (!keys) return fail(keys);
    HomeSeed seed;
    auto name = name_in(**keys, "name", "home", false);
    if (!name) return fail(name);
    seed.name = std::move(*name);
    if (auto read = read_floors(**keys, seed); !read) return fail(read);
    if (auto read = read_areas(**keys, "home", "", seed); !read) return fail(read);
    if (auto read = read_devices(**keys, seed); !read) return fail(read);
    seed.automations = yaml.at("automations");
    seed.place = yaml.at("place");
    if (auto checked = check_whole(seed); !checked) return fail(checked);
    return seed;
}

Seeding::Seeding(Home& home, HomeSeed seed, Cause cause)
    : home_(home)
    , seed_(std::move(seed))
    , cause_(std::move(cause)) {}

Result<void> Seeding::begin() {
    Result<void> result;
    for (const Area& area : seed_.areas)
        keep_first(result, plant_area(area));
    for (const Device* device : home_.devices())
        keep_first(result, plant_device(*device, false));
    home_.listen([this](const Event& event, const std::vector<Change>&) {
        if (const auto* joined = std::get_if<DeviceJoined>(&event.fact))
            joined_.push_back({joined->device, event.at});
    });
    return result;
}

Result<void> Seeding::advance() {
    Result<void> result;
    for (const Joined& joined : std::exchange(joined_, {})) {
        const Device* device = home_.find(joined.device);
        if (device == nullptr) continue;
        keep_first(result, plant_device(*device, device->joined_at == joined.at));
    }
    return result;
}

const SeedDevice* Seeding::match(const Device& device) const {
    const auto found = std::ranges::find_if(seed_.devices, [&](const SeedDevice& seed) {
        return seed.external_id.empty() ? equal_fold(seed.name, device.own_name)
                                        : seed.external_id == device.external_id;
    });
    return found == seed_.devices.end() ? nullptr : &*found;
}

Result<void> Seeding::plant_area(const Area& area) {
    if (home_.find_area(area.name) != nullptr) return {};
    if (auto added = home_.add_area(cause_, area); !added)
        return fail_in(fmt::format("area \"{}\"", printable(area.name, 60)), added);
    return {};
}

Result<void> Seeding::plant_device(const Device& device, bool first_seen) {
    const SeedDevice* seed = match(device);
    if (seed == nullptr) return {};
    // A copy: what follows may move the device about.
    const DeviceId id = device.id;
    if (home_.notes(note_keeper).contains(id)) return {};
    if (auto named = name_device(device, *seed, first_seen); !named)
        return fail_in(fmt::format("device \"{}\"", printable(seed->name, 60)), named);
    return home_.keep_note(note_keeper, id, "named");
}

Result<void> Seeding::name_device(const Device& device, const SeedDevice& seed, bool first_seen) {
    // A new device may have suggested an area for itself; the file knows better. Of an older one,
    // whatever stands there may be a person's word.
    DeviceEdit edit;
    if (device.given_name.empty() && seed.name != device.own_name) edit.name = seed.name;
    if (!seed.area.empty() && (first_seen || device.area.empty())) edit.area = seed.area;
    if (!seed.aliases.empty() && device.aliases.empty()) edit.aliases = seed.aliases;
    return home_.edit(cause_, device.id, std::move(edit));
}

} // namespace hearth::home
