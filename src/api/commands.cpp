#include "api/api.h"
#include "api/problem.h"
#include "base/text.h"

#include <algorithm>

/// Commands: asking a device, and waiting for what becomes of it.
namespace hearth::api {
namespace {

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

/// Of the body, or of the query: ?wait_s=2. The body wins.
Result<Micros> read_seconds(const Request& request, const Value& body, std::string_view key,
                            Micros fallback, Micros most) {
    const Value& value = body.at(key);
    const auto asked = request.query.find(key);
    if (value.is_null() && asked == request.query.end()) return fallback;
    double length = value.number_or(-1);
    if (value.is_null() && !parse_number(asked->second, length)) length = -1;
    const std::int64_t most_s = most / seconds;
    if (!(length >= 0) || length > static_cast<double>(most_s))
        return fail(Code::invalid, "{} must be a number from 0 to {}", key, most_s);
    return static_cast<Micros>(length * static_cast<double>(seconds));
}

} // namespace

void Api::add_command_routes() {
    router_.add(
        "POST", "/api/v1/devices/{}/commands", needs_nothing,
        on_device([this](const Request& request, const home::Device& device,
                         const Responder& respond) { post_command(request, device, respond); }));
    router_.add("GET", "/api/v1/commands/{}", needs_nothing,
                [this](const Request& request, const PathParts& parts, const Responder& respond) {
                    long long number = 0;
                    if (!parse_integer(parts.at(0), number) || number <= 0)
                        return respond(problem({Code::invalid, "a command's id is a number"}));
                    const auto id = static_cast<home::CommandId>(number);
                    if (!may_know_of(subject_of(request.caller), id))
                        return respond(problem({Code::not_found, "you may see no such command"}));
                    respond(command_response(id));
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
    const auto timeout = read_seconds(request, *body, "timeout_s", -1, 24 * hours);
    const auto wait = read_seconds(request, *body, "wait_s", 0, limits_.longest_wait);
    if (!timeout || !wait) return respond(problem(timeout ? wait.error() : timeout.error()));
    home::CommandRequest command{.device = device.id,
                                 .asks = std::move(*asks),
                                 .key = request.idempotency_key,
                                 .caller = key_owner_of(request)};
    if (*timeout >= 0) command.timeout = *timeout;
    // Asked before anything is done: a refusal means that nothing was.
    if (*wait > 0 && !may_wait())
        return respond(problem({Code::limit, "too many requests wait already; nothing was sent"}));
    const auto id = context_.home.issue(cause_of(request), std::move(command));
    if (!id && id.error().code == Code::refused) return refuse(request, id.error(), respond);
    if (!id) return respond(problem_with_key(id.error()));
    if (*wait > 0 && context_.home.open_commands().contains(*id)) {
        await_settlement(*id, *wait, respond);
    } else {
        when_committed(respond, [this, id = *id] { return command_response(id); });
    }
}

/// Whether one more request may wait. Those whose client has hung up wait no more.
bool Api::may_wait() {
    if (command_waiters_.size() + event_waiters_.size() < limits_.waiting_requests) return true;
    std::erase_if(command_waiters_, [](const auto& waiter) { return waiter.second.is_done(); });
    std::erase_if(event_waiters_,
                  [](const EventWaiter& waiter) { return waiter.respond.is_done(); });
    return command_waiters_.size() + event_waiters_.size() < limits_.waiting_requests;
}

void Api::await_settlement(home::CommandId command, Micros wait, const Responder& respond) {
    command_waiters_.emplace(command, respond);
    context_.after(wait, [this, command, respond] {
        const auto [first, last] = command_waiters_.equal_range(command);
        for (auto waiter = first; waiter != last; ++waiter)
            if (waiter->second.is_same(respond)) {
                command_waiters_.erase(waiter);
                break;
            }
        if (respond.is_done()) return;
        when_committed(respond, [this, command] { return command_response(command); });
    });
}

/// {"command", "settlement", "detail"}: `settlement` is null while it is not settled, and then
/// `under_way` says whether the device tells that it is on its way.
Response Api::command_response(home::CommandId command) const {
    if (const auto open = context_.home.open_commands().find(command);
        open != context_.home.open_commands().end())
        return json(ValueMap{{"command", Value::of_unsigned(command)},
                             {"settlement", nullptr},
                             {"under_way", open->second.under_way}},
                    202);
    if (const auto settled = context_.home.find_settled(command)) return settled_response(*settled);
    return problem({Code::not_found, fmt::format("command {} is not among the last {} events",
                                                 command, context_.home.recent_events().size())});
}

/// Those that are not known any more nobody learns of anyway.
bool Api::may_know_of(const home::Subject& viewer, home::CommandId command) const {
    const auto& open = context_.home.open_commands();
    const auto found = open.find(command);
    const auto settled = found == open.end() ? context_.home.find_settled(command) : std::nullopt;
    if (found == open.end() && !settled) return true;
    const home::Device* device =
        context_.home.find(settled ? settled->device : found->second.command.device);
    return device != nullptr ? context_.home.may_see(viewer, *device)
                             : context_.home.may(viewer, access::Verb::see).has_value();
}

Response Api::settled_response(const home::CommandSettled& settled) {
    return json(ValueMap{{"command", Value::of_unsigned(settled.command)},
                         {"settlement", home::to_string(settled.settlement)},
                         {"detail", settled.detail}});
}

} // namespace hearth::api
