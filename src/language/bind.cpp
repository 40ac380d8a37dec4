#include "language/bind.h"

#include "catalog/catalog.h"
#include "language/capabilities.h"
#include "language/limits.h"
#include "language/ranges.h"

#include <algorithm>
#include <utility>

namespace hearth::language {
namespace {

/// A device that is meant, or the one of its things that was named.
struct Meant {
    const home::Device* device = nullptr;
    std::string endpoint;

    const home::Device* operator->() const { return device; }
    Part part() const { return {*device, endpoint}; }
};
using Devices = std::vector<Meant>;

std::vector<std::string> texts_of(const Value* value) {
    std::vector<std::string> texts;
    if (!value) return texts;
    if (value->is_string()) texts.push_back(*value->as_string());
    if (const ValueList* list = value->as_list())
        for (const Value& one : *list)
            if (one.is_string()) texts.push_back(*one.as_string());
    return texts;
}

class Binder {
public:
    Binder(const home::Home& home, const HomeNames& names, const Match& match,
           const home::Area* here, bool asked)
        : home_(home)
        , names_(names)
        , match_(match)
        , here_(here)
        , asked_(asked) {
        made_.verdict = Verdict::understood;
        made_.intent = match.block->intent;
        made_.response = match.block->response;
    }

    Understanding run() {
        read_slots();
        const bool is_known = is_action(made_.intent) || is_query(made_.intent);
        if (!is_known) stop(Verdict::cannot, "feature_not_supported");
        Devices devices = is_known && going() ? choose() : Devices();
        if (going() && is_query(made_.intent))
            ask(devices);
        else if (going())
            act(devices);
        if (!going()) made_.frame = std::monostate();
        if (made_.doubt != Doubt::none) made_.verdict = Verdict::confirm;
        return std::move(made_);
    }

private:
    bool going() const { return made_.verdict == Verdict::understood; }

    void stop(Verdict verdict, std::string_view response) {
        if (!going()) return;
        made_.verdict = verdict;
        made_.response = response;
    }

    // --- What was said ------------------------------------------------------------------------

    void read_slots() {
        for (const Caught& caught : match_.caught)
            if (!caught.is_capture) put(caught.slot, caught.value, caught.said);
        for (const auto& [name, value] : match_.block->slots)
            put(name, value, value.is_string() ? *value.as_string() : "");
        for (const ContextNeed& need : match_.block->requires_context)
            if (const Value* value = match_.context.find(need.key); value && need.into_slot)
                put(need.key, *value, std::string(value->string_or("")));
        if (const Value* domain = slot("domain")) made_.words.set("domain", *domain);
        if (const Value* kind = slot("device_class")) made_.words.set("device_class", *kind);
    }

    /// What was said stands before what is only set.
    void put(const std::string& name, const Value& value, const std::string& said) {
        if (!slot(name)) made_.slots.push_back({name, value, said});
    }

    const Value* slot(std::string_view name) const {
        const auto found = std::ranges::find(made_.slots, name, &Slot::name);
        return found == made_.slots.end() ? nullptr : &found->value;
    }

    const Caught* caught(std::string_view slot_name) const {
        const auto found = std::ranges::find_if(
            match_.caught, [&](const Caught& one) { return one.slot == slot_name && one.is_name; });
        return found == match_.caught.end() ? nullptr : &*found;
    }

    /// The kinds of device that the sentence is about.
    std::vector<std::string> domains() const {
        auto texts = texts_of(slot("domain"));
        if (!texts.empty()) return texts;
        for (const ContextNeed& need : match_.block->requires_context)
            if (need.key == "domain")
                for (const Value& value : need.values)
                    texts.emplace_back(value.string_or(""));
        return texts;
    }

    // --- Who is meant -------------------------------------------------------------------------

    Devices choose() {
        const Caught* area = caught("area");
        if (area && !find_area(*area)) return {};
        const Caught* name = caught("name");
        return name ? by_name(*name) : by_kind();
    }

    /// Where the sentence says: one area, or nothing where it says none.
    bool find_area(const Caught& area) {
        made_.words.set("area", area.things.empty() ? Value(area.said) : area.value);
        if (area.things.empty()) stop(Verdict::nothing_found, "no_area");
        if (area.things.size() > 1) {
            ValueList names;
            for (const Named& thing : area.things)
                names.emplace_back(home_.areas().find(thing.id)->second.name);
            made_.words.set("names", std::move(names));
            stop(Verdict::ambiguous, "which_one");
        }
        if (going()) area_ = area.things.front().id;
        return going();
    }

    Devices by_name(const Caught& name) {
        made_.words.set("entity", name.things.empty() ? Value(name.said) : name.value);
        if (name.things.empty()) {
            stop(Verdict::nothing_found, area_.empty() ? "no_entity" : "no_entity_in_area");
            return {};
        }
        if (name.is_unsuited) {
            stop(Verdict::cannot, "entity_cannot");
            return {};
        }
        Devices devices;
        for (const Named& thing : name.things)
            if (const home::Device* device = home_.find(thing.id); device && device->present)
                devices.push_back({device, thing.endpoint});
        if (!area_.empty())
            std::erase_if(devices, [&](const Meant& one) { return one->area != area_; });
        if (devices.empty())
            stop(Verdict::nothing_found, area_.empty() ? "no_entity" : "no_entity_in_area");
        return the_one(std::move(devices));
    }

    /// One of several: the one that is here, or none.
    Devices the_one(Devices devices) {
        if (devices.size() > 1 && here_) {
            Devices near = devices;
            std::erase_if(near, [&](const Meant& one) { return one->area != here_->id; });
            if (near.size() == 1) return near;
        }
        if (devices.size() > 1) tell_candidates(devices);
        return devices;
    }

    void tell_candidates(const Devices& devices) {
        for (const Meant& one : devices)
            if (made_.candidates.size() < limits::named_candidates &&
                !contains(made_.candidates, one->id))
                made_.candidates.push_back(one->id);
        stop(Verdict::ambiguous, "which_one");
    }

    Devices by_kind() {
        const std::vector<std::string> wanted = domains();
        const std::vector<std::string> kinds = texts_of(slot("device_class"));
        if (area_.empty() && slot("area")) area_ = here_ ? here_->id : "";
        Devices devices;
        for (const home::Device* device : home_.devices())
            if (names_.knows(device->id) && is_there(*device) && is_of_kind(*device, wanted, kinds))
                devices.push_back({device, ""});
        if (devices.empty()) {
            tell_nothing(!kinds.empty());
        } else if (match_.block->metadata.find("one")) {
            return the_one(std::move(devices));
        }
        return devices;
    }

    bool is_there(const home::Device& device) const {
        if (!area_.empty()) return device.area == area_;
        const Value* floor = slot("floor");
        if (!floor) return true;
        const auto area = home_.areas().find(device.area);
        return area != home_.areas().end() && area->second.floor == floor->string_or("");
    }

    /// A query of a measure is about whatever measures it.
    bool is_of_kind(const home::Device& device, const std::vector<std::string>& wanted,
                    const std::vector<std::string>& kinds) const {
        if (is_query(made_.intent) && !kinds.empty())
            return std::ranges::any_of(kinds, [&](const std::string& kind) {
                return path_of_class(device, kind).has_value();
            });
        const bool measures = made_.intent == "HassClimateGetTemperature";
        if (measures) return path_of_class(device, "temperature").has_value();
        return std::ranges::any_of(
            wanted, [&](const std::string& domain) { return has_domain(device, domain); });
    }

    void tell_nothing(bool of_class) {
        std::string key = of_class ? "no_device_class" : "no_domain";
        if (!area_.empty()) {
            key += "_in_area";
            if (!made_.words.contains("area"))
                made_.words.set("area", home_.areas().find(area_)->second.name);
        } else if (const Value* floor = slot("floor")) {
            key += "_in_floor";
            made_.words.set("floor", *floor);
        }
        stop(Verdict::nothing_found, key);
    }

    // --- What is asked ------------------------------------------------------------------------

    void act(const Devices& devices) {
        Action action;
        const std::vector<std::string> wanted = domains();
        for (const Meant& one : devices) {
            const Part part = one.part();
            auto asks = asks_of(part, {made_.intent, domain_in(part, wanted), made_.slots});
            if (!asks.empty()) action.devices.push_back({one->id, std::move(asks)});
        }
        if (action.devices.empty()) return nothing_can(devices);
        made_.doubt = doubt_of(action);
        made_.frame = std::move(action);
    }

    Doubt doubt_of(const Action& action) const {
        if (asked_) return Doubt::question;
        if (std::ranges::any_of(action.devices, [&](const Action::Device& one) {
                return std::ranges::any_of(one.asks, [&](const home::Ask& ask) {
                    return is_risk(*home_.find(one.device), ask);
                });
            }))
            return Doubt::risk;
        return is_many(action) ? Doubt::many : Doubt::none;
    }

    static bool is_risk(const home::Device& device, const home::Ask& ask) {
        const catalog::AskFirst* first =
            catalog::Catalog::builtin().ask_first(ask.path.capability_attribute());
        return first != nullptr && first->covers(ask.value, device.type);
    }

    /// What is locked is safer than before: the whole house may be, without being asked.
    static bool only_locks(const Action& action) {
        return std::ranges::all_of(action.devices, [](const Action::Device& one) {
            return std::ranges::all_of(one.asks, [](const home::Ask& ask) {
                return ask.path.capability_attribute() == "lock.state";
            });
        });
    }

    bool is_many(const Action& action) const {
        if (!area_.empty() || action.devices.size() < 2 || only_locks(action)) return false;
        const bool whole_house = !slot("floor");
        return whole_house || action.devices.size() > limits::devices_at_once;
    }

    void ask(const Devices& devices) {
        Query query;
        const std::vector<std::string> wanted = domains();
        const std::vector<std::string> kinds = texts_of(slot("device_class"));
        for (const Meant& one : devices)
            if (auto path = path_to_read(one.part(), wanted, kinds))
                query.readings.push_back({one->id, std::move(*path)});
        if (query.readings.empty()) return nothing_can(devices);
        if (const Value* state = slot("state")) query.wanted = state->string_or("");
        made_.frame = std::move(query);
    }

    std::optional<home::Path> path_to_read(const Part& part, const std::vector<std::string>& wanted,
                                           const std::vector<std::string>& kinds) const {
        if (made_.intent == "HassClimateGetTemperature") return path_of_class(part, "temperature");
        for (const std::string& kind : kinds)
            if (auto path = path_of_class(part, kind)) return path;
        if (!kinds.empty()) return std::nullopt;
        return path_of_domain(part, domain_in(part, wanted));
    }

    void nothing_can(const Devices& devices) {
        if (devices.size() == 1 && !made_.words.contains("entity"))
            made_.words.set("entity", devices.front()->name());
        const bool one = made_.words.contains("entity");
        stop(Verdict::cannot, one ? "entity_cannot" : "feature_not_supported");
    }

    const home::Home& home_;
    const HomeNames& names_;
    const Match& match_;
    const home::Area* here_;
    bool asked_;
    home::AreaId area_;
    Understanding made_;
};

} // namespace

Understanding bind(const home::Home& home, const HomeNames& names, const Match& match,
                   const home::Area* here, bool asked) {
    return Binder(home, names, match, here, asked).run();
}

} // namespace hearth::language
