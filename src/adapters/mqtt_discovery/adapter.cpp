#include "adapters/mqtt_discovery/adapter.h"

#include "adapters/mqtt_discovery/config_reader.h"
#include "base/text.h"

#include <algorithm>

namespace hearth::mqtt_discovery {

class Adapter::Subscriber final : public broker::LocalSubscriber {
public:
    explicit Subscriber(Adapter& adapter)
        : adapter_(adapter) {}

    void received(std::string_view topic, std::string_view payload, bool retained,
                  std::string_view) override {
        adapter_.discovered(topic, payload, retained);
    }

private:
    Adapter& adapter_;
};

namespace {

/// Only asks whether a topic has a retained message.
class Probe final : public broker::LocalSubscriber {
public:
    void received(std::string_view, std::string_view payload, bool retained,
                  std::string_view) override {
        found = found || (retained && !payload.empty());
    }
    bool found = false;
};

} // namespace

Adapter::Adapter(broker::LocalBus& bus, Options options)
    : bus_(bus)
    , options_(std::move(options))
    , templates_(options_.limits.template_bytes)
    , discovery_(std::make_unique<Subscriber>(*this)) {}

Adapter::~Adapter() = default;

// --- Start, stop, time -------------------------------------------------------------------------

Result<void> Adapter::start(adapters::Port& port) {
    if (!is_topic_name(options_.prefix))
        return fail(Code::invalid, "the discovery prefix \"{}\" is no topic",
                    printable(options_.prefix, 60));
    port_ = &port;
    // A copy: what is retained replaces notes while this goes on.
    const auto notes = port.home().notes(name());
    for (const auto& [topic, payload] : notes)
        discovered(topic, payload, true);
    subscribe_to_discovery();
    for (const auto& [topic, payload] : notes)
        if (is_kept(topic)) port.keep_note(topic, {});
    announce_due(true);
    catch_up();
    if (!options_.status_topic.empty())
        bus_.publish({options_.status_topic, "online", broker::Qos::at_most_once, false, {}});
    return {};
}

void Adapter::subscribe_to_discovery() {
    for (const std::string_view levels : {"/+/+/config", "/+/+/+/config"})
        subscriptions_.push_back(
            bus_.subscribe(options_.prefix + std::string(levels), *discovery_));
}

void Adapter::stop() {
    if (port_ == nullptr) return;
    keep_notes();
    for (const auto subscription : subscriptions_)
        bus_.unsubscribe(subscription);
    subscriptions_.clear();
    for (const auto& [filter, feed] : feeds_)
        bus_.unsubscribe(feed->subscription);
    feeds_.clear();
    for (const auto& [record, owned] : records_)
        record->feeds.clear();
    missed_.clear();
    pending_.clear();
    if (!options_.status_topic.empty())
        bus_.publish({options_.status_topic, "offline", broker::Qos::at_most_once, false, {}});
    port_ = nullptr;
}

void Adapter::tick() {
    if (port_ == nullptr) return;
    announce_due(false);
    catch_up();
    keep_notes();
    retry_pending();
}

std::optional<Micros> Adapter::next_deadline() const {
    std::optional<Micros> next;
    const auto consider = [&](Micros when) { next = next ? std::min(*next, when) : when; };
    for (const DeviceRecord* record : changed_)
        consider(std::min(record->changed_last + options_.limits.announce_delay,
                          record->changed_first + options_.limits.announce_at_most));
    for (const Pending& pending : pending_)
        consider(std::min(pending.next_try, pending.give_up));
    return next;
}

Adapter::Counts Adapter::counts() const {
    return {records_.size(),   by_component_.size(), feeds_.size(),
            templates_.size(), pending_.size(),      waiting_messages_};
}

// --- Discovery messages ------------------------------------------------------------------------

void Adapter::discovered(std::string_view topic_text, std::string_view payload, bool retained) {
    const std::string topic(topic_text);
    if (payload.size() > options_.limits.config_bytes)
        return port_->refuse(
            topic,
            {Code::limit, fmt::format("a discovery message of {} bytes; at "
                                      "most {} are allowed",
                                      payload.size(), options_.limits.config_bytes)},
            payload.substr(0, 200));
    if (payload.empty()) {
        remove_topic(topic);
        remember(topic, payload, retained);
        return;
    }
    const auto parsed = parse_discovery_topic(options_.prefix, topic);
    if (!parsed) return port_->refuse(topic, parsed.error(), payload);
    const std::size_t hash = std::hash<std::string_view>()(payload);
    const auto known = announced_.find(topic);
    const bool same =
        known != announced_.end() && known->second.good && known->second.payload_hash == hash;
    if (!same) accept(*parsed, topic, payload);
    remember(topic, payload, retained);
}

void Adapter::accept(const DiscoveryTopic& parsed, const std::string& topic,
                     std::string_view payload) {
    const auto announcement = parse_announcement(parsed, payload, options_.limits);
    if (!announcement) return port_->refuse(topic, announcement.error(), payload);
    Announced& announced = announced_[topic];
    announced.payload_hash = std::hash<std::string_view>()(payload);
    announced.good = true;
    if (announcement->migrate) {
        for (const std::string& id : announced.components)
            by_component_.at(id)->components.at(id)->migrating = true;
        return;
    }
    std::vector<std::string> gone = announced.components;
    for (const ComponentConfig& config : announcement->components) {
        if (config.removed) continue;
        const std::string id = config.key.empty() ? topic : topic + "#" + config.key;
        std::erase(gone, id);
        const auto added = add(parsed, topic, announcement->device, config);
        if (added) continue;
        announced_[topic].good = false;
        const std::string which = config.key.empty() ? "" : config.key + ": ";
        port_->refuse(topic, {added.error().code, which + added.error().detail}, payload);
    }
    // What a device no longer names, or names with nothing but its platform, is gone.
    for (const std::string& id : gone)
        remove(id);
}

// --- Notes -------------------------------------------------------------------------------------

/// What the broker keeps needs no note; whether it does shows once it has finished with the
/// message.
void Adapter::remember(const std::string& topic, std::string_view payload, bool retained) {
    if (!retained) unkept_[topic] = payload;
}

void Adapter::keep_notes() {
    for (auto& [topic, payload] : std::exchange(unkept_, {})) {
        const auto known = announced_.find(topic);
        const bool counts = known != announced_.end() && !known->second.components.empty();
        port_->keep_note(topic, counts && !is_kept(topic) ? payload : std::string());
    }
}

bool Adapter::is_kept(const std::string& topic) {
    if (!is_topic_name(topic)) return false;
    Probe probe;
    bus_.unsubscribe(bus_.subscribe(topic, probe));
    return probe.found;
}

} // namespace hearth::mqtt_discovery
