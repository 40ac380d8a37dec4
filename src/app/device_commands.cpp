#include "app/commands.h"
#include "app/output.h"
#include "base/text.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace hearth::app {
namespace {

std::string device_path(const std::string& device) {
    return "/api/v1/devices/" + HubClient::part(device);
}

/// What a device announces in several messages is gathered for a moment before it is known, so a
/// name that was announced just now is waited for.
constexpr auto name_wait = std::chrono::milliseconds(1500);
constexpr auto name_retry = std::chrono::milliseconds(100);

/// The device of that id, name or alias, with all that is known of it.
Result<Value> find_device(HubClient& hub, const std::string& word) {
    const auto until = std::chrono::steady_clock::now() + name_wait;
    for (;;) {
        auto device = hub.get(device_path(word));
        const bool unknown = !device && device.error().code == Code::not_found;
        if (!unknown || std::chrono::steady_clock::now() >= until) return device;
        std::this_thread::sleep_for(name_retry);
    }
}

std::string id_of(const Value& device) {
    return std::string(device.at("id").string_or(""));
}

std::vector<std::string> device_row(const Value& device) {
    std::string twin = one_line(device.at("reported"));
    const std::string_view area = device.at("area").string_or("-");
    return {std::string(device.at("id").string_or("")),
            printable(device.at("name").string_or("")),
            printable(area),
            std::string(device.at("type").string_or("")),
            device.at("online").bool_or(false) ? "online" : "offline",
            std::move(twin)};
}

void print_capability(std::string_view key, const Value& attributes, const Value& device) {
    for (const auto& [name, spec] : *attributes.as_map()) {
        const Value& reported = device.at("reported").at(key).at(name);
        const Value& owed = device.at("delta").at(key).at(name);
        const std::string_view unit = spec.at("unit").string_or("");
        std::string range;
        if (const ValueList* options = spec.at("options").as_list())
            for (const Value& option : *options)
                range += (range.empty() ? "" : "|") + plain(option);
        else if (spec.find("min") != nullptr)
            range = fmt::format("{}..{}", plain(spec.at("min")), plain(spec.at("max")));
        const std::string_view label = spec.at("label").string_or("");
        print_line(fmt::format("  {}.{} = {}{}{}{}{}{}{}", key, name,
                               reported.is_null() ? "?" : plain(reported), unit.empty() ? "" : " ",
                               unit, owed.is_null() ? "" : " (asked: " + plain(owed) + ")",
                               spec.at("write").bool_or(false) ? "  [can be set" : "  [read only",
                               (range.empty() ? "" : ", " + range) + "]",
                               label.empty() ? "" : "  " + printable(label)));
    }
}

void print_device(const Value& device) {
    print_line(
        fmt::format("{}  {}", device.at("id").string_or(""), device.at("name").string_or("")));
    const auto line = [&](std::string_view label, std::string_view key) {
        const std::string_view text = device.at(key).string_or("");
        if (!text.empty()) print_line(fmt::format("  {}: {}", label, printable(text)));
    };
    line("area", "area");
    line("type", "type");
    line("made by", "manufacturer");
    line("model", "model");
    line("known to its adapter as", "external_id");
    if (const ValueList* sources = device.at("sources").as_list(); sources && !sources->empty()) {
        const std::string_view owner = sources->front().at("credential").string_or("");
        print_line(fmt::format("  credential: {}", owner.empty() ? "none" : owner));
    }
    line("joined", "joined");
    print_line(device.at("online").bool_or(false) ? "  online" : "  offline");
    if (const ValueMap* capabilities = device.at("capabilities").as_map())
        for (const auto& [key, attributes] : *capabilities)
            print_capability(key, attributes, device);
    if (const ValueList* events = device.at("events").as_list())
        for (const Value& event : *events)
            print_line(event_line(event, ""));
}

int report_settlement(const CommonOptions& options, const Value& answer) {
    const bool moves = answer.at("under_way").bool_or(false);
    const std::string_view settlement =
        answer.at("settlement").string_or(moves ? "on its way" : "not answered yet");
    const std::string_view detail = answer.at("detail").string_or("");
    if (options.json) print_json(answer);
    if (settlement == "refused" || settlement == "timed_out")
        return failed({Code::refused, fmt::format("command {} {}{}{}", plain(answer.at("command")),
                                                  settlement == "refused" ? "was refused"
                                                                          : "got no answer in time",
                                                  detail.empty() ? "" : ": ", detail)});
    if (!options.json) print_line(settlement);
    return exit_done;
}

int edit(const CommonOptions& options, const std::string& device, const ValueMap& change) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto found = find_device(*hub, device);
    if (!found) return failed(found.error());
    const auto answer = hub->send("PATCH", device_path(id_of(*found)), change);
    if (!answer) return failed(answer.error());
    if (options.json)
        print_json(*answer);
    else
        print_table({device_row(*answer)});
    return exit_done;
}

int send_delete(const CommonOptions& options, const std::string& path, std::string_view done) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto answer = hub->send("DELETE", path, Value());
    if (!answer) return failed(answer.error());
    if (!options.json) print_line(done);
    return exit_done;
}

} // namespace

int list_devices(const CommonOptions& options, bool left) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto devices = hub->get(left ? "/api/v1/devices?left=true" : "/api/v1/devices");
    if (!devices) return failed(devices.error());
    if (options.json) {
        print_json(*devices);
        return exit_done;
    }
    std::vector<std::vector<std::string>> rows{{"ID", "NAME", "AREA", "TYPE", "", "REPORTED"}};
    for (const Value& device : *devices->as_list())
        rows.push_back(device_row(device));
    std::ranges::sort(rows.begin() + 1, rows.end(), {}, [](const auto& row) { return row[1]; });
    print_table(rows);
    return exit_done;
}

int show_device(const CommonOptions& options, const std::string& device) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto shown = find_device(*hub, device);
    if (!shown) return failed(shown.error());
    if (options.json)
        print_json(*shown);
    else
        print_device(*shown);
    return exit_done;
}

int set_device(const CommonOptions& options, const SetOptions& set) {
    ValueMap asks;
    for (const std::string& assignment : set.assignments) {
        const std::size_t equals = assignment.find('=');
        if (equals == std::string::npos || equals == 0) {
            failed({Code::invalid, fmt::format("\"{}\" is not CAPABILITY.ATTRIBUTE=VALUE, such as "
                                               "on_off.on=true",
                                               printable(assignment, 80))});
            return exit_usage;
        }
        asks.set(assignment.substr(0, equals), assignment.substr(equals + 1));
    }
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    ValueMap body{{"set", std::move(asks)}, {"timeout_s", set.timeout_s}};
    if (set.wait) body.append("wait_s", std::min(set.timeout_s + 1, 60.0));
    const auto found = find_device(*hub, set.device);
    if (!found) return failed(found.error());
    const auto answer =
        hub->send("POST", device_path(id_of(*found)) + "/commands", std::move(body));
    if (!answer) return failed(answer.error());
    return report_settlement(options, *answer);
}

int rename_device(const CommonOptions& options, const std::string& device,
                  const std::string& name) {
    return edit(options, device, {{"name", name}});
}

int move_device(const CommonOptions& options, const std::string& device, const std::string& area) {
    return edit(options, device, {{"area", area}});
}

int forget_device(const CommonOptions& options, const std::string& device) {
    return send_delete(options, device_path(device), "forgotten");
}

int list_areas(const CommonOptions& options) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto areas = hub->get("/api/v1/areas");
    if (!areas) return failed(areas.error());
    if (options.json) {
        print_json(*areas);
        return exit_done;
    }
    std::vector<std::vector<std::string>> rows{{"ID", "NAME", "FLOOR", "ALIASES"}};
    for (const Value& area : *areas->as_list()) {
        std::string aliases;
        for (const Value& alias : *area.at("aliases").as_list())
            aliases += (aliases.empty() ? "" : ", ") + plain(alias);
        rows.push_back({plain(area.at("id")), plain(area.at("name")), plain(area.at("floor")),
                        std::move(aliases)});
    }
    print_table(rows);
    return exit_done;
}

int remove_area(const CommonOptions& options, const std::string& area) {
    return send_delete(options, "/api/v1/areas/" + HubClient::part(area), "removed");
}

int hand_device(const CommonOptions& options, const std::string& device,
                const std::string& credential) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto answer = hub->send("POST", device_path(device) + "/credential",
                                  ValueMap{{"credential", credential}});
    if (!answer) return failed(answer.error());
    if (options.json)
        print_json(*answer);
    else
        print_line(fmt::format("{} is {}'s now", answer->at("name").string_or(""), credential));
    return exit_done;
}

int alias_device(const CommonOptions& options, const std::string& device,
                 const std::vector<std::string>& aliases, bool remove) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto shown = find_device(*hub, device);
    if (!shown) return failed(shown.error());
    ValueList all = shown->at("aliases").is_list() ? *shown->at("aliases").as_list() : ValueList();
    if (aliases.empty()) {
        if (options.json) print_json(all);
        for (const Value& alias : all)
            if (!options.json) print_line(plain(alias));
        return exit_done;
    }
    for (const std::string& alias : aliases) {
        std::erase(all, Value(alias));
        if (!remove) all.emplace_back(alias);
    }
    return edit(options, device, {{"aliases", std::move(all)}});
}

} // namespace hearth::app
