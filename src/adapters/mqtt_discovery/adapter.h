#pragma once

#include "adapters/adapter.h"
#include "adapters/mqtt_discovery/device_record.h"
#include "adapters/mqtt_discovery/discovery_message.h"
#include "adapters/mqtt_discovery/feed.h"
#include "adapters/mqtt_discovery/limits.h"
#include "adapters/mqtt_discovery/state_message.h"
#include "adapters/mqtt_discovery/template_budget.h"
#include "adapters/mqtt_discovery/templates.h"
#include "adapters/mqtt_discovery/value_timers.h"
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
/// **Whose a device is.** An announcement belongs to the credential that made it, also as a
/// retained message and over restarts, and so does the device it is of. Only that credential or a
/// person changes, moves or removes it. What another one says on the same topic, of the same device
/// (by an identifier or connection) or of the same unique id is refused, and the reason names both.
/// Refused rather than made a second device: two doors of one name, of which one is another's,
/// would get each other's commands by voice. A device that has left stays its credential's for as
/// long as there is that credential, for it comes back with its names, its room and its rules. All
/// clients without a name are one owner, the empty one. See adapter_owners.cpp.
///
/// **What it may reach.** A component is read only from topics that its owner may publish to, and
/// commanded only on topics that its owner may subscribe to; the broker is asked again with each
/// command. hearth lends nobody its own rights.
///
/// It listens and publishes through the LocalBus, which must outlive it. It has no
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
    /// Publishes its will and subscribes to nothing any more. A command that comes afterwards is
    /// refused.
    void stop() override;
    /// [{"path", "topic", "template", "command_topic", "discovery", "credential"}], a line for each
    /// source.
    Value sources(const home::Device& device) const override;

    /// A credential was made, changed or revoked (after the broker has heard of it): what it
    /// announced stays as far as it still may, the rest goes at once.
    void rights_changed(std::string_view credential);

    /// A person gives a device and its announcements to another credential; one that has left, too.
    /// Returns whose it was. Errors: not_found (the credential), refused (it may not use the
    /// device's topics; the text says which); then nothing changes.
    Result<std::string> hand(const home::Device& device, const std::string& credential);

    /// Announces devices of which nothing new was heard for a while, ends values whose time is
    /// over, and tries again to send commands. Cheap when there is nothing to do.
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
        std::size_t value_timers = 0;
    };
    Counts counts() const;

private:
    /// A discovery topic and what it announced.
    struct Announced {
        std::string owner;
        std::size_t payload_hash = 0;
        bool good = false;                   ///< all of it was accepted
        std::vector<std::string> components; ///< ids; never empty
    };
    /// Messages of a command that nobody was there to take.
    struct Pending {
        home::CommandId command = 0;
        std::string owner; ///< of the device
        std::vector<broker::Message> messages;
        Micros next_try = 0;
        Micros give_up = 0;
    };
    using Values = std::vector<std::pair<home::Path, Value>>;
    class Subscriber;
    class ReportOf;

    // adapter.cpp: discovery
    using Notes = std::map<std::string, std::string, std::less<>>;
    struct Retained {
        std::string payload;
        std::string owner;
    };
    using AllRetained = std::map<std::string, Retained, std::less<>>;

    void take_up(const Notes& notes);
    void take_up(const std::string& topic, std::string_view note, AllRetained& retained);
    AllRetained all_retained();
    std::string retained_on(const std::string& topic);
    std::vector<std::string> discovery_filters() const;
    Result<void> discovered(std::string_view topic, std::string_view payload,
                            const broker::Origin& origin);
    void dropped(std::string_view topic);
    Result<bool> accept(const DiscoveryTopic& parsed, const std::string& topic,
                        std::string_view payload, const std::string& owner);
    void remember(const std::string& topic, std::string_view payload, bool kept);
    void note(const std::string& key, const std::string& bytes);
    void forget_unannounced();

    // adapter_owners.cpp: whose it is, and what that one may reach
    bool is_anothers(const std::string& theirs, const std::string& owner) const;
    Result<void> check_speaker(const std::string& topic, const std::string& owner) const;
    Result<void> check_ids(const std::vector<std::string>& ids, const std::string& owner) const;
    Result<void> check_owner(const Component& component, const std::string& owner) const;
    Result<void> check_options(const ValueMap& options, const std::string& owner) const;
    Result<void> check_topics(const Component& component, const std::string& owner) const;
    Result<void> check_read(std::string_view option, const std::string& topic,
                            const std::string& owner) const;
    Result<void> check_command(std::string_view option, const std::string& topic,
                               const std::string& owner) const;
    bool reaches_announcements(std::string_view filter) const;
    void withdraw(const std::string& topic, bool all);
    Result<void> check_announcement(const std::string& topic, const std::string& owner);
    void remember_owner(const DeviceRecord& record);
    void set_owner(const std::string& external_id, const std::string& owner);
    void drop_stale_owners();
    void read_owners(const Notes& notes);
    void forget_notes_of(std::string_view credential);

    // adapter_devices.cpp: components and devices
    Result<void> add(Component component, const std::string& owner);
    std::string namesake(const Component& component) const;
    Result<void> check_room(const Component& component) const;
    void make_room(const Component& component);
    DeviceRecord& record_for(const Component& component, const std::string& owner);
    void merge(DeviceRecord& into, DeviceRecord& from);
    void remove(const std::string& component_id);
    void remove_topic(const std::string& topic);
    void drop_if_empty(const std::string& topic);
    void listen(DeviceRecord& record, Component& component);
    Feed& feed(const std::string& filter);
    void silence(DeviceRecord& record, const Component& component);
    void drop_unused_feeds(DeviceRecord& record);
    void changed(DeviceRecord& record);
    void announce_due(bool all);
    void announce_all(const std::vector<DeviceRecord*>& records);
    void announce(DeviceRecord& record);
    void forget(DeviceRecord& record);
    void catch_up();
    home::DeviceDescription describe(const DeviceRecord& record, const Assembled& assembled) const;

    // adapter_recall.cpp: what was known of a device before
    std::string external_id_of(const DeviceRecord& record) const;
    void recall_told(const DeviceRecord& record, const std::vector<Component*>& components);
    void recall_types(DeviceRecord& record);

    // adapter_states.cpp
    void deliver(Feed& feed, std::string_view topic, std::string_view payload,
                 const broker::Origin& origin);
    void hand_out(Feed& feed, StateMessage& message);
    Feed* announce_listeners(Feed& feed);
    void take(Feed& feed, DeviceRecord& record, DeviceListeners& listeners, StateMessage& message);
    void wait(Feed& feed, DeviceRecord& record, StateMessage& message);
    void take_waiting(DeviceRecord& record);
    void take_waiting(DeviceRecord& record, const std::vector<WaitingMessage>& all,
                      bool availability);
    void decode(Feed& feed, DeviceRecord& record, const DeviceListeners& listeners,
                StateMessage& message);
    bool is_kept_in_vain(const Feed& feed, const DeviceRecord& record,
                         const Listener& listener) const;
    void tell_set_aside(StateMessage& message);
    void report(DeviceRecord& record, ReportOf& told, const StateMessage& message);
    void offer_told(DeviceRecord& record, ReportOf& told);
    void drop_known_nulls(const DeviceRecord& record, Values& values) const;

    // adapter_availability.cpp
    void take_availability(DeviceRecord& record, const std::string& filter, StateMessage& message);
    void tell_availability(DeviceRecord& record);
    void tell_parts(DeviceRecord& record);
    void take_back(const DeviceRecord& record, const Component& component, Values& lost) const;
    void read_again(DeviceRecord& record, const std::vector<const Reachable*>& turned);
    bool is_away(const DeviceRecord& record, const Component& component) const;

    // adapter_timers.cpp
    const home::Attribute* timed_attribute(const DeviceRecord& record,
                                           const Component& component) const;
    bool is_of_the_past(const Component& component, const home::Attribute& known,
                        const Value& told) const;
    void mind_timers(const DeviceRecord& record, const Component& component, Values& values,
                     const StateMessage& message);
    void resume_timers(const DeviceRecord& record);
    void stop_timers(const Component& component);
    void end_values();
    void end_value(const DeviceRecord& record, const Component& component, TimerKind kind);

    // adapter_commands.cpp
    Result<std::vector<broker::Message>> messages_for(const DeviceRecord& record,
                                                      const home::Device& device,
                                                      const home::Command& command) const;
    Result<std::vector<broker::Message>> publish(const std::string& owner,
                                                 std::vector<broker::Message> messages);
    void keep_trying(home::CommandId command, const std::string& owner, Micros deadline,
                     std::vector<broker::Message> messages);
    void retry_pending();

    broker::LocalBus& bus_;
    Options options_;
    adapters::Port* port_ = nullptr;
    TemplateCache templates_;
    TemplateBudget budget_;
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
    std::vector<std::unique_ptr<Feed>> dropped_feeds_; ///< until the end of the turn
    /// The credential whose a device is, there or left, by its external id. Noted at all times: its
    /// announcement may be gone when the hub comes back.
    std::map<std::string, std::string, std::less<>> owners_;
    bool starting_ = false; ///< what is retained has been read already
    bool stopped_ = false;
    ValueTimers timers_;
    std::size_t waiting_messages_ = 0;
    std::size_t waiting_bytes_ = 0;
    std::deque<Pending> pending_;
};

} // namespace hearth::mqtt_discovery
