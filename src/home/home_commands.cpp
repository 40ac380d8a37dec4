#include "base/json.h"
#include "base/text.h"
#include "home/home.h"

#include <algorithm>
#include <limits>

/// Commands: checked, journaled, sent, and settled by the device's answer or by their deadline.
namespace hearth::home {
namespace {

/// Whether an ask goes together with the others of its command: off and at 70 % does not.
Result<void> check_sense(const Ask& ask, const std::vector<Ask>& all) {
    const catalog::AttributeInfo* info =
        catalog::Catalog::builtin().find(ask.path.capability_attribute());
    if (info == nullptr) return {};
    const bool zero = info->zero_is && is_zero(ask.value);
    const std::optional<catalog::ValueOf>& wanted = zero ? info->zero_is : info->needs;
    if (!wanted) return {};
    const auto other =
        std::ranges::find(all, beside(ask.path, wanted->path), [](const Ask& a) { return a.path; });
    if (other == all.end() || other->value == wanted->value) return {};
    return fail(Code::invalid,
                "{} = {} and {} = {} contradict each other; leave one of them out, nothing was "
                "sent",
                ask.path.text, printable(to_json(ask.value), 60), other->path.text,
                printable(to_json(other->value), 60));
}

} // namespace

Result<void> Home::check_ask(const Device& device, const Ask& ask) const {
    const Attribute* attribute = device.find(ask.path.text);
    if (attribute == nullptr)
        return fail(Code::not_found, "{} has no attribute {}; `hearth show {}` lists what it has",
                    device.name(), printable(ask.path.text, 60), device.id);
    if (!attribute->spec->writable)
        return fail(Code::refused, "{} of {} can be read, not set", ask.path.text, device.name());
    if (const auto short_enough = check_size(ask.path, ask.value); !short_enough)
        return short_enough;
    const auto fits = check_value(*attribute->spec, ask.value);
    if (!fits || !attribute->spec->command) return fits;
    // What is done is done or not asked for: there is no pressing of "false".
    if (attribute->spec->type == catalog::AttributeType::boolean && !ask.value.bool_or(false))
        return fail(Code::invalid, "{} is done, not kept: ask for true, or leave it out",
                    ask.path.text);
    return {};
}

Result<void> Home::check_texts(const Device& device, const std::vector<Ask>& asks) const {
    std::size_t texts = 0;
    for (const Ask& ask : asks)
        texts += ask.value.string_or("").size();
    if (texts > limits_.report_bytes)
        return fail(Code::limit, "{} bytes of text in one command; at most {} are taken", texts,
                    limits_.report_bytes);
    if (texts > 0 && device.text_bytes + texts > limits_.twin_bytes)
        return fail(Code::limit, "the texts of {} would take {} bytes; at most {} are kept",
                    device.name(), device.text_bytes + texts, limits_.twin_bytes);
    return {};
}

Result<void> Home::may(const Subject& subject, access::Verb verb, const Device& device) const {
    return authority_ != nullptr ? authority_->may(subject, verb, device) : Result<void>();
}

Result<void> Home::may(const Subject& subject, access::Verb verb) const {
    return authority_ != nullptr ? authority_->may(subject, verb) : Result<void>();
}

Result<void> Home::check_request(const Subject& subject, const CommandRequest& request) const {
    const Device* known = find(request.device);
    if (known == nullptr || !known->present || !may_see(subject, *known))
        return fail(Code::not_found, "there is no device {}", printable(request.device, 40));
    if (request.asks.empty() || request.asks.size() > limits_.asks_per_command)
        return fail(Code::invalid, "a command sets 1 to {} attributes", limits_.asks_per_command);
    for (const Ask& ask : request.asks) {
        const auto good = check_ask(*known, ask);
        if (!good) return good;
        const auto allowed = may(subject, verb_of(*known, ask), *known);
        if (!allowed) return allowed;
        const auto same = [&](const Ask& other) { return other.path == ask.path; };
        if (std::ranges::count_if(request.asks, same) > 1)
            return fail(Code::invalid, "{} comes twice in one command", ask.path.text);
        const auto sense = check_sense(ask, request.asks);
        if (!sense) return sense;
    }
    const auto room = check_texts(*known, request.asks);
    if (!room) return room;
    if (open_.size() + queue_.size() >= limits_.open_commands)
        return fail(Code::limit, "{} commands wait for an answer already; try again later",
                    open_.size());
    return {};
}

Result<void> Home::check_key(const KeyUse& use) const {
    if (use.key.size() > limits_.key_bytes || !is_utf8(use.key))
        return fail(Code::invalid, "an idempotency key is UTF-8 text of at most {} bytes",
                    limits_.key_bytes);
    const auto earlier = keys_.find(use);
    if (!earlier) return std::unexpected(earlier.error());
    return {};
}

Result<CommandId> Home::issue(Cause cause, CommandRequest request) {
    const bool by_rule = cause.is_by(Subject::Kind::automation);
    if (!request.key.empty() && !by_rule) {
        if (request.caller.empty())
            request.caller = fmt::format("{} {}", to_string(cause.subject.kind), cause.subject.id);
        if (request.asked.empty()) request.asked = fingerprint(request.device, request.asks);
        const KeyUse use{request.caller, request.key, request.part, request.asked};
        if (const auto good = check_key(use); !good) return std::unexpected(good.error());
        if (const auto earlier = keys_.find(use); earlier && *earlier) return **earlier;
    }
    const auto good = check_request(cause.subject, request);
    if (!good) return std::unexpected(good.error());
    if (somebody_is_told(cause) && !journal_.accepts())
        return fail(Code::unavailable, "nothing was done: the disk takes nothing");
    const Micros timeout = request.timeout.value_or(limits_.command_timeout);
    Command command{++last_command_,         std::move(request.device),
                    std::move(request.asks), clock_.utc() + timeout,
                    std::move(request.key),  by_rule ? std::string() : std::move(request.caller),
                    std::move(request.part), std::move(request.asked)};
    const CommandId id = command.id;
    queue_.push_back([this, timeout, cause = std::move(cause), command = std::move(command)] {
        start(cause, command, timeout);
    });
    run_queue();
    return id;
}

/// A rule goes on in memory while the disk is full; a person or a program hears that it was not
/// done.
bool Home::somebody_is_told(const Cause& cause) {
    return !cause.is_by(Subject::Kind::automation);
}

void Home::start(Cause cause, Command command, Micros timeout) {
    const CommandId id = command.id;
    const bool must_be_written = somebody_is_told(cause);
    journal_and_apply(std::move(cause), CommandIssued{std::move(command)});
    OpenCommand& open = open_.at(id);
    open.patience = timeout;
    open.first_due = clock_.steady() + timeout;
    schedule(open, open.first_due);
    // Written before it is sent: who is told that it was not done must be able to rely on it.
    if (must_be_written && !journal_.write_now())
        return settle(id, Settlement::refused, "not sent: it could not be written to the disk");
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
    // A copy: the device may answer, and so settle it, before the sender is through with it.
    const Command command = open_.at(id).command;
    const Device* target = find(command.device);
    if (target == nullptr || !target->present)
        return settle(id, Settlement::refused, "the device has left");
    sender_.send(*target, command);
    if (const auto sent = open_.find(id); sent != open_.end())
        conclude(id, Cause::of_device(sent->second.command.device, sent->second.issued_in));
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
    const Attribute* answer =
        target != nullptr ? fulfilled_by(*target, ask.path, ask.value) : nullptr;
    if (answer == nullptr) return false;
    if (answer->reported_in > open.issued_in) return true;
    return std::ranges::none_of(target->open_commands, [&](CommandId id) {
        return id < open.command.id && std::ranges::any_of(
                                           open_.at(id).command.asks,
                                           [&](const Ask& other) {
                                               return other.path == ask.path ||
                                                      other.path == answer->spec->path;
                                           });
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
        if (open_.contains(id)) conclude(id, Cause::of_device(device, answer));
}

void Home::settle(CommandId command, Settlement settlement, std::string detail) {
    const auto found = open_.find(command);
    if (found == open_.end()) return;
    settle_because(Cause::of_device(found->second.command.device, found->second.issued_in), command,
                   settlement, std::move(detail));
}

void Home::settle_because(Cause cause, CommandId id, Settlement settlement, std::string detail) {
    const auto found = open_.find(id);
    if (found == open_.end()) return;
    unschedule(found->second);
    if (detail.size() > limits_.detail_bytes || !is_utf8(detail))
        detail = printable(detail, limits_.detail_bytes);
    journal_and_apply(std::move(cause), CommandSettled{id, found->second.command.device, settlement,
                                                       std::move(detail)});
    run_queue();
}

Result<void> Home::withdraw(Cause cause, const DeviceId& id, std::string_view path) {
    const Device* target = find(id);
    if (target == nullptr || !target->present)
        return fail(Code::not_found, "there is no device {}", printable(id, 40));
    if (!path.empty()) {
        const Desire* desire = target->desire(path);
        if (desire == nullptr)
            return fail(Code::not_found, "nothing is asked of {} of {}", printable(path, 60),
                        target->name());
        if (desire->open)
            return fail(Code::conflict,
                        "command {} on {} of {} is still under way; it ends by itself",
                        desire->command, desire->path.text, target->name());
    }
    std::vector<Path> paths;
    for (const Desire& desire : target->desires)
        if (!desire.open && (path.empty() || desire.path.text == path))
            paths.push_back(desire.path);
    if (paths.empty()) return {};
    journal_and_apply(std::move(cause), DesiredWithdrawn{id, std::move(paths)});
    run_queue();
    return {};
}

void Home::advance() {
    while (!due_.empty() && due_.begin()->first <= clock_.steady()) {
        const OpenCommand& open = open_.at(due_.begin()->second);
        const Device* target = find(open.command.device);
        const bool offline = target != nullptr && !target->online;
        std::string why = "the device has not answered";
        if (offline)
            why = "the device is offline";
        else if (open.under_way)
            why = fmt::format("the device was still on its way after {} s",
                              (clock_.steady() - open.begun) / seconds);
        else if (open.begun != 0)
            why = "the device began, but stopped before it was there";
        Cause cause = open.cause;
        cause.event = open.issued_in;
        settle_because(std::move(cause), open.command.id, Settlement::timed_out, std::move(why));
    }
}

std::optional<Micros> Home::next_deadline() const {
    if (due_.empty()) return std::nullopt;
    return due_.begin()->first;
}

/// The time by which commands are judged after a start: a device must not move long after it was
/// asked. A clock that stands before what has happened does not tell how long the hub was gone.
Micros Home::resume_time() const {
    constexpr Micros slack = seconds; // clocks are corrected by small steps
    const Micros now = clock_.utc();
    const bool is_back = std::ranges::any_of(
        events_.entries(), [&](const auto& event) { return event.at > now + slack; });
    return is_back ? std::numeric_limits<Micros>::max() : now;
}

void Home::resume_commands() {
    const Micros now = resume_time();
    std::vector<std::pair<CommandId, bool>> known;
    for (auto& [id, open] : open_) {
        known.emplace_back(id, open.under_way);
        // Devices need time to come back too, so the whole time-out counts again from here.
        open.under_way = false;
        open.patience = limits_.command_timeout;
        open.first_due = clock_.steady() + open.patience;
        schedule(open, open.first_due);
    }
    for (const auto& [id, heard] : known) {
        if (!open_.contains(id)) continue;
        if (must_happen_once(open_.at(id).command))
            settle(id, Settlement::timed_out,
                   "the hub was restarted; it is not sent again, as it must not happen twice");
        else if (now < open_.at(id).command.deadline)
            hand_over(id);
        else if (!heard)
            settle(id, Settlement::timed_out,
                   "the hub was not running when its time was up; it is not sent again");
    }
}

} // namespace hearth::home
