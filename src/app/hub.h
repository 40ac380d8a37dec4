#pragma once

#include "access/claim_code.h"
#include "adapters/mqtt_discovery/adapter.h"
#include "api/api.h"
#include "api/http_server.h"
#include "api/site.h"
#include "app/lan.h"
#include "app/mqtt_rights.h"
#include "app/serve.h"
#include "assistant/assistant.h"
#include "automations/automations.h"
#include "base/memory_watch.h"
#include "base/settings.h"
#include "broker/broker.h"
#include "broker/socket_outlet.h"
#include "home/seed.h"
#include "net/shard.h"
#include "net/stream_sockets.h"
#include "net/system_zone.h"
#include "store/data_folder.h"
#include "store/file_journal.h"

#include <memory>
#include <optional>
#include <string>

namespace hearth::app {

/// The running hub: makes every part in order, hands each what it needs, and takes them down in the
/// reverse order. It decides nothing.
///
/// One turn of the shard: sockets are read → adapters and home do what is due → the broker ends its
/// turn → the journal writes → the sockets flush.
class Hub final : public home::Sender {
public:
    /// Makes the hub, replays its journal and listens. Errors say what is wrong and what to do;
    /// nothing is left behind then but the data folder.
    static Result<std::unique_ptr<Hub>> make(const ServeOptions& options);
    ~Hub() override;

    /// Runs until SIGINT or SIGTERM, then ends in order: clients are told, the journal is closed.
    Result<void> run();

    const net::Address& http() const { return http_address_; }
    const net::Address& mqtt() const { return mqtt_address_; }
    /// The code to claim it by; only at the first start of a data folder.
    const std::optional<std::string>& first_claim_code() const { return first_claim_code_; }

    /// With --lan: where other machines find it.
    const std::optional<LanAddress>& lan() const { return lan_; }

    // home::Sender: the switchboard of adapters.
    void send(const home::Device& device, const home::Command& command) override;

private:
    Hub(Settings settings, store::DataFolder folder, const ServeOptions& options);

    Result<void> choose_place(const std::string& home_file);
    Result<void> open_journal();
    Result<void> read_or_make_token();
    Result<void> seed();
    Result<void> make_assistant();
    Result<void> start_adapters();
    Result<void> listen(const net::Address& http, const net::Address& mqtt);
    Result<void> listen_on_lan();
    void renew_certificate();
    Result<void> hand(const home::Cause& cause, const home::Device& device,
                      const std::string& credential);
    Result<void> announce_listeners();
    Value listeners() const;
    void make_api();
    void add_gauges();
    void look_at_memory();
    std::optional<Micros> next_wake_up() const;
    void add_steps();
    void give_up();
    void stop();

    Settings settings_;
    store::DataFolder folder_;
    net::SystemClock clock_;
    net::ZoneRules zone_;
    std::optional<automations::Place> place_;
    std::optional<home::HomeSeed> home_file_; ///< until it is planted
    SecureRandom random_;
    Metrics metrics_;
    Refusals refusals_{clock_, metrics_};
    MemoryWatch memory_;
    net::Shard shard_;
    std::unique_ptr<journal::DurableJournal> journal_;
    std::unique_ptr<home::Home> home_;
    std::unique_ptr<automations::Automations> automations_;
    std::unique_ptr<home::CredentialBook> credentials_;
    std::unique_ptr<home::PersonBook> persons_;
    std::unique_ptr<MqttRights> rights_;
    broker::SocketOutlet outlet_;
    std::unique_ptr<broker::Broker> broker_;
    std::unique_ptr<net::StreamSockets> sockets_;
    std::optional<home::Seeding> seeding_;
    std::unique_ptr<adapters::Port> discovery_port_;
    std::unique_ptr<mqtt_discovery::Adapter> discovery_;
    std::optional<language::Languages> languages_;
    std::unique_ptr<assistant::Assistant> assistant_;
    access::ClaimCode claim_;
    std::unique_ptr<api::Api> api_;
    api::Site site_;
    std::unique_ptr<api::HttpServer> http_server_;

    std::size_t mqtt_connections_ = 0;
    Micros memory_looked_at_ = 0;
    std::uint64_t received_then_ = 0; ///< bytes over MQTT when memory was looked at
    bool anonymous_;
    bool on_lan_;
    bool stopping_ = false;
    bool given_up_ = false;
    std::string admin_token_;
    std::optional<std::string> first_claim_code_;
    std::optional<LanAddress> lan_;
    std::shared_ptr<void> signals_;
    net::Address http_address_;
    net::Address mqtt_address_;
};

} // namespace hearth::app
