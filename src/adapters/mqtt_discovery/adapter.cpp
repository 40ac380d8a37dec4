#include "adapters/mqtt_discovery/adapter.h"

#include "adapters/mqtt_discovery/config_reader.h"
#include "adapters/mqtt_discovery/notes.h"
#include "base/text.h"
#include "broker/authorizer.h"

#include <algorithm>
#include <functional>

namespace hearth::mqtt_discovery {

class Adapter::Subscriber final : public broker::LocalSubscriber {
public:
    explicit Subscriber(Adapter& adapter)
        : adapter_(adapter) {}

    Result<void> received(std::string_view topic, std::string_view payload,
                          const broker::Origin& origin) override {
        // hearth itself announces nothing.
        if (origin.by == broker::Origin::By::hearth) return {};
        if (origin.retained && adapter_.starting_) return {};
        return adapter_.discovered(topic, payload, origin);
    }
    void dropped(std::string_view topic) override { adapter_.dropped(topic); }

private:
    Adapter& adapter_;
};

namespace {

/// Reads what is retained, and hears nothing of what comes.
class Reader final : public broker::LocalSubscriber {
public:
    using Take = std::function<void(std::string_view topic, std::string_view payload,
                                    const broker::Origin& origin)>;

    explicit Reader(Take take)
        : take_(std::move(take)) {}

    Result<void> received(std::string_view topic, std::string_view payload,
                          const broker::Origin& origin) override {
        const bool clients = origin.by == broker::Origin::By::client;
        if (clients && origin.retained && !payload.empty()) take_(topic, payload, origin);
        return {};
    }

private:
    Take take_;
};

} // namespace

Adapter::Adapter(broker::LocalBus& bus, Options options)
    : bus_(bus)
    , options_(std::move(options))
    , templates_(options_.limits.template_bytes)
    , budget_(options_.limits)
    , discovery_(std::make_unique<Subscriber>(*this))
    , timers_(options_.limits.value_timers) {}

Adapter::~Adapter() = default;

// --- Start, stop, time -------------------------------------------------------------------------

Result<void> Adapter::start(adapters::Port& port) {
    if (!is_topic_name(options_.prefix))
        return fail(Code::invalid, "the discovery prefix \"{}\" is no topic",
                    printable(options_.prefix, 60));
    port_ = &port;
    // A copy: notes change while this goes on.
    take_up(Notes(port.home().notes(name())));
    starting_ = true;
    for (const std::string& filter : discovery_filters())
        subscriptions_.push_back(bus_.subscribe(filter, *discovery_));
    starting_ = false;
    forget_unannounced();
    announce_due(true);
    catch_up();
    if (!options_.status_topic.empty())
        bus_.publish({options_.status_topic, "online", broker::Qos::at_most_once, false, {}});
    return {};
}

std::vector<std::string> Adapter::discovery_filters() const {
    return {options_.prefix + "/+/+/config", options_.prefix + "/+/+/+/config"};
}

void Adapter::stop() {
    if (port_ == nullptr || stopped_) return;
    stopped_ = true;
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
}

void Adapter::tick() {
    if (port_ == nullptr || stopped_) return;
    announce_due(false);
    catch_up();
    end_values();
    retry_pending();
    dropped_feeds_.clear();
}

std::optional<Micros> Adapter::next_deadline() const {
    std::optional<Micros> next;
    const auto consider = [&](Micros when) { next = next ? std::min(*next, when) : when; };
    for (const DeviceRecord* record : changed_)
        consider(std::min(record->changed_last + options_.limits.announce_delay,
                          record->changed_first + options_.limits.announce_at_most));
    for (const Pending& pending : pending_)
        consider(std::min(pending.next_try, pending.give_up));
    if (const auto ends = timers_.next()) consider(*ends);
    return next;
}

Adapter::Counts Adapter::counts() const {
    return {records_.size(), by_component_.size(), feeds_.size(), templates_.size(),
            pending_.size(), waiting_messages_,    timers_.size()};
}

// --- What was known before ---------------------------------------------------------------------

Adapter::AllRetained Adapter::all_retained() {
    AllRetained all;
    Reader reader(
        [&](std::string_view topic, std::string_view payload, const broker::Origin& origin) {
            all[std::string(topic)] = {std::string(payload), std::string(origin.credential)};
        });
    for (const std::string& filter : discovery_filters())
        bus_.unsubscribe(bus_.subscribe(filter, reader));
    return all;
}

std::string Adapter::retained_on(const std::string& topic) {
    std::string found;
    Reader reader([&](std::string_view, std::string_view payload, const broker::Origin&) {
        found = payload;
    });
    bus_.unsubscribe(bus_.subscribe(topic, reader));
    return found;
}

/// What was accepted before comes first, so that nobody is there before it: among what is retained
/// there may be announcements that were refused then.
void Adapter::take_up(const Notes& notes) {
    read_owners(notes);
    AllRetained retained = all_retained();
    for (const auto& [key, bytes] : notes)
        if (!is_owner_key(key)) take_up(key, bytes, retained);
    for (const auto& [topic, message] : retained) {
        broker::Origin origin;
        origin.retained = true;
        origin.credential = message.owner;
        (void)discovered(topic, message.payload, origin);
    }
}

void Adapter::take_up(const std::string& topic, std::string_view bytes, AllRetained& retained) {
    const AnnouncementNote known = decode_announcement(bytes);
    const auto found = retained.find(topic);
    const bool is_retained = found != retained.end();
    broker::Origin origin;
    origin.credential = known.owner;
    if (is_retained && found->second.owner == known.owner) {
        origin.retained = true;
        (void)discovered(topic, found->second.payload, origin);
        retained.erase(found);
        return;
    }
    // One of an earlier hearth does not say whose it is, and what is retained does.
    const bool counts = !known.payload.empty() && !(is_retained && known.is_old);
    const bool is_gone = !known.owner.empty() && !bus_.rights().knows(known.owner);
    if (!counts || is_gone) return note(topic, {});
    (void)discovered(topic, known.payload, origin);
}

/// Devices that are there as far as the home knows, and nobody announces any more.
void Adapter::forget_unannounced() {
    std::vector<home::DeviceId> gone;
    for (const home::Device* device : port_->home().devices())
        if (device->adapter == name() && !by_id_.contains(device->external_id))
            gone.push_back(device->id);
    for (const home::DeviceId& device : gone)
        port_->left(device);
}

// --- Discovery messages ------------------------------------------------------------------------

Result<void> Adapter::discovered(std::string_view topic_text, std::string_view payload,
                                 const broker::Origin& origin) {
    const std::string topic(topic_text);
    const std::string owner(origin.credential);
    const auto refuse = [&](const Error& error) -> Result<void> {
        port_->refuse(topic, error, payload.substr(0, 200));
        return {};
    };
    // First of all: whatever a stranger says here, it must not take the place of what is retained.
    if (const auto may = check_speaker(topic, owner); !may) {
        (void)refuse(may.error());
        return may;
    }
    if (payload.size() > options_.limits.config_bytes)
        return refuse({Code::limit, fmt::format("a discovery message of {} bytes; at "
                                                "most {} are allowed",
                                                payload.size(), options_.limits.config_bytes)});
    if (payload.empty()) {
        remove_topic(topic);
        return {};
    }
    const auto parsed = parse_discovery_topic(options_.prefix, topic);
    if (!parsed) return refuse(parsed.error());
    const std::size_t hash = std::hash<std::string_view>()(payload);
    const auto known = announced_.find(topic);
    const bool same =
        known != announced_.end() && known->second.good && known->second.payload_hash == hash;
    const auto accepted = same ? Result<bool>(true) : accept(*parsed, topic, payload, owner);
    if (!accepted) {
        (void)refuse(accepted.error());
        return std::unexpected(accepted.error());
    }
    if (*accepted) remember(topic, payload, origin.retained || origin.keeps || bus_.retains(topic));
    return {};
}

/// Whether anything of it counts. An error where it speaks of what is another's, or of topics that
/// are not its owner's, and nothing else: then it is not to be retained either.
Result<bool> Adapter::accept(const DiscoveryTopic& parsed, const std::string& topic,
                             std::string_view payload, const std::string& owner) {
    const auto announcement = parse_announcement(parsed, payload, options_.limits);
    if (!announcement) {
        port_->refuse(topic, announcement.error(), payload);
        return false;
    }
    const auto known = announced_.find(topic);
    if (announcement->migrate) {
        if (known != announced_.end())
            for (const std::string& id : known->second.components)
                by_component_.at(id)->components.at(id)->migrating = true;
        return false;
    }
    const auto theirs = check_ids(announcement->device.ids, owner);
    if (!theirs) return std::unexpected(theirs.error());
    std::vector<std::string> gone;
    if (known != announced_.end()) gone = known->second.components;
    bool good = true;
    bool counts = !gone.empty();
    for (const ComponentConfig& config : announcement->components) {
        if (config.removed) continue;
        const std::string id = config.key.empty() ? topic : topic + "#" + config.key;
        std::erase(gone, id);
        auto component = read_component(parsed, config, announcement->device, templates_);
        Result<void> added = component ? Result<void>() : std::unexpected(component.error());
        if (component) {
            component->topic = topic;
            component->id = id;
            added = check_owner(*component, owner);
            if (added) added = check_options(config.options, owner);
            if (added) added = check_topics(*component, owner);
            if (!added && !parsed.is_device_form()) return std::unexpected(added.error());
            if (added) added = add(std::move(*component), owner);
        }
        good = good && added.has_value();
        counts = counts || added.has_value();
        if (added) continue;
        const std::string which = config.key.empty() ? "" : config.key + ": ";
        port_->refuse(topic, {added.error().code, which + added.error().detail}, payload);
    }
    // What a device no longer names, or names with nothing but its platform, is gone.
    for (const std::string& id : gone)
        remove(id);
    if (const auto now = announced_.find(topic); now != announced_.end()) {
        now->second.payload_hash = std::hash<std::string_view>()(payload);
        now->second.good = good;
    }
    drop_if_empty(topic);
    return counts;
}

void Adapter::dropped(std::string_view topic) {
    if (port_ != nullptr && !stopped_) remove_topic(std::string(topic));
}

// --- Notes -------------------------------------------------------------------------------------

/// Whose it is, and what it says where the broker does not retain it. At once: what was announced
/// may be acknowledged as soon as this is journaled.
void Adapter::remember(const std::string& topic, std::string_view payload, bool kept) {
    const auto known = announced_.find(topic);
    if (known == announced_.end()) return note(topic, {});
    note(topic, encode_announcement(known->second.owner, kept ? std::string_view() : payload));
}

void Adapter::note(const std::string& key, const std::string& bytes) {
    const auto& notes = port_->home().notes(name());
    const auto known = notes.find(key);
    if (known != notes.end() ? known->second == bytes : bytes.empty()) return;
    port_->keep_note(key, bytes);
}

} // namespace hearth::mqtt_discovery
