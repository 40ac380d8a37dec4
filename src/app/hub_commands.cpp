#include "app/commands.h"
#include "app/output.h"

namespace hearth::app {
namespace {

/// The MQTT port as hub.json and /status say it: "127.0.0.1:1883".
std::pair<std::string, std::string> mqtt_address(HubClient& hub) {
    const auto status = hub.get("/api/v1/status");
    const std::string text(status ? status->at("listeners").at("mqtt").string_or("") : "");
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return {"127.0.0.1", "1883"};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

void print_credential(HubClient& hub, const Value& made) {
    const std::string name(made.at("name").string_or(""));
    const std::string password(made.at("password").string_or(""));
    const auto [host, port] = mqtt_address(hub);
    print_line(fmt::format("name:     {0}\npassword: {1}\n\nThe password is shown only now. It may "
                           "publish and subscribe to {0}/#, to what Tasmota and Shelly call "
                           "{0}'s own, and announce devices of these topics (others: --topic).",
                           name, password));
    print_line(fmt::format("\nZigbee2MQTT, in configuration.yaml:\n"
                           "  mqtt:\n    server: mqtt://{}:{}\n    base_topic: {}\n"
                           "    user: {}\n    password: {}\n"
                           "  homeassistant:\n    enabled: true",
                           host, port, name, name, password));
    print_line(fmt::format("\nTasmota, in the console:\n"
                           "  Backlog MqttHost {}; MqttPort {}; MqttUser {}; MqttPassword {}; "
                           "Topic {}; SetOption19 1",
                           host, port, name, password, name));
    print_line(fmt::format("\nmosquitto_pub:\n"
                           "  mosquitto_pub -h {} -p {} -u {} -P {} -t {}/hello -m world",
                           host, port, name, password, name));
}

} // namespace

int add_credential(const CommonOptions& options, const std::string& name,
                   const std::vector<std::string>& topics) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const ValueMap body{{"name", name}, {"topics", ValueList(topics.begin(), topics.end())}};
    const auto made = hub->send("POST", "/api/v1/credentials", body);
    if (!made) return failed(made.error());
    if (options.json)
        print_json(*made);
    else
        print_credential(*hub, *made);
    return exit_done;
}

int list_credentials(const CommonOptions& options) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto all = hub->get("/api/v1/credentials");
    if (!all) return failed(all.error());
    if (options.json) {
        print_json(*all);
        return exit_done;
    }
    std::vector<std::vector<std::string>> rows{{"NAME", "MADE", "FURTHER TOPICS"}};
    for (const Value& credential : *all->as_list()) {
        std::string topics;
        if (const ValueList* list = credential.at("topics").as_list())
            for (const Value& topic : *list)
                topics += (topics.empty() ? "" : " ") + plain(topic);
        rows.push_back({plain(credential.at("name")), plain(credential.at("created")), topics});
    }
    print_table(rows);
    return exit_done;
}

int revoke_credential(const CommonOptions& options, const std::string& name) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto done = hub->send("DELETE", "/api/v1/credentials/" + HubClient::part(name), {});
    if (!done) return failed(done.error());
    if (!options.json) print_line(fmt::format("{} is revoked; its sessions have ended", name));
    return exit_done;
}

int make_claim_code(const CommonOptions& options) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto made = hub->send("POST", "/api/v1/claim-codes", {});
    if (!made) return failed(made.error());
    if (options.json)
        print_json(*made);
    else
        print_line(fmt::format("claim code: {}", made->at("code").string_or("")));
    return exit_done;
}

int list_refused(const CommonOptions& options) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto answer = hub->get("/api/v1/refused");
    if (!answer) return failed(answer.error());
    if (options.json) {
        print_json(answer->at("refused"));
        return exit_done;
    }
    for (const Value& refusal : *answer->at("refused").as_list())
        print_line(fmt::format("{}  {}  {}: {}", plain(refusal.at("time")),
                               plain(refusal.at("source")), plain(refusal.at("from")),
                               plain(refusal.at("why"))));
    return exit_done;
}

} // namespace hearth::app
