#pragma once

#include "adapters/mqtt_discovery/adapter.h"
#include "api/api.h"
#include "api/http_server.h"
#include "app/serve.h"
#include "assistant/assistant.h"
#include "automations/sun.h"
#include "base/settings.h"
#include "broker/limits.h"
#include "home/home.h"
#include "home/seed.h"
#include "net/stream_sockets.h"
#include "store/file_journal.h"

#include <string>

/// From the command line and the settings to what each room wants to know. Errors are for people.
namespace hearth::app {

struct Addresses {
    net::Address http;
    net::Address mqtt;
};

/// The config file, then --set.
Result<Settings> read_settings(const ServeOptions& options);
/// Where to listen. Refused (Code::refused) where MQTT without TLS would be open beyond this
/// machine against the settings, or --anonymous is not confined to it.
Result<Addresses> read_addresses(const ServeOptions& options, const Settings& settings);
std::string data_folder(const ServeOptions& options);
/// `home.place`; nothing where it is empty. Errors: invalid.
Result<std::optional<automations::Place>> read_place(const Settings& settings);
assistant::AssistantOptions assistant_options(const Settings& settings);
Result<home::HomeSeed> read_home_file(const std::string& path);

store::JournalOptions journal_options(const Settings& settings);
home::HomeLimits home_limits(const Settings& settings);
broker::BrokerLimits broker_limits(const Settings& settings, std::size_t connections);
net::StreamLimits stream_limits(const Settings& settings, std::size_t connections);
/// How many MQTT connections there may be, by the settings and by what the system lets open.
std::size_t mqtt_connections(const Settings& settings);
api::HttpLimits http_limits(const Settings& settings);
/// The names of the page and the proxies before it. Errors: invalid, naming the setting.
Result<api::HttpTrust> http_trust(const Settings& settings);
api::ApiLimits api_limits(const Settings& settings);
mqtt_discovery::Options discovery_options(const Settings& settings);

Result<void> check_topic_filter(std::string_view filter);

} // namespace hearth::app
