#include "base/text.h"
#include "home/home.h"

#include <algorithm>

/// Commands: checked, journaled, sent, and settled by the device's answer or by their deadline.
namespace hearth::home {

Result<void> Home::check_ask(const Device& device, const Ask& ask) const {
    const Attribute* attribute = device.find(ask.path.text);
    if (attribute == nullptr)
        return fail(Code::not_found, "{} has no attribute {}; `hearth show {}` lists what it has",
                    device.name(), printable(ask.path.text, 60), device.id);
    if (!attribute->spec->writable)
        return fail(Code::refused, "{} of {} can be read, not set", ask.path.text, device.name());
    if (ask.value.string_or("").size() > limits_.text_value_bytes)
        return fail(Code::limit, "{} is longer than {} bytes", ask.path.text,
                    limits_.text_value_bytes);
    if (attribute->spec->command) return {};
    return check_value(*attribute->spec, ask.value);
}

Result<void> Home::check_request(const CommandRequest& request) const {
    const Device* known = find(request.device);
    if (known == nullptr || !known->present)
        return fail(Code::not_found, "there is no device {}", printable(request.device, 40));
    if (request.asks.empty() || request.asks.size() > limits_.asks_per_command)
        return fail(Code::invalid, "a command sets 1 to {} attributes", limits_.asks_per_command);
    for (const Ask& ask : request.asks) {
        const auto good = check_ask(*known, ask);
        if (!good) return good;
        const auto same = [&](const Ask& other) { return other.path == ask.path; };
        if (std::ranges::count_if(request.asks, same) > 1)
            return fail(Code::invalid, "{} comes twice in one command", ask.path.text);
    }
    if (request.key.size() > limits_.key_bytes || !is_utf8(request.key))
        return fail(Code::invalid, "an idempotency key is UTF-8 text of at most {} bytes",
                    limits_.key_bytes);
    if (open_.size() + queue_.size() >= limits_.open_commands)
        return fail(Code::limit, "{} commands wait for an answer already; try again later",
                    open_.size());
    return {};
}

Result<CommandId> Home::issue(Cause cause, CommandRequest request) {
    if (const auto earlier = find_key(request.key)) return *earlier;
    const auto good = check_request(request);
    if (!good) return std::unexpected(good.error());
    const Micros timeout = request.timeout.value_or(limits_.command_timeout);
    Command command{++last_command_, std::move(request.device), std::move(request.asks),
                    clock_.utc() + timeout, std::move(request.key)};
    const CommandId id = command.id;
    queue_.push_back([this, timeout, cause = std::move(cause), command = std::move(command)] {
        start(cause, command, timeout);
    });
    run_queue();
    return id;
}

std::optional<CommandId> Home::find_key(std::string_view key) const {
    if (key.empty()) return std::nullopt;
    for (const auto& [known, command] : keys_)
        if (known == key) return command;
    return std::nullopt;
}

void Home::remember_key(const std::string& key, CommandId command) {
    if (key.empty()) return;
    keys_.emplace_back(key, command);
    if (keys_.size() > limits_.remembered_keys) keys_.pop_front();
}

void Home::start(Cause cause, Command command, Micros timeout) {
    const CommandId id = command.id;
    journal_and_apply(std::move(cause), CommandIssued{std::move(command)});
    OpenCommand& open = open_.at(id);
    open.due = clock_.steady() + timeout;
    due_.emplace(open.due, id);
    dispatch(id);
}

/// A command that must not happen twice is sent only once its record is on the disk: were it sent
/// before and forgotten by a power cut, its owner would ask again.
void Home::dispatch(CommandId id) {
    if (!must_happen_once(open_.at(id).command)) return hand_over(id);
    journal_.when_committed([this, id](const Result<void>& committed) {
        if (!open_.contains(id)) return;
        if (committed)
            hand_over(id);
        else
            settle(id, Settlement::refused,
                   "it could not be journaled: " + committed.error().detail);
    });
}

void Home::hand_over(CommandId id) {
    const OpenCommand& open = open_.at(id);
    const Device* target = find(open.command.device);
    if (target == nullptr || !target->present)
        return settle(id, Settlement::refused, "the device has left");
    sender_.send(*target, open.command);
    if (const auto sent = open_.find(id); sent != open_.end())
        conclude(id, {Cause::By::device, sent->second.command.device, sent->second.issued_in});
}

bool Home::must_happen_once(const Command& command) const {
    const Device* target = find(command.device);
    return target != nullptr && std::ranges::any_of(command.asks, [&](const Ask& ask) {
               const Attribute* attribute = target->find(ask.path.text);
               return attribute != nullptr && attribute->spec->command;
           });
}

/// Whether the twin already says what was asked for. A value that was reported before the command
/// counts too, unless an older command on the same attribute is still under way.
bool Home::is_met(const OpenCommand& open, const Ask& ask) const {
    const Device* target = find(open.command.device);
    const Attribute* attribute = target != nullptr ? target->find(ask.path.text) : nullptr;
    if (attribute == nullptr || !meets(*attribute->spec, attribute->reported, ask.value))
        return false;
    if (attribute->reported_in > open.issued_in) return true;
    return std::ranges::none_of(target->open_commands, [&](CommandId id) {
        return id < open.command.id &&
               std::ranges::any_of(
                   open_.at(id).command.asks,
                   [&](const Ask& other) { return other.path == ask.path; });
    });
}

/// Settles a command that has been sent, where nothing is missing any more.
void Home::conclude(CommandId id, const Cause& cause) {
    const OpenCommand& open = open_.at(id);
    const Device* target = find(open.command.device);
    bool answered = false;
    for (const Ask& ask : open.command.asks) {
        const Attribute* attribute = target != nullptr ? target->find(ask.path.text) : nullptr;
        if (attribute == nullptr)
            return settle(id, Settlement::refused, ask.path.text + " is gone");
        if (!attribute->spec->answers || attribute->spec->command) continue;
        if (!is_met(open, ask)) return;
        answered = true;
    }
    settle_because(cause, id, answered ? Settlement::confirmed : Settlement::assumed, {});
}

void Home::confirm_answered(const DeviceId& device, EventId answer) {
    const std::vector<CommandId> waiting = find(device)->open_commands;
    for (const CommandId id : waiting)
        if (open_.contains(id)) conclude(id, {Cause::By::device, device, answer});
}

void Home::settle(CommandId command, Settlement settlement, std::string detail) {
    const auto found = open_.find(command);
    if (found == open_.end()) return;
    settle_because({Cause::By::device, found->second.command.device, found->second.issued_in},
                   command, settlement, std::move(detail));
}

void Home::settle_because(Cause cause, CommandId id, Settlement settlement, std::string detail) {
    const auto found = open_.find(id);
    if (found == open_.end()) return;
    const auto [first, last] = due_.equal_range(found->second.due);
    for (auto due = first; due != last; ++due)
        if (due->second == id) {
            due_.erase(due);
            break;
        }
    journal_and_apply(std::move(cause), CommandSettled{id, found->second.command.device, settlement,
                                                       std::move(detail)});
    run_queue();
}

void Home::advance() {
    while (!due_.empty() && due_.begin()->first <= clock_.steady()) {
        const OpenCommand& open = open_.at(due_.begin()->second);
        const Device* target = find(open.command.device);
        const bool offline = target != nullptr && !target->online;
        settle_because({open.cause.by, open.cause.id, open.issued_in}, open.command.id,
                       Settlement::timed_out,
                       offline ? "the device is offline" : "the device has not answered");
    }
}

std::optional<Micros> Home::next_deadline() const {
    if (due_.empty()) return std::nullopt;
    return due_.begin()->first;
}

void Home::resume_commands() {
    std::vector<CommandId> ids;
    for (auto& [id, open] : open_) {
        // Devices need time to come back too, so the whole time-out counts again from here.
        open.due = clock_.steady() + limits_.command_timeout;
        due_.emplace(open.due, id);
        ids.push_back(id);
    }
    for (const CommandId id : ids) {
        if (!open_.contains(id)) continue;
        if (must_happen_once(open_.at(id).command))
            settle(id, Settlement::timed_out,
                   "the hub was restarted; it is not sent again, as it must not happen twice");
        else
            hand_over(id);
    }
}

} // namespace hearth::home
