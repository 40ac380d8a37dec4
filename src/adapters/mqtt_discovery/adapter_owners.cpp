#include "adapters/mqtt_discovery/adapter.h"
#include "adapters/mqtt_discovery/notes.h"
#include "base/text.h"
#include "broker/authorizer.h"

#include <algorithm>
#include <utility>

/// Whose an announcement and its device are, and which topics they may reach.
namespace hearth::mqtt_discovery {
namespace {

std::string whose(std::string_view owner) {
    return owner.empty() ? "clients without a name" : fmt::format("credential {}", owner);
}

/// "command_topic", "brightness_command_topic", "set_position_topic": what a device is told there.
bool names_command_topic(std::string_view option) {
    return option.contains("command_topic") ||
           (option.starts_with("set_") && option.ends_with("_topic"));
}

bool names_topic(std::string_view option) {
    return option == "topic" || option.ends_with("_topic");
}

/// Whether some topic matches both filters.
bool overlap(std::string_view one, std::string_view other) {
    const std::vector<std::string_view> a = split(one, '/');
    const std::vector<std::string_view> b = split(other, '/');
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        if ((i < a.size() && a[i] == "#") || (i < b.size() && b[i] == "#")) return true;
        if (i >= a.size() || i >= b.size()) return false;
        if (a[i] != b[i] && a[i] != "+" && b[i] != "+") return false;
    }
    return true;
}

Error not_allowed(std::string_view option, const std::string& topic, const std::string& owner,
                  std::string_view verb, std::string_view so) {
    const std::string shown = printable(topic, 120);
    std::string text =
        fmt::format("{} {}: {} may not {} it, so hearth {}", option, shown, whose(owner), verb, so);
    if (topic.starts_with('$'))
        text += "; topics that begin with $ are the broker's own";
    else if (owner.empty())
        text += "; let the device announce itself with a credential";
    else
        text += fmt::format("; if it should, revoke {0} and make it again: `hearth credential add "
                            "{0} --topic {1}`",
                            owner, shown);
    return {Code::refused, std::move(text)};
}

} // namespace

// --- Whose it is -------------------------------------------------------------------------------

/// Whether what is `theirs` is out of `owner`'s reach. What a credential leaves behind that there
/// is no more is anybody's.
bool Adapter::is_anothers(const std::string& theirs, const std::string& owner) const {
    return theirs != owner && bus_.rights().knows(theirs);
}

Result<void> Adapter::check_speaker(const std::string& topic, const std::string& owner) const {
    const auto known = announced_.find(topic);
    if (known == announced_.end() || !is_anothers(known->second.owner, owner)) return {};
    return fail(Code::refused,
                "this announcement is that of {0}; {1} may not change it. `hearth hand DEVICE "
                "CREDENTIAL` gives a device to another credential",
                whose(known->second.owner), whose(owner));
}

Result<void> Adapter::check_ids(const std::vector<std::string>& ids,
                                const std::string& owner) const {
    const auto check = [&](const std::string& id, const std::string& theirs) -> Result<void> {
        if (!is_anothers(theirs, owner)) return {};
        return fail(Code::refused,
                    "the device {} is that of {}; {} may not announce anything of it. `hearth hand "
                    "DEVICE CREDENTIAL` gives a device to another credential",
                    printable(id, 80), whose(theirs), whose(owner));
    };
    for (const std::string& id : ids) {
        Result<void> may;
        if (const auto known = by_id_.find(id); known != by_id_.end())
            may = check(id, known->second->owner);
        else if (const auto left = owners_.find(id);
                 left != owners_.end() && port_->home().find_external(name(), id) != nullptr)
            may = check(id, left->second);
        if (!may) return may;
    }
    return {};
}

Result<void> Adapter::check_owner(const Component& component, const std::string& owner) const {
    const auto may = check_ids(device_ids(component), owner);
    if (!may) return may;
    const std::string other = namesake(component);
    if (other.empty()) return {};
    const std::string& theirs = by_component_.at(other)->owner;
    if (!is_anothers(theirs, owner)) return {};
    return fail(Code::refused, "its unique_id {} is that of {}, which {} has announced; {} may not",
                printable(component.unique_id, 80), printable(other, 120), whose(theirs),
                whose(owner));
}

// --- What it may reach -------------------------------------------------------------------------

bool Adapter::reaches_announcements(std::string_view filter) const {
    // Asked with each command, and mostly told by the first level.
    const auto first_level = [](std::string_view text) { return text.substr(0, text.find('/')); };
    const std::string_view first = first_level(filter);
    if (first != "+" && first != "#" && first != first_level(options_.prefix)) return false;
    return std::ranges::any_of(discovery_filters(), [&](const std::string& announcements) {
        return overlap(filter, announcements);
    });
}

Result<void> Adapter::check_read(std::string_view option, const std::string& topic,
                                 const std::string& owner) const {
    if (reaches_announcements(topic))
        return fail(Code::refused, "{} {}: announcements are no device's state", option,
                    printable(topic, 120));
    if (bus_.rights().may_publish(owner, topic)) return {};
    return std::unexpected(
        not_allowed(option, topic, owner, "publish to", "does not listen to it either"));
}

Result<void> Adapter::check_command(std::string_view option, const std::string& topic,
                                    const std::string& owner) const {
    if (reaches_announcements(topic))
        return fail(Code::refused, "{} {}: an announcement is no command", option,
                    printable(topic, 120));
    if (topic == options_.status_topic)
        return fail(Code::refused, "{} {}: there only hearth says that it is there", option,
                    printable(topic, 120));
    if (bus_.rights().may_subscribe(owner, topic)) return {};
    return std::unexpected(
        not_allowed(option, topic, owner, "subscribe to", "publishes nothing there for it"));
}

/// All topics that an announcement names, whether its component makes use of them or not: other
/// software reads the same message.
Result<void> Adapter::check_options(const ValueMap& options, const std::string& owner) const {
    for (const auto& [option, value] : options) {
        const std::string* topic = value.as_string();
        if (topic == nullptr || topic->empty() || !names_topic(option)) continue;
        const auto may = names_command_topic(option) ? check_command(option, *topic, owner)
                                                     : check_read(option, *topic, owner);
        if (!may) return may;
    }
    return {};
}

/// All topics that a component reads and writes.
Result<void> Adapter::check_topics(const Component& component, const std::string& owner) const {
    for (const Reading& reading : component.entity->readings())
        if (const auto may = check_read("state topic", reading.topic, owner); !may) return may;
    for (const Availability& availability : component.availability.topics)
        if (const auto may = check_read("availability topic", availability.topic, owner); !may)
            return may;
    for (const Offer& offer : component.entity->offers()) {
        if (offer.command_topic.empty()) continue;
        const auto may = check_command("command topic", offer.command_topic, owner);
        if (!may) return may;
    }
    return {};
}

// --- Rights that change ------------------------------------------------------------------------

void Adapter::rights_changed(std::string_view credential) {
    if (port_ == nullptr || stopped_) return;
    const bool gone = !bus_.rights().knows(credential);
    std::vector<std::string> topics;
    for (const auto& [topic, announced] : announced_)
        if (announced.owner == credential) topics.push_back(topic);
    for (const std::string& topic : topics)
        withdraw(topic, gone);
    if (gone) forget_notes_of(credential);
    std::vector<DeviceRecord*> theirs;
    std::erase_if(changed_, [&](DeviceRecord* record) {
        if (record->owner == credential) theirs.push_back(record);
        return record->owner == credential;
    });
    announce_all(theirs);
}

/// Takes back an announcement: all of it, or what its owner may no longer reach.
void Adapter::withdraw(const std::string& topic, bool all) {
    const Announced& announced = announced_.at(topic);
    const std::string owner = announced.owner;
    for (const std::string& id : std::vector(announced.components)) {
        const Component& component = *by_component_.at(id)->components.at(id);
        const auto may = check_topics(component, owner);
        if (!all && may) continue;
        if (!all) port_->refuse(topic, may.error());
        remove(id);
    }
    drop_if_empty(topic);
}

void Adapter::forget_notes_of(std::string_view credential) {
    std::vector<std::string> keys;
    for (const auto& [key, bytes] : port_->home().notes(name()))
        if (is_owner_key(key) ? bytes == credential
                              : decode_announcement(bytes).owner == credential)
            keys.push_back(key);
    for (const std::string& key : keys)
        note(key, {});
    std::erase_if(owners_, [&](const auto& owned) { return owned.second == credential; });
}

// --- To another's hands ------------------------------------------------------------------------

Result<std::string> Adapter::hand(const home::Device& device, const std::string& credential) {
    if (!bus_.rights().knows(credential))
        return fail(Code::not_found, "there is no credential \"{}\"", printable(credential, 60));
    const auto known = by_id_.find(device.external_id);
    if (known == by_id_.end()) {
        const auto owned = owners_.find(device.external_id);
        std::string before = owned == owners_.end() ? std::string() : owned->second;
        set_owner(device.external_id, credential);
        return before;
    }
    DeviceRecord& record = *known->second;
    std::set<std::string> topics;
    for (const auto& [id, component] : record.components) {
        const auto may = check_topics(*component, credential);
        if (!may) return std::unexpected(may.error());
        topics.insert(component->topic);
    }
    for (const std::string& topic : topics)
        if (const auto may = check_announcement(topic, credential); !may)
            return std::unexpected(may.error());
    for (const std::string& topic : topics) {
        announced_.at(topic).owner = credential;
        bus_.hand_retained(topic, credential);
        const auto noted = port_->home().notes(name()).find(topic);
        if (noted == port_->home().notes(name()).end()) continue;
        note(topic, encode_announcement(credential, decode_announcement(noted->second).payload));
    }
    set_owner(record.external_id, credential);
    return std::exchange(record.owner, credential);
}

/// Whether what was announced there would be accepted from that owner too, after a restart.
Result<void> Adapter::check_announcement(const std::string& topic, const std::string& owner) {
    std::string payload;
    const auto noted = port_->home().notes(name()).find(topic);
    if (noted != port_->home().notes(name()).end())
        payload = decode_announcement(noted->second).payload;
    if (payload.empty()) payload = retained_on(topic);
    const auto parsed = parse_discovery_topic(options_.prefix, topic);
    if (!parsed) return std::unexpected(parsed.error());
    const auto announcement = parse_announcement(*parsed, payload, options_.limits);
    if (!announcement) return {};
    for (const ComponentConfig& config : announcement->components)
        if (const auto may = check_options(config.options, owner); !may) return may;
    return {};
}

// --- Whose a device is, also when nobody announces it ------------------------------------------

void Adapter::read_owners(const Notes& notes) {
    for (const auto& [key, owner] : notes) {
        if (!is_owner_key(key)) continue;
        const std::string id(owned_id(key));
        const bool counts =
            bus_.rights().knows(owner) && port_->home().find_external(name(), id) != nullptr;
        if (counts)
            owners_[id] = owner;
        else
            note(key, {});
    }
}

/// Of clients without a name nothing is remembered: who left is anybody's to bring back.
void Adapter::remember_owner(const DeviceRecord& record) {
    const bool counts = !record.owner.empty() && bus_.rights().knows(record.owner);
    set_owner(record.external_id, counts ? record.owner : std::string());
}

/// An empty owner: nobody's.
void Adapter::set_owner(const std::string& external_id, const std::string& owner) {
    if (owner.empty()) {
        if (owners_.erase(external_id) > 0) note(owner_key(external_id), {});
        return;
    }
    if (!owners_.contains(external_id) && owners_.size() >= options_.limits.owned_devices)
        drop_stale_owners();
    if (!owners_.contains(external_id) && owners_.size() >= options_.limits.owned_devices) return;
    owners_[external_id] = owner;
    note(owner_key(external_id), owner);
}

/// Those of devices that the home has forgotten.
void Adapter::drop_stale_owners() {
    std::erase_if(owners_, [&](const auto& owned) {
        const bool stale = port_->home().find_external(name(), owned.first) == nullptr;
        if (stale) note(owner_key(owned.first), {});
        return stale;
    });
}

} // namespace hearth::mqtt_discovery
