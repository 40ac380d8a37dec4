#include "adapters/mqtt_discovery/adapter.h"
#include "base/text.h"

#include <algorithm>
#include <map>

/// Commands: from asks to the messages of a device's own kind.
namespace hearth::mqtt_discovery {
namespace {

/// Given up this long before the home would, so that it is this room that says why.
constexpr Micros before_deadline = 10 * milliseconds;

std::string nobody(const std::vector<broker::Message>& messages) {
    return "nobody subscribes to " + printable(messages.front().topic, 120) +
           "; is the device or Zigbee2MQTT running?";
}

const AssembledAttribute* find(const DeviceRecord& record, const home::Path& path) {
    const auto found = std::ranges::lower_bound(
        record.attributes, std::string_view(path.text), {},
        [](const AssembledAttribute& a) { return std::string_view(a.spec.path.text); });
    return found != record.attributes.end() && found->spec.path == path ? &*found : nullptr;
}

/// Whether the device will tell that a command was done.
bool answers(const DeviceRecord& record, const home::Command& command) {
    return std::ranges::any_of(command.asks, [&](const home::Ask& ask) {
        const AssembledAttribute* attribute = find(record, ask.path);
        return attribute != nullptr && attribute->spec.answers && !attribute->spec.command;
    });
}

} // namespace

void Adapter::send(const home::Device& device, const home::Command& command) {
    if (port_ == nullptr) return;
    const auto known = by_id_.find(device.external_id);
    if (known == by_id_.end())
        return port_->settle(command.id, home::Settlement::refused,
                             "the device has not announced itself since the hub was started");
    DeviceRecord& record = *known->second;
    auto messages = messages_for(record, device, command);
    if (!messages)
        return port_->settle(command.id, home::Settlement::refused, messages.error().detail);
    std::vector<broker::Message> untaken = publish(std::move(*messages));
    if (untaken.empty()) return;
    if (!answers(record, command))
        return port_->settle(command.id, home::Settlement::refused, nobody(untaken));
    keep_trying(command, std::move(untaken));
}

Result<std::vector<broker::Message>> Adapter::messages_for(const DeviceRecord& record,
                                                           const home::Device& device,
                                                           const home::Command& command) const {
    // All asks of one component go to it together: a lamp's become one message.
    std::map<std::string_view, std::pair<const Component*, Asked>> by_component;
    for (const home::Ask& ask : command.asks) {
        const AssembledAttribute* attribute = find(record, ask.path);
        if (attribute == nullptr || attribute->writer.component == nullptr)
            return fail(Code::refused, "{} can not be set any more", ask.path.text);
        const Component& component = *attribute->writer.component;
        auto& [whose, asked] = by_component[component.id];
        whose = &component;
        asked.asks.emplace_back(attribute->writer.offer, ask.value);
    }
    std::vector<broker::Message> messages;
    for (auto& [id, entry] : by_component) {
        auto& [component, asked] = entry;
        asked.current = [&record, &device, component](std::size_t offer) -> Value {
            if (offer >= component->slots.size()) return {};
            const home::Path& path = record.attributes[component->slots[offer]].spec.path;
            const home::Attribute* attribute = device.find(path.text);
            return attribute != nullptr ? attribute->reported : Value();
        };
        Outbox outbox;
        outbox.qos = component->qos;
        outbox.retain = component->retain;
        const auto encoded = component->entity->encode(asked, outbox);
        if (!encoded) return std::unexpected(encoded.error());
        std::ranges::move(outbox.messages, std::back_inserter(messages));
    }
    if (messages.empty())
        return fail(Code::refused, "its command template gives nothing for this value");
    return messages;
}

/// Returns the messages that nobody took.
std::vector<broker::Message> Adapter::publish(std::vector<broker::Message> messages) {
    std::vector<broker::Message> untaken;
    for (broker::Message& message : messages) {
        // What is retained waits in the broker itself.
        const bool kept = message.retain;
        if (bus_.publish(message) == 0 && !kept) untaken.push_back(std::move(message));
    }
    return untaken;
}

// --- Until somebody listens --------------------------------------------------------------------

void Adapter::keep_trying(const home::Command& command, std::vector<broker::Message> messages) {
    if (pending_.size() >= options_.limits.pending_commands)
        return port_->settle(command.id, home::Settlement::refused,
                             nobody(messages) +
                                 fmt::format(" ({} commands wait already)", pending_.size()));
    const Micros now = port_->clock().steady();
    const auto open = port_->home().open_commands().find(command.id);
    const bool has_due = open != port_->home().open_commands().end() && open->second.due > 0;
    const Micros due = has_due ? open->second.due : now + command.deadline - port_->clock().utc();
    pending_.push_back({command.id, std::move(messages), now + options_.limits.retry_interval,
                        std::max(now, due - before_deadline)});
}

void Adapter::retry_pending() {
    const Micros now = port_->clock().steady();
    for (Pending& pending : std::exchange(pending_, {})) {
        if (!port_->home().open_commands().contains(pending.command)) continue;
        if (now < std::min(pending.next_try, pending.give_up)) {
            pending_.push_back(std::move(pending));
            continue;
        }
        pending.messages = publish(std::move(pending.messages));
        if (pending.messages.empty()) continue;
        if (now >= pending.give_up) {
            port_->settle(pending.command, home::Settlement::timed_out, nobody(pending.messages));
            continue;
        }
        pending.next_try = now + options_.limits.retry_interval;
        pending_.push_back(std::move(pending));
    }
}

// --- Where it all comes from -------------------------------------------------------------------

Value Adapter::sources(const home::Device& device) const {
    ValueList lines;
    const auto known = by_id_.find(device.external_id);
    if (known == by_id_.end()) return lines;
    for (const AssembledAttribute& attribute : known->second->attributes)
        for (const Source& source : attribute.sources) {
            const Offer offer = source.component->entity->offers()[source.offer];
            ValueMap line{{"path", attribute.spec.path.text}};
            if (!offer.topic.empty()) line.set("topic", offer.topic);
            if (!offer.source.empty()) line.set("template", offer.source);
            if (!offer.command_topic.empty()) line.set("command_topic", offer.command_topic);
            line.set("discovery", source.component->id);
            lines.emplace_back(std::move(line));
        }
    return lines;
}

} // namespace hearth::mqtt_discovery
