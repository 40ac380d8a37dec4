#include "app/settings_table.h"

#include "app/output.h"
#include "base/json.h"
#include "base/time.h"

#include <array>

namespace hearth::app {
namespace {

using Kind = SettingInfo::Kind;

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;

SettingInfo number(std::string_view key, std::int64_t fallback, std::int64_t min, std::int64_t max,
                   std::string_view help) {
    return {key, Kind::integer, fallback, min, max, help};
}

SettingInfo duration(std::string_view key, Micros fallback, Micros min, Micros max,
                     std::string_view help) {
    return {key, Kind::duration, fallback, min, max, help};
}

SettingInfo flag(std::string_view key, bool fallback, std::string_view help) {
    return {key, Kind::boolean, fallback, 0, 0, help};
}

SettingInfo text(std::string_view key, std::string_view fallback, std::string_view help) {
    return {key, Kind::text, fallback, 0, 0, help};
}

const std::array table{
    text("listen.http", "127.0.0.1:8080", "where the API listens: ADDRESS:PORT, on loopback"),
    text("listen.mqtt", "127.0.0.1:1883", "where MQTT clients connect: ADDRESS:PORT"),
    number("listen.lan_port", 8443, 0, 65'535, "port of `serve --lan`, on all addresses"),
    text("log.level", "info", "debug, info, warn or error"),

    flag("broker.allow_plain_lan", false,
         "let MQTT without TLS listen beyond this machine; credentials are needed all the same"),
    number("broker.connections", 10'000, 10, 1'000'000, "MQTT connections at once"),
    number("broker.packet_bytes", 256 * kib, kib, 8 * mib, "longest MQTT packet"),
    number("broker.receive_maximum", 100, 1, 65'535,
           "messages of QoS 1 and 2 that a client may have unacknowledged"),
    number("broker.in_flight", 100, 1, 65'535,
           "messages of QoS 1 and 2 in flight to a client at once"),
    number("broker.sessions", 100'000, 10, 10'000'000, "MQTT sessions, connected or kept"),
    duration("broker.session_expiry", 7 * days, 0, 365 * days,
             "longest time that a session is kept without its client"),
    number("broker.subscriptions_per_session", 1'000, 1, 1'000'000, "filters of one client"),
    number("broker.topic_levels", 32, 1, 128, "levels of a topic or filter"),
    number("broker.queued_messages", 1'000, 1, 1'000'000, "messages waiting for one client"),
    number("broker.queued_bytes", 4 * mib, kib, 1024 * mib, "bytes waiting for one client"),
    number("broker.retained_messages", 100'000, 0, 10'000'000, "retained messages"),
    number("broker.retained_bytes", 64 * mib, 0, 1024 * mib, "bytes of retained messages"),
    duration("broker.connect_timeout", 10 * seconds, seconds, 300 * seconds,
             "from a connection's opening to its CONNECT"),

    duration("journal.commit_interval", 5 * seconds, 10 * milliseconds, 300 * seconds,
             "what nobody waits for is on the disk after so long"),
    number("journal.segment_bytes", 8 * mib, 64 * kib, 1024 * mib,
           "records between two checkpoints"),
    duration("journal.keep", 7 * days, 0, 3650 * days, "older segments are kept for so long"),
    number("journal.keep_bytes", 256 * mib, 0, 1024 * 1024 * mib, "and up to so many bytes"),
    duration("journal.retry_interval", 10 * seconds, seconds, 3600 * seconds,
             "a full disk is tried again after so long"),

    text("home.time_zone", "", "such as Europe/Paris, for times of day; empty: the system's"),
    text("home.place", "", "LATITUDE,LONGITUDE in degrees, for the sun; empty: the home file's"),
    text("assistant.language", "en", "of sentences that come without one: en, fr, zh-CN"),
    duration("assistant.reply_wait", 1'500 * milliseconds, 0, 60 * seconds,
             "how long a reply waits for the devices"),
    number("home.devices", 20'000, 1, 1'000'000, "devices of the home"),
    number("home.recent_events", 5'000, 100, 1'000'000, "events kept in memory for the API"),
    duration("home.command_timeout", 10 * seconds, 100 * milliseconds, 24 * hours,
             "a command without an answer is settled after so long"),

    text("discovery.prefix", "homeassistant", "first level of discovery topics"),
    number("api.connections", 256, 4, 100'000, "HTTP connections at once"),
    number("api.body_bytes", mib, kib, 64 * mib, "longest body of a request"),
    number("api.live_subscribers", 64, 1, 10'000, "live streams at once"),
    number("api.live_queue_bytes", 4 * mib, 16 * kib, 1024 * mib,
           "bytes waiting for one live stream"),
};

std::string shown(const SettingInfo& info, const Value& value) {
    if (info.kind != Kind::duration) return plain(value);
    return fmt::format("{} s", value.number_or(0) / static_cast<double>(seconds));
}

} // namespace

std::span<const SettingInfo> settings_table() {
    return table;
}

void print_settings() {
    std::vector<std::vector<std::string>> rows{{"SETTING", "DEFAULT", "FROM", "TO", "WHAT IT IS"}};
    for (const SettingInfo& info : table) {
        const bool ranged = info.kind == Kind::integer || info.kind == Kind::duration;
        rows.push_back({std::string(info.key), shown(info, info.fallback),
                        ranged ? shown(info, info.min) : "", ranged ? shown(info, info.max) : "",
                        std::string(info.help)});
    }
    print_table(rows);
}

} // namespace hearth::app
