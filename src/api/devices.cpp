#include "api/api.h"
#include "api/problem.h"
#include "api/views.h"
#include "base/text.h"

#include <algorithm>

/// Devices: looking at them, naming them, commanding them.
namespace hearth::api {
namespace {

Value spec_value(const home::AttributeSpec& spec) {
    ValueMap map{{"type", catalog::to_string(spec.type)}};
    if (!spec.unit.empty()) map.append("unit", spec.unit);
    if (spec.min) map.append("min", *spec.min);
    if (spec.max) map.append("max", *spec.max);
    if (!spec.options.empty())
        map.append("options", ValueList(spec.options.begin(), spec.options.end()));
    map.append("write", spec.writable);
    if (spec.command) map.append("command", true);
    return map;
}

Value capabilities_value(const home::Device& device) {
    ValueMap capabilities;
    for (const home::Attribute& attribute : device.attributes) {
        Value& capability = capabilities[attribute.spec->path.capability_key()];
        if (!capability.is_map()) capability = ValueMap();
        Value described = spec_value(*attribute.spec);
        if (attribute.reported_at != 0)
            described.as_map()->append("reported_at", to_rfc3339(attribute.reported_at));
        capability.as_map()->append(std::string(attribute.spec->path.attribute()),
                                    std::move(described));
    }
    return capabilities;
}

ValueList last_events(const home::Home& home, const home::DeviceId& device, std::size_t limit) {
    ValueList events;
    const auto& recent = home.recent_events();
    for (auto event = recent.rbegin(); event != recent.rend() && events.size() < limit; ++event)
        if (home::device_of(event->fact) == device) events.push_back(home::to_value(*event));
    std::ranges::reverse(events);
    return events;
}

/// A text is read as the attribute's type: the command line has only texts.
Value as_type(const home::Device& device, const home::Path& path, const Value& value) {
    const home::Attribute* attribute = device.find(path.text);
    if (attribute == nullptr || !value.is_string()) return value;
    const std::string& text = *value.as_string();
    const catalog::AttributeType type = attribute->spec->type;
    long long integer = 0;
    double number = 0;
    if (type == catalog::AttributeType::boolean) {
        if (text == "true" || text == "on") return true;
        if (text == "false" || text == "off") return false;
    } else if (type == catalog::AttributeType::integer || type == catalog::AttributeType::number) {
        if (parse_integer(text, integer)) return static_cast<std::int64_t>(integer);
        if (parse_number(text, number)) return number;
    }
    return value;
}

/// {"on_off.on": true} and {"on_off": {"on": true}} are the same.
Result<std::vector<home::Ask>> read_asks(const home::Device& device, const Value& set) {
    if (!set.is_map())
        return fail(Code::invalid, "the body must be {{\"set\": {{\"on_off.on\": true}}}}");
    std::vector<home::Ask> asks;
    const auto add = [&](std::string_view text, const Value& value) -> Result<void> {
        auto path = home::parse_path(text);
        if (!path) return std::unexpected(path.error());
        Value typed = as_type(device, *path, value);
        asks.push_back({std::move(*path), std::move(typed)});
        return {};
    };
    for (const auto& [key, value] : *set.as_map()) {
        if (key.find('.') != std::string::npos || !value.is_map()) {
            if (const auto added = add(key, value); !added) return std::unexpected(added.error());
            continue;
        }
        for (const auto& [attribute, inner] : *value.as_map())
            if (const auto added = add(key + "." + attribute, inner); !added)
                return std::unexpected(added.error());
    }
    return asks;
}

Result<Micros> read_seconds(const Value& body, std::string_view key, Micros fallback, Micros most) {
    const Value& value = body.at(key);
    if (value.is_null()) return fallback;
    const double length = value.number_or(-1);
    const std::int64_t most_s = most / seconds;
    if (length < 0 || length > static_cast<double>(most_s))
        return fail(Code::invalid, "{} must be a number from 0 to {}", key, most_s);
    return static_cast<Micros>(length * static_cast<double>(seconds));
}

const home::CommandSettled* find_settled(const home::Home& home, home::CommandId command) {
    const auto& recent = home.recent_events();
    for (auto event = recent.rbegin(); event != recent.rend(); ++event)
        if (const auto* settled = std::get_if<home::CommandSettled>(&event->fact);
            settled != nullptr && settled->command == command)
            return settled;
    return nullptr;
}

Result<std::vector<std::string>> read_texts(const Value& list) {
    std::vector<std::string> texts;
    if (!list.is_list()) return fail(Code::invalid, "aliases must be a list of texts");
    for (const Value& text : *list.as_list()) {
        if (!text.is_string()) return fail(Code::invalid, "aliases must be a list of texts");
        texts.push_back(*text.as_string());
    }
    return texts;
}

Result<home::DeviceEdit> read_edit(const ValueMap& body) {
    home::DeviceEdit edit;
    for (const auto& [key, value] : body) {
        if (key == "name" && value.is_string()) {
            edit.name = *value.as_string();
        } else if (key == "area" && (value.is_string() || value.is_null())) {
            edit.area = value.string_or("");
        } else if (key == "aliases") {
            auto aliases = read_texts(value);
            if (!aliases) return std::unexpected(aliases.error());
            edit.aliases = std::move(*aliases);
        } else {
            return fail(Code::invalid, "\"{}\" cannot be changed; name, area and aliases can",
                        printable(key, 40));
        }
    }
    return edit;
}

} // namespace

void Api::add_device_routes() {
    using DeviceRoute = std::function<void(const Request&, const home::Device&, const Responder&)>;
    const auto on_device = [this](DeviceRoute route) -> Router::Route {
        return [this, route = std::move(route)](const Request& request, const PathParts& parts,
                                                const Responder& respond) {
            const auto device = context_.home.find_by_word(parts.at(0));
            if (!device) return respond(problem(device.error()));
            route(request, **device, respond);
        };
    };
    router_.add("GET", "/api/v1/devices",
                [this](const Request&, const PathParts&, const Responder& respond) {
                    respond(json(devices_value(context_.home)));
                });
    router_.add("GET", "/api/v1/areas",
                [this](const Request&, const PathParts&, const Responder& respond) {
                    respond(json(areas_value(context_.home)));
                });
    router_.add(
        "GET", "/api/v1/devices/{}",
        on_device([this](const Request&, const home::Device& device, const Responder& respond) {
            Value whole = device_summary(context_.home, device);
            ValueMap& map = *whole.as_map();
            map.append("delta", home::delta_value(device));
            map.append("manufacturer", device.manufacturer);
            map.append("model", device.model);
            map.append("version", device.version);
            map.append("adapter", device.adapter);
            map.append("external_id", device.external_id);
            map.append("joined", to_rfc3339(device.joined_at));
            map.append("capabilities", capabilities_value(device));
            map.append("sources", context_.sources(device));
            map.append("events", last_events(context_.home, device.id, limits_.events_of_device));
            respond(json(whole));
        }));
    router_.add(
        "PATCH", "/api/v1/devices/{}",
        on_device([this](const Request& request, const home::Device& device,
                         const Responder& respond) { edit_device(request, device, respond); }));
    router_.add(
        "POST", "/api/v1/devices/{}/commands",
        on_device([this](const Request& request, const home::Device& device,
                         const Responder& respond) { post_command(request, device, respond); }));
    router_.add("GET", "/api/v1/commands/{}",
                [this](const Request&, const PathParts& parts, const Responder& respond) {
                    long long id = 0;
                    if (!parse_integer(parts.at(0), id) || id <= 0)
                        return respond(problem({Code::invalid, "a command's id is a number"}));
                    respond(command_response(static_cast<home::CommandId>(id)));
                });
    context_.home.listen([this](const home::Event& event, const auto&) {
        const auto* settled = std::get_if<home::CommandSettled>(&event.fact);
        if (settled == nullptr) return;
        const auto [first, last] = command_waiters_.equal_range(settled->command);
        std::vector<Responder> waiting;
        for (auto waiter = first; waiter != last; ++waiter)
            waiting.push_back(waiter->second);
        command_waiters_.erase(first, last);
        for (const Responder& respond : waiting)
            when_committed(respond, [settled = *settled] { return settled_response(settled); });
    });
}

void Api::edit_device(const Request& request, const home::Device& device,
                      const Responder& respond) {
    const auto body = read_object(request, respond);
    if (!body) return;
    auto edit = read_edit(*body->as_map());
    if (!edit) return respond(problem(edit.error()));
    const home::DeviceId id = device.id;
    const auto done = context_.home.edit(cause_of(request), id, std::move(*edit));
    if (!done) return respond(problem(done.error()));
    when_committed(respond, [this, id] {
        return json(device_summary(context_.home, *context_.home.find(id)));
    });
}

void Api::post_command(const Request& request, const home::Device& device,
                       const Responder& respond) {
    const auto body = read_object(request, respond);
    if (!body) return;
    for (const auto& [key, value] : *body->as_map())
        if (key != "set" && key != "timeout_s" && key != "wait_s")
            return respond(problem({Code::invalid, "unknown key \"" + printable(key, 40) +
                                                       "\"; known are set, timeout_s and wait_s"}));
    auto asks = read_asks(device, body->at("set"));
    if (!asks) return respond(problem(asks.error()));
    const auto timeout = read_seconds(*body, "timeout_s", 10 * seconds, 24 * hours);
    const auto wait = read_seconds(*body, "wait_s", 0, limits_.longest_wait);
    if (!timeout || !wait) return respond(problem(timeout ? wait.error() : timeout.error()));
    home::CommandRequest command{
        .device = device.id, .asks = std::move(*asks), .key = request.idempotency_key};
    if (body->find("timeout_s") != nullptr) command.timeout = *timeout;
    const auto id = context_.home.issue(cause_of(request), std::move(command));
    if (!id) return respond(problem(id.error()));
    if (*wait > 0 && context_.home.open_commands().contains(*id)) {
        await_settlement(*id, *wait, respond);
    } else {
        when_committed(respond, [this, id = *id] { return command_response(id); });
    }
}

void Api::await_settlement(home::CommandId command, Micros wait, const Responder& respond) {
    if (command_waiters_.size() + event_waiters_.size() >= limits_.waiting_requests)
        return respond(problem({Code::limit, "too many requests wait already"}));
    command_waiters_.emplace(command, respond);
    context_.after(wait, [this, command, respond] {
        if (respond.is_done()) return;
        const auto [first, last] = command_waiters_.equal_range(command);
        for (auto waiter = first; waiter != last; ++waiter)
            if (waiter->second.is_same(respond)) {
                command_waiters_.erase(waiter);
                break;
            }
        when_committed(respond, [this, command] { return command_response(command); });
    });
}

/// {"command", "settlement", "detail"}: `settlement` is null while it is under way.
Response Api::command_response(home::CommandId command) const {
    if (const auto* settled = find_settled(context_.home, command))
        return settled_response(*settled);
    if (context_.home.open_commands().contains(command))
        return json(ValueMap{{"command", Value::of_unsigned(command)}, {"settlement", nullptr}},
                    202);
    return problem({Code::not_found, fmt::format("command {} is not among the last {} events",
                                                 command, context_.home.recent_events().size())});
}

Response Api::settled_response(const home::CommandSettled& settled) {
    return json(ValueMap{{"command", Value::of_unsigned(settled.command)},
                         {"settlement", home::to_string(settled.settlement)},
                         {"detail", settled.detail}});
}

} // namespace hearth::api
