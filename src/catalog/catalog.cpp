#include "catalog/catalog.h"

#include "base/yaml.h"
#include "catalog/builtin.h"

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

Result<std::vector<std::string>> read_options(const Value& list) {
    std::vector<std::string> options;
    if (!list.is_list()) return fail(Code::invalid, "options must be a list of words");
    for (const Value& option : *list.as_list()) {
        if (!option.is_string()) return fail(Code::invalid, "options must be a list of words");
        options.push_back(*option.as_string());
    }
    return options;
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
        auto options = read_options(value);
        if (!options) return fail(options);
        info.options = std::move(*options);
    } else {
        return fail(Code::invalid, "unknown key \"{}\" or a value of the wrong type", key);
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

} // namespace

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

} // namespace hearth::catalog
