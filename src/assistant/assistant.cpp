#include "assistant/assistant.h"

#include "base/text.h"

#include <algorithm>

namespace hearth::assistant {
namespace {

constexpr std::size_t cause_characters = 120; ///< of a sentence, in the cause of its commands

using Kind = language::Outcome::Kind;

std::string_view to_string(Kind kind) {
    switch (kind) {
    case Kind::done:
        return "done";
    case Kind::sent:
        return "sent";
    case Kind::failed:
        break;
    }
    return "failed";
}

bool changes_names(const home::Fact& fact) {
    return std::holds_alternative<home::AreaAdded>(fact) ||
           std::holds_alternative<home::DeviceJoined>(fact) ||
           std::holds_alternative<home::DeviceChanged>(fact) ||
           std::holds_alternative<home::DeviceLeft>(fact) ||
           std::holds_alternative<home::DeviceEdited>(fact);
}

bool has_failed(home::Settlement settlement) {
    return settlement == home::Settlement::refused || settlement == home::Settlement::timed_out;
}

} // namespace

bool Answer::is_done() const {
    return outcome && outcome->kind == Kind::done;
}

Value to_value(const Answer& answer) {
    const language::Understanding& meant = answer.meant;
    ValueMap slots;
    for (const language::Slot& slot : meant.slots)
        slots.set(slot.name, slot.value);
    ValueList commands;
    for (const home::CommandId command : answer.commands)
        commands.push_back(Value::of_unsigned(command));
    return ValueMap{{"understood", meant.verdict == language::Verdict::understood},
                    {"verdict", language::to_string(meant.verdict)},
                    {"outcome", answer.outcome ? Value(to_string(answer.outcome->kind)) : Value()},
                    {"reply", answer.reply},
                    {"lang", meant.language},
                    {"intent", meant.intent.empty() ? Value() : Value(meant.intent)},
                    {"slots", std::move(slots)},
                    {"commands", std::move(commands)},
                    {"candidates", ValueList(meant.candidates.begin(), meant.candidates.end())}};
}

Assistant::Assistant(home::Home& home, const language::Languages& languages, After after,
                     AssistantOptions options)
    : home_(home)
    , languages_(languages)
    , after_(std::move(after))
    , options_(std::move(options)) {
    home_.listen([this](const home::Event& event, const auto&) { hear(event); });
}

void Assistant::hear(const home::Event& event) {
    if (changes_names(event.fact)) names_are_old_ = true;
    if (const auto* fact = std::get_if<home::CommandSettled>(&event.fact)) settled(*fact);
}

Result<Answer> Assistant::understand(const Said& said) {
    if (names_are_old_) names_ = language::HomeNames(home_);
    names_are_old_ = false;
    std::optional<home::AreaId> here;
    if (!said.area.empty()) {
        const home::Area* area = home_.find_area(said.area);
        if (area == nullptr)
            return fail(Code::not_found, "there is no room \"{}\"", printable(said.area, 80));
        here = area->id;
    }
    auto meant = languages_.understand(
        home_, names_, said.language.empty() ? options_.language : said.language, said.text, here);
    if (!meant) return std::unexpected(meant.error());
    return Answer{.meant = std::move(*meant), .reply = {}, .commands = {}, .outcome = {}};
}

void Assistant::say(const Said& said, Reply reply) {
    if (waiting_.size() >= options_.waiting)
        return reply(
            fail(Code::limit, "{} sentences wait for their devices already", waiting_.size()));
    auto answer = understand(said);
    if (!answer) return reply(std::unexpected(answer.error()));
    Waiting waiting{++last_number_, std::move(*answer), {}, {}, std::move(reply)};
    const language::Frame frame = waiting.answer.meant.frame;
    if (const auto* action = std::get_if<language::Action>(&frame)) act(said, *action, waiting);
    if (std::holds_alternative<language::Query>(frame))
        waiting.answer.outcome = language::Outcome{};
    if (waiting.open.empty()) return finish(std::move(waiting));
    after_(options_.reply_wait, [this, number = waiting.number] { give_up(number); });
    waiting_.push_back(std::move(waiting));
}

void Assistant::act(const Said& said, const language::Action& action, Waiting& waiting) {
    const home::Cause cause{home::Cause::By::sentence, printable(said.text, cause_characters), 0};
    waiting.answer.outcome = language::Outcome{Kind::sent, {}};
    issuing_ = true;
    for (const language::Action::Device& device : action.devices) {
        home::CommandRequest request{.device = device.device, .asks = device.asks};
        if (!said.key.empty()) request.key = said.key + ":" + device.device;
        const auto command = home_.issue(cause, std::move(request));
        if (!command) {
            if (waiting.failure.empty()) waiting.failure = command.error().detail;
            continue;
        }
        waiting.answer.commands.push_back(*command);
        // With a key that was used before it may be settled long since.
        if (home_.open_commands().contains(*command)) waiting.open.insert(*command);
    }
    issuing_ = false;
    for (const home::CommandSettled& settled : early_)
        if (std::ranges::find(waiting.answer.commands, settled.command) !=
            waiting.answer.commands.end())
            settle(waiting, settled);
    early_.clear();
}

void Assistant::settle(Waiting& waiting, const home::CommandSettled& settled) {
    waiting.open.erase(settled.command);
    if (!has_failed(settled.settlement) || !waiting.failure.empty()) return;
    waiting.failure =
        settled.detail.empty() ? std::string(home::to_string(settled.settlement)) : settled.detail;
}

void Assistant::settled(const home::CommandSettled& settled) {
    if (issuing_) early_.push_back(settled);
    for (auto waiting = waiting_.begin(); waiting != waiting_.end(); ++waiting) {
        if (!waiting->open.contains(settled.command)) continue;
        settle(*waiting, settled);
        if (!waiting->open.empty()) return;
        Waiting done = std::move(*waiting);
        waiting_.erase(waiting);
        return finish(std::move(done));
    }
}

void Assistant::give_up(std::uint64_t number) {
    const auto found = std::ranges::find(waiting_, number, &Waiting::number);
    if (found == waiting_.end()) return;
    Waiting late = std::move(*found);
    waiting_.erase(found);
    finish(std::move(late));
}

void Assistant::finish(Waiting waiting) {
    Answer& answer = waiting.answer;
    if (answer.outcome && !std::holds_alternative<language::Query>(answer.meant.frame)) {
        if (!waiting.failure.empty())
            answer.outcome = language::Outcome{Kind::failed, waiting.failure};
        else if (waiting.open.empty())
            answer.outcome = language::Outcome{Kind::done, {}};
    }
    auto reply =
        languages_.reply(home_, answer.meant, answer.outcome.value_or(language::Outcome{}));
    if (!reply) return waiting.reply(std::unexpected(reply.error()));
    answer.reply = std::move(*reply);
    waiting.reply(std::move(answer));
}

} // namespace hearth::assistant
