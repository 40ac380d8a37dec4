#include "home/device.h"

#include "base/json.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace hearth::home {
namespace {

bool is_part(std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

Result<void> check_number(const AttributeSpec& spec, const Value& value) {
    const double number = value.number_or(0);
    if (!value.is_number() || !std::isfinite(number))
        return fail(Code::invalid, "{} must be a number, not {}", spec.path.text,
                    printable(to_json(value), 60));
    if (spec.type == catalog::AttributeType::integer && std::floor(number) != number)
        return fail(Code::invalid, "{} must be a whole number, not {}", spec.path.text, number);
    if ((spec.min && number < *spec.min) || (spec.max && number > *spec.max))
        return fail(Code::invalid, "{} is {}; it goes from {} to {}{}{}", spec.path.text, number,
                    spec.min ? fmt::format("{}", *spec.min) : "any",
                    spec.max ? fmt::format("{}", *spec.max) : "any", spec.unit.empty() ? "" : " ",
                    spec.unit);
    return {};
}

Result<void> check_option(const AttributeSpec& spec, const Value& value) {
    const std::string* word = value.as_string();
    if (word != nullptr && std::ranges::find(spec.options, *word) != spec.options.end()) return {};
    std::string all;
    for (const std::string& option : spec.options)
        all += (all.empty() ? "" : ", ") + option;
    return fail(Code::invalid, "{} is {}; it can be: {}", spec.path.text,
                printable(word != nullptr ? *word : to_json(value), 60), all);
}

/// Puts a value under its capability's key in a twin's JSON.
void put(ValueMap& twin, const Path& path, const Value& value) {
    Value& capability = twin[path.capability_key()];
    if (!capability.is_map()) capability = ValueMap();
    capability.as_map()->append(std::string(path.attribute()), value);
}

} // namespace

std::string_view Path::endpoint() const {
    const std::size_t slash = text.find('/');
    return slash == std::string::npos ? std::string_view()
                                      : std::string_view(text).substr(0, slash);
}

std::string_view Path::capability_key() const {
    return std::string_view(text).substr(0, text.find('.'));
}

std::string_view Path::attribute() const {
    const std::size_t dot = text.find('.');
    return dot == std::string::npos ? std::string_view() : std::string_view(text).substr(dot + 1);
}

std::string_view Path::capability_attribute() const {
    const std::size_t slash = text.find('/');
    return slash == std::string::npos ? std::string_view(text)
                                      : std::string_view(text).substr(slash + 1);
}

Result<Path> parse_path(std::string_view text) {
    Path path{std::string(text)};
    const std::string_view rest = path.capability_attribute();
    const std::size_t dot = rest.find('.');
    const bool has_endpoint = rest.size() < text.size();
    const bool good = text.size() <= max_path_bytes && is_utf8(text) && dot != rest.npos &&
                      is_part(rest.substr(0, dot)) && is_part(rest.substr(dot + 1)) &&
                      (!has_endpoint || is_part(path.endpoint()));
    if (!good)
        return fail(Code::invalid,
                    "\"{}\" names no attribute; write CAPABILITY.ATTRIBUTE, such as on_off.on, "
                    "or ENDPOINT/CAPABILITY.ATTRIBUTE",
                    printable(text, 140));
    return path;
}

Path make_path(std::string_view endpoint, std::string_view capability, std::string_view attribute) {
    if (endpoint.empty()) return {fmt::format("{}.{}", capability, attribute)};
    return {fmt::format("{}/{}.{}", endpoint, capability, attribute)};
}

Result<void> check_value(const AttributeSpec& spec, const Value& value) {
    switch (spec.type) {
    case catalog::AttributeType::boolean:
        if (value.is_bool()) return {};
        return fail(Code::invalid, "{} must be true or false, not {}", spec.path.text,
                    printable(to_json(value), 60));
    case catalog::AttributeType::integer:
    case catalog::AttributeType::number:
        return check_number(spec, value);
    case catalog::AttributeType::enumeration:
        return check_option(spec, value);
    case catalog::AttributeType::text:
        if (!value.is_string())
            return fail(Code::invalid, "{} must be text, not {}", spec.path.text,
                        printable(to_json(value), 60));
        if (!is_utf8(*value.as_string()))
            return fail(Code::invalid, "{} is not UTF-8 text", spec.path.text);
        return {};
    }
    return fail(Code::internal, "attribute of an unknown type");
}

Result<void> check_reported(const AttributeSpec& spec, const Value& value) {
    if (value.is_null() && !spec.command) return {};
    auto fits = check_value(spec, value);
    if (fits || !spec.writable || !value.is_number()) return fits;
    const catalog::AttributeInfo* word =
        catalog::Catalog::builtin().find(spec.path.capability_attribute());
    AttributeSpec told = spec;
    told.min = word != nullptr ? word->min : std::nullopt;
    told.max = word != nullptr ? word->max : std::nullopt;
    return check_value(told, value);
}

Path beside(const Path& path, std::string_view capability_attribute) {
    const std::string_view endpoint = path.endpoint();
    if (endpoint.empty()) return {std::string(capability_attribute)};
    return {fmt::format("{}/{}", endpoint, capability_attribute)};
}

bool is_zero(const Value& value) {
    return value.is_number() && value.number_or(1) == 0;
}

bool matches(const AttributeSpec& spec, const Value& wanted, const Value& reported) {
    if (reported.is_number() && wanted.is_number())
        return std::abs(reported.number_or(0) - wanted.number_or(0)) <= spec.tolerance + 1e-9;
    return reported == wanted;
}

const Attribute* Device::find(std::string_view path) const {
    const auto found = std::ranges::lower_bound(
        attributes, path, {},
        [](const Attribute& attribute) -> std::string_view { return attribute.spec->path.text; });
    return found != attributes.end() && found->spec->path.text == path ? &*found : nullptr;
}

Attribute* Device::find(std::string_view path) {
    return const_cast<Attribute*>(std::as_const(*this).find(path));
}

const Desire* Device::desire(std::string_view path) const {
    const auto found = std::ranges::find(
        desires, path, [](const Desire& desire) { return std::string_view(desire.path.text); });
    return found != desires.end() ? &*found : nullptr;
}

Desire* Device::desire(std::string_view path) {
    return const_cast<Desire*>(std::as_const(*this).desire(path));
}

const Attribute* fulfilled_by(const Device& device, const Path& path, const Value& wanted) {
    const Attribute* own = device.find(path.text);
    if (own != nullptr && matches(*own->spec, wanted, own->reported)) return own;
    if (!is_zero(wanted)) return nullptr;
    const catalog::AttributeInfo* info =
        catalog::Catalog::builtin().find(path.capability_attribute());
    if (info == nullptr || !info->zero_is) return nullptr;
    const Attribute* same = device.find(beside(path, info->zero_is->path).text);
    const bool says_so =
        same != nullptr && matches(*same->spec, info->zero_is->value, same->reported);
    return says_so ? same : nullptr;
}

Value reported_value(const Device& device) {
    ValueMap twin;
    for (const Attribute& attribute : device.attributes)
        if (!attribute.reported.is_null()) put(twin, attribute.spec->path, attribute.reported);
    return twin;
}

Value desired_value(const Device& device) {
    ValueMap twin;
    for (const Desire& desire : device.desires)
        put(twin, desire.path, desire.value);
    return twin;
}

Value delta_value(const Device& device) {
    ValueMap twin;
    for (const Desire& desire : device.desires) {
        const bool owed = device.find(desire.path.text) != nullptr &&
                          fulfilled_by(device, desire.path, desire.value) == nullptr;
        if (owed) put(twin, desire.path, desire.value);
    }
    return twin;
}

} // namespace hearth::home
