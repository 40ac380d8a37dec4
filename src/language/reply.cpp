#include "base/text.h"
#include "language/capabilities.h"
#include "language/limits.h"
#include "language/loaded.h"
#include "language/normalize.h"
#include "language/ranges.h"
#include "language/spelling.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace hearth::language {
namespace {

using templating::Profile;
using templating::Scope;

/// What a package lacks is said in English, so that nothing is ever answered with silence.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> last_resort{{
    {"no_intent", "Sorry, I did not understand that"},
    {"withdrawn", "Left as it is"},
    {"changed", "Something has changed meanwhile; please say it again"},
    {"sent", "Sent; there is no answer yet"},
    {"failed", "That failed"},
    {"state_unknown", "I do not know"},
}};
constexpr std::string_view any_error = "Sorry, I cannot do that here";

/// Runs of white space as one space, none at the ends: replies are written over several lines.
std::string tidy(std::string_view text) {
    std::string out;
    for (const char c : trim(text)) {
        const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!blank)
            out += c;
        else if (out.back() != ' ')
            out += ' ';
    }
    return out;
}

/// Numbers print as they were said, names as the home spells them.
Value slots_value(const Understanding& understanding) {
    ValueMap slots;
    for (const Slot& slot : understanding.slots)
        slots.set(slot.name,
                  slot.value.is_number() && !slot.said.empty() ? Value(slot.said) : slot.value);
    return slots;
}

const Query::Reading* first_reading(const Understanding& understanding) {
    const Query* query = std::get_if<Query>(&understanding.frame);
    return query && !query->readings.empty() ? &query->readings.front() : nullptr;
}

} // namespace

Result<void> Loaded::finish() {
    auto compiled = Grammar::compile(package);
    if (!compiled) return fail(compiled);
    grammar = std::move(*compiled);
    return add_replies();
}

Result<void> Loaded::add_replies() {
    for (const auto& [from, into, place] :
         {std::tuple(&package.responses, &replies_, "intents"),
          std::tuple(&package.questions, &questions_, "questions"),
          std::tuple(&package.under_way, &under_way_, "under_way")})
        for (const auto& [intent, texts] : *from)
            for (const auto& [key, text] : texts)
                if (auto done = add_reply((*into)[intent], key, text); !done)
                    return fail_in(
                        fmt::format("{}: responses.{}.{}", package.language, place, intent), done);
    for (const auto& [key, text] : package.errors)
        if (auto done = add_reply(errors_, key, text); !done)
            return fail_in(package.language + ": responses.errors", done);
    return {};
}

Result<void> Loaded::add_reply(Replies& replies, const std::string& key, const std::string& text) {
    auto parsed = templating::Template::parse(text, Profile::reply);
    if (!parsed) return fail_in(key, parsed);
    replies.insert_or_assign(key, std::move(*parsed));
    return {};
}

Result<std::string> Loaded::reply(const home::Home& home, const Understanding& understanding,
                                  const Outcome& outcome) const {
    if (understanding.verdict == Verdict::confirm) return say_question(home, understanding);
    if (understanding.verdict != Verdict::understood) {
        ValueMap words = understanding.words;
        if (!understanding.candidates.empty()) words.set("names", candidates(home, understanding));
        return say_error(understanding.response, words);
    }
    if (outcome.kind == Outcome::Kind::sent) return say_error("sent", understanding.words);
    if (outcome.kind == Outcome::Kind::under_way) return say_under_way(understanding);
    if (outcome.kind == Outcome::Kind::failed) {
        ValueMap words = understanding.words;
        words.set("detail", outcome.detail);
        return say_error("failed", words);
    }
    return say_done(home, understanding);
}

Result<std::string> Loaded::say_error(std::string_view key, const ValueMap& words) const {
    const auto found = errors_.find(key);
    if (found == errors_.end()) {
        const auto other =
            std::ranges::find(last_resort, key, [](const auto& one) { return one.first; });
        return std::string(other == last_resort.end() ? any_error : other->second);
    }
    constexpr std::array<std::string_view, 7> names{"entity",       "area",  "floor", "domain",
                                                    "device_class", "names", "detail"};
    // Whatever the error is about, the template may ask for any of them.
    std::array<Value, names.size()> values;
    Scope scope;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Value* value = words.find(names[i]);
        values[i] = value ? *value : Value("");
        const bool translated = names[i] == "domain" || names[i] == "device_class";
        if (translated && values[i].is_list() && !values[i].as_list()->empty()) {
            const Value first = values[i].as_list()->front();
            values[i] = first;
        }
        if (translated && values[i].is_string()) values[i] = word(*values[i].as_string());
        scope.set(names[i], values[i]);
    }
    auto text = found->second.render(scope);
    if (!text) return fail_in(key, text);
    return tidy(*text);
}

Result<std::string> Loaded::say_done(const home::Home& home,
                                     const Understanding& understanding) const {
    ValueList matched;
    ValueList unmatched;
    if (const Query* query = std::get_if<Query>(&understanding.frame)) {
        bool known = false;
        for (const Query::Reading& reading : query->readings) {
            const home::Device* device = home.find(reading.device);
            if (!device) continue; // it has left meanwhile
            const std::string raw = state_of(*device, reading.path);
            known |= raw != "unknown";
            auto& side = query->wanted.empty() || raw == query->wanted ? matched : unmatched;
            side.push_back(state(*device, reading.path, understanding));
        }
        if (!known) return say_error("state_unknown", understanding.words);
    }
    const auto intent = replies_.find(understanding.intent);
    if (intent == replies_.end()) return std::string();
    const auto found = intent->second.find(understanding.response);
    if (found == intent->second.end()) return std::string();

    const Value first = !matched.empty()     ? matched.front()
                        : !unmatched.empty() ? unmatched.front()
                                             : Value();
    const auto total = static_cast<std::int64_t>(matched.size() + unmatched.size());
    const Value query(ValueMap{{"matched", std::move(matched)},
                               {"unmatched", std::move(unmatched)},
                               {"total_results", total}});
    const Value slots = slots_value(understanding);
    auto text =
        found->second.render(Scope().set("slots", slots).set("state", first).set("query", query));
    if (!text) return fail_in(understanding.intent + "." + understanding.response, text);
    return tidy(*text);
}

/// "Front door is locking…"; where the language has no words for that, that it is sent.
Result<std::string> Loaded::say_under_way(const Understanding& understanding) const {
    const auto intent = under_way_.find(understanding.intent);
    if (intent == under_way_.end()) return say_error("sent", understanding.words);
    const auto found = intent->second.find(understanding.response);
    if (found == intent->second.end()) return say_error("sent", understanding.words);
    const Value slots = slots_value(understanding);
    auto text = found->second.render(Scope().set("slots", slots));
    if (!text)
        return fail_in(understanding.intent + "." + understanding.response + " (under way)", text);
    return tidy(*text);
}

/// Names what would move: the very things, not the words that were said.
Result<std::string> Loaded::say_question(const home::Home& home,
                                         const Understanding& understanding) const {
    ValueList names;
    std::size_t more = 0;
    if (const Action* action = std::get_if<Action>(&understanding.frame))
        for (const Action::Device& one : action->devices) {
            const home::Device* device = home.find(one.device);
            if (names.size() == limits::named_candidates)
                ++more;
            else if (device)
                names.emplace_back(moved_name(*device, one, understanding));
        }
    const auto intent = questions_.find(understanding.intent);
    const bool known =
        intent != questions_.end() && intent->second.contains(understanding.response);
    const auto general = errors_.find("confirm");
    if (!known && general == errors_.end())
        return fmt::format("Really do that ({} of {} devices)?", names.size(), names.size() + more);
    const templating::Template& text =
        known ? intent->second.find(understanding.response)->second : general->second;
    const Value slots = slots_value(understanding);
    const Value named(std::move(names));
    const Value rest(static_cast<std::int64_t>(more));
    auto said = text.render(Scope().set("slots", slots).set("names", named).set("more", rest));
    if (!said)
        return fail_in(understanding.intent + "." + understanding.response + " (question)", said);
    return tidy(*said);
}

/// A device's state as a reply sees it.
Value Loaded::state(const home::Device& device, const home::Path& path,
                    const Understanding& understanding) const {
    const std::string raw = state_of(device, path);
    const home::Attribute* attribute = device.find(path.text);
    double number = 0;
    const bool is_number = parse_number(raw, number);
    std::string shown = raw;
    if (is_number) {
        const std::string point = word("decimal point");
        if (point.size() == 1) std::ranges::replace(shown, '.', point.front());
    } else {
        const std::string special = fmt::format("{}.{}", path.capability_attribute(), raw);
        shown = package.words.contains(special) ? word(special) : word(raw);
    }
    std::string with_unit = shown;
    if (is_number && attribute && !attribute->spec->unit.empty())
        with_unit += attribute->spec->unit == "%" ? word("%") : " " + attribute->spec->unit;
    const auto domains = domains_of(device);
    return ValueMap{{"entity_id", device.id},
                    {"name", spoken_name(device, understanding)},
                    {"state", shown},
                    {"hass_state", raw},
                    {"state_with_unit", with_unit},
                    {"domain", domains.empty() ? Value("") : Value(domains.front())},
                    {"attributes", ValueMap()}};
}

/// What those that could be meant are called; with their rooms where that is what tells them apart.
ValueList Loaded::candidates(const home::Home& home, const Understanding& understanding) const {
    const bool of_one_name = contains(understanding.slots, "name", &Slot::name);
    ValueList names;
    for (const home::DeviceId& id : understanding.candidates) {
        const home::Device* device = home.find(id);
        if (!device) continue;
        std::string name = spoken_name(*device, understanding);
        const auto area = home.areas().find(device->area);
        if (of_one_name && area != home.areas().end())
            name += fmt::format(" ({})", area->second.name);
        names.emplace_back(std::move(name));
    }
    return names;
}

std::string Loaded::word(std::string_view key) const {
    const auto found = package.words.find(key);
    return found == package.words.end() ? std::string(key) : found->second;
}

/// Of a device of which only one thing would move, that one by its own name.
std::string Loaded::moved_name(const home::Device& device, const Action::Device& action,
                               const Understanding& understanding) const {
    const std::string name = spoken_name(device, understanding);
    const std::string_view endpoint = action.asks.front().path.endpoint();
    const bool of_one = std::ranges::all_of(
        action.asks, [&](const home::Ask& ask) { return ask.path.endpoint() == endpoint; });
    const std::string label = of_one && !endpoint.empty() ? label_of({device, endpoint}) : "";
    return label.empty() ? name : fmt::format("{} ({})", label, name);
}

/// As it was called in the sentence; else, in a language of unspaced script, by an alias in it.
std::string Loaded::spoken_name(const home::Device& device,
                                const Understanding& understanding) const {
    const Query::Reading* only = first_reading(understanding);
    const auto named = std::ranges::find(understanding.slots, "name", &Slot::name);
    if (named != understanding.slots.end() && only && only->device == device.id)
        return std::string(named->value.string_or(device.name()));
    const auto no_intent = package.errors.find("no_intent");
    const bool wants_unspaced =
        no_intent != package.errors.end() && has_unspaced(no_intent->second);
    if (!wants_unspaced || has_unspaced(device.name())) return device.name();
    const auto alias = std::ranges::find_if(device.aliases, has_unspaced);
    return alias == device.aliases.end() ? device.name() : *alias;
}

} // namespace hearth::language
