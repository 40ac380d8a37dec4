#include "language/names.h"

#include "catalog/device_types.h"
#include "language/limits.h"
#include "language/normalize.h"
#include "language/ranges.h"
#include "language/spelling.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace hearth::language {
namespace {

catalog::DomainSet domain_set_of(const Part& part) {
    const auto& types = catalog::DeviceTypes::builtin();
    catalog::DomainHints hints;
    for (const home::Attribute& attribute : part.attributes)
        hints |= types.hints(attribute.spec->path.capability_attribute());
    return types.domains_of(hints, part.device.type);
}

/// Two words, or two letters of a script that sets nothing between words.
bool is_telling(std::string_view name) {
    return name.find(' ') != name.npos || (has_unspaced(name) && name.size() > 4);
}

bool is_one_of(const Value& value, std::string_view word) {
    return value.string_or("") == word;
}

bool is_called(const Named& device, const Value& value) {
    const std::string_view word = value.string_or("");
    const auto* type = catalog::DeviceTypes::builtin().find(device.device_class);
    return type != nullptr ? type->is_called(word) : device.device_class == word;
}

bool wants(const ContextNeed& need, const Named& device) {
    return std::ranges::any_of(need.values, [&](const Value& value) {
        if (need.key == "device_class") return is_called(device, value);
        return std::ranges::any_of(device.domains,
                                   [&](std::string_view own) { return is_one_of(value, own); });
    });
}

/// A device is excluded where nothing of it is left: a plug that measures is no mere sensor.
bool excludes(const ContextNeed& need, const Named& device) {
    if (need.key == "device_class") return wants(need, device);
    return !device.domains.empty() &&
           std::ranges::all_of(device.domains, [&](std::string_view own) {
               return std::ranges::any_of(
                   need.values, [&](const Value& value) { return is_one_of(value, own); });
           });
}

} // namespace

Part::Part(const home::Device& whole, std::string_view endpoint)
    : device(whole)
    , attributes(whole.attributes) {
    if (endpoint.empty()) return;
    const std::string prefix = std::string(endpoint) + "/";
    const auto text = [](const home::Attribute& one) -> std::string_view {
        return one.spec->path.text;
    };
    // They are sorted by path.
    const auto begin = std::ranges::lower_bound(attributes, std::string_view(prefix), {}, text);
    const auto end = std::find_if(begin, attributes.end(), [&](const home::Attribute& one) {
        return !text(one).starts_with(prefix);
    });
    attributes = {begin, end};
}

std::string label_of(const Part& part) {
    for (const home::Attribute& attribute : part.attributes) {
        const home::AttributeSpec& spec = *attribute.spec;
        const bool is_commanded = spec.writable && !spec.command &&
                                  !spec.path.capability_attribute().starts_with("untyped.");
        if (is_commanded) return spec.label;
    }
    return {};
}

std::vector<std::string_view> domains_of(const Part& part) {
    return catalog::DeviceTypes::builtin().names_of(domain_set_of(part));
}

bool has_domain(const Part& part, std::string_view domain) {
    return catalog::DeviceTypes::builtin().contains(domain_set_of(part), domain);
}

bool fits(const Named& device, const Filter& filter) {
    return std::ranges::all_of(filter.requires_context,
                               [&](const ContextNeed& need) {
                                   return need.values.empty() || wants(need, device);
                               }) &&
           std::ranges::none_of(filter.excludes_context,
                                [&](const ContextNeed& need) { return excludes(need, device); });
}

/// Gathers the things of one kind by their text.
class HomeNames::Builder {
public:
    explicit Builder(Kind& kind)
        : kind_(kind) {}

    void add(std::string_view spelling, Named thing) {
        std::string text = normalize_name(spelling);
        if (text.empty()) return;
        thing.spelling = spelling;
        for (std::string& other : other_spellings(text))
            variants_.emplace_back(std::move(other), thing);
        put(std::move(text), std::move(thing), true);
    }

    void finish() {
        // What is called so itself is meant before what is called so for short.
        for (auto& [text, thing] : variants_)
            put(std::move(text), std::move(thing), false);
        kind_.trie = Trie({texts_.begin(), texts_.end()});
    }

private:
    void put(std::string text, Named thing, bool exact) {
        const auto [entry, is_new] =
            texts_.emplace(std::move(text), static_cast<std::uint32_t>(kind_.things.size()));
        if (is_new) {
            kind_.things.emplace_back();
            kind_.exact.push_back(exact);
        } else if (!exact && kind_.exact[entry->second]) {
            return;
        }
        std::vector<Named>& things = kind_.things[entry->second];
        // "Salon" and "salon" of one area are one name; of a device and one of its things that are
        // called alike it is the thing: the others were not named.
        std::erase_if(things, [&](const Named& other) {
            return other.id == thing.id && other.endpoint.empty() && !thing.endpoint.empty();
        });
        const bool is_there = std::ranges::any_of(things, [&](const Named& other) {
            return other.id == thing.id &&
                   (other.endpoint == thing.endpoint || thing.endpoint.empty());
        });
        if (!is_there) things.push_back(std::move(thing));
    }

    Kind& kind_;
    std::map<std::string, std::uint32_t> texts_;
    std::vector<std::pair<std::string, Named>> variants_;
};

/// Walks a sentence and the trie of the names side by side, where they differ too.
class HomeNames::Finder {
public:
    Finder(const Kind& kind, const Normal& sentence, const NumberWords& numbers,
           std::vector<Found>& found)
        : kind_(kind)
        , sentence_(sentence)
        , text_(sentence.text)
        , numbers_(numbers)
        , found_(found) {}

    void walk(std::uint32_t node, std::size_t at, bool exact) {
        for (;;) {
            if (const std::uint32_t text = kind_.trie.number_at(node); text != Trie::none)
                found_.push_back(
                    {static_cast<std::uint32_t>(at), text, exact && kind_.exact[text]});
            if (at >= text_.size()) return;
            if (sentence_.is_word_end(at)) other_number(node, at);
            std::size_t next = at;
            const char32_t c = next_character(text_, next);
            if (c >= 0x80) other_letter(node, c, next);
            if (!kind_.trie.step(node, std::string_view(text_).substr(at, next - at))) return;
            at = next;
        }
    }

private:
    void go_on(std::uint32_t node, std::string_view other, std::size_t at) {
        if (kind_.trie.step(node, other) && ++branches_ <= limits::name_branches)
            walk(node, at, false);
    }

    void other_letter(std::uint32_t node, char32_t c, std::size_t next) {
        if (const std::string base = without_accents(c); !base.empty()) go_on(node, base, next);
    }

    void other_number(std::uint32_t node, std::size_t at) {
        numbers_.at(text_, at, [&](const Number& number) {
            const auto whole = whole_number(number.value);
            if (whole && *whole >= 0 && sentence_.is_word_end(number.end))
                go_on(node, fmt::format("{}", *whole), number.end);
        });
        const auto digits = read_digits(text_, at);
        const auto whole = digits ? whole_number(digits->value) : std::nullopt;
        if (!whole || text_[at] == '-') return;
        for (const std::string& words : numbers_.spelled(*whole))
            go_on(node, words, digits->end);
    }

    const Kind& kind_;
    const Normal& sentence_;
    std::string_view text_;
    const NumberWords& numbers_;
    std::vector<Found>& found_;
    std::size_t branches_ = 0;
};

void HomeNames::find(Names kind, const Normal& sentence, std::uint32_t at,
                     const NumberWords& numbers, std::vector<Found>& found) const {
    Finder(kinds_[static_cast<std::size_t>(kind)], sentence, numbers, found).walk(0, at, true);
}

/// What the things on a device's endpoints are called.
void HomeNames::add_parts(Builder& devices, const home::Device& device) {
    std::string_view last;
    for (const home::Attribute& attribute : device.attributes) {
        const std::string_view endpoint = attribute.spec->path.endpoint();
        if (endpoint.empty() || endpoint == last) continue; // they are sorted by path
        last = endpoint;
        const Part part(device, endpoint);
        const std::string label = label_of(part);
        if (label.empty()) continue;
        const Named named{device.id, "", domains_of(part), device.type, std::string(endpoint)};
        if (is_telling(label)) devices.add(label, named);
        devices.add(device.name() + " " + label, named);
    }
}

HomeNames::HomeNames(const home::Home& home, const Sees& sees) {
    if (sees) seen_.emplace();
    Builder devices(kinds_[0]);
    Builder areas(kinds_[1]);
    Builder floors(kinds_[2]);
    for (const home::Device* device : home.devices()) { // in the order of their ids
        if (sees && !sees(*device)) continue;
        if (seen_) seen_->push_back(device->id);
        const Named named{device->id, "", domains_of(*device), device->type, ""};
        devices.add(device->name(), named);
        for (const std::string& alias : device->aliases)
            devices.add(alias, named);
        add_parts(devices, *device);
    }
    for (const auto& [id, area] : home.areas()) {
        areas.add(area.name, {id, "", {}, "", ""});
        for (const std::string& alias : area.aliases)
            areas.add(alias, {id, "", {}, "", ""});
        floors.add(area.floor, {area.floor, "", {}, "", ""});
    }
    devices.finish();
    areas.finish();
    floors.finish();
}

} // namespace hearth::language
