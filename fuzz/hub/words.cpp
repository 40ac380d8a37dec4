#include "hub/words.h"

#include "base/text.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

namespace hearth::hub_fuzz {
namespace {

/// What an announcement topic announces.
struct Announcement {
    std::string_view topic;
    std::string_view base; ///< its own topics begin so
    std::string_view device;
    bool button = false;
};

constexpr std::array<Announcement, 4> announcements{{
    {"homeassistant/switch/lamp/config", "lamp", "d-lamp"},
    {"homeassistant/switch/lamp/b/config", "lamp/b", "d-lamp"},
    {"homeassistant/button/lamp/c/config", "lamp/c", "d-lamp", true},
    {"homeassistant/switch/x/config", "z/x", "d-x"},
}};

/// Six bits of `kind` are options; the two highest say whether it is an announcement at all.
std::string config(const Announcement& of, std::uint8_t kind, std::uint64_t number) {
    if (kind >> 6 == 3) {
        constexpr std::array<std::string_view, 4> others{"", "{", "{}", "[]"};
        return std::string(others[kind & 3U]);
    }
    const bool foreign = kind >> 6 == 2;
    const std::string_view another = of.base == "z/x" ? "lamp" : "z/x";
    const std::string_view base = foreign && (kind & 1U) != 0 ? another : of.base;
    const std::string_view device = foreign && (kind & 2U) != 0 ? "d-other" : of.device;
    std::string json = fmt::format(R"({{"unique_id":"{}","n":{},"command_topic":"{}/set")",
                                   of.topic, number, base);
    if (!of.button && (kind & 3U) != 3)
        json +=
            fmt::format(R"(,"state_topic":"{}/{}")", of.base, (kind & 3U) == 1 ? "set" : "state");
    if ((kind & 4U) != 0 && !of.button) json += R"(,"value_template":"{{ value_json.s }}")";
    if ((kind & 8U) != 0) json += fmt::format(R"(,"availability_topic":"{}/avail")", of.base);
    if ((kind >> 4 & 3U) != 0) json += fmt::format(R"(,"qos":{})", std::min(kind >> 4 & 3, 2));
    if ((kind >> 4 & 3U) == 3) json += R"(,"retain":true)";
    return json +
           fmt::format(R"(,"device":{{"identifiers":["{}"],"name":"{}"}}}})", device, device);
}

const Announcement* find(std::string_view topic) {
    for (const Announcement& announcement : announcements)
        if (announcement.topic == topic) return &announcement;
    return nullptr;
}

} // namespace

void require(bool holds, std::string_view what, std::string_view detail) {
    if (holds) return;
    fmt::print(stderr, "property: {}\n  {}\n", what, detail);
    std::fflush(stderr);
    __builtin_trap();
}

bool is_traced() {
    static const bool wanted = std::getenv("HEARTH_FUZZ_TRACE") != nullptr;
    return wanted;
}

const std::vector<CredentialWords>& credentials() {
    static const std::vector<CredentialWords> all{
        {"lamp", {}}, {"z2m", {"z/#"}}, {"spy", {"lamp/#", "z/+/state", "homeassistant/#"}}};
    return all;
}

const std::vector<std::string>& topics() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> some{
            "lamp/state", "lamp/set", "lamp/b/state",        "lamp/b/set", "lamp/avail",
            "z/x/state",  "z/x/set",  "z/x/avail",           "spy/note",   "lamp/note",
            "lamp/1",     "lamp/2",   "homeassistant/status"};
        for (const Announcement& announcement : announcements)
            some.emplace_back(announcement.topic);
        return some;
    }();
    return all;
}

const std::vector<std::string>& filters() {
    static const std::vector<std::string> all{"lamp/#",
                                              "lamp/set",
                                              "lamp/+",
                                              "lamp/b/set",
                                              "z/#",
                                              "z/x/set",
                                              "z/+/state",
                                              "spy/#",
                                              "#",
                                              "+/set",
                                              "lamp/c/set",
                                              "+/+/state",
                                              "homeassistant/#",
                                              "homeassistant/status"};
    return all;
}

std::string payload_of(const std::string& topic, std::uint8_t kind, std::uint64_t number) {
    if (const Announcement* announcement = find(topic)) return config(*announcement, kind, number);
    switch (kind & 7U) {
    case 0:
        return "ON";
    case 1:
        return "OFF";
    case 2:
        return fmt::format(R"({{"s":"ON","n":{}}})", number);
    case 3:
        return fmt::format(R"({{"s":"OFF","n":{}}})", number);
    case 4:
        return {};
    case 5:
        return "online";
    case 6:
        return "offline";
    default:
        return fmt::format("note {}", number);
    }
}

bool is_announcement(std::string_view topic) {
    return find(topic) != nullptr;
}

std::optional<bool> switch_state(std::string_view value_template, std::string_view payload) {
    std::string_view word = payload;
    if (!value_template.empty()) {
        if (!payload.starts_with(R"({"s":")")) return std::nullopt;
        word = payload.substr(6, payload.find('"', 6) - 6);
    }
    if (word == "ON") return true;
    if (word == "OFF") return false;
    return std::nullopt;
}

bool covers(std::string_view allowed, std::string_view asked) {
    const std::vector<std::string_view> a = split(allowed, '/');
    const std::vector<std::string_view> b = split(asked, '/');
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] == "#") return true;
        if (i >= b.size() || b[i] == "#") return false;
        if (a[i] != "+" && a[i] != b[i]) return false;
    }
    return a.size() == b.size();
}

} // namespace hearth::hub_fuzz
