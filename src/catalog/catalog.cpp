#include "catalog/catalog.h"

#include "base/yaml.h"
#include "catalog/builtin.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace hearth::catalog {
namespace {

constexpr std::array<std::pair<AttributeType, std::string_view>, 5> type_names{{
    {AttributeType::boolean, "boolean"},
    {AttributeType::integer, "integer"},
    {AttributeType::number, "number"},
    {AttributeType::enumeration, "enum"},
    {AttributeType::text, "text"},
}};

Result<std::vector<std::string>> read_words(std::string_view key, const Value& list) {
    std::vector<std::string> words;
    if (!list.is_list()) return fail(Code::invalid, "{} must be a list of words", key);
    for (const Value& word : *list.as_list()) {
        if (!word.is_string()) return fail(Code::invalid, "{} must be a list of words", key);
        words.push_back(*word.as_string());
    }
    return words;
}

Result<ValueOf> read_value_of(std::string_view key, const Value& map) {
    if (!map.is_map() || map.as_map()->size() != 1)
        return fail(Code::invalid, "{} must be {{PATH: VALUE}}", key);
    const auto& [path, value] = *map.as_map()->begin();
    return ValueOf{path, value};
}

Result<std::vector<UnderWay>> read_under_way(const Value& list) {
    std::vector<UnderWay> all;
    if (!list.is_list()) return fail(Code::invalid, "under_way must be a list");
    for (const Value& entry : *list.as_list()) {
        auto words = read_words("under_way: is", entry.at("is"));
        if (!words) return std::unexpected(words.error());
        UnderWay way{std::string(entry.at("by").string_or("")), std::move(*words),
                     std::string(entry.at("to").string_or(""))};
        const std::size_t known = entry.find("to") != nullptr ? 3 : 2;
        if (way.by.empty() || way.is.empty() || entry.as_map()->size() != known)
            return fail(Code::invalid, "under_way: each is {{by: PATH, is: [WORD], to: VALUE}}");
        all.push_back(std::move(way));
    }
    return all;
}

/// How a wish is understood.
Result<void> read_meaning(AttributeInfo& info, std::string_view key, const Value& value) {
    if (key == "under_way") {
        auto ways = read_under_way(value);
        if (!ways) return fail(ways);
        info.under_way = std::move(*ways);
        return {};
    }
    if (key == "gradual" && value.is_bool()) {
        info.gradual = *value.as_bool();
        return {};
    }
    if (key != "zero_is" && key != "needs")
        return fail(Code::invalid, "unknown key \"{}\" or a value of the wrong type", key);
    auto other = read_value_of(key, value);
    if (!other) return fail(other);
    (key == "needs" ? info.needs : info.zero_is) = std::move(*other);
    return {};
}

Result<AskFirst> read_ask_first(const Value& value) {
    AskFirst ask;
    if (!value.is_map()) return fail(Code::invalid, "ask_first is a map");
    for (const auto& [key, part] : *value.as_map()) {
        if (key == "values" && part.is_list()) {
            ask.values = *part.as_list();
        } else if (key == "above" && part.is_number()) {
            ask.above = part.number_or(0);
        } else if (key == "types") {
            auto types = read_words("ask_first: types", part);
            if (!types) return fail(types);
            ask.types = std::move(*types);
        } else if (key == "by_hand" && part.is_bool()) {
            ask.by_hand = part.bool_or(false);
        } else {
            return fail(Code::invalid, "ask_first has values, above, types and by_hand");
        }
    }
    return ask;
}

Result<void> read_key(AttributeInfo& info, std::string_view key, const Value& value) {
    if (key == "type") {
        const auto type = parse_attribute_type(value.string_or(""));
        if (!type) return fail(Code::invalid, "unknown type");
        info.type = *type;
    } else if (key == "unit" && value.is_string()) {
        info.unit = *value.as_string();
    } else if (key == "min" && value.is_number()) {
        info.min = value.number_or(0);
    } else if (key == "max" && value.is_number()) {
        info.max = value.number_or(0);
    } else if (key == "write" && value.is_bool()) {
        info.write = *value.as_bool();
    } else if (key == "command" && value.is_bool()) {
        info.command = *value.as_bool();
    } else if (key == "options") {
        auto options = read_words(key, value);
        if (!options) return fail(options);
        info.options = std::move(*options);
    } else if (key == "ask_first") {
        auto ask = read_ask_first(value);
        if (!ask) return fail(ask);
        info.ask_first = std::move(*ask);
    } else {
        return read_meaning(info, key, value);
    }
    return {};
}

Result<AttributeInfo> read_attribute(const Value& description) {
    AttributeInfo info;
    if (!description.is_map()) return fail(Code::invalid, "an attribute is a map");
    for (const auto& [key, value] : *description.as_map()) {
        const auto done = read_key(info, key, value);
        if (!done) return std::unexpected(done.error());
    }
    if (info.type == AttributeType::enumeration && info.options.empty())
        return fail(Code::invalid, "an enum needs options");
    return info;
}

/// What attributes say of each other is there.
Result<void> check_links(const std::map<std::string, AttributeInfo, std::less<>>& all) {
    const auto check = [&](const std::string& path, std::string_view key,
                           const std::string& named) -> Result<void> {
        if (all.contains(named)) return {};
        return fail(Code::invalid, "{}: {}: there is no {}", path, key, named);
    };
    for (const auto& [path, info] : all) {
        Result<void> good;
        if (info.zero_is) good = check(path, "zero_is", info.zero_is->path);
        if (good && info.needs) good = check(path, "needs", info.needs->path);
        for (const UnderWay& way : info.under_way)
            if (good) good = check(path, "under_way", way.by);
        if (!good) return good;
    }
    return {};
}

} // namespace

bool AskFirst::concerns(std::string_view device_type) const {
    return types.empty() || std::ranges::find(types, device_type) != types.end();
}

bool AskFirst::covers(const Value& value, std::string_view device_type) const {
    if (!concerns(device_type)) return false;
    if (above) return value.is_number() && value.number_or(0) > *above;
    return values.empty() || std::ranges::find(values, value) != values.end();
}

std::string_view to_string(AttributeType type) {
    for (const auto& [known, name] : type_names)
        if (known == type) return name;
    return "text";
}

std::optional<AttributeType> parse_attribute_type(std::string_view text) {
    for (const auto& [type, name] : type_names)
        if (name == text) return type;
    return std::nullopt;
}

Result<Catalog> Catalog::parse(std::string_view yaml) {
    const auto file = parse_yaml(yaml);
    if (!file) return fail_in("capabilities.yaml", file);
    if (!file->is_map()) return fail(Code::invalid, "capabilities.yaml: not a map");
    Catalog catalog;
    for (const auto& [capability, attributes] : *file->as_map()) {
        if (!attributes.is_map()) return fail(Code::invalid, "{}: not a map", capability);
        for (const auto& [name, description] : *attributes.as_map()) {
            const std::string path = capability + "." + name;
            auto info = read_attribute(description);
            if (!info) return fail_in(path, info);
            catalog.attributes_.emplace(path, std::move(*info));
        }
    }
    if (const auto linked = check_links(catalog.attributes_); !linked)
        return std::unexpected(linked.error());
    return catalog;
}

const Catalog& Catalog::builtin() {
    static const Catalog catalog = [] {
        auto parsed = parse(builtin_capabilities);
        assert(parsed.has_value() && "catalog/capabilities.yaml is tested to be good");
        return std::move(parsed).value_or(Catalog());
    }();
    return catalog;
}

const AttributeInfo* Catalog::find(std::string_view capability_dot_attribute) const {
    const auto found = attributes_.find(capability_dot_attribute);
    return found != attributes_.end() ? &found->second : nullptr;
}

const AskFirst* Catalog::ask_first(std::string_view capability_dot_attribute) const {
    const AttributeInfo* info = find(capability_dot_attribute);
    if (info == nullptr && capability_dot_attribute.starts_with("untyped."))
        info = find("untyped.*");
    return info != nullptr && info->ask_first ? &*info->ask_first : nullptr;
}

} // namespace hearth::catalog
