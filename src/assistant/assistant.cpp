#include "assistant/assistant.h"

#include "base/crypto.h"
#include "base/text.h"

#include <algorithm>

namespace hearth::assistant {
namespace {

constexpr std::size_t cause_characters = 120; ///< of a sentence, in the cause of its commands
constexpr std::size_t id_characters = 12;     ///< of conversations and questions

using Kind = language::Outcome::Kind;

std::string_view to_string(Kind kind) {
    switch (kind) {
    case Kind::done:
        return "done";
    case Kind::sent:
        return "sent";
    case Kind::under_way:
        return "under_way";
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
           std::holds_alternative<home::DeviceEdited>(fact) ||
           std::holds_alternative<home::AreaRemoved>(fact);
}

/// The key of one device's command of a sentence; empty where the sentence has none.
home::KeyUse key_of(const Said& said, const home::DeviceId& device) {
    if (said.key.empty()) return {};
    return {said.key_owner, said.key, device,
            sha256(said.text + "\n" + said.language + "\n" + said.area)};
}

bool has_failed(home::Settlement settlement) {
    return settlement == home::Settlement::refused || settlement == home::Settlement::timed_out;
}

} // namespace

bool Answer::is_done() const {
    return outcome && outcome->kind == Kind::done;
}

namespace {

Value question_value(const Answer& answer, const home::Home& home) {
    if (!answer.question) return {};
    ValueList devices;
    if (const auto* action = std::get_if<language::Action>(&answer.meant.frame))
        for (const language::Action::Device& one : action->devices) {
            const home::Device* device = home.find(one.device);
            ValueMap set;
            for (const home::Ask& ask : one.asks)
                set.set(ask.path.text, ask.value);
            devices.push_back(ValueMap{{"device", one.device},
                                       {"name", device ? Value(device->name()) : Value()},
                                       {"set", std::move(set)}});
        }
    return ValueMap{{"id", answer.question->id},
                    {"why", language::to_string(answer.meant.doubt)},
                    {"expires_at", to_rfc3339(answer.question->expires_at)},
                    {"devices", std::move(devices)}};
}

} // namespace

Value to_value(const Answer& answer, const home::Home& home) {
    const language::Understanding& meant = answer.meant;
    ValueMap slots;
    for (const language::Slot& slot : meant.slots)
        slots.set(slot.name, slot.value);
    ValueList commands;
    for (const home::CommandId command : answer.commands)
        commands.push_back(Value::of_unsigned(command));
    const bool understood = meant.verdict == language::Verdict::understood ||
                            meant.verdict == language::Verdict::confirm;
    return ValueMap{{"understood", understood},
                    {"verdict", language::to_string(meant.verdict)},
                    {"outcome", answer.outcome ? Value(to_string(answer.outcome->kind)) : Value()},
                    {"reply", answer.reply},
                    {"lang", meant.language},
                    {"intent", meant.intent.empty() ? Value() : Value(meant.intent)},
                    {"slots", std::move(slots)},
                    {"commands", std::move(commands)},
                    {"candidates", ValueList(meant.candidates.begin(), meant.candidates.end())},
                    {"conversation", answer.conversation},
                    {"confirm", question_value(answer, home)}};
}

Assistant::Assistant(home::Home& home, const language::Languages& languages, const Clock& clock,
                     Random& random, After after, AssistantOptions options)
    : home_(home)
    , languages_(languages)
    , clock_(clock)
    , random_(random)
    , after_(std::move(after))
    , options_(std::move(options)) {
    home_.listen([this](const home::Event& event, const auto&) { hear(event); });
}

void Assistant::hear(const home::Event& event) {
    if (changes_names(event.fact)) {
        names_are_old_ = true;
        ++names_generation_;
    }
    if (const auto* fact = std::get_if<home::CommandSettled>(&event.fact)) settled(*fact);
}

/// The names of the whole home are kept ready; who sees only a part of it has them made each time.
Result<language::Understanding> Assistant::understand(const Said& said,
                                                      std::optional<home::AreaId> here) {
    const std::string& language = said.language.empty() ? options_.language : said.language;
    if (!home_.may(said.caller, access::Verb::see)) {
        const language::HomeNames seen(
            home_, [&](const home::Device& device) { return home_.may_see(said.caller, device); });
        return languages_.understand(home_, seen, language, said.text, std::move(here));
    }
    if (names_are_old_) names_ = language::HomeNames(home_);
    names_are_old_ = false;
    return languages_.understand(home_, names_, language, said.text, std::move(here));
}

Result<void> Assistant::may_do(const home::Subject& caller,
                               const language::Understanding& meant) const {
    const auto* action = std::get_if<language::Action>(&meant.frame);
    if (action == nullptr) return {};
    for (const language::Action::Device& one : action->devices) {
        const home::Device* device = home_.find(one.device);
        if (device == nullptr) continue; // the home says so itself
        for (const home::Ask& ask : one.asks)
            if (const auto good = home_.may(caller, home::verb_of(*device, ask), *device); !good)
                return good;
    }
    return {};
}

/// Nothing is done, and no yes changes that.
void Assistant::refuse(Answer answer, std::string why, Reply reply) {
    answer.meant.verdict = language::Verdict::understood;
    answer.meant.doubt = language::Doubt::none;
    answer.outcome = language::Outcome{Kind::failed, {}};
    finish({++last_number_, std::move(answer), {}, std::move(why), std::move(reply)});
}

Result<Answer> Assistant::understand(const Said& said) {
    std::optional<home::AreaId> here;
    if (!said.area.empty()) {
        const home::Area* area = home_.find_area(said.area);
        if (area == nullptr)
            return fail(Code::not_found, "there is no room \"{}\"", printable(said.area, 80));
        here = area->id;
    }
    auto meant = understand(said, std::move(here));
    if (!meant) return std::unexpected(meant.error());
    return Answer{.meant = std::move(*meant),
                  .reply = {},
                  .commands = {},
                  .outcome = {},
                  .conversation = said.conversation,
                  .question = {}};
}

void Assistant::say(const Said& heard, Reply reply) {
    if (waiting_.size() >= options_.waiting)
        return reply(
            fail(Code::limit, "{} sentences wait for their devices already", waiting_.size()));
    if (heard.conversation.size() > conversation_bytes)
        return reply(fail(Code::limit,
                          "the conversation's name has {} bytes; at most {} are allowed "
                          "(conversation_bytes)",
                          heard.conversation.size(), conversation_bytes));
    if (const auto good = home_.check_key(key_of(heard, {})); !good)
        return reply(std::unexpected(good.error()));
    Said said = heard;
    if (said.conversation.empty()) said.conversation = random_id(random_, id_characters);
    auto open = take_question(said);
    if (said.confirm) {
        if (!open)
            return reply(fail(Code::conflict,
                              "no question is open in this conversation: it was answered, or it "
                              "has expired; say the sentence again"));
        return decide(said, std::move(*open), *said.confirm, std::move(reply));
    }
    if (open) {
        const auto yes = languages_.answer(open->answer.meant.language, said.text);
        if (yes && *yes) return decide(said, std::move(*open), **yes, std::move(reply));
    }
    auto answer = understand(said);
    if (!answer) return reply(std::unexpected(answer.error()));
    if (const auto good = may_do(said.caller, answer->meant); !good)
        return refuse(std::move(*answer), good.error().detail, std::move(reply));
    if (answer->meant.verdict == language::Verdict::confirm)
        return ask(said, std::move(*answer), reply);
    start(said, std::move(*answer), std::move(reply));
}

/// The question that it answers, taken away: what is said next decides it or withdraws it.
std::optional<Assistant::Open> Assistant::take_question(const Said& said) {
    std::erase_if(questions_, [&](const Open& one) { return one.due <= clock_.steady(); });
    const auto found = std::ranges::find_if(questions_, [&](const Open& one) {
        return one.said.caller == said.caller && one.said.conversation == said.conversation;
    });
    if (found == questions_.end()) return std::nullopt;
    if (said.confirm && !said.question.empty() && said.question != found->answer.question->id)
        return std::nullopt; // it speaks of another question, which is open no more
    Open open = std::move(*found);
    questions_.erase(found);
    return open;
}

void Assistant::ask(const Said& said, Answer answer, const Reply& reply) {
    auto text = languages_.reply(home_, answer.meant);
    if (!text) return reply(std::unexpected(text.error()));
    answer.reply = std::move(*text);
    answer.question =
        Question{random_id(random_, id_characters), clock_.utc() + options_.confirm_within};
    if (questions_.size() >= options_.questions) questions_.pop_front();
    questions_.push_back(
        {said, answer, clock_.steady() + options_.confirm_within, names_generation_});
    reply(std::move(answer));
}

void Assistant::decide(const Said& said, Open open, bool yes, Reply reply) {
    using language::Verdict;
    if (!yes) return remark(open, Verdict::understood, "withdrawn", reply);
    if (open.names != names_generation_) return remark(open, Verdict::cannot, "changed", reply);
    open.answer.meant.verdict = Verdict::understood;
    open.answer.question.reset();
    if (!said.key.empty()) open.said.key = said.key;
    start(open.said, std::move(open.answer), std::move(reply));
}

/// Ends a question without doing anything.
void Assistant::remark(const Open& open, language::Verdict verdict, std::string_view key,
                       const Reply& reply) {
    auto text = languages_.remark(open.answer.meant.language, key);
    if (!text) return reply(std::unexpected(text.error()));
    Answer answer = open.answer;
    answer.meant.verdict = verdict;
    answer.meant.frame = std::monostate();
    answer.question.reset();
    answer.reply = std::move(*text);
    reply(std::move(answer));
}

void Assistant::start(const Said& said, Answer answer, Reply reply) {
    Waiting waiting{++last_number_, std::move(answer), {}, {}, std::move(reply)};
    const language::Frame frame = waiting.answer.meant.frame;
    if (const auto* action = std::get_if<language::Action>(&frame)) act(said, *action, waiting);
    if (std::holds_alternative<language::Query>(frame))
        waiting.answer.outcome = language::Outcome{};
    if (waiting.open.empty()) return finish(std::move(waiting));
    after_(options_.reply_wait, [this, number = waiting.number] { give_up(number); });
    waiting_.push_back(std::move(waiting));
}

void Assistant::act(const Said& said, const language::Action& action, Waiting& waiting) {
    const home::Cause cause{.subject = said.caller,
                            .via = home::Via::sentence,
                            .said = printable(said.text, cause_characters)};
    waiting.answer.outcome = language::Outcome{Kind::sent, {}};
    issuing_ = true;
    for (const language::Action::Device& device : action.devices) {
        home::CommandRequest request{.device = device.device, .asks = device.asks};
        home::KeyUse use = key_of(said, device.device);
        request.key = std::move(use.key);
        request.caller = std::move(use.caller);
        request.part = std::move(use.part);
        request.asked = std::move(use.asked);
        const auto command = home_.issue(cause, std::move(request));
        if (!command) {
            if (waiting.failure.empty()) waiting.failure = command.error().detail;
            continue;
        }
        waiting.answer.commands.push_back(*command);
        // With a key that was used before it may be settled long since.
        if (home_.open_commands().contains(*command))
            waiting.open.insert(*command);
        else if (const auto earlier = home_.find_settled(*command))
            early_.push_back(*earlier);
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
        else if (std::ranges::all_of(waiting.open, [&](home::CommandId id) {
                     const auto open = home_.open_commands().find(id);
                     return open != home_.open_commands().end() && open->second.under_way;
                 }))
            answer.outcome = language::Outcome{Kind::under_way, {}};
    }
    auto reply =
        languages_.reply(home_, answer.meant, answer.outcome.value_or(language::Outcome{}));
    if (!reply) return waiting.reply(std::unexpected(reply.error()));
    answer.reply = std::move(*reply);
    waiting.reply(std::move(answer));
}

} // namespace hearth::assistant
