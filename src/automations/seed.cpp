#include "automations/seed.h"

#include "automations/definition_reader.h"
#include "base/json.h"
#include "base/text.h"

#include <cmath>
#include <set>
#include <tuple>

namespace hearth::automations {
namespace {

/// Under which the journal keeps what was planted: a note for each name in the file.
constexpr std::string_view note_keeper = "automation_seed";

std::string place_of(const Value& entry, std::size_t index) {
    const std::string_view name = entry.at("name").string_or("");
    return name.empty() ? fmt::format("automations[{}]", index)
                        : fmt::format("automations[{}] \"{}\"", index, printable(name, 60));
}

/// What a note says: which automation was planted, its version then, and the file's words.
Value note_of(const Automation& automation, const Value& entry) {
    return ValueMap{{"automation", automation.id},
                    {"version", Value::of_unsigned(automation.version())},
                    {"file", entry}};
}

Result<void> plant_one(Automations& automations, home::Home& home, const Value& entry,
                       const home::Cause& cause) {
    const std::string key = to_lower(trim(entry.at("name").string_or("")));
    AutomationId id;
    const auto note = home.notes(note_keeper).find(key);
    if (note == home.notes(note_keeper).end()) {
        auto added = automations.add_waiting(cause, entry);
        if (!added) return std::unexpected(added.error());
        id = std::move(*added);
    } else {
        const auto known = parse_json(note->second);
        if (!known) return std::unexpected(known.error());
        id = known->at("automation").string_or("");
        const Automation* planted = automations.find(id);
        const bool untouched =
            planted != nullptr && known->at("version") == Value::of_unsigned(planted->version());
        if (!untouched || known->at("file") == entry) return {};
        if (auto done = automations.change_waiting(cause, id, entry); !done) return done;
    }
    return home.keep_note(note_keeper, key, to_json(note_of(*automations.find(id), entry)));
}

} // namespace

Result<void> check_seed(const Value& list, const Limits& limits) {
    if (list.is_null()) return {};
    const ValueList* entries = list.as_list();
    if (entries == nullptr)
        return fail(Code::invalid, "automations: a list is wanted, not a {}",
                    to_string(list.type()));
    if (entries->size() > limits.automations)
        return fail(Code::limit, "automations: {} entries; at most {} are allowed", entries->size(),
                    limits.automations);
    std::set<std::string> names;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const std::string place = place_of((*entries)[i], i);
        const auto definition = parse_definition((*entries)[i], limits);
        if (!definition) return fail_in(place, definition);
        if (!names.insert(to_lower(definition->name)).second)
            return fail(Code::conflict, "{}: the name comes twice", place);
    }
    return {};
}

Result<std::optional<Place>> parse_place(const Value& value) {
    if (value.is_null()) return std::nullopt;
    const auto map = map_with(value, "place", {"latitude", "longitude"});
    if (!map) return std::unexpected(map.error());
    Place place;
    for (const auto& [key, most, target] :
         {std::tuple{"latitude", 90.0, &place.latitude}, {"longitude", 180.0, &place.longitude}}) {
        const auto degrees = number_in(**map, key, "place");
        if (!degrees) return std::unexpected(degrees.error());
        if (!*degrees || std::abs(**degrees) > most)
            return fail(Code::invalid, "place: {}: degrees from -{} to {} are wanted", key, most,
                        most);
        *target = **degrees;
    }
    return place;
}

Result<void> plant(Automations& automations, home::Home& home, const Value& list,
                   const home::Cause& cause) {
    if (auto good = check_seed(list); !good) return good;
    const ValueList* entries = list.as_list();
    if (entries == nullptr) return {};
    Result<void> result;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const auto planted = plant_one(automations, home, (*entries)[i], cause);
        if (!planted && result) result = fail_in(place_of((*entries)[i], i), planted);
    }
    return result;
}

} // namespace hearth::automations
