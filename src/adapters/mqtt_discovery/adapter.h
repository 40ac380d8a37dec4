#pragma once

#include "adapters/adapter.h"
#include "adapters/mqtt_discovery/device_record.h"
#include "adapters/mqtt_discovery/discovery_message.h"
#include "adapters/mqtt_discovery/feed.h"
#include "adapters/mqtt_discovery/limits.h"
#include "adapters/mqtt_discovery/state_message.h"
#include "adapters/mqtt_discovery/templates.h"
#include "broker/message.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hearth::mqtt_discovery {

struct Options {
    std::string prefix = "homeassistant";
    /// Where it says that it is there, so that devices announce themselves again. Empty: nowhere.
    std::string status_topic = "homeassistant/status";
    Limits limits;
};

/// Home Assistant's MQTT discovery: devices that announce themselves on `homeassistant/…/config`
/// (Zigbee2MQTT, Tasmota, ESPHome, OpenMQTTGateway and many more) become devices of the home, each
/// one device however many components it announces. docs/mqtt-discovery.md says what is supported.
///
/// It listens and publishes as hearth itself through the LocalBus, which must outlive it. It has no
/// clock or timer of its own: the program calls tick() at the end of each turn of the shard and no
/// later than next_deadline(). All on the home's shard.
class Adapter final : public adapters::Adapter {
public:
    explicit Adapter(broker::LocalBus& bus, Options options = {});
    ~Adapter() override;

    std::string_view name() const override { return "mqtt_discovery"; }

    /// Takes up what it kept of earlier announcements, subscribes to discovery, announces the
    /// devices whose announcements are retained, and publishes its birth. Errors: invalid, for a
    /// prefix that is no topic.
    Result<void> start(adapters::Port& port) override;
    /// Sends the messages that make up a command. Where nobody subscribes to the topic it tries
    /// again until the command's deadline; where the device would never answer it is refused.
    void send(const home::Device& device, const home::Command& command) override;
    /// Publishes its will and subscribes to nothing any more.
    void stop() override;
    /// [{"path", "topic", "template", "command_topic", "discovery"}], a line for each source.
    Value sources(const home::Device& device) const override;

    /// Announces devices of which nothing new was heard for a while, and tries again to send
    /// commands. Cheap when there is nothing to do.
    void tick();
    /// When tick() has something to do next (steady clock), or nothing.
    std::optional<Micros> next_deadline() const;

    struct Counts {
        std::size_t devices = 0;
        std::size_t components = 0;
        std::size_t topics = 0;
        std::size_t templates = 0;
        std::size_t pending_commands = 0;
        std::size_t waiting_messages = 0;
    };
    Counts counts() const;

private:
    /// A discovery topic and what it announced.
    struct Announced {
        std::size_t payload_hash = 0;
        bool good = false;                   ///< all of it was accepted
        std::vector<std::string> components; ///< ids
    };
    /// Messages of a command that nobody was there to take.
    struct Pending {
        home::CommandId command = 0;
        std::vector<broker::Message> messages;
        Micros next_try = 0;
        Micros give_up = 0;
    };
    class Subscriber;
    class ReportOf;

    // adapter.cpp: discovery
    void discovered(std::string_view topic, std::string_view payload, bool retained);
    void accept(const DiscoveryTopic& parsed, const std::string& topic, std::string_view payload);
    void remember(const std::string& topic, std::string_view payload, bool retained);
    void keep_notes();
    bool is_kept(const std::string& topic);
    void subscribe_to_discovery();

    // adapter_devices.cpp: components and devices
    Result<void> add(const DiscoveryTopic& parsed, const std::string& topic,
                     const DeviceInfo& device, const ComponentConfig& config);
    std::string namesake(const Component& component) const;
    Result<void> check_room(const Component& component) const;
    void make_room(const Component& component);
    DeviceRecord& record_for(const Component& component);
    void merge(DeviceRecord& into, DeviceRecord& from);
    void remove(const std::string& component_id);
    void remove_topic(const std::string& topic);
    void listen(DeviceRecord& record, Component& component);
    Feed& feed(const std::string& filter);
    void silence(DeviceRecord& record, const Component& component);
    void drop_unused_feeds(DeviceRecord& record);
    void changed(DeviceRecord& record);
    void announce_due(bool all);
    void announce(DeviceRecord& record);
    void forget(DeviceRecord& record);
    void catch_up();
    std::string external_id_of(const DeviceRecord& record) const;
    void recall_types(DeviceRecord& record);
    home::DeviceDescription describe(const DeviceRecord& record, const Assembled& assembled) const;

    // adapter_states.cpp
    void deliver(Feed& feed, std::string_view topic, std::string_view payload, bool retained);
    void take(Feed& feed, DeviceRecord& record, DeviceListeners& listeners, StateMessage& message);
    void wait(Feed& feed, DeviceRecord& record, const StateMessage& message);
    void take_waiting(DeviceRecord& record);
    void decode(DeviceRecord& record, const DeviceListeners& listeners, StateMessage& message);
    void take_availability(DeviceRecord& record, const std::string& filter, StateMessage& message);
    void tell_availability(DeviceRecord& record);
    void report(DeviceRecord& record, ReportOf& told, const StateMessage& message);

    // adapter_commands.cpp
    Result<std::vector<broker::Message>> messages_for(const DeviceRecord& record,
                                                      const home::Device& device,
                                                      const home::Command& command) const;
    std::vector<broker::Message> publish(std::vector<broker::Message> messages);
    void keep_trying(const home::Command& command, std::vector<broker::Message> messages);
    void retry_pending();

    broker::LocalBus& bus_;
    Options options_;
    adapters::Port* port_ = nullptr;
    TemplateCache templates_;
    std::unique_ptr<Subscriber> discovery_;
    std::vector<broker::LocalBus::SubscriptionId> subscriptions_;

    std::unordered_map<std::string, Announced> announced_; ///< by discovery topic
    std::unordered_map<std::string, DeviceRecord*> by_component_;
    std::unordered_map<std::string, std::string> by_unique_id_; ///< platform and id → component
    std::unordered_map<std::string, DeviceRecord*> by_id_;
    std::unordered_map<DeviceRecord*, std::unique_ptr<DeviceRecord>> records_;
    std::unordered_map<std::string, std::unique_ptr<Feed>> feeds_;

    std::vector<DeviceRecord*> changed_; ///< in the order of their first change
    std::set<Feed*> missed_;             ///< feeds with somebody who has not seen what was kept
    std::map<std::string, std::string> unkept_; ///< topic → payload, not known to be retained
    std::size_t waiting_messages_ = 0;
    std::size_t waiting_bytes_ = 0;
    std::deque<Pending> pending_;
};

} // namespace hearth::mqtt_discovery
