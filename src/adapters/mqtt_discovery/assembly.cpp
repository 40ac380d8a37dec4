#include "adapters/mqtt_discovery/assembly.h"

#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/naming.h"
#include "adapters/mqtt_discovery/siblings.h"
#include "base/crypto.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace hearth::mqtt_discovery {

std::size_t platform_order(std::string_view platform) {
    constexpr auto order = std::to_array<std::string_view>(
        {"lock", "cover", "climate", "light", "fan", "humidifier", "vacuum", "siren", "switch"});
    return static_cast<std::size_t>(std::ranges::find(order, platform) - order.begin());
}

namespace {

/// The word that a component as a whole speaks of: that of its first attribute.
std::string leading_path(const Thing& thing) {
    for (const Offer& offer : thing.sources.front().component->entity->offers())
        if (!offer.spec.path.text.starts_with("untyped.")) return offer.spec.path.text;
    return thing.path;
}

} // namespace

std::string natural_endpoint(const Thing& thing) {
    const Offer& offer = thing.offers.front();
    if (!offer.key.empty()) return short_slug(offer.key);
    const Identity& identity = thing.identity();
    return short_slug(endpoint_of(identity.key(), leading_path(thing), identity.platform));
}

std::string own_name_of(const Component& component, const std::string& device_name) {
    if (component.identity.main || component.device.ids.empty()) return {};
    const std::string& own = component.device.name;
    return label_of(component.name, own.empty() ? device_name : own);
}

namespace {

void add_offer(std::vector<Thing>& things, Source source, Offer offer,
               std::map<std::string, std::size_t>& places) {
    const std::string& path = offer.spec.path.text;
    Thing* thing = nullptr;
    if (!offer.topic.empty()) {
        const std::string place = path + '\n' + offer.topic + '\n' + offer.source;
        // A reading of the whole message (a light's JSON) is many things.
        const auto [known, is_new] = places.try_emplace(place, things.size());
        if (!is_new) thing = &things[known->second];
    }
    if (thing == nullptr) thing = &things.emplace_back();
    thing->path = path;
    thing->claim = std::min(thing->claim, offer.claim);
    thing->sources.push_back(source);
    thing->offers.push_back(std::move(offer));
}

std::vector<Thing> gather(const std::vector<Component*>& components) {
    std::vector<Thing> things;
    std::map<std::string, std::size_t> places;
    for (const Component* component : components) {
        std::vector<Offer> offers = component->entity->offers();
        for (std::size_t i = 0; i < offers.size(); ++i)
            if (!offers[i].when_told || component->told.contains(i))
                add_offer(things, {component, i}, std::move(offers[i]), places);
    }
    return things;
}

/// A voltage is its battery's where the device runs on one and does not measure the mains.
void find_battery_voltage(std::vector<Thing>& things) {
    const auto has = [&](std::string_view path) {
        return std::ranges::find(things, path, &Thing::path) != things.end();
    };
    const bool on_battery = has("battery.percent") || has("battery.low");
    const bool on_mains = has("power.watts") || has("current.amperes") || has("energy.kwh");
    for (Thing& thing : things) {
        if (thing.path != "voltage.volts") continue;
        const std::string& key = thing.identity().key();
        const bool named = key.contains("battery") && !key.contains("low");
        if (!named && (!on_battery || on_mains || key != "voltage")) continue;
        thing.path = "battery.volts";
        thing.claim = std::min(thing.claim, claim_of(key, thing.path));
        const Offer word = catalog_offer(thing.path);
        for (Offer& offer : thing.offers) {
            offer.spec.path.text = thing.path;
            offer.spec.min = word.spec.min;
            offer.spec.max = word.spec.max;
        }
    }
}

/// What came only with a message never takes the word from what was announced.
void give_way(std::vector<Thing*>& claimants) {
    const auto is_late = [](const Thing* thing) { return thing->offers.front().when_told; };
    if (std::ranges::all_of(claimants, is_late)) return;
    for (Thing* thing : claimants)
        thing->moved = is_late(thing);
    std::erase_if(claimants, is_late);
}

/// Whoever does not get the word moves to an endpoint, and with it the rest of its component. What
/// belongs to one of several equal siblings never gets it.
void settle_claims(std::vector<Thing>& things) {
    std::map<std::string_view, std::vector<Thing*>> by_path;
    for (Thing& thing : things)
        if (!thing.is_untyped()) by_path[thing.path].push_back(&thing);
    std::set<const Component*> moved;
    for (auto& [path, claimants] : by_path) {
        give_way(claimants);
        std::ranges::sort(claimants, {}, [](const Thing* thing) { return standing(*thing); });
        const auto outside = std::ranges::count_if(
            claimants, [](const Thing* thing) { return thing->claim != Claim::internal; });
        const auto best =
            std::ranges::find_if(claimants, [](const Thing* thing) { return !thing->of_sibling; });
        const bool wins = best != claimants.end() && (*best)->claim != Claim::internal &&
                          (outside == 1 || (*best)->claim < Claim::plain);
        for (Thing* thing : claimants) {
            thing->moved = !(wins && thing == *best);
            if (!thing->moved) continue;
            for (std::size_t i = 0; i < thing->sources.size(); ++i)
                if (thing->offers[i].key.empty()) moved.insert(thing->sources[i].component);
        }
    }
    for (Thing& thing : things)
        for (std::size_t i = 0; i < thing.sources.size() && !thing.is_untyped(); ++i)
            if (thing.offers[i].key.empty() && moved.contains(thing.sources[i].component))
                thing.moved = true;
}

std::string short_hash(const Thing& thing) {
    return to_hex(sha256(thing.sources.front().component->id).substr(0, 4));
}

/// The object's name with ever more detail, until it differs from every other.
std::string object_name(const Thing& thing) {
    const Identity& identity = thing.identity();
    if (thing.detail <= 1) return identity.object;
    if (thing.detail == 2) return short_slug(identity.object + "_" + identity.platform);
    return short_slug(identity.object.substr(0, 40) + "_" + short_hash(thing));
}

std::string untyped_path(const Thing& thing) {
    const std::string word = thing.path.substr(std::string_view("untyped.").size());
    if (thing.detail == 0) return "untyped." + short_slug(word);
    if (word == thing.identity().key()) return "untyped." + object_name(thing);
    return "untyped." + short_slug(object_name(thing)) + "_" + word;
}

std::string endpoint_path(const Thing& thing) {
    std::string endpoint;
    if (thing.detail > 0)
        endpoint = object_name(thing);
    else
        endpoint = thing.endpoint.empty() ? natural_endpoint(thing) : thing.endpoint;
    return short_slug(endpoint) + "/" + thing.path;
}

void name_thing(Thing& thing) {
    thing.final_path = thing.is_untyped() ? untyped_path(thing)
                       : thing.moved      ? endpoint_path(thing)
                                          : thing.path;
}

/// Names all, and those that share a name again in more detail.
void name_things(std::vector<Thing>& things) {
    for (int round = 0; round <= 3; ++round) {
        std::map<std::string_view, std::vector<Thing*>> named;
        for (Thing& thing : things) {
            name_thing(thing);
            named[thing.final_path].push_back(&thing);
        }
        bool unique = true;
        for (auto& [path, same] : named) {
            if (same.size() == 1) continue;
            unique = false;
            for (Thing* thing : same) {
                ++thing->detail;
                thing->moved = true;
            }
        }
        if (unique) return;
    }
}

/// The offer that says most about the attribute: one that can set it, else one that knows its type.
std::size_t telling_offer(const Thing& thing) {
    std::size_t best = 0;
    const auto worth = [&](std::size_t i) {
        return std::tuple(thing.offers[i].spec.writable, !thing.offers[i].flexible);
    };
    for (std::size_t i = 1; i < thing.offers.size(); ++i)
        if (worth(i) > worth(best)) best = i;
    return best;
}

AssembledAttribute finish(Thing& thing, const std::string& device_name) {
    const std::size_t best = telling_offer(thing);
    AssembledAttribute attribute;
    attribute.spec = thing.offers[best].spec;
    attribute.spec.path.text = thing.final_path;
    attribute.spec.label = own_name_of(*thing.sources[best].component, device_name);
    for (const Source& source : thing.sources)
        if (attribute.spec.label.empty())
            attribute.spec.label = own_name_of(*source.component, device_name);
    attribute.flexible = thing.offers[best].flexible;
    if (attribute.spec.writable) attribute.writer = thing.sources[best];
    attribute.sources = std::move(thing.sources);
    return attribute;
}

void set_slots(const std::vector<Component*>& components,
               const std::vector<AssembledAttribute>& attributes) {
    std::map<const Component*, std::vector<std::size_t>> slots;
    for (std::size_t i = 0; i < attributes.size(); ++i)
        for (const Source& source : attributes[i].sources) {
            std::vector<std::size_t>& of = slots[source.component];
            if (of.size() <= source.offer) of.resize(source.offer + 1);
            of[source.offer] = i;
        }
    for (Component* component : components)
        component->slots = std::move(slots[component]);
}

/// What the components say of the device; where they differ, the first that says something counts.
void describe(const std::vector<Component*>& components, Assembled& assembled) {
    const auto take = [](std::string& to, const std::string& from) {
        if (to.empty()) to = from;
    };
    for (const Component* component : components) {
        take(assembled.name, component->device.name);
        take(assembled.manufacturer, component->device.manufacturer);
        take(assembled.model, component->device.model);
        take(assembled.version, component->device.version);
        take(assembled.suggested_area, component->device.suggested_area);
    }
    for (const Component* component : components)
        if (component->device.ids.empty()) take(assembled.name, component->name);
}

} // namespace

Assembled assemble(const std::vector<Component*>& components) {
    std::vector<Component*> sorted = components;
    std::ranges::sort(sorted, {}, [](const Component* c) {
        return std::tuple(std::string_view(c->identity.key()),
                          std::string_view(c->identity.platform), std::string_view(c->id));
    });
    Assembled assembled;
    describe(sorted, assembled);
    std::vector<Thing> things = gather(sorted);
    find_battery_voltage(things);
    place_siblings(things, assembled.name);
    settle_claims(things);
    name_things(things);
    for (Thing& thing : things)
        assembled.attributes.push_back(finish(thing, assembled.name));
    std::ranges::sort(assembled.attributes, {}, [](const AssembledAttribute& attribute) {
        return std::string_view(attribute.spec.path.text);
    });
    set_slots(sorted, assembled.attributes);
    assembled.type = device_type(sorted, assembled.attributes);
    return assembled;
}

} // namespace hearth::mqtt_discovery
