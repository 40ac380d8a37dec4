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

    number("memory.budget_bytes", -1, -1, 1024 * 1024 * mib,
           "memory from which on nothing more is kept for clients; 0: none, -1: by the machine"),

    flag("broker.allow_plain_lan", false,
         "let MQTT without TLS listen beyond this machine; credentials are needed all the same"),
    number("broker.connections", 15'000, 10, 1'000'000,
           "MQTT connections at once; a sixteenth is for those that have said nothing yet"),
    number("broker.connections_per_credential", 11'000, 1, 1'000'000, "of one credential"),
    number("broker.connections_per_address", 11'000, 1, 1'000'000,
           "from one address (of IPv6: from one network /64)"),
    number("broker.packet_bytes", mib, kib, 8 * mib, "longest MQTT packet"),
    number("broker.receive_maximum", 100, 1, 65'535,
           "messages of QoS 1 and 2 that a client may have unacknowledged"),
    number("broker.in_flight", 100, 1, 65'535,
           "messages of QoS 1 and 2 in flight to a client at once"),
    number("broker.sessions", 100'000, 10, 10'000'000, "MQTT sessions, connected or kept"),
    number("broker.sessions_per_credential", 50'000, 1, 10'000'000, "of one credential"),
    duration("broker.session_expiry", 7 * days, 0, 365 * days,
             "longest time that a session is kept without its client"),
    number("broker.subscriptions_per_session", 10'000, 1, 1'000'000, "filters of one client"),
    number("broker.subscriptions_per_credential", 500'000, 1, 100'000'000, "of one credential"),
    number("broker.subscriptions", 1'000'000, 1, 100'000'000, "of all clients"),
    number("broker.subscription_bytes_per_credential", 64 * mib, kib, 64 * 1024 * mib,
           "memory of one credential's subscriptions"),
    number("broker.subscription_bytes", 128 * mib, kib, 64 * 1024 * mib,
           "memory of all subscriptions"),
    number("broker.password_tries", 20, 1, 1'000'000,
           "wrong passwords of a name or address in 10 minutes; further ones are answered late"),
    duration("broker.password_delay", 3 * seconds, 0, 60 * seconds, "how late that is"),
    number("broker.topic_levels", 32, 1, 128, "levels of a topic or filter"),
    number("broker.topic_bytes", 4'096, 64, 65'535, "bytes of a topic or filter"),
    number("broker.queued_messages", 1'000, 1, 1'000'000, "messages waiting for one client"),
    number("broker.queued_bytes", 4 * mib, kib, 1024 * mib, "bytes waiting for one client"),
    number("broker.queued_messages_per_credential", 250'000, 1, 100'000'000,
           "messages waiting or in flight to one credential's clients"),
    number("broker.queued_messages_in_all", 500'000, 1, 100'000'000, "the same for all clients"),
    number("broker.queued_bytes_per_credential", 64 * mib, kib, 64 * 1024 * mib,
           "bytes waiting or in flight to one credential's clients"),
    number("broker.queued_bytes_in_all", 128 * mib, kib, 64 * 1024 * mib,
           "the same for all clients"),
    number("broker.retained_messages", 100'000, 0, 10'000'000, "retained messages"),
    number("broker.retained_messages_per_credential", 75'000, 0, 10'000'000, "of one credential"),
    number("broker.retained_bytes", 64 * mib, 0, 1024 * mib, "bytes of retained messages"),
    number("broker.retained_bytes_per_credential", 48 * mib, 0, 1024 * mib, "of one credential"),
    number("broker.incoming_bytes", 64 * mib, kib, 64 * 1024 * mib,
           "bytes of packets that have come in part"),
    number("broker.incoming_bytes_per_credential", 32 * mib, kib, 64 * 1024 * mib,
           "the same of one credential's clients"),
    duration("broker.will_grace", 10 * seconds, 0, 3600 * seconds,
             "after a crash clients have so long to come back before their wills are published"),
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
    duration("assistant.confirm_within", 60 * seconds, seconds, 600 * seconds,
             "a question waits for its yes so long"),
    number("home.devices", 20'000, 1, 1'000'000, "devices of the home"),
    number("home.recent_events", 5'000, 100, 1'000'000, "events kept in memory for the API"),
    duration("home.command_timeout", 10 * seconds, 100 * milliseconds, 24 * hours,
             "a command without an answer is settled after so long"),
    duration("home.under_way_at_most", 5 * minutes, seconds, 24 * hours,
             "a device may be on its way to what was asked, as a curtain that moves, for so long"),

    text("discovery.prefix", "homeassistant", "first level of discovery topics"),
    number("api.connections", 256, 4, 100'000, "HTTP connections at once"),
    number("api.connections_per_address", 128, 1, 100'000,
           "of these, from one address that is no trusted proxy"),
    text("api.hosts", "",
         "names by which the page is reached beside this machine's own, separated by commas"),
    text("api.trusted_proxies", "",
         "addresses and networks of reverse proxies that tell who asks, separated by commas"),
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
