#include "adapters/mqtt_discovery/adapter.h"
#include "base/text.h"

#include <algorithm>

/// Which component belongs to which device, and when the home hears of it.
namespace hearth::mqtt_discovery {
namespace {

std::string unique_key(const Component& component) {
    return component.identity.platform + '\n' + component.unique_id;
}

} // namespace

// --- Components --------------------------------------------------------------------------------

/// Whose it is and what it may reach has been checked.
Result<void> Adapter::add(Component given, const std::string& owner) {
    auto component = std::make_unique<Component>(std::move(given));
    const auto room = check_room(*component);
    if (!room) return room;
    make_room(*component);
    DeviceRecord& record = record_for(*component, owner);
    listen(record, *component);
    if (!component->unique_id.empty()) by_unique_id_[unique_key(*component)] = component->id;
    by_component_[component->id] = &record;
    Announced& announced = announced_[component->topic];
    announced.owner = owner;
    announced.components.push_back(component->id);
    record.components[component->id] = std::move(component);
    return {};
}

/// Another component of the same unique id; "" where there is none.
std::string Adapter::namesake(const Component& component) const {
    if (component.unique_id.empty()) return {};
    const auto same = by_unique_id_.find(unique_key(component));
    const bool other = same != by_unique_id_.end() && same->second != component.id;
    return other ? same->second : std::string();
}

/// All is checked before anything changes, so that what is refused leaves what was there.
Result<void> Adapter::check_room(const Component& component) const {
    const std::string other = namesake(component);
    if (!other.empty() && !by_component_.at(other)->components.at(other)->migrating)
        return fail(Code::conflict, "its unique_id {} is that of {}",
                    printable(component.unique_id, 80), printable(other, 120));
    std::set<const DeviceRecord*> devices;
    for (const std::string& id : device_ids(component))
        if (const auto known = by_id_.find(id); known != by_id_.end())
            devices.insert(known->second);
    if (devices.empty() && records_.size() >= options_.limits.devices)
        return fail(Code::limit, "{} devices are known and no more are taken", records_.size());
    std::size_t components = 0;
    for (const DeviceRecord* device : devices)
        components += device->components.size() - device->components.count(component.id) -
                      device->components.count(other);
    if (components >= options_.limits.components_per_device)
        return fail(Code::limit, "the device has {} components and takes no more", components);
    std::set<std::string_view> fresh;
    const std::vector<Reading> readings = component.entity->readings();
    for (const Reading& reading : readings)
        if (!feeds_.contains(reading.topic)) fresh.insert(reading.topic);
    for (const Availability& availability : component.availability.topics)
        if (!feeds_.contains(availability.topic)) fresh.insert(availability.topic);
    if (feeds_.size() + fresh.size() > options_.limits.topics)
        return fail(Code::limit, "{} topics are listened to and no more are taken", feeds_.size());
    return {};
}

/// An earlier form of the same component goes.
void Adapter::make_room(const Component& component) {
    if (const std::string other = namesake(component); !other.empty()) {
        const std::string topic = by_component_.at(other)->components.at(other)->topic;
        remove(other);
        if (topic != component.topic) drop_if_empty(topic);
    }
    remove(component.id);
}

DeviceRecord& Adapter::record_for(const Component& component, const std::string& owner) {
    const std::vector<std::string> ids = device_ids(component);
    DeviceRecord* record = nullptr;
    for (const std::string& id : ids) {
        const auto known = by_id_.find(id);
        if (known == by_id_.end() || known->second == record) continue;
        if (record == nullptr)
            record = known->second;
        else
            merge(*record, *known->second);
    }
    if (record == nullptr) {
        auto fresh = std::make_unique<DeviceRecord>();
        record = fresh.get();
        records_.emplace(record, std::move(fresh));
    }
    record->owner = owner;
    for (const std::string& id : ids) {
        record->ids.insert(id);
        by_id_[id] = record;
    }
    return *record;
}

/// A component says that what were two devices is one.
void Adapter::merge(DeviceRecord& into, DeviceRecord& from) {
    for (auto& [id, component] : from.components) {
        by_component_[id] = &into;
        silence(from, *component);
        into.components[id] = std::move(component);
        listen(into, *into.components[id]);
    }
    from.components.clear();
    from.attributes.clear();
    for (const std::string& id : from.ids) {
        by_id_[id] = &into;
        into.ids.insert(id);
    }
    from.ids.clear();
    changed(from);
    changed(into);
}

void Adapter::remove(const std::string& component_id) {
    const auto known = by_component_.find(component_id);
    if (known == by_component_.end()) return;
    DeviceRecord& record = *known->second;
    const auto found = record.components.find(component_id);
    const Component& component = *found->second;
    silence(record, component);
    const auto unique = by_unique_id_.find(unique_key(component));
    if (unique != by_unique_id_.end() && unique->second == component_id)
        by_unique_id_.erase(unique);
    if (const auto announced = announced_.find(component.topic); announced != announced_.end())
        std::erase(announced->second.components, component_id);
    for (AssembledAttribute& attribute : record.attributes) {
        if (attribute.writer.component == &component) attribute.writer.component = nullptr;
        std::erase_if(attribute.sources,
                      [&](const Source& source) { return source.component == &component; });
    }
    by_component_.erase(known);
    stop_timers(component);
    record.components.erase(found);
    changed(record);
}

void Adapter::remove_topic(const std::string& topic) {
    const auto known = announced_.find(topic);
    if (known == announced_.end()) return;
    for (const std::string& id : std::vector(known->second.components))
        remove(id);
    drop_if_empty(topic);
}

/// An announcement of nothing is forgotten, and with it whose it was.
void Adapter::drop_if_empty(const std::string& topic) {
    const auto known = announced_.find(topic);
    if (known == announced_.end() || !known->second.components.empty()) return;
    announced_.erase(known);
    note(topic, {});
}

// --- Topics ------------------------------------------------------------------------------------

void Adapter::listen(DeviceRecord& record, Component& component) {
    const auto join = [&](const std::string& filter) -> DeviceListeners& {
        Feed& joined = feed(filter);
        if (!joined.devices.contains(&record)) record.feeds.push_back(&joined);
        DeviceListeners& listeners = joined.devices[&record];
        if (joined.subscription == 0) return listeners;
        listeners.missed_kept = true;
        missed_.insert(&joined);
        return listeners;
    };
    const std::vector<Reading> readings = component.entity->readings();
    for (std::size_t i = 0; i < readings.size(); ++i) {
        DeviceListeners& joined = join(readings[i].topic);
        joined.listeners.push_back({&component, i, readings[i].value_template, readings[i].json,
                                    readings[i].ignore_kept, joined.missed_kept});
    }
    for (const Availability& availability : component.availability.topics)
        join(availability.topic).availability = true;
    // Until it is announced, what comes on them waits.
    changed(record);
    for (Feed* joined : std::vector(record.feeds))
        if (joined->subscription == 0)
            joined->subscription = bus_.subscribe(joined->filter(), *joined);
}

Feed& Adapter::feed(const std::string& filter) {
    const auto known = feeds_.find(filter);
    if (known != feeds_.end()) return *known->second;
    auto made = std::make_unique<Feed>(
        filter, [this](Feed& from, std::string_view topic, std::string_view payload,
                       const broker::Origin& origin) { deliver(from, topic, payload, origin); });
    return *feeds_.emplace(filter, std::move(made)).first->second;
}

void Adapter::silence(DeviceRecord& record, const Component& component) {
    for (Feed* feed : record.feeds) {
        const auto found = feed->devices.find(&record);
        if (found == feed->devices.end()) continue;
        std::erase_if(found->second.listeners,
                      [&](const Listener& listener) { return listener.component == &component; });
    }
}

void Adapter::drop_unused_feeds(DeviceRecord& record) {
    std::set<std::string_view> availability;
    for (const Reachable& one : record.reachable)
        for (const Availability& topic : one.rule.topics)
            availability.insert(topic.topic);
    std::erase_if(record.feeds, [&](Feed* feed) {
        const auto found = feed->devices.find(&record);
        if (found != feed->devices.end()) {
            found->second.availability = availability.contains(feed->filter());
            if (found->second.availability || !found->second.listeners.empty()) return false;
            feed->devices.erase(found);
        }
        if (feed->devices.empty()) {
            if (feed->subscription != 0) bus_.unsubscribe(feed->subscription);
            missed_.erase(feed);
            // A message on it may be under way.
            const auto owned = feeds_.find(feed->filter());
            dropped_feeds_.push_back(std::move(owned->second));
            feeds_.erase(owned);
        }
        return true;
    });
}

// --- Devices -----------------------------------------------------------------------------------

void Adapter::changed(DeviceRecord& record) {
    const Micros now = port_->clock().steady();
    record.changed_last = now;
    if (record.changed) return;
    record.changed = true;
    record.changed_first = now;
    changed_.push_back(&record);
}

void Adapter::announce_due(bool all) {
    const Micros now = port_->clock().steady();
    std::vector<DeviceRecord*> due;
    std::erase_if(changed_, [&](DeviceRecord* record) {
        const bool is_due = all || now - record->changed_last >= options_.limits.announce_delay ||
                            now - record->changed_first >= options_.limits.announce_at_most;
        if (is_due) due.push_back(record);
        return is_due;
    });
    announce_all(due);
}

/// They are no longer among the changed ones.
void Adapter::announce_all(const std::vector<DeviceRecord*>& records) {
    for (DeviceRecord* record : records)
        if (record->components.empty())
            forget(*record);
        else
            announce(*record);
}

void Adapter::announce(DeviceRecord& record) {
    std::vector<Component*> components;
    for (const auto& [id, component] : record.components)
        components.push_back(component.get());
    if (record.external_id.empty()) record.external_id = external_id_of(record);
    recall_told(record, components);
    Assembled assembled = assemble(components);
    record.attributes = std::move(assembled.attributes);
    recall_types(record);
    record.description = describe(record, assembled);
    fit_availability(record);
    drop_unused_feeds(record);
    record.changed = false;
    record.home_id = port_->discovered(record.description);
    remember_owner(record);
    resume_timers(record);
    take_waiting(record);
    tell_availability(record);
}

home::DeviceDescription Adapter::describe(const DeviceRecord& record,
                                          const Assembled& assembled) const {
    home::DeviceDescription description;
    description.external_id = record.external_id;
    description.name = assembled.name.empty() ? record.external_id : assembled.name;
    description.type = assembled.type;
    description.manufacturer = assembled.manufacturer;
    description.model = assembled.model;
    description.version = assembled.version;
    description.suggested_area = assembled.suggested_area;
    for (const AssembledAttribute& attribute : record.attributes)
        description.attributes.push_back(attribute.spec);
    return description;
}

void Adapter::forget(DeviceRecord& record) {
    record.reachable.clear();
    record.changed = false;
    take_waiting(record);
    drop_unused_feeds(record);
    if (!record.home_id.empty()) {
        port_->left(record.home_id);
        remember_owner(record);
    }
    for (const std::string& id : record.ids)
        by_id_.erase(id);
    records_.erase(&record);
}

} // namespace hearth::mqtt_discovery
