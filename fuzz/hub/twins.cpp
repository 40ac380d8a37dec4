#include "hub/twins.h"

#include <algorithm>
#include <optional>
#include <variant>

#include <fmt/core.h>

namespace hearth::hub_fuzz {
namespace {

/// Where an attribute's value comes from, or what it is told on.
struct Source {
    std::string path;
    std::string topic;
    std::string value_template;
    std::string command_topic;
    std::string credential;
};

std::vector<Source> sources_of(const Life& life, const home::Device& device) {
    const Value lines = life.adapter.sources(device);
    const auto text = [](const Value& line, std::string_view key) {
        const Value* found = line.find(key);
        return found != nullptr ? std::string(found->string_or("")) : std::string();
    };
    std::vector<Source> sources;
    if (const ValueList* list = lines.as_list())
        for (const Value& line : *list)
            sources.push_back({text(line, "path"), text(line, "topic"), text(line, "template"),
                               text(line, "command_topic"), text(line, "credential")});
    return sources;
}

} // namespace

/// After a start: what was open is open, and what was said counts no more.
void Twins::begin(const Life& life) {
    said_.clear();
    told_.clear();
    std::map<home::CommandId, Asked> before = std::exchange(asked_, {});
    for (const auto& [id, open] : life.home.open_commands()) {
        const auto known = before.find(id);
        require(known != before.end() && known->second.command.device == open.command.device,
                "a command that is open after a start was asked for before");
        asked_[id] = known->second;
        asked_[id].settled = false;
    }
}

void Twins::says(const Said& message) {
    std::deque<std::string>& last = said_[message.topic];
    last.push_back(message.payload);
    constexpr std::size_t remembered = 200; // more than an input says while an announcement waits
    if (last.size() > remembered) last.pop_front();
}

void Twins::said(const Life& life, const Said& message) {
    // The values of a part that is away are unknown, and read again when it is back.
    if (message.topic.ends_with("/avail")) told_.clear();
    for (const home::Device* device : life.home.devices())
        for (const Source& source : sources_of(life, *device)) {
            if (source.topic != message.topic) continue;
            const auto value = switch_state(source.value_template, message.payload);
            const std::pair key(device->id, source.path);
            if (!wired_)
                told_.erase(key); // it may wait for an announcement
            else if (value)
                told_[key] = *value;
        }
}

void Twins::issued(const Life& life, const home::Command& command) {
    const home::Device* device = life.home.find(command.device);
    const bool once = std::ranges::any_of(command.asks, [&](const home::Ask& ask) {
        const home::Attribute* attribute = device->find(ask.path.text);
        return attribute != nullptr && attribute->spec->command;
    });
    asked_[command.id] = {command, once, {}, false};
}

// --- What the home tells -----------------------------------------------------------------------

void Twins::happened(const Life& life, const home::Event& event, Phase phase) {
    if (const auto* report = std::get_if<home::AttributeReported>(&event.fact)) {
        require(phase != Phase::ask && phase != Phase::commit,
                "no twin changes because hearth speaks", report->device);
        reported(life, *report);
    }
    if (const auto* fact = std::get_if<home::CommandSettled>(&event.fact)) settled(life, *fact);
    if (const auto* fact = std::get_if<home::CommandIssued>(&event.fact)) {
        require(phase == Phase::ask, "no command but what was asked for", fact->command.device);
        issued(life, fact->command);
    }
}

bool Twins::was_said(const std::string& topic, std::string_view value_template, bool value) const {
    const auto says_it = [&](const std::string& payload) {
        return switch_state(value_template, payload) == value;
    };
    if (says_it(sessions_.retained_by_client(topic))) return true;
    const auto found = said_.find(topic);
    return found != said_.end() && std::ranges::any_of(found->second, says_it);
}

void Twins::reported(const Life& life, const home::AttributeReported& report) const {
    const home::Device* device = life.home.find(report.device);
    for (const auto& [path, value] : report.values) {
        const bool* on = value.as_bool();
        if (on == nullptr) continue;
        const std::vector<Source> sources = sources_of(life, *device);
        require(std::ranges::any_of(sources,
                                    [&](const Source& source) {
                                        return source.path == path.text &&
                                               was_said(source.topic, source.value_template, *on);
                                    }),
                "a twin shows what a client said", path.text);
    }
}

void Twins::settled(const Life& life, const home::CommandSettled& fact) {
    const auto found = asked_.find(fact.command);
    require(found != asked_.end() && !found->second.settled, "a command that was asked ends once",
            std::to_string(fact.command));
    found->second.settled = true;
    if (fact.settlement != home::Settlement::confirmed) return;
    const home::Device* device = life.home.find(fact.device);
    for (const home::Ask& ask : found->second.command.asks) {
        const home::Attribute* attribute =
            device != nullptr ? device->find(ask.path.text) : nullptr;
        if (attribute == nullptr || attribute->spec->command || !attribute->spec->answers) continue;
        require(attribute->reported == ask.value, "what is confirmed is so", ask.path.text);
    }
}

void Twins::speaks(const broker::Message& message, Phase phase) {
    const auto found = asked_.find(message.number >> 8U);
    require(found != asked_.end() && !found->second.settled,
            "what goes to a device was asked for, and is not over", message.topic);
    require(!found->second.once || phase == Phase::commit || phase == Phase::tick,
            "what must not happen twice goes out once it is committed", message.topic);
    require(phase != Phase::packet && phase != Phase::change, "nobody's word makes a command",
            message.topic);
}

void Twins::spoke(const Spoken& spoken) {
    const std::string& topic = spoken.message.topic;
    const bool for_somebody = !spoken.credential.empty();
    require(spoken.refused == (for_somebody && !sessions_.may_subscribe(spoken.credential, topic)),
            "hearth says for a credential what that may hear, and nothing else", topic);
    require(for_somebody || topic == "homeassistant/status", "hearth commands for somebody", topic);
    const auto found = asked_.find(spoken.message.number >> 8U);
    if (!for_somebody || found == asked_.end()) return;
    Asked& command = found->second;
    const bool again = spoken.takers > 0 && !command.taken.insert(spoken.message.number).second;
    require(!command.once || !again, "what must not happen twice does not", topic);
}

// --- What the home shows -----------------------------------------------------------------------

void Twins::check(const Life& life) const {
    for (const auto& [key, value] : told_) {
        const home::Device* device = life.home.find(key.first);
        const home::Attribute* attribute = device != nullptr ? device->find(key.second) : nullptr;
        if (attribute == nullptr || !device->present) continue;
        require(attribute->reported == Value(value), "a twin shows what was said last", key.second);
    }
    for (const home::Device* device : life.home.devices())
        for (const Source& source : sources_of(life, *device)) {
            require(source.topic.empty() || sessions_.may_publish(source.credential, source.topic),
                    "a device is read where its owner may speak", source.topic);
            require(source.command_topic.empty() ||
                        sessions_.may_subscribe(source.credential, source.command_topic),
                    "a device is commanded where its owner may listen", source.command_topic);
        }
}

void Twins::check_owners(const Life& life) {
    for (const home::Device* device : life.home.devices()) {
        const std::vector<Source> sources = sources_of(life, *device);
        if (sources.empty()) continue;
        const std::string& owner = sources.front().credential;
        std::string& known = owners_[device->id];
        require(known.empty() || known == owner || !sessions_.known.contains(known),
                "a device stays its credential's", known + " > " + owner);
        known = owner;
    }
}

} // namespace hearth::hub_fuzz
