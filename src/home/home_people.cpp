#include "base/plain_text.h"
#include "base/text.h"
#include "home/home.h"
#include "home/records.h"

#include <algorithm>
#include <set>

/// What people and adapters say about devices: announcing, naming, placing.
namespace hearth::home {
namespace {

constexpr std::size_t device_id_length = 8;

Result<std::string> checked_name(std::string_view what, std::string_view name,
                                 const HomeLimits& limits) {
    const std::string_view trimmed = trim(name);
    if (trimmed.empty()) return fail(Code::invalid, "{} must not be empty", what);
    if (trimmed.size() > limits.name_bytes)
        return fail(Code::limit, "{} has {} bytes; at most {} are allowed", what, trimmed.size(),
                    limits.name_bytes);
    if (!is_plain_text(trimmed))
        return fail(Code::invalid, "{} must be UTF-8 text without control or hidden characters",
                    what);
    return std::string(trimmed);
}

DeviceDescription description_of(const Device& device) {
    DeviceDescription description{.adapter = device.adapter,
                                  .external_id = device.external_id,
                                  .name = device.own_name,
                                  .type = device.type,
                                  .manufacturer = device.manufacturer,
                                  .model = device.model,
                                  .version = device.version};
    for (const Attribute& attribute : device.attributes)
        description.attributes.push_back(*attribute.spec);
    return description;
}

/// Bytes of all that a description says: what its record is long, but for a few.
std::size_t bytes_of(const DeviceDescription& description) {
    std::size_t bytes = 0;
    for (const std::string* text :
         {&description.adapter, &description.external_id, &description.name, &description.type,
          &description.manufacturer, &description.model, &description.version})
        bytes += text->size();
    for (const AttributeSpec& spec : description.attributes) {
        bytes += spec.path.text.size() + spec.label.size() + spec.unit.size() +
                 sizeof(AttributeSpec) / 4;
        for (const std::string& option : spec.options)
            bytes += option.size() + 1;
    }
    return bytes;
}

Result<void> check_label(std::string_view what, std::string_view text, const HomeLimits& limits) {
    if (text.size() > limits.name_bytes)
        return fail(Code::limit, "a device's {} has {} bytes; at most {} are allowed", what,
                    text.size(), limits.name_bytes);
    if (!is_utf8(text)) return fail(Code::invalid, "a device's {} must be UTF-8 text", what);
    return {};
}

} // namespace

Result<void> Home::check_spec(const AttributeSpec& spec) const {
    const auto path = parse_path(spec.path.text);
    if (!path) return std::unexpected(path.error());
    if (spec.unit.size() > limits_.unit_bytes)
        return fail(Code::limit, "the unit of {} has {} bytes; at most {} are allowed",
                    spec.path.text, spec.unit.size(), limits_.unit_bytes);
    if (spec.label.size() > limits_.name_bytes)
        return fail(Code::limit, "the name of {} has {} bytes; at most {} are allowed",
                    spec.path.text, spec.label.size(), limits_.name_bytes);
    if (!is_utf8(spec.label))
        return fail(Code::invalid, "the name of {} is not UTF-8 text", spec.path.text);
    if (spec.options.size() > limits_.options_per_attribute)
        return fail(Code::limit, "{} has {} options; at most {} are allowed", spec.path.text,
                    spec.options.size(), limits_.options_per_attribute);
    for (const std::string& option : spec.options)
        if (option.size() > limits_.option_bytes)
            return fail(Code::limit, "an option of {} has {} bytes; at most {} are allowed",
                        spec.path.text, option.size(), limits_.option_bytes);
    return {};
}

Result<void> Home::check_description(const DeviceDescription& description) const {
    if (description.external_id.empty() || description.external_id.size() > limits_.name_bytes)
        return fail(Code::invalid, "a device needs an id of its own of 1 to {} bytes",
                    limits_.name_bytes);
    if (description.attributes.size() > limits_.attributes_per_device)
        return fail(Code::limit, "{} attributes; a device can have {}",
                    description.attributes.size(), limits_.attributes_per_device);
    std::set<std::string_view> paths;
    for (const AttributeSpec& spec : description.attributes) {
        if (const auto good = check_spec(spec); !good) return good;
        if (!paths.insert(spec.path.text).second)
            return fail(Code::invalid, "the attribute {} comes twice", spec.path.text);
    }
    for (const auto& [what, text] : {std::pair{"adapter", &description.adapter},
                                     {"type", &description.type},
                                     {"manufacturer", &description.manufacturer},
                                     {"model", &description.model},
                                     {"version", &description.version}})
        if (const auto good = check_label(what, *text, limits_); !good) return good;
    if (const std::size_t bytes = bytes_of(description); bytes > limits_.description_bytes)
        return fail(Code::limit, "the description of a device has {} bytes; at most {} are allowed",
                    bytes, limits_.description_bytes);
    const auto name = checked_name("a device's name", description.name, limits_);
    if (!name) return std::unexpected(name.error());
    return {};
}

Result<DeviceId> Home::announce(Cause cause, DeviceDescription description) {
    const auto good = check_description(description);
    if (!good) return std::unexpected(good.error());
    std::ranges::sort(description.attributes, {},
                      [](const AttributeSpec& spec) { return std::string_view(spec.path.text); });
    const Device* known = find_external(description.adapter, description.external_id);
    if (known != nullptr && known->present) {
        DeviceId id = known->id;
        description.suggested_area.clear();
        if (description == description_of(*known)) return id;
        journal_and_apply(std::move(cause), DeviceChanged{id, std::move(description)});
        run_queue();
        return id;
    }
    if (known == nullptr && !make_room_for_device())
        return fail(Code::limit,
                    "the home has {} devices and takes no more; forget some that have "
                    "left (hearth devices --left)",
                    devices_.size());
    DeviceId id = known != nullptr ? known->id : random_id(random_, device_id_length);
    while (known == nullptr && devices_.contains(id))
        id = random_id(random_, device_id_length);
    AreaId area = known != nullptr ? known->area : AreaId();
    if (known == nullptr && !description.suggested_area.empty())
        if (auto added = add_area(cause, {{}, description.suggested_area, {}, {}}); added)
            area = *added;
    description.suggested_area.clear();
    journal_and_apply(std::move(cause), DeviceJoined{id, std::move(area), std::move(description)});
    run_queue();
    return id;
}

/// Forgets the device that left first of those that no person has touched, where there are as many
/// devices as may be. What announces ever new ids never fills a home for ever.
bool Home::make_room_for_device() {
    if (devices_.size() < limits_.devices) return true;
    const auto oldest = std::ranges::find_if(
        left_, [&](const auto& left) { return !find(left.second)->is_edited(); });
    if (oldest == left_.end()) return false;
    const DeviceId id = oldest->second;
    return forget(Cause::of_hub("limit of devices"), id).has_value();
}

/// The same for areas: those go in which no device is and which only devices have suggested.
bool Home::make_room_for_area(bool suggested) {
    const auto by_devices = static_cast<std::size_t>(
        std::ranges::count_if(areas_, [](const auto& entry) { return entry.second.suggested; }));
    const bool full =
        areas_.size() >= limits_.areas || (suggested && by_devices >= limits_.suggested_areas);
    if (!full) return true;
    std::set<std::string_view> used;
    for (const auto& [id, device] : devices_)
        used.insert(device.area);
    const auto empty = std::ranges::find_if(areas_, [&](const auto& entry) {
        return entry.second.suggested && !used.contains(entry.first);
    });
    if (empty == areas_.end()) return false;
    const AreaId id = empty->first;
    return remove_area(Cause::of_hub("limit of areas"), id).has_value();
}

Result<AreaId> Home::add_area(Cause cause, Area area) {
    auto name = checked_name("an area's name", area.name, limits_);
    if (!name) return std::unexpected(name.error());
    if (const Area* known = find_area(*name)) return known->id;
    if (area.aliases.size() > limits_.aliases_per_area)
        return fail(Code::limit, "{} aliases; an area can have {}", area.aliases.size(),
                    limits_.aliases_per_area);
    for (std::string& alias : area.aliases) {
        auto good = checked_name("an alias", alias, limits_);
        if (!good) return std::unexpected(good.error());
        alias = std::move(*good);
    }
    if (!area.floor.empty()) {
        auto floor = checked_name("a floor's name", area.floor, limits_);
        if (!floor) return std::unexpected(floor.error());
        area.floor = std::move(*floor);
    }
    if (!make_room_for_area(cause.is_by(Subject::Kind::device)))
        return fail(Code::limit,
                    "the home has {} areas and takes no more; remove some (hearth area "
                    "remove)",
                    areas_.size());
    area.name = std::move(*name);
    const std::string base = slug(area.name);
    area.id = base;
    for (int suffix = 2; areas_.contains(area.id); ++suffix)
        area.id = fmt::format("{}_{}", base, suffix);
    AreaId id = area.id;
    journal_and_apply(std::move(cause), AreaAdded{std::move(area)});
    run_queue();
    return id;
}

/// Each device that is there gets an event of its own, so that whoever looks at it hears of it.
Result<void> Home::remove_area(Cause cause, const AreaId& area) {
    const auto known = areas_.find(area);
    if (known == areas_.end())
        return fail(Code::not_found, "there is no area {}", printable(area, 60));
    const AreaRemoved removed{known->second.id, known->second.name};
    std::vector<DeviceEdited> edits;
    for (const auto& [id, device] : devices_)
        if (device.present && device.area == removed.area)
            edits.push_back({id, device.given_name, {}, device.aliases});
    for (DeviceEdited& edit : edits)
        journal_and_apply(cause, std::move(edit));
    journal_and_apply(std::move(cause), removed);
    run_queue();
    return {};
}

Result<void> Home::forget(Cause cause, const DeviceId& device) {
    const Device* known = find(device);
    if (known == nullptr)
        return fail(Code::not_found, "there is no device {}", printable(device, 40));
    if (known->present)
        return fail(Code::conflict,
                    "{} is still there and would come back under another id; take it away first: "
                    "remove it where it is paired, or clear its discovery topics ({} known as {})",
                    known->name(), known->adapter, printable(known->external_id, 80));
    const std::vector<CommandId> waiting = known->open_commands;
    for (const CommandId id : waiting)
        settle(id, Settlement::refused, "the device was forgotten");
    journal_and_apply(std::move(cause), DeviceForgotten{device});
    run_queue();
    return {};
}

Result<void> Home::check_edit(DeviceEdit& asked) const {
    if (asked.name) {
        auto good = checked_name("a device's name", *asked.name, limits_);
        if (!good) return std::unexpected(good.error());
        asked.name = std::move(*good);
    }
    if (!asked.aliases) return {};
    if (asked.aliases->size() > limits_.aliases_per_device)
        return fail(Code::limit, "{} aliases; a device can have {}", asked.aliases->size(),
                    limits_.aliases_per_device);
    for (std::string& alias : *asked.aliases) {
        auto good = checked_name("an alias", alias, limits_);
        if (!good) return std::unexpected(good.error());
        alias = std::move(*good);
    }
    return {};
}

Result<void> Home::edit(Cause cause, const DeviceId& device, DeviceEdit asked) {
    const Device* known = find(device);
    if (known == nullptr) return fail(Code::not_found, "there is no device {}", device);
    if (auto good = check_edit(asked); !good) return good;
    DeviceEdited edited{device, known->given_name, known->area, known->aliases};
    if (asked.name) edited.name = std::move(*asked.name);
    if (asked.aliases) edited.aliases = std::move(*asked.aliases);
    if (asked.area && trim(*asked.area).empty()) {
        edited.area.clear();
    } else if (asked.area) {
        auto added = add_area(cause, {{}, std::move(*asked.area), {}, {}});
        if (!added) return std::unexpected(added.error());
        edited.area = std::move(*added);
    }
    if (edited.name == known->given_name && edited.area == known->area &&
        edited.aliases == known->aliases)
        return {};
    journal_and_apply(std::move(cause), std::move(edited));
    run_queue();
    return {};
}

} // namespace hearth::home
