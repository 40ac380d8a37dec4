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
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (!is_utf8(trimmed) || std::ranges::any_of(trimmed, control))
        return fail(Code::invalid, "{} must be UTF-8 text without control characters", what);
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

} // namespace

Result<void> Home::check_description(const DeviceDescription& description) const {
    if (description.external_id.empty() || description.external_id.size() > limits_.name_bytes)
        return fail(Code::invalid, "a device needs an id of its own of 1 to {} bytes",
                    limits_.name_bytes);
    if (description.attributes.size() > limits_.attributes_per_device)
        return fail(Code::limit, "{} attributes; a device can have {}",
                    description.attributes.size(), limits_.attributes_per_device);
    std::set<std::string_view> paths;
    for (const AttributeSpec& spec : description.attributes) {
        const auto path = parse_path(spec.path.text);
        if (!path) return std::unexpected(path.error());
        if (!paths.insert(spec.path.text).second)
            return fail(Code::invalid, "the attribute {} comes twice", spec.path.text);
    }
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
    if (devices_.size() >= limits_.devices && known == nullptr)
        return fail(Code::limit, "the home has {} devices and takes no more", devices_.size());
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

Result<AreaId> Home::add_area(Cause cause, Area area) {
    auto name = checked_name("an area's name", area.name, limits_);
    if (!name) return std::unexpected(name.error());
    if (const Area* known = find_area(*name)) return known->id;
    if (areas_.size() >= limits_.areas)
        return fail(Code::limit, "the home has {} areas and takes no more", areas_.size());
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
