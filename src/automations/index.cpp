#include "automations/index.h"

namespace hearth::automations {
namespace {

void erase(std::vector<WatchRef>& refs, const Kept& kept) {
    std::erase_if(refs, [&](const WatchRef& ref) { return ref.kept == &kept; });
}

bool is_idle(const DeviceWatch& watch) {
    for (const auto& refs : watch.events)
        if (!refs.empty()) return false;
    return watch.paths.empty();
}

} // namespace

void Index::add(Kept& kept) {
    const std::vector<Trigger>& triggers = kept.automation.definition.triggers;
    for (std::size_t i = 0; i < triggers.size(); ++i) {
        const WatchRef ref{&kept, i};
        if (const auto* attribute = std::get_if<AttributeTrigger>(&triggers[i])) {
            devices_[attribute->device].paths[attribute->path.text].refs.push_back(ref);
        } else if (const auto* device = std::get_if<DeviceTrigger>(&triggers[i])) {
            auto& refs = device->device.empty() ? any_ : devices_[device->device].events;
            refs[static_cast<std::size_t>(device->what)].push_back(ref);
        }
    }
}

void Index::remove(const Kept& kept) {
    for (auto& refs : any_)
        erase(refs, kept);
    for (const Trigger& trigger : kept.automation.definition.triggers) {
        const auto* attribute = std::get_if<AttributeTrigger>(&trigger);
        const auto* event = std::get_if<DeviceTrigger>(&trigger);
        const auto found = attribute != nullptr ? devices_.find(attribute->device)
                           : event != nullptr   ? devices_.find(event->device)
                                                : devices_.end();
        if (found == devices_.end()) continue;
        DeviceWatch& watch = found->second;
        for (auto& refs : watch.events)
            erase(refs, kept);
        if (attribute != nullptr) {
            const auto path = watch.paths.find(attribute->path.text);
            if (path != watch.paths.end()) {
                erase(path->second.refs, kept);
                if (path->second.refs.empty()) watch.paths.erase(path);
            }
        }
        if (is_idle(watch)) devices_.erase(found);
    }
}

void Index::clear() {
    devices_.clear();
    for (auto& refs : any_)
        refs.clear();
}

DeviceWatch* Index::find(std::string_view device) {
    const auto found = devices_.find(device);
    return found != devices_.end() ? &found->second : nullptr;
}

} // namespace hearth::automations
