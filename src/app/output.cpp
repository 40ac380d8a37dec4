#include "app/output.h"

#include "base/json.h"
#include "base/text.h"

#include <algorithm>
#include <cstdio>

namespace hearth::app {
namespace {

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string what_happened(const Value& event) {
    const std::string_view kind = event.at("kind").string_or("");
    const auto pairs = [&](std::string_view key) {
        std::string out;
        if (const ValueMap* map = event.at(key).as_map())
            for (const auto& [path, value] : *map)
                out += fmt::format("{}{}={}", out.empty() ? "" : " ", path, plain(value));
        return out;
    };
    if (kind == "attribute_reported") return pairs("attributes");
    if (kind == "command_issued")
        return fmt::format("command {}: {}", plain(event.at("command")), pairs("set"));
    if (kind == "command_settled") {
        const std::string_view detail = event.at("detail").string_or("");
        return fmt::format("command {} {}{}{}", plain(event.at("command")),
                           event.at("settlement").string_or(""), detail.empty() ? "" : ": ",
                           detail);
    }
    if (kind == "notification") return "says: " + printable(event.at("text").string_or(""));
    if (kind == "automation_run")
        return fmt::format("run {} of \"{}\" {}", plain(event.at("run")),
                           printable(event.at("name").string_or("")),
                           event.at("state").string_or(""));
    if (kind == "automation_edited")
        return fmt::format("automation \"{}\" {}", printable(event.at("name").string_or("")),
                           event.at("change").string_or(""));
    if (kind == "availability_changed")
        return event.at("online").bool_or(false) ? "online" : "offline";
    return std::string(kind);
}

} // namespace

int failed(const Error& error) {
    fmt::print(stderr, "hearth: {}\n", error.detail);
    return exit_failed;
}

void print_line(std::string_view text) {
    fmt::print("{}\n", text);
    std::fflush(stdout);
}

void print_json(const Value& value) {
    print_line(to_json(value));
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (widths.size() <= i) widths.push_back(0);
            widths[i] = std::max(widths[i], width(row[i]));
        }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] - width(row[i]) + 2, ' ');
        }
        print_line(line);
    }
}

std::string plain(const Value& value) {
    return value.is_string() ? printable(*value.as_string(), 120) : to_json(value);
}

std::string one_line(const Value& twin) {
    std::string out;
    if (const ValueMap* capabilities = twin.as_map())
        for (const auto& [capability, attributes] : *capabilities)
            if (const ValueMap* map = attributes.as_map())
                for (const auto& [attribute, value] : *map)
                    out += fmt::format("{}{}.{}={}", out.empty() ? "" : " ", capability, attribute,
                                       plain(value));
    return out;
}

std::string event_line(const Value& event, std::string_view device_name) {
    const Value& cause = event.at("cause");
    const std::string_view by = cause.at("by").string_or("");
    std::string because = std::string(by);
    if (by != "device") because += fmt::format(" {}", cause.at("id").string_or(""));
    if (const Value* earlier = cause.find("event"))
        because += fmt::format(", event {}", plain(*earlier));
    return fmt::format("{:>6}  {}  {}{}{}  ({})", plain(event.at("id")),
                       event.at("time").string_or(""), device_name, device_name.empty() ? "" : "  ",
                       what_happened(event), because);
}

} // namespace hearth::app
