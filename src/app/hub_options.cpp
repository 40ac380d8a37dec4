#include "app/hub_options.h"

#include "api/origin.h"
#include "app/hub_client.h"
#include "app/open_files.h"
#include "app/settings_table.h"
#include "base/text.h"
#include "base/yaml.h"
#include "codec/mqtt/topic.h"
#include "store/data_folder.h"

#include <cmath>
#include <filesystem>

namespace hearth::app {
namespace {

constexpr std::size_t max_config_bytes = 4U << 20;

/// The broker decides who makes room for whom. So its sockets take a turn's newcomers, and those
/// that are just closing, beyond what it lets live.
constexpr std::size_t accept_slack = 512;

Result<Value> read_yaml_file(const std::string& path) {
    const auto text = store::read_file(path, max_config_bytes);
    if (!text) return std::unexpected(text.error());
    const auto value = parse_yaml(*text);
    if (!value) return fail_in(path, value);
    return *value;
}

std::size_t size(const Settings& settings, std::string_view key) {
    return static_cast<std::size_t>(settings.integer(key));
}

} // namespace

std::string data_folder(const ServeOptions& options) {
    return options.data.empty() ? default_data_folder().string() : options.data;
}

Result<Settings> read_settings(const ServeOptions& options) {
    Settings settings(settings_table());
    std::string file = options.config;
    const std::string beside = data_folder(options) + "/hearth.yaml";
    if (file.empty() && std::filesystem::exists(beside)) file = beside;
    if (!file.empty()) {
        const auto value = read_yaml_file(file);
        if (!value) return std::unexpected(value.error());
        const auto loaded = settings.load(*value);
        if (!loaded) return fail_in(file, loaded);
    }
    for (const std::string& assignment : options.set) {
        const auto done = settings.set(assignment);
        if (!done) return fail_in("--set", done);
    }
    return settings;
}

Result<Addresses> read_addresses(const ServeOptions& options, const Settings& settings) {
    const auto http =
        net::parse_address(options.http.empty() ? settings.text("listen.http") : options.http);
    if (!http) return fail_in("--http", http);
    const auto mqtt =
        net::parse_address(options.mqtt.empty() ? settings.text("listen.mqtt") : options.mqtt);
    if (!mqtt) return fail_in("--mqtt", mqtt);
    if (!http->is_loopback())
        return fail(Code::refused,
                    "the API listens on loopback only, not on {}: without TLS its token could be "
                    "read on the way",
                    http->to_string());
    if (!mqtt->is_loopback() && options.anonymous)
        return fail(Code::refused,
                    "--anonymous is for loopback only: {} would let anybody in the network in",
                    mqtt->to_string());
    if (!mqtt->is_loopback() && !settings.boolean("broker.allow_plain_lan"))
        return fail(Code::refused,
                    "MQTT without TLS on {} could be read by anybody in the network; if your "
                    "devices need it, allow it with --set broker.allow_plain_lan=true",
                    mqtt->to_string());
    return Addresses{*http, *mqtt};
}

Result<std::optional<automations::Place>> read_place(const Settings& settings) {
    const std::string text = settings.text("home.place");
    if (text.empty()) return std::nullopt;
    const std::size_t comma = text.find(',');
    automations::Place place;
    if (comma == std::string::npos || !parse_number(trim(text.substr(0, comma)), place.latitude) ||
        !parse_number(trim(text.substr(comma + 1)), place.longitude) ||
        std::abs(place.latitude) > 90 || std::abs(place.longitude) > 180)
        return fail(Code::invalid,
                    "home.place: \"{}\" is not LATITUDE,LONGITUDE in degrees, such as 48.86,2.35",
                    printable(text, 80));
    return place;
}

assistant::AssistantOptions assistant_options(const Settings& settings) {
    assistant::AssistantOptions options;
    options.reply_wait = settings.duration("assistant.reply_wait");
    options.language = settings.text("assistant.language");
    options.confirm_within = settings.duration("assistant.confirm_within");
    return options;
}

Result<home::HomeSeed> read_home_file(const std::string& path) {
    const auto value = read_yaml_file(path);
    if (!value) return std::unexpected(value.error());
    auto seed = home::parse_home(*value);
    if (!seed) return fail_in(path, seed);
    return seed;
}

store::JournalOptions journal_options(const Settings& settings) {
    store::JournalOptions options;
    options.commit_interval = settings.duration("journal.commit_interval");
    options.segment_bytes = size(settings, "journal.segment_bytes");
    options.keep = settings.duration("journal.keep");
    options.keep_bytes = size(settings, "journal.keep_bytes");
    options.retry_interval = settings.duration("journal.retry_interval");
    return options;
}

home::HomeLimits home_limits(const Settings& settings) {
    home::HomeLimits limits;
    limits.devices = size(settings, "home.devices");
    limits.recent_events = size(settings, "home.recent_events");
    limits.command_timeout = settings.duration("home.command_timeout");
    limits.under_way_at_most = settings.duration("home.under_way_at_most");
    return limits;
}

std::size_t mqtt_connections(const Settings& settings) {
    // The journal, listeners, files of the moment.
    constexpr std::size_t files = 64;
    return raise_open_files(size(settings, "broker.connections"),
                            accept_slack + size(settings, "api.connections") + files);
}

broker::BrokerLimits broker_limits(const Settings& settings, std::size_t connections) {
    broker::BrokerLimits limits;
    limits.packet_bytes = size(settings, "broker.packet_bytes");
    limits.receive_maximum = static_cast<std::uint16_t>(settings.integer("broker.receive_maximum"));
    limits.in_flight = static_cast<std::uint16_t>(settings.integer("broker.in_flight"));
    limits.connections = connections;
    limits.connections_per_credential = size(settings, "broker.connections_per_credential");
    limits.connections_per_address = size(settings, "broker.connections_per_address");
    limits.sessions = size(settings, "broker.sessions");
    limits.sessions_per_credential = size(settings, "broker.sessions_per_credential");
    limits.session_expiry_s =
        static_cast<std::uint32_t>(settings.duration("broker.session_expiry") / seconds);
    limits.subscriptions_per_session = size(settings, "broker.subscriptions_per_session");
    limits.subscriptions = size(settings, "broker.subscriptions");
    limits.subscriptions_per_credential = size(settings, "broker.subscriptions_per_credential");
    limits.subscription_bytes = size(settings, "broker.subscription_bytes");
    limits.subscription_bytes_per_credential =
        size(settings, "broker.subscription_bytes_per_credential");
    limits.password_tries = size(settings, "broker.password_tries");
    limits.password_delay = settings.duration("broker.password_delay");
    limits.topic_levels = size(settings, "broker.topic_levels");
    limits.topic_bytes = size(settings, "broker.topic_bytes");
    limits.queued_messages = size(settings, "broker.queued_messages");
    limits.queued_bytes = size(settings, "broker.queued_bytes");
    limits.queued_messages_per_credential = size(settings, "broker.queued_messages_per_credential");
    limits.queued_messages_in_all = size(settings, "broker.queued_messages_in_all");
    limits.queued_bytes_per_credential = size(settings, "broker.queued_bytes_per_credential");
    limits.queued_bytes_in_all = size(settings, "broker.queued_bytes_in_all");
    limits.retained_messages = size(settings, "broker.retained_messages");
    limits.retained_messages_per_credential =
        size(settings, "broker.retained_messages_per_credential");
    limits.retained_bytes = size(settings, "broker.retained_bytes");
    limits.retained_bytes_per_credential = size(settings, "broker.retained_bytes_per_credential");
    limits.incoming_bytes = size(settings, "broker.incoming_bytes");
    limits.incoming_bytes_per_credential = size(settings, "broker.incoming_bytes_per_credential");
    limits.will_grace = settings.duration("broker.will_grace");
    limits.connect_timeout = settings.duration("broker.connect_timeout");
    return limits;
}

net::StreamLimits stream_limits(const Settings& settings, std::size_t connections) {
    net::StreamLimits limits;
    limits.connections = connections + accept_slack;
    const std::size_t packet_bytes = size(settings, "broker.packet_bytes");
    limits.unparsed_bytes = packet_bytes + 16;
    // Beyond what the broker lets wait in a socket, one packet can be on its way there, and another
    // behind it that had been let in before.
    limits.unsent_bytes =
        std::max(limits.unsent_bytes, broker::BrokerLimits().unsent_bytes + (2 * packet_bytes));
    return limits;
}

api::HttpLimits http_limits(const Settings& settings) {
    api::HttpLimits limits;
    limits.connections = size(settings, "api.connections");
    limits.connections_per_address = size(settings, "api.connections_per_address");
    limits.body_bytes = size(settings, "api.body_bytes");
    return limits;
}

Result<api::HttpTrust> http_trust(const Settings& settings) {
    api::HttpTrust trust;
    trust.hosts = api::names_of_machine(net::own_host_name());
    const std::string hosts = settings.text("api.hosts");
    for (const std::string_view part : split(hosts, ',')) {
        const std::string name = to_lower(trim(part));
        if (name.empty()) continue;
        if (!api::is_host_name(name))
            return fail(Code::invalid,
                        "api.hosts: \"{}\" is no host name, such as home.example.org",
                        printable(name, 80));
        trust.hosts.push_back(name);
    }
    auto proxies = api::TrustedProxies::parse(settings.text("api.trusted_proxies"));
    if (!proxies) return fail_in("api.trusted_proxies", proxies);
    trust.proxies = std::move(*proxies);
    return trust;
}

api::ApiLimits api_limits(const Settings& settings) {
    api::ApiLimits limits;
    limits.live.subscribers = size(settings, "api.live_subscribers");
    limits.live.queue_bytes = size(settings, "api.live_queue_bytes");
    return limits;
}

mqtt_discovery::Options discovery_options(const Settings& settings) {
    mqtt_discovery::Options options;
    options.prefix = settings.text("discovery.prefix");
    options.status_topic = options.prefix + "/status";
    return options;
}

Result<void> check_topic_filter(std::string_view filter) {
    const auto good = mqtt::check_topic_filter(filter);
    if (!good)
        return fail(Code::invalid, "\"{}\" is no topic filter: {}", printable(filter, 80),
                    good.error().detail);
    return {};
}

} // namespace hearth::app
