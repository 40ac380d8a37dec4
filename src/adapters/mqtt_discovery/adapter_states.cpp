#include "adapters/mqtt_discovery/adapter.h"
#include "adapters/mqtt_discovery/config_reader.h"
#include "base/text.h"
#include "broker/authorizer.h"

#include <algorithm>

/// State messages: from a topic to the attributes of every device that reads it.
namespace hearth::mqtt_discovery {
namespace {

using catalog::AttributeType;

/// What an entity takes that looks for its own words in a message.
std::size_t steps_of_json(const Value& message) {
    const ValueMap* map = message.as_map();
    return 50 + (map != nullptr ? 2 * map->size() : 0);
}

/// Each value is compared with those before it, and recorded.
std::size_t steps_of_report(std::size_t values) {
    return 8 * values + values * values / 32;
}

AttributeType type_of(const Value& value) {
    if (value.is_bool()) return AttributeType::boolean;
    return value.is_number() ? AttributeType::number : AttributeType::text;
}

} // namespace

/// Gathers what one message tells of one device.
class Adapter::ReportOf final : public Report {
public:
    explicit ReportOf(DeviceRecord& record)
        : record_(record) {}

    void from(Component& component) { component_ = &component; }

    void put(std::size_t offer, Value value) override {
        if (offer >= component_->slots.size()) {
            if (!value.is_null()) untold.push_back({component_, offer, std::move(value)});
            return;
        }
        AssembledAttribute& attribute = record_.attributes[component_->slots[offer]];
        if (attribute.flexible && !value.is_null()) learn(attribute, value);
        const home::Path& path = attribute.spec.path;
        if (const auto fits = home::check_reported(attribute.spec, value); !fits)
            return add_problem(fits.error().detail);
        const auto known = std::ranges::find(
            values, path, [](const auto& told) -> const home::Path& { return told.first; });
        if (known == values.end())
            values.emplace_back(path, std::move(value));
        else if (known->second.is_null()) // two components may read one value from one place
            known->second = std::move(value);
    }

    void problem(std::string what) override {
        add_problem(component_->identity.platform + " " + component_->identity.key() + ": " +
                    std::move(what));
    }

    std::vector<std::pair<home::Path, Value>> values;
    /// What was told of offers that stand nowhere yet.
    struct Untold {
        Component* component = nullptr;
        std::size_t offer = 0;
        Value value;
    };
    std::vector<Untold> untold;
    std::string first_problem;
    std::size_t problems = 0;
    bool learned = false; ///< an attribute has another type now

private:
    void add_problem(std::string what) {
        if (problems++ == 0) first_problem = std::move(what);
    }

    /// A number stays one for as long as only numbers come; then all becomes text.
    void learn(AssembledAttribute& attribute, Value& value) {
        const auto [known, is_new] =
            record_.learned.try_emplace(attribute.spec.path.text, type_of(value));
        if (!is_new && known->second != type_of(value)) known->second = AttributeType::text;
        if (known->second == AttributeType::text) value = Value(python_text(value));
        if (attribute.spec.type == known->second) return;
        attribute.spec.type = known->second;
        for (home::AttributeSpec& spec : record_.description.attributes)
            if (spec.path == attribute.spec.path) spec.type = known->second;
        learned = true;
    }

    DeviceRecord& record_;
    Component* component_ = nullptr;
};

void Adapter::deliver(Feed& feed, std::string_view topic, std::string_view payload,
                      const broker::Origin& origin) {
    // A client's message has just been let through; what is retained may be of other times.
    if (origin.retained && !bus_.rights().may_publish(origin.credential, topic))
        return port_->refuse(topic,
                             {Code::refused, "what is retained there is not believed: who "
                                             "published it may no longer do so"},
                             payload);
    if (payload.size() > options_.limits.state_bytes)
        return port_->refuse(
            topic,
            {Code::limit, fmt::format("a message of {} bytes; at most {} are read", payload.size(),
                                      options_.limits.state_bytes)},
            payload.substr(0, 200));
    if (!is_utf8(payload))
        return port_->refuse(topic, {Code::invalid, "the message is not UTF-8 text"}, payload);
    Feed* announced = origin.promised ? announce_listeners(feed) : &feed;
    if (announced == nullptr) return;
    StateMessage message(topic, payload, {origin.retained, origin.credential}, budget_,
                         port_->clock(), options_.limits);
    hand_out(*announced, message);
    tell_set_aside(message);
}

/// Once in a while for each publisher: a flood must not push everything else out of the list.
void Adapter::tell_set_aside(StateMessage& message) {
    if (!message.budget().is_exhausted()) return;
    const std::string_view publisher = message.budget().publisher();
    const auto others = budget_.set_aside(publisher, port_->clock());
    if (!others) return;
    std::string why =
        message.budget().reason() + "; the rest of the message is not read. It is of ";
    why += publisher.empty() ? "a client without a name" : fmt::format("credential {}", publisher);
    if (*others > 0) why += fmt::format(", as are {} more before it", *others);
    port_->refuse(message.topic(), {Code::limit, std::move(why)}, message.payload().substr(0, 200));
}

/// What its publisher will forget must not wait in memory for a device's announcement: so that is
/// made now. Returns the feed, or nullptr where nobody listens to it any more.
Feed* Adapter::announce_listeners(Feed& feed) {
    std::vector<DeviceRecord*> due;
    for (const auto& [record, listeners] : feed.devices)
        if (record->changed) due.push_back(record);
    if (due.empty()) return &feed;
    for (DeviceRecord* record : due)
        std::erase(changed_, record);
    const std::string filter = feed.filter();
    announce_all(due);
    const auto found = feeds_.find(filter);
    return found != feeds_.end() ? found->second.get() : nullptr;
}

void Adapter::hand_out(Feed& feed, StateMessage& message) {
    const auto take_if_due = [&](DeviceRecord& record, DeviceListeners& listeners) {
        if (feed.catching_up && !listeners.missed_kept) return;
        listeners.missed_kept = false;
        take(feed, record, listeners, message);
    };
    if (feed.devices.size() == 1) {
        auto& [record, listeners] = *feed.devices.begin();
        return take_if_due(*record, listeners);
    }
    // What a report leads to may change who listens: so each is looked up when its turn comes.
    std::vector<DeviceRecord*> devices;
    for (const auto& [record, listeners] : feed.devices)
        devices.push_back(record);
    for (DeviceRecord* record : devices)
        if (const auto found = feed.devices.find(record); found != feed.devices.end())
            take_if_due(*record, found->second);
}

void Adapter::take(Feed& feed, DeviceRecord& record, DeviceListeners& listeners,
                   StateMessage& message) {
    if (record.changed) return wait(feed, record, message);
    if (record.home_id.empty()) return; // the home did not take it
    if (listeners.availability) take_availability(record, feed.filter(), message);
    if (!listeners.listeners.empty()) decode(feed, record, listeners, message);
}

/// Who began to listen to a topic that was subscribed to already gets what is kept there.
void Adapter::catch_up() {
    std::vector<Feed*> missed(missed_.begin(), missed_.end());
    missed_.clear();
    // Who is away is known before what they say is read.
    std::ranges::partition(missed, [](const Feed* feed) {
        return std::ranges::any_of(feed->devices,
                                   [](const auto& device) { return device.second.availability; });
    });
    for (Feed* feed : missed) {
        bus_.unsubscribe(feed->subscription);
        feed->catching_up = true;
        feed->subscription = bus_.subscribe(feed->filter(), *feed);
        feed->catching_up = false;
        for (auto& [record, listeners] : feed->devices) {
            listeners.missed_kept = false;
            for (Listener& listener : listeners.listeners)
                listener.missed_kept = false;
        }
    }
}

// --- Devices that are not announced yet --------------------------------------------------------

void Adapter::wait(Feed& feed, DeviceRecord& record, StateMessage& message) {
    const Limits& limits = options_.limits;
    if (waiting_messages_ >= limits.waiting_messages ||
        waiting_bytes_ + message.payload().size() > limits.waiting_bytes)
        return port_->refuse(message.topic(),
                             {Code::limit, "too many messages wait for their devices to be "
                                           "announced; this one is not read"});
    record.waiting.push_back({&feed, std::string(message.topic()), std::string(message.payload()),
                              std::string(message.budget().publisher()), message.retained()});
    ++waiting_messages_;
    waiting_bytes_ += message.payload().size();
}

/// Who is away is known before what they say is read.
void Adapter::take_waiting(DeviceRecord& record) {
    const std::vector<WaitingMessage> all = std::exchange(record.waiting, {});
    for (const WaitingMessage& waiting : all) {
        --waiting_messages_;
        waiting_bytes_ -= waiting.payload.size();
    }
    for (const bool availability : {true, false})
        take_waiting(record, all, availability);
}

void Adapter::take_waiting(DeviceRecord& record, const std::vector<WaitingMessage>& all,
                           bool availability) {
    for (const WaitingMessage& waiting : all) {
        const bool listens = std::ranges::find(record.feeds, waiting.feed) != record.feeds.end();
        if (!listens) continue;
        const auto found = waiting.feed->devices.find(&record);
        if (found == waiting.feed->devices.end()) continue;
        if (found->second.availability != availability) continue;
        StateMessage message(waiting.topic, waiting.payload, {waiting.retained, waiting.publisher},
                             budget_, port_->clock(), options_.limits);
        take(*waiting.feed, record, found->second, message);
        tell_set_aside(message);
    }
}

// --- Values ------------------------------------------------------------------------------------

/// Whether a retained message is nothing to this listener: events are over, it has seen it, or its
/// component is away.
bool Adapter::is_kept_in_vain(const Feed& feed, const DeviceRecord& record,
                              const Listener& listener) const {
    return listener.ignore_kept || (feed.catching_up && !listener.missed_kept) ||
           is_away(record, *listener.component);
}

void Adapter::decode(Feed& feed, DeviceRecord& record, const DeviceListeners& listeners,
                     StateMessage& message) {
    ReportOf report_of(record);
    std::vector<const Component*> timed;
    for (const Listener& listener : listeners.listeners) {
        if (message.retained() && is_kept_in_vain(feed, record, listener)) continue;
        if (!message.goes_on()) break;
        report_of.from(*listener.component);
        if (listener.component->is_timed()) timed.push_back(listener.component);
        const Entity& entity = *listener.component->entity;
        if (listener.json && listener.value_template == nullptr) {
            const Value* json = message.json();
            message.budget().spend(json != nullptr ? steps_of_json(*json) : 1);
            if (json != nullptr)
                entity.decode(listener.reading, *json, report_of);
            else if (!is_nothing(message.text()))
                report_of.problem("the message is no JSON");
            continue;
        }
        const auto value = message.evaluate(listener.value_template);
        if (value)
            entity.decode(listener.reading, *value, report_of);
        else if (message.goes_on() && !message.is_beside(listener.value_template))
            report_of.problem(value.error().detail);
    }
    message.budget().spend(steps_of_report(report_of.values.size()));
    for (const Component* component : timed)
        mind_timers(record, *component, report_of.values, message);
    report(record, report_of, message);
}

/// What is unknown already need not be taken back again with each message.
void Adapter::drop_known_nulls(const DeviceRecord& record, Values& values) const {
    const auto is_null = [](const auto& told) { return told.second.is_null(); };
    if (std::ranges::none_of(values, is_null)) return;
    const home::Device* device = port_->home().find(record.home_id);
    std::erase_if(values, [&](const auto& told) {
        if (!told.second.is_null()) return false;
        const home::Attribute* known = device != nullptr ? device->find(told.first.text) : nullptr;
        return known == nullptr || known->reported.is_null();
    });
}

void Adapter::report(DeviceRecord& record, ReportOf& told, const StateMessage& message) {
    if (told.problems > 0) {
        if (told.problems > 1)
            told.first_problem += fmt::format(" (and {} more)", told.problems - 1);
        port_->refuse(message.topic(), {Code::invalid, std::move(told.first_problem)},
                      message.payload());
    }
    if (told.learned) port_->discovered(record.description);
    offer_told(record, told);
    drop_known_nulls(record, told.values);
    if (!told.values.empty()) port_->report(record.home_id, std::move(told.values));
}

/// Offers that a message tells for the first time, where they waited for that: the device has them
/// from now on.
void Adapter::offer_told(DeviceRecord& record, ReportOf& told) {
    bool any = false;
    for (const ReportOf::Untold& one : told.untold)
        any = one.component->told.insert(one.offer).second || any;
    if (!any) return;
    announce(record);
    for (ReportOf::Untold& one : std::exchange(told.untold, {})) {
        told.from(*one.component);
        told.put(one.offer, std::move(one.value));
    }
}

} // namespace hearth::mqtt_discovery
