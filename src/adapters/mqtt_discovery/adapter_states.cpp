#include "adapters/mqtt_discovery/adapter.h"
#include "adapters/mqtt_discovery/config_reader.h"
#include "base/text.h"

#include <algorithm>

/// State messages: from a topic to the attributes of every device that reads it.
namespace hearth::mqtt_discovery {
namespace {

using catalog::AttributeType;

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

    void from(const Component& component) { component_ = &component; }

    void put(std::size_t offer, Value value) override {
        if (offer >= component_->slots.size()) return;
        AssembledAttribute& attribute = record_.attributes[component_->slots[offer]];
        if (attribute.flexible) learn(attribute, value);
        const home::Path& path = attribute.spec.path;
        const auto same = [&](const auto& told) { return told.first == path; };
        // Two components that read one value from one place tell it twice.
        if (std::ranges::any_of(values, same)) return;
        const auto fits = home::check_value(attribute.spec, value);
        if (fits)
            values.emplace_back(path, std::move(value));
        else
            add_problem(fits.error().detail);
    }

    void problem(std::string what) override {
        add_problem(component_->identity.platform + " " + component_->identity.key() + ": " +
                    std::move(what));
    }

    std::vector<std::pair<home::Path, Value>> values;
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
    const Component* component_ = nullptr;
};

void Adapter::deliver(Feed& feed, std::string_view topic, std::string_view payload, bool retained) {
    if (payload.size() > options_.limits.state_bytes)
        return port_->refuse(
            topic,
            {Code::limit, fmt::format("a message of {} bytes; at most {} are read", payload.size(),
                                      options_.limits.state_bytes)},
            payload.substr(0, 200));
    if (!is_utf8(payload))
        return port_->refuse(topic, {Code::invalid, "the message is not UTF-8 text"}, payload);
    StateMessage message(topic, payload, port_->clock().utc(), retained);
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
    if (!listeners.listeners.empty()) decode(record, listeners, message);
}

// --- Devices that are not announced yet --------------------------------------------------------

void Adapter::wait(Feed& feed, DeviceRecord& record, const StateMessage& message) {
    const Limits& limits = options_.limits;
    if (waiting_messages_ >= limits.waiting_messages ||
        waiting_bytes_ + message.payload().size() > limits.waiting_bytes)
        return port_->refuse(message.topic(),
                             {Code::limit, "too many messages wait for their devices to be "
                                           "announced; this one is not read"});
    record.waiting.push_back(
        {&feed, std::string(message.topic()), std::string(message.payload()), message.retained()});
    ++waiting_messages_;
    waiting_bytes_ += message.payload().size();
}

void Adapter::take_waiting(DeviceRecord& record) {
    for (const WaitingMessage& waiting : std::exchange(record.waiting, {})) {
        --waiting_messages_;
        waiting_bytes_ -= waiting.payload.size();
        const bool listens = std::ranges::find(record.feeds, waiting.feed) != record.feeds.end();
        if (!listens) continue;
        const auto found = waiting.feed->devices.find(&record);
        if (found == waiting.feed->devices.end()) continue;
        StateMessage message(waiting.topic, waiting.payload, port_->clock().utc(),
                             waiting.retained);
        take(*waiting.feed, record, found->second, message);
    }
}

// --- Values ------------------------------------------------------------------------------------

void Adapter::decode(DeviceRecord& record, const DeviceListeners& listeners,
                     StateMessage& message) {
    ReportOf report_of(record);
    for (const Listener& listener : listeners.listeners) {
        if (listener.ignore_kept && message.retained()) continue;
        report_of.from(*listener.component);
        const Entity& entity = *listener.component->entity;
        if (listener.json && listener.value_template == nullptr) {
            if (const Value* json = message.json())
                entity.decode(listener.reading, *json, report_of);
            else if (!is_nothing(message.text()))
                report_of.problem("the message is no JSON");
            continue;
        }
        const auto value = message.evaluate(listener.value_template);
        if (value)
            entity.decode(listener.reading, *value, report_of);
        else if (!message.is_beside(listener.value_template))
            report_of.problem(value.error().detail);
    }
    report(record, report_of, message);
}

void Adapter::report(DeviceRecord& record, ReportOf& told, const StateMessage& message) {
    if (told.problems > 0) {
        if (told.problems > 1)
            told.first_problem += fmt::format(" (and {} more)", told.problems - 1);
        port_->refuse(message.topic(), {Code::invalid, std::move(told.first_problem)},
                      message.payload());
    }
    if (told.learned) port_->discovered(record.description);
    if (!told.values.empty()) port_->report(record.home_id, std::move(told.values));
}

// --- Availability ------------------------------------------------------------------------------

namespace {

std::optional<bool> said(const Availability& availability, StateMessage& message) {
    const auto value = message.evaluate(availability.value_template);
    // Software that once sent plain words and now sends JSON may still have the words kept.
    for (const Value& candidate : {value ? *value : Value(), message.text()}) {
        const std::string text = python_text(candidate);
        if (text == availability.available) return true;
        if (text == availability.not_available) return false;
    }
    return std::nullopt;
}

} // namespace

void Adapter::take_availability(DeviceRecord& record, const std::string& filter,
                                StateMessage& message) {
    for (Reachable& one : record.reachable)
        for (std::size_t i = 0; i < one.rule.topics.size(); ++i) {
            if (one.rule.topics[i].topic != filter) continue;
            const std::optional<bool> state = said(one.rule.topics[i], message);
            if (!state) continue;
            one.states[i] = state;
            one.latest = state;
        }
    tell_availability(record);
}

void Adapter::tell_availability(DeviceRecord& record) {
    if (record.home_id.empty()) return;
    if (const std::optional<bool> online = reachable(record))
        port_->available(record.home_id, *online);
}

} // namespace hearth::mqtt_discovery
