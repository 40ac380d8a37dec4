#include "app/output.h"

#include "app/text_columns.h"
#include "base/json.h"
#include "base/text.h"
#include "home/cause.h"

#include <algorithm>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

namespace hearth::app {
namespace {

constexpr std::size_t widest_name = 40;
constexpr std::size_t narrowest_last_column = 20;
/// After text from right to left: or a terminal that knows of directions draws the next column
/// before it.
constexpr std::string_view left_to_right_mark = "\u200e";

/// Of the terminal; 0 where the output goes elsewhere.
std::size_t terminal_columns() {
    winsize size{};
    if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

std::string padded(const std::string& cell, std::size_t width) {
    std::string out = cell;
    if (runs_right_to_left(cell)) out += left_to_right_mark;
    out.append(width - columns_of(cell), ' ');
    return out;
}

/// Who led to an event, how and because of what, in words.
std::string because_of(const Value& cause) {
    const Value& subject = cause.at("subject");
    const std::string_view kind = subject.at("kind").string_or("");
    const std::string_view via = cause.at("via").string_or("");
    const bool is_admin = kind == "hub" && subject.at("id").string_or("") == home::admin_part;
    std::string because(kind);
    if (const Value* name = subject.find("name"); name != nullptr)
        because = printable(name->string_or(""));
    else if (kind == "hub")
        because = is_admin ? "command line" : printable(subject.at("id").string_or(""));
    else if (kind != "device")
        because += fmt::format(" {}", printable(subject.at("id").string_or("")));
    if (const Value* said = cause.find("said"))
        because += fmt::format(" said \"{}\"", printable(said->string_or("")));
    else if (!via.empty() && via != "rule" && !(is_admin && via == "cli"))
        because += fmt::format(", {}", via == "cli" ? "command line" : via);
    if (const Value* earlier = cause.find("event"))
        because += fmt::format(", event {}", plain(*earlier));
    return because;
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
    if (kind == "automation_run") {
        const std::string_view detail = event.at("detail").string_or("");
        return fmt::format("run {} of \"{}\" {}{}{}", plain(event.at("run")),
                           printable(event.at("name").string_or("")),
                           event.at("state").string_or(""), detail.empty() ? "" : ": ",
                           printable(detail));
    }
    if (kind == "automation_edited")
        return fmt::format("automation \"{}\" {}", printable(event.at("name").string_or("")),
                           event.at("change").string_or(""));
    if (kind == "desired_withdrawn") {
        std::string paths;
        for (const Value& path :
             event.at("attributes").is_list() ? *event.at("attributes").as_list() : ValueList())
            paths += " " + plain(path);
        return "asked no more:" + paths;
    }
    if (kind == "command_under_way")
        return fmt::format("command {} {}", plain(event.at("command")),
                           event.at("under_way").bool_or(false) ? "on its way"
                                                                : "not on its way any more");
    if (kind == "area_removed")
        return fmt::format("room \"{}\" removed", printable(event.at("name").string_or("")));
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
    std::vector<std::vector<std::string>> cells = rows;
    std::vector<std::size_t> widths;
    for (auto& row : cells)
        for (std::size_t i = 0; i < row.size(); ++i) {
            const bool named =
                i < rows.front().size() && (rows.front()[i] == "NAME" || rows.front()[i] == "AREA");
            if (named) row[i] = cut_to_columns(row[i], widest_name);
            if (widths.size() <= i) widths.push_back(0);
            widths[i] = std::max(widths[i], columns_of(row[i]));
        }
    const std::size_t room = terminal_columns();
    for (const auto& row : cells) {
        std::string line;
        std::size_t used = 0;
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            line += padded(row[i], widths[i]) + "  ";
            used += widths[i] + 2;
        }
        if (!row.empty())
            line += room == 0 ? row.back()
                              : cut_to_columns(row.back(), std::max(narrowest_last_column,
                                                                    room - std::min(room, used)));
        print_line(line);
    }
}

std::string plain(const Value& value) {
    if (value.is_real()) return fmt::format("{:.10g}", *value.as_real());
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
    return fmt::format("{:>6}  {}  {}{}{}  ({})", plain(event.at("id")),
                       event.at("time").string_or(""), device_name, device_name.empty() ? "" : "  ",
                       what_happened(event), because_of(event.at("cause")));
}

} // namespace hearth::app
