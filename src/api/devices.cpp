#include "api/api.h"
#include "api/problem.h"
#include "api/views.h"
#include "base/text.h"
#include "catalog/catalog.h"

#include <algorithm>
#include <ranges>

/// Devices and areas: looking at them, naming them, forgetting them.
namespace hearth::api {
namespace {

Value spec_value(const home::AttributeSpec& spec) {
    ValueMap map{{"type", catalog::to_string(spec.type)}};
    if (!spec.label.empty()) map.append("label", spec.label);
    if (!spec.unit.empty()) map.append("unit", spec.unit);
    if (spec.min) map.append("min", *spec.min);
    if (spec.max) map.append("max", *spec.max);
    if (!spec.options.empty())
        map.append("options", ValueList(spec.options.begin(), spec.options.end()));
    map.append("write", spec.writable);
    if (spec.command) map.append("command", true);
    return map;
}

/// What a page asks about before it does it; nothing where it need not.
void append_ask_first(ValueMap& map, const home::Path& path, std::string_view device_type) {
    const catalog::AskFirst* first =
        catalog::Catalog::builtin().ask_first(path.capability_attribute());
    if (first == nullptr || !first->by_hand || !first->concerns(device_type)) return;
    ValueMap ask;
    if (!first->values.empty()) ask.append("values", ValueList(first->values));
    if (first->above) ask.append("above", *first->above);
    map.append("ask_first", std::move(ask));
}

Value capabilities_value(const home::Device& device) {
    ValueMap capabilities;
    for (const home::Attribute& attribute : device.attributes) {
        Value& capability = capabilities[attribute.spec->path.capability_key()];
        if (!capability.is_map()) capability = ValueMap();
        Value described = spec_value(*attribute.spec);
        if (attribute.spec->writable)
            append_ask_first(*described.as_map(), attribute.spec->path, device.type);
        if (attribute.reported_at != 0)
            described.as_map()->append("reported_at", to_rfc3339(attribute.reported_at));
        capability.as_map()->append(std::string(attribute.spec->path.attribute()),
                                    std::move(described));
    }
    return capabilities;
}

ValueList last_events(const home::Home& home, const home::PersonBook& persons,
                      const home::DeviceId& device, std::size_t limit) {
    ValueList events;
    for (const auto& entry : std::views::reverse(home.recent_events().entries())) {
        if (events.size() >= limit) break;
        if (!entry.mentions(device)) continue;
        const home::Event event = entry.event();
        if (home::device_of(event.fact) == device) events.push_back(event_value(event, persons));
    }
    std::ranges::reverse(events);
    return events;
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

/// One that somebody may not see is not there for them.
Result<const home::Device*> Api::visible_device(const Request& request,
                                                std::string_view word) const {
    auto device = context_.home.find_by_word(word);
    if (device && !context_.home.may_see(subject_of(request.caller), **device))
        return fail(Code::not_found, "there is no device \"{}\" that you may see",
                    printable(word, 60));
    return device;
}

/// Answers where that is not allowed.
bool Api::is_allowed(const Request& request, access::Verb verb, const home::Device& device,
                     const Responder& respond) {
    const auto good = context_.home.may(subject_of(request.caller), verb, device);
    if (!good) refuse(request, good.error(), respond);
    return good.has_value();
}

Router::Route Api::on_device(DeviceRoute route) {
    return [this, route = std::move(route)](const Request& request, const PathParts& parts,
                                            const Responder& respond) {
        const auto device = visible_device(request, parts.at(0));
        if (!device) return respond(problem(device.error()));
        route(request, **device, respond);
    };
}

void Api::add_area_routes() {
    router_.add("DELETE", "/api/v1/areas/{}", access::Verb::arrange,
                [this](const Request& request, const PathParts& parts, const Responder& respond) {
                    remove_area(request, parts.at(0), respond);
                });
    router_.add("GET", "/api/v1/areas", needs_nothing,
                [this](const Request&, const PathParts&, const Responder& respond) {
                    respond(json(areas_value(context_.home)));
                });
}

void Api::add_device_routes() {
    router_.add("GET", "/api/v1/devices", needs_nothing,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    const auto left = request.query.find("left");
                    const bool gone = left != request.query.end() && left->second == "true";
                    const home::Subject viewer = subject_of(request.caller);
                    respond(json(gone ? left_devices_value(context_.home, viewer)
                                      : devices_value(context_.home, viewer)));
                });
    router_.add("DELETE", "/api/v1/devices/{}", access::Verb::manage,
                [this](const Request& request, const PathParts& parts, const Responder& respond) {
                    forget_device(request, parts.at(0), respond);
                });
    router_.add(
        "GET", "/api/v1/devices/{}", needs_nothing,
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
            map.append("events", last_events(context_.home, context_.persons, device.id,
                                             limits_.events_of_device));
            respond(json(whole));
        }));
    router_.add(
        "PATCH", "/api/v1/devices/{}", needs_nothing,
        on_device([this](const Request& request, const home::Device& device,
                         const Responder& respond) { edit_device(request, device, respond); }));
    router_.add("POST", "/api/v1/devices/{}/credential", access::Verb::manage,
                [this](const Request& request, const PathParts& parts, const Responder& respond) {
                    hand_device(request, parts.at(0), respond);
                });
}

/// Whoever arranges some rooms moves devices among these; a new room is the whole home's matter.
/// Answers where that is not allowed.
bool Api::may_move_to(const Request& request, const home::Device& device, const std::string& area,
                      const Responder& respond) {
    const auto everywhere = context_.home.may(subject_of(request.caller), access::Verb::arrange);
    const home::Area* there = context_.home.find_area(area);
    if (everywhere || (there != nullptr && there->id == device.area)) return true;
    if (there == nullptr && !area.empty()) {
        refuse(request, everywhere.error(), respond);
        return false;
    }
    home::Device moved = device;
    moved.area = there != nullptr ? there->id : "";
    return is_allowed(request, access::Verb::arrange, moved, respond);
}

void Api::edit_device(const Request& request, const home::Device& device,
                      const Responder& respond) {
    if (!is_allowed(request, access::Verb::arrange, device, respond)) return;
    const auto body = read_object(request, respond);
    if (!body) return;
    auto edit = read_edit(*body->as_map());
    if (!edit) return respond(problem(edit.error()));
    if (edit->area && !may_move_to(request, device, *edit->area, respond)) return;
    const home::DeviceId id = device.id;
    const auto done = context_.home.edit(cause_of(request), id, std::move(*edit));
    if (!done) return respond(problem(done.error()));
    when_committed(respond, [this, id] {
        return json(device_summary(context_.home, *context_.home.find(id)));
    });
}

/// Lets go of what was asked and never confirmed: of one attribute, or of the whole device.
void Api::add_desired_routes() {
    const Router::Route route = [this](const Request& request, const PathParts& parts,
                                       const Responder& respond) {
        const auto device = visible_device(request, parts.at(0));
        if (!device) return respond(problem(device.error()));
        if (!is_allowed(request, access::Verb::use, **device, respond)) return;
        withdraw_desired(request, (*device)->id, parts.size() > 1 ? parts[1] : "", respond);
    };
    router_.add("DELETE", "/api/v1/devices/{}/desired", needs_nothing, route);
    router_.add("DELETE", "/api/v1/devices/{}/desired/{}", needs_nothing, route);
}

void Api::withdraw_desired(const Request& request, const home::DeviceId& id,
                           const std::string& path, const Responder& respond) {
    const auto done = context_.home.withdraw(cause_of(request), id, path);
    if (!done) return respond(problem(done.error()));
    when_committed(respond, [this, id] {
        return json(device_summary(context_.home, *context_.home.find(id)));
    });
}

void Api::forget_device(const Request& request, const std::string& word, const Responder& respond) {
    // One that is present is refused by the home, which says why.
    auto device = context_.home.find_left_by_word(word);
    if (!device && device.error().code == Code::not_found)
        if (const auto present = context_.home.find_by_word(word)) device = *present;
    if (!device) return respond(problem(device.error()));
    const auto done = context_.home.forget(cause_of(request), home::DeviceId((*device)->id));
    if (!done) return respond(problem(done.error()));
    when_committed(respond, [] { return no_content(); });
}

void Api::remove_area(const Request& request, const std::string& word, const Responder& respond) {
    const home::Area* area = context_.home.find_area(word);
    if (area == nullptr)
        return respond(problem(
            {Code::not_found, fmt::format("there is no area \"{}\"", printable(word, 60))}));
    const auto done = context_.home.remove_area(cause_of(request), home::AreaId(area->id));
    if (!done) return respond(problem(done.error()));
    when_committed(respond, [] { return no_content(); });
}

/// Also one that has left: it waits for its credential.
void Api::hand_device(const Request& request, std::string_view word, const Responder& respond) {
    auto device = context_.home.find_by_word(word);
    if (!device && device.error().code == Code::not_found)
        if (const auto left = context_.home.find_left_by_word(word)) device = left;
    if (!device) return respond(problem(device.error()));
    const auto body = read_object(request, respond);
    if (!body) return;
    const std::string* credential = body->at("credential").as_string();
    if (credential == nullptr || credential->empty() || body->as_map()->size() != 1)
        return respond(problem({Code::invalid, "it takes {\"credential\": NAME}"}));
    const home::DeviceId id = (*device)->id;
    const auto done = context_.hand(cause_of(request), **device, *credential);
    if (!done) return respond(problem(done.error()));
    when_committed(respond, [this, id] {
        return json(device_summary(context_.home, *context_.home.find(id)));
    });
}

} // namespace hearth::api
