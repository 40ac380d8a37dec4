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

/// The number by which the broker knows a message of a command again. After a restart the home
/// sends again what was under way; who holds the message in a session that is kept must not do it
/// twice.
std::uint64_t number_of(home::CommandId command, std::size_t message) {
    constexpr std::size_t most = 0x100; // beyond it they are as other messages
    return message < most ? (command << 8U) | message : 0;
}

} // namespace

/// Nothing of the command, the device or its record is looked at once a message is published: what
/// that leads to may settle the one and change the others.
void Adapter::send(const home::Device& device, const home::Command& command) {
    if (port_ == nullptr) return;
    const home::CommandId id = command.id;
    const auto refuse = [&](std::string why) {
        port_->settle(id, home::Settlement::refused, std::move(why));
    };
    if (stopped_) return refuse("the hub is stopping; it was not sent");
    const auto known = by_id_.find(device.external_id);
    if (known == by_id_.end())
        return refuse("the device has not announced itself since the hub was started");
    const DeviceRecord& record = *known->second;
    auto messages = messages_for(record, device, command);
    if (!messages) return refuse(messages.error().detail);
    for (std::size_t i = 0; i < messages->size(); ++i) {
        broker::Message& message = (*messages)[i];
        message.number = number_of(id, i);
        // Who sleeps is not told when it wakes later. With `retain` its owner wants just that.
        if (!message.retain) message.expires_at = command.deadline;
    }
    const bool will_answer = answers(record, command);
    const std::string owner = record.owner;
    const Micros deadline = command.deadline;
    auto untaken = publish(owner, std::move(*messages));
    if (!untaken) return refuse(untaken.error().detail);
    if (untaken->empty()) return;
    if (!will_answer) return refuse(nobody(*untaken));
    keep_trying(id, owner, deadline, std::move(*untaken));
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

/// Returns the messages that nobody took. An error where one of them is on a topic that the owner
/// may not (or no longer) listen to; then none is published.
Result<std::vector<broker::Message>> Adapter::publish(const std::string& owner,
                                                      std::vector<broker::Message> messages) {
    for (const broker::Message& message : messages)
        if (const auto may = check_command("command topic", message.topic, owner); !may)
            return std::unexpected(may.error());
    std::vector<broker::Message> untaken;
    for (broker::Message& message : messages) {
        // What is retained waits in the broker itself.
        const bool kept = message.retain;
        const auto takers = bus_.publish_for(owner, message);
        if (!takers) return std::unexpected(takers.error());
        if (*takers == 0 && !kept) untaken.push_back(std::move(message));
    }
    return untaken;
}

// --- Until somebody listens --------------------------------------------------------------------

void Adapter::keep_trying(home::CommandId command, const std::string& owner, Micros deadline,
                          std::vector<broker::Message> messages) {
    const auto open = port_->home().open_commands().find(command);
    if (open == port_->home().open_commands().end()) return; // what was taken has settled it
    if (pending_.size() >= options_.limits.pending_commands)
        return port_->settle(command, home::Settlement::refused,
                             nobody(messages) +
                                 fmt::format(" ({} commands wait already)", pending_.size()));
    const Micros now = port_->clock().steady();
    const Micros due =
        open->second.due > 0 ? open->second.due : now + deadline - port_->clock().utc();
    pending_.push_back({command, owner, std::move(messages), now + options_.limits.retry_interval,
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
        auto untaken = publish(pending.owner, std::move(pending.messages));
        if (!untaken) {
            port_->settle(pending.command, home::Settlement::refused, untaken.error().detail);
            continue;
        }
        pending.messages = std::move(*untaken);
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
            line.set("credential", known->second->owner);
            lines.emplace_back(std::move(line));
        }
    return lines;
}

} // namespace hearth::mqtt_discovery
