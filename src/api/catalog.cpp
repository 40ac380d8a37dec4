#include "api/api.h"
#include "api/problem.h"
#include "base/crypto.h"
#include "catalog/device_types.h"

/// What hearth knows of devices before any device is.
namespace hearth::api {
namespace {

ValueList texts(const std::vector<std::string>& all) {
    return {all.begin(), all.end()};
}

Value type_value(const catalog::DeviceType& type) {
    ValueMap map{{"icon", type.icon}};
    if (!type.plural.empty()) map.append("plural", type.plural);
    if (!type.primary.empty()) map.append("primary", type.primary);
    map.append("domains", texts(type.domains));
    if (!type.classes.empty()) map.append("classes", texts(type.classes));
    if (type.matter.empty()) return map;
    ValueList ids;
    for (const std::uint32_t id : type.matter)
        ids.push_back(Value::of_unsigned(id));
    map.append("matter", std::move(ids));
    return map;
}

Value ask_first_value(const catalog::AskFirst& ask) {
    ValueMap map;
    if (!ask.values.empty()) map.append("values", ask.values);
    if (ask.above) map.append("above", *ask.above);
    if (!ask.types.empty()) map.append("types", texts(ask.types));
    if (ask.by_hand) map.append("by_hand", true);
    return map;
}

Value attribute_value(const catalog::AttributeInfo& info) {
    ValueMap map{{"type", catalog::to_string(info.type)}};
    if (!info.unit.empty()) map.append("unit", info.unit);
    if (info.min) map.append("min", *info.min);
    if (info.max) map.append("max", *info.max);
    if (!info.options.empty()) map.append("options", texts(info.options));
    map.append("write", info.write);
    if (info.command) map.append("command", true);
    if (info.ask_first) map.append("ask_first", ask_first_value(*info.ask_first));
    return map;
}

Value catalog_value() {
    const auto& types = catalog::DeviceTypes::builtin();
    ValueMap device_types;
    for (const catalog::DeviceType& type : types.all())
        device_types.append(type.name, type_value(type));
    ValueMap capabilities;
    for (const auto& [path, info] : catalog::Catalog::builtin().all()) {
        const std::size_t dot = path.find('.');
        Value& capability = capabilities[path.substr(0, dot)];
        if (!capability.is_map()) capability = ValueMap();
        capability.as_map()->append(path.substr(dot + 1), attribute_value(info));
    }
    return ValueMap{{"device_types", std::move(device_types)},
                    {"readings", ValueList(types.readings().begin(), types.readings().end())},
                    {"capabilities", std::move(capabilities)}};
}

} // namespace

void Api::add_catalog_routes() {
    std::string text = to_json(catalog_value());
    std::string etag = "\"" + to_hex(sha256(text)).substr(0, 32) + "\"";
    router_.add("GET", "/api/v1/catalog", needs_nothing,
                [text = std::move(text), etag = std::move(etag)](
                    const Request& request, const PathParts&, const Responder& respond) {
                    Response response{200,
                                      "application/json",
                                      "",
                                      {{"ETag", etag}, {"Cache-Control", "private, no-cache"}},
                                      nullptr};
                    if (names_etag(request.if_none_match, etag)) {
                        response.status = 304;
                        response.content_type.clear();
                    } else {
                        response.body = text;
                    }
                    respond(std::move(response));
                });
}

} // namespace hearth::api
