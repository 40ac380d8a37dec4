#pragma once

#include "access/claim_code.h"
#include "adapters/mqtt_discovery/adapter.h"
#include "api/api.h"
#include "api/site.h"
#include "app/admin_token.h"
#include "app/home_setup.h"
#include "app/mqtt_rights.h"
#include "assistant/assistant.h"
#include "automations/automations.h"
#include "base/memory_watch.h"
#include "broker/broker.h"
#include "broker/socket_outlet.h"
#include "home/household.h"
#include "home/seed.h"
#include "journal/durable_journal.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hearth::app {

/// What homes use of the process that they live in. All of it outlives them.
struct HomeGround {
    const Clock& clock;
    Random& random;
    net::Workers& workers;
    const language::Languages& languages;
    MemoryWatch* memory = nullptr; ///< of the process; nullptr: there is no budget
    /// Runs a task on the homes' thread after a while.
    std::function<void(Micros delay, std::function<void()> task)> after;
};

/// One home, with all that is its own: journal, devices, automations, people, credentials, MQTT
/// broker, adapters, assistant, API and page, metrics and refusals, zone and place. Makes every
/// part in order, hands each what it needs, and takes them down in the reverse order. It decides
/// nothing, and knows neither a socket nor a folder: those who let people and devices in
/// (home_doors.h) hand it their bytes, and whoever opens its journal says where it lies.
///
/// Life: make() → start() → attach() and turns → stop() → some more turns → close(). Several live
/// in one process and share nothing but HomeGround. All on one shard's thread.
class HomeRuntime final : public home::Sender {
public:
    /// Opens the home's journal, with the registry of the home's metrics.
    using OpenJournal =
        std::function<Result<std::unique_ptr<journal::DurableJournal>>(Metrics& metrics)>;

    /// Makes the home and restores its journal. Errors: those of the journal.
    static Result<std::unique_ptr<HomeRuntime>> make(HomeGround ground, HomeSetup setup,
                                                     const OpenJournal& open_journal);
    ~HomeRuntime() override;

    /// Plants the home file, takes up commands and runs where they were, and answers requests from
    /// now on. A home that is nobody's yet gets a claim code. Errors: invalid settings, and those
    /// of planting.
    Result<void> start(const AdminToken& token);

    /// Where bytes come in over MQTT.
    net::StreamHandler& mqtt() { return *broker_; }
    /// The sockets by which bytes leave over MQTT, and where the home is to be found, for its API.
    void attach(net::StreamSockets& sockets, std::function<Value()> listeners);
    /// A request to the home's page or API.
    void handle(api::Request& request, const api::Responder& respond);

    /// One turn, after all that is ready was read: adapters and home do what is due, the broker
    /// ends its turn, the journal writes. What the sockets hold may leave then, unless is_broken().
    void turn();
    /// When turn() has something to do though nothing comes in (steady clock): in the past where it
    /// has more now, and never further off than two seconds, within which it is noticed that the
    /// clock was set.
    Micros next_wake_up() const;

    /// After an I/O error of the journal: nothing that the last turn led to may leave, and only a
    /// new start knows what there is.
    bool is_broken() const { return journal_->is_broken(); }
    const Error& failure() const { return journal_->failure(); }

    /// Says good-bye: the adapters to their devices, the broker to its clients. Turns go on, so
    /// that what this caused is written and leaves.
    void stop();
    /// Commits all there is. No turn comes after it. Errors: io, unavailable.
    Result<void> close() { return journal_->close(); }

    /// home::Sender, the switchboard of adapters: the home's own to call.
    void send(const home::Device& device, const home::Command& command) override;

    /// This home's numbers, as its API shows them.
    Metrics& metrics() { return metrics_; }
    const HomeSetup& setup() const { return setup_; }
    /// There was no journal: the home began with this start.
    bool is_new() const { return was_empty_; }
    /// The code to claim it by; only where it was nobody's at the start.
    const std::optional<std::string>& first_claim_code() const { return first_claim_code_; }

private:
    HomeRuntime(HomeGround ground, HomeSetup setup);

    Result<void> restore(const OpenJournal& open_journal);
    void make_books();
    Result<void> plant();
    Result<void> make_assistant();
    Result<void> start_adapters();
    void make_api(const std::string& admin_token);
    void add_gauges();
    Result<void> hand(const home::Cause& cause, const home::Device& device,
                      const std::string& credential);

    const HomeGround ground_;
    HomeSetup setup_;
    Metrics metrics_;
    Refusals refusals_;
    std::unique_ptr<journal::DurableJournal> journal_;
    std::unique_ptr<home::Home> home_;
    std::unique_ptr<automations::Automations> automations_;
    std::unique_ptr<home::CredentialBook> credentials_;
    std::unique_ptr<home::PersonBook> persons_;
    std::unique_ptr<home::Household> household_;
    std::unique_ptr<MqttRights> rights_;
    broker::SocketOutlet outlet_;
    std::unique_ptr<broker::Broker> broker_;
    std::optional<home::Seeding> seeding_;
    std::unique_ptr<adapters::Port> discovery_port_;
    std::unique_ptr<mqtt_discovery::Adapter> discovery_;
    std::unique_ptr<assistant::Assistant> assistant_;
    access::ClaimCode claim_;
    std::unique_ptr<api::Api> api_;
    api::Site site_;

    std::function<Value()> listeners_ = [] { return Value(ValueMap()); };
    std::optional<std::string> first_claim_code_;
    bool was_empty_ = false;
    bool stopping_ = false;
};

} // namespace hearth::app
