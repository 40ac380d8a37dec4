#pragma once

#include "adapters/mqtt_discovery/adapter.h"
#include "app/mqtt_rights.h"
#include "broker/broker.h"
#include "home/credential_book.h"
#include "hub/disk.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hearth::hub_fuzz {

using broker::ConnectionId;

/// What the broker sends, until the end of a turn lets it leave.
class Outlet final : public broker::Outlet {
public:
    void send(ConnectionId id, std::string_view bytes) override { unsent_[id] += bytes; }
    void send(ConnectionId id, broker::SharedBytes bytes) override { unsent_[id] += *bytes; }
    void close(ConnectionId id, std::string_view) override { closed.insert(id); }
    void turn_away(ConnectionId id, std::string_view) override { closed.insert(id); }
    void pause(ConnectionId) override {}
    void resume(ConnectionId) override {}
    std::size_t unsent(ConnectionId id) const override {
        const auto found = unsent_.find(id);
        return found == unsent_.end() ? 0 : found->second.size();
    }
    std::string take(ConnectionId id) {
        std::string bytes;
        if (const auto found = unsent_.find(id); found != unsent_.end()) {
            bytes = std::move(found->second);
            unsent_.erase(found);
        }
        return bytes;
    }
    std::size_t bytes() const;

    std::set<ConnectionId> closed;

private:
    std::map<ConnectionId, std::string> unsent_;
};

/// What hearth itself published.
struct Spoken {
    broker::Message message;
    std::string credential; ///< on whose behalf; empty for nobody's
    bool refused = false;   ///< by the broker, for want of that credential's right
    std::size_t takers = 0;
    bool accepts = true; ///< whether the journal did
    journal::Sequence before = 0;
    journal::Sequence after = 0;
};

/// What is retained on a topic was given to another credential.
struct Handed {
    std::string topic;
    std::string credential;
    journal::Sequence before = 0;
    journal::Sequence after = 0;
};

/// The adapter's way to the broker: notes what hearth says, and which messages it refuses.
class Bus final : public broker::LocalBus {
public:
    Bus(broker::LocalBus& broker, const Disk& disk);
    ~Bus() override;
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    SubscriptionId subscribe(std::string_view filter, broker::LocalSubscriber& subscriber) override;
    void unsubscribe(SubscriptionId subscription) override { broker_.unsubscribe(subscription); }
    std::size_t publish(broker::Message message) override;
    Result<std::size_t> publish_for(std::string_view credential, broker::Message message) override;
    bool retains(std::string_view topic) const override { return broker_.retains(topic); }
    bool hand_retained(std::string_view topic, std::string_view credential) override;
    const broker::Authorizer& rights() const override { return broker_.rights(); }

    /// Told of what hearth is about to say on behalf of a credential.
    std::function<void(const broker::Message&)> speaks;
    std::vector<Spoken> spoken;
    std::vector<Handed> handed;
    bool refused = false; ///< a client's message, since this was last cleared

private:
    class Ear;

    broker::LocalBus& broker_;
    const Disk& disk_;
    std::vector<std::unique_ptr<Ear>> ears_;
};

/// The hub from one start to its death: the real parts, put together as app/home_runtime.cpp does
/// it, with neither sockets nor HTTP.
class Life final : private home::Sender {
public:
    Life(const ManualClock& the_clock, Disk& disk, std::uint64_t seed);
    /// The journal's records.
    void replay();
    /// What the home hears from then on goes to `listener`.
    void start(home::Home::Listener listener, std::function<void(const broker::Message&)> speaks);
    /// A turn of the shard, up to where the sockets are flushed.
    void turn();
    Disk::Owners owners() { return {&home, &book, &broker}; }
    /// The number of a metric.
    double gauge(std::string_view name) const;

private:
    void send(const home::Device& device, const home::Command& command) override {
        adapter.send(device, command);
    }

    SeededRandom random_;
    Metrics metrics_;
    Refusals refusals_;
    Disk& disk_;

public:
    const ManualClock& clock;
    home::Home home;
    home::CredentialBook book;
    Outlet outlet;

private:
    app::MqttRights rights_;

public:
    broker::Broker broker;
    Bus bus;
    mqtt_discovery::Adapter adapter;

private:
    adapters::Port port_;
};

broker::BrokerLimits small_limits();
mqtt_discovery::Limits small_adapter_limits();

} // namespace hearth::hub_fuzz
