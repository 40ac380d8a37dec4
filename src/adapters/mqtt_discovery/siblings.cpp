#include "adapters/mqtt_discovery/siblings.h"

#include "adapters/mqtt_discovery/naming.h"
#include "base/text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace hearth::mqtt_discovery {
namespace {

/// One of several components of a kind.
struct Sibling {
    const Component* component = nullptr;
    std::string path; ///< what it is commanded by: "on_off.on"
    Claim claim = Claim::plain;
    std::string topic; ///< where that is read
    std::string label;
    std::string token; ///< what its object id says beside the word: "1" of "relay_1"
    std::string endpoint;

    const Identity& identity() const { return component->identity; }
};

using Siblings = std::vector<Sibling>;

/// What a component is commanded by, as the first of its words; nothing for one that only tells,
/// that sets the device itself up, or that is done rather than kept.
std::optional<Sibling> sibling_of(const Component& component, const std::string& device_name) {
    const Identity& identity = component.identity;
    if (!identity.is_plain()) return std::nullopt;
    for (const Offer& offer : component.entity->offers()) {
        const std::string& path = offer.spec.path.text;
        if (path.starts_with("untyped.") || !offer.spec.writable || offer.spec.command) continue;
        return Sibling{&component,
                       path,
                       offer.claim,
                       offer.topic,
                       own_name_of(component, device_name),
                       short_slug(endpoint_of(identity.object, path, identity.platform)),
                       {}};
    }
    return std::nullopt;
}

bool all_differ(const Siblings& siblings, auto name_of) {
    std::set<std::string> names;
    return std::ranges::all_of(siblings, [&](const Sibling& sibling) {
        const std::string name = name_of(sibling);
        return !name.empty() && names.insert(name).second;
    });
}

/// "relay_2" beside "relay": the first of a series has no number.
bool is_in_series(const std::string& key, const std::string& first) {
    if (!key.starts_with(first)) return false;
    std::string_view rest = std::string_view(key).substr(first.size());
    if (rest.starts_with('_')) rest.remove_prefix(1);
    return !rest.empty() && std::ranges::all_of(rest, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether one of them has a stronger claim on the plain word than all others.
bool has_first(const Siblings& siblings) {
    const auto best = std::ranges::min_element(siblings, {}, &Sibling::claim);
    if (best->claim == Claim::plain) return false;
    return std::ranges::none_of(siblings, [&](const Sibling& other) {
        if (&other == &*best) return false;
        return other.claim == best->claim ||
               is_in_series(other.identity().key(), best->identity().key());
    });
}

void name_endpoints(Siblings& siblings) {
    const auto natural = [](const Sibling& one) {
        return short_slug(endpoint_of(one.identity().key(), one.path, one.identity().platform));
    };
    const auto label = [](const Sibling& one) {
        return one.label.empty() ? std::string() : short_slug(one.label);
    };
    const auto token = [](const Sibling& one) { return one.token; };
    const bool by_number =
        std::ranges::any_of(siblings, [](const Sibling& one) { return one.claim != Claim::plain; });
    const auto call = [&](auto name_of) {
        if (!all_differ(siblings, name_of)) return false;
        for (Sibling& sibling : siblings)
            sibling.endpoint = name_of(sibling);
        return true;
    };
    if (!by_number && call(natural)) return;
    if (call(label) || call(natural) || call(token)) return;
    for (Sibling& sibling : siblings)
        sibling.endpoint = sibling.identity().object;
}

/// The groups of equals among the components of a device.
std::vector<Siblings> find_siblings(const std::vector<Thing>& things,
                                    const std::string& device_name) {
    std::map<std::string, Siblings> kinds; // by platform
    std::set<const Component*> seen;
    for (const Thing& thing : things)
        for (const Source& source : thing.sources)
            if (seen.insert(source.component).second)
                if (auto sibling = sibling_of(*source.component, device_name))
                    kinds[sibling->identity().platform].push_back(std::move(*sibling));
    std::vector<Siblings> groups;
    const auto is_main = [](const Sibling& one) { return one.identity().main; };
    for (auto& [platform, siblings] : kinds) {
        if (std::ranges::count_if(siblings, is_main) == 1) std::erase_if(siblings, is_main);
        if (siblings.size() < 2 || has_first(siblings)) continue;
        name_endpoints(siblings);
        groups.push_back(std::move(siblings));
    }
    return groups;
}

/// Finds out which of some siblings a measurement is of.
class Belonging {
public:
    Belonging(const std::vector<Thing>& things, const Siblings& siblings,
              const std::string& device_name)
        : siblings_(siblings)
        , device_name_(device_name) {
        const bool tokens_differ = all_differ(siblings, [](const Sibling& s) { return s.token; });
        const bool topics_differ = all_differ(siblings, [](const Sibling& s) { return s.topic; });
        for (const Sibling& sibling : siblings) {
            components_[sibling.component] = &sibling;
            if (tokens_differ) tokens_[sibling.token] = &sibling;
            if (topics_differ) topics_[sibling.topic] = &sibling;
        }
        for (const Thing& thing : things) {
            if (!is_measured(thing)) continue;
            if (const Sibling* one = by_token(thing)) with_token_[thing.path].insert(one);
            if (const Sibling* one = by_topic(thing)) on_topic_[thing.path].insert(one);
        }
    }

    /// nullptr where nothing says so. A number or a topic alone says it only where others of the
    /// kind have theirs: the first relay's topic may be that of the whole box.
    const Sibling* of(const Thing& thing) const {
        if (const Sibling* owner = owner_of(thing)) return owner;
        if (!is_measured(thing)) return nullptr;
        if (const Sibling* found = by_name(thing)) return found;
        const auto others = [&](const auto& by_path) {
            const auto found = by_path.find(thing.path);
            return found != by_path.end() && found->second.size() > 1;
        };
        if (const Sibling* found = by_token(thing);
            found && (is_meter(thing) || others(with_token_)))
            return found;
        return others(on_topic_) ? by_topic(thing) : nullptr;
    }

    /// Of whose component it is.
    const Sibling* owner_of(const Thing& thing) const {
        std::set<const Sibling*> owners;
        for (const Source& source : thing.sources)
            if (const auto found = components_.find(source.component); found != components_.end())
                owners.insert(found->second);
        return owners.size() == 1 ? *owners.begin() : nullptr;
    }

private:
    static bool is_measured(const Thing& thing) {
        return !thing.is_untyped() && !thing.of_sibling &&
               std::ranges::none_of(thing.offers,
                                    [](const Offer& offer) { return offer.spec.writable; });
    }
    static bool is_meter(const Thing& thing) {
        return thing.path.starts_with("power.") || thing.path.starts_with("energy.") ||
               thing.path.starts_with("current.") || thing.path.starts_with("voltage.");
    }

    /// "Well pump power" is the "Well pump"'s, "relay_1_power" the relay_1's.
    const Sibling* by_name(const Thing& thing) const {
        const std::string label = own_name_of(thing.component(), device_name_);
        const Sibling* named = longest([&](const Sibling& one) {
            const bool is_in = !one.label.empty() && label_of(label, one.label) != label;
            return is_in ? one.label.size() : 0;
        });
        if (named != nullptr) return named;
        const std::string& object = thing.identity().object;
        return longest([&](const Sibling& one) {
            const std::string& own = one.identity().object;
            const bool is_in =
                object.size() > own.size() && object.starts_with(own) && object[own.size()] == '_';
            return is_in ? own.size() : 0;
        });
    }
    /// "power_1" is that of "relay_1".
    const Sibling* by_token(const Thing& thing) const {
        const Identity& identity = thing.identity();
        return in(tokens_, short_slug(endpoint_of(identity.object, thing.path, identity.platform)));
    }
    const Sibling* by_topic(const Thing& thing) const {
        return in(topics_, thing.offers.front().topic);
    }

    const Sibling* longest(auto length_of) const {
        const Sibling* best = nullptr;
        std::size_t length = 0;
        for (const Sibling& one : siblings_) {
            const std::size_t own = length_of(one);
            if (own == length) best = nullptr; // of two of one name it is nobody's
            if (own > length) best = &one;
            length = std::max(length, own);
        }
        return best;
    }
    using ByWord = std::map<std::string, const Sibling*>;
    static const Sibling* in(const ByWord& words, const std::string& word) {
        const auto found = words.find(word);
        return found != words.end() ? found->second : nullptr;
    }

    const Siblings& siblings_;
    const std::string& device_name_;
    std::map<const Component*, const Sibling*> components_;
    ByWord tokens_; ///< none where two have the same, and so of the topics
    ByWord topics_;
    std::map<std::string, std::set<const Sibling*>> with_token_; ///< by path
    std::map<std::string, std::set<const Sibling*>> on_topic_;
};

/// What a component is commanded by moves with it; what else is of it stands beside that, one of
/// each kind: who would stand there anyway before who would not.
void place(std::vector<Thing>& things, const Siblings& siblings, const std::string& device_name) {
    const Belonging belonging(things, siblings, device_name);
    std::map<std::pair<std::string, std::string>, Thing*> places; // by endpoint and path
    const auto rank = [&](const Thing& thing, const std::string& endpoint) {
        const bool goes = belonging.owner_of(thing) != nullptr && thing.offers.front().key.empty();
        return std::tuple(!goes, natural_endpoint(thing) != endpoint, standing(thing));
    };
    std::vector<Thing*> theirs;
    for (Thing& thing : things) {
        const Sibling* sibling = thing.is_untyped() ? nullptr : belonging.of(thing);
        if (sibling == nullptr) continue;
        theirs.push_back(&thing);
        const std::string& endpoint = sibling->endpoint;
        Thing*& best = places[{endpoint, thing.path}];
        if (best == nullptr || rank(thing, endpoint) < rank(*best, endpoint)) best = &thing;
    }
    for (Thing* thing : theirs)
        thing->of_sibling = true;
    for (const auto& [where, thing] : places)
        thing->endpoint = where.first;
}

} // namespace

void place_siblings(std::vector<Thing>& things, const std::string& device_name) {
    for (const Siblings& siblings : find_siblings(things, device_name))
        place(things, siblings, device_name);
}

} // namespace hearth::mqtt_discovery
