#include "adapters/mqtt_discovery/adapter.h"

/// What is known of a device from before, as far as its announcements do not say it.
namespace hearth::mqtt_discovery {

/// What the home knows it by already; else the first of its ids, in the order of the alphabet.
std::string Adapter::external_id_of(const DeviceRecord& record) const {
    for (const std::string& id : record.ids)
        if (port_->home().find_external(name(), id) != nullptr) return id;
    return *record.ids.begin();
}

/// What the device had told before the hub was started anew, of what is offered only once it is
/// told: the home knows a value of it.
void Adapter::recall_told(const DeviceRecord& record, const std::vector<Component*>& components) {
    const home::Device* known = port_->home().find_external(name(), record.external_id);
    if (known == nullptr) return;
    std::vector<std::pair<Component*, std::size_t>> open;
    for (Component* component : components) {
        const std::vector<Offer> offers = component->entity->offers();
        for (std::size_t i = 0; i < offers.size(); ++i)
            if (offers[i].when_told && component->told.insert(i).second)
                open.emplace_back(component, i);
    }
    if (open.empty()) return;
    const Assembled all = assemble(components);
    for (const auto& [component, offer] : open) {
        const std::string& path = all.attributes[component->slots[offer]].spec.path.text;
        const home::Attribute* before = known->find(path);
        if (before == nullptr || before->reported.is_null()) component->told.erase(offer);
    }
}

/// Attributes whose type follows from what the device tells keep the type they had.
void Adapter::recall_types(DeviceRecord& record) {
    const home::Device* known = port_->home().find_external(name(), record.external_id);
    for (AssembledAttribute& attribute : record.attributes) {
        if (!attribute.flexible) continue;
        const std::string& path = attribute.spec.path.text;
        const home::Attribute* before = known != nullptr ? known->find(path) : nullptr;
        const bool told = before != nullptr && (!before->reported.is_null() ||
                                                before->spec->type != attribute.spec.type);
        if (told) record.learned.try_emplace(path, before->spec->type);
        if (const auto learned = record.learned.find(path); learned != record.learned.end())
            attribute.spec.type = learned->second;
    }
}

} // namespace hearth::mqtt_discovery
