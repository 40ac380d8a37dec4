#pragma once

#include "adapters/mqtt_discovery/adapter.h"
#include "base/json.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/text.h"
#include "journal/memory_journal.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// For tests of this room alone: a broker in one class, and a home on a journal in memory.
namespace hearth::mqtt_discovery::testing {

/// Matches MQTT filters, keeps retained messages, and notes what hearth publishes.
class SmallBroker final : public broker::LocalBus {
public:
    SubscriptionId subscribe(std::string_view filter,
                             broker::LocalSubscriber& subscriber) override {
        const SubscriptionId id = ++last_;
        const bool exact = filter.find_first_of("+#") == filter.npos;
        if (exact)
            exact_[std::string(filter)][id] = &subscriber;
        else
            wild_[id] = {std::string(filter), &subscriber};
        filters_[id] = filter;
        std::vector<std::pair<std::string, std::string>> kept;
        for (const auto& [topic, payload] : retained)
            if (exact ? topic == filter : matches(filter, topic)) kept.emplace_back(topic, payload);
        for (const auto& [topic, payload] : kept)
            subscriber.received(topic, payload, true, "someone");
        return id;
    }

    void unsubscribe(SubscriptionId id) override {
        const std::string filter = filters_[id];
        if (exact_.contains(filter)) exact_[filter].erase(id);
        wild_.erase(id);
        filters_.erase(id);
    }

    std::size_t publish(broker::Message message) override {
        if (message.retain) retained[message.topic] = message.payload;
        published.push_back(std::move(message));
        return takers;
    }

    /// A device publishes.
    void send(const std::string& topic, std::string_view payload, bool retain = false) {
        if (retain) {
            if (payload.empty())
                retained.erase(topic);
            else
                retained[topic] = payload;
        }
        std::vector<broker::LocalSubscriber*> subscribers;
        if (const auto found = exact_.find(topic); found != exact_.end())
            for (const auto& [id, subscriber] : found->second)
                subscribers.push_back(subscriber);
        for (const auto& [id, entry] : wild_)
            if (matches(entry.first, topic)) subscribers.push_back(entry.second);
        for (broker::LocalSubscriber* subscriber : subscribers)
            subscriber->received(topic, payload, false, "device");
    }

    static bool matches(std::string_view filter, std::string_view topic) {
        const auto filters = split(filter, '/');
        const auto levels = split(topic, '/');
        for (std::size_t i = 0; i < filters.size(); ++i) {
            if (filters[i] == "#") return true;
            if (i >= levels.size() || (filters[i] != "+" && filters[i] != levels[i])) return false;
        }
        return filters.size() == levels.size();
    }

    std::size_t subscriptions() const { return filters_.size(); }

    std::map<std::string, std::string> retained;
    std::vector<broker::Message> published;
    std::size_t takers = 1; ///< how many take what hearth publishes

private:
    SubscriptionId last_ = 0;
    std::map<std::string, std::map<SubscriptionId, broker::LocalSubscriber*>, std::less<>> exact_;
    std::map<SubscriptionId, std::pair<std::string, broker::LocalSubscriber*>> wild_;
    std::map<SubscriptionId, std::string> filters_;
};

/// A home with this adapter, time turned by hand.
class TestHome : private home::Sender {
public:
    explicit TestHome(Options options = {})
        : adapter(broker, std::move(options))
        , home(clock, random, journal, *this)
        , refusals(clock, metrics)
        , port("mqtt_discovery", home, refusals, clock) {}
    TestHome(const TestHome&) = delete;

    void start() { started = adapter.start(port).has_value(); }

    /// Lets the burst of announcements end.
    void settle() {
        clock.turn(60 * milliseconds);
        adapter.tick();
    }
    void pass(Micros time) {
        clock.turn(time);
        adapter.tick();
        home.advance();
    }

    const home::Device* only() const {
        const auto devices = home.devices();
        return devices.size() == 1 ? devices.front() : nullptr;
    }
    const home::Attribute* attribute(std::string_view path) const {
        return only() != nullptr ? only()->find(path) : nullptr;
    }
    Value value(std::string_view path) const {
        const home::Attribute* found = attribute(path);
        return found != nullptr ? found->reported : Value("no such attribute");
    }
    Value twin() const { return only() != nullptr ? home::reported_value(*only()) : Value(); }

    /// Asks the only device; returns what was published for it, "TOPIC PAYLOAD" each.
    std::vector<std::string> ask(std::vector<std::pair<std::string, Value>> wishes) {
        broker.published.clear();
        home::CommandRequest request;
        request.device = only() != nullptr ? only()->id : "";
        for (auto& [path, value] : wishes)
            request.asks.push_back({home::Path{path}, std::move(value)});
        const auto issued = home.issue({home::Cause::By::person, "anna", 0}, std::move(request));
        if (!issued) return {"refused: " + issued.error().detail};
        journal.commit();
        std::vector<std::string> lines;
        for (const broker::Message& message : broker.published)
            lines.push_back(message.topic + " " + message.payload);
        return lines;
    }

    /// How the last command was settled: "confirmed", "refused: why"…; "" while it is open.
    std::string settlement() const {
        for (auto event = home.recent_events().rbegin(); event != home.recent_events().rend();
             ++event) {
            if (std::holds_alternative<home::CommandIssued>(event->fact)) return {};
            if (const auto* settled = std::get_if<home::CommandSettled>(&event->fact))
                return std::string(to_string(settled->settlement)) +
                       (settled->detail.empty() ? "" : ": " + settled->detail);
        }
        return {};
    }

    std::string last_refusal() const {
        return refusals.list().empty() ? "" : refusals.list().back().why;
    }

    SmallBroker broker;
    ManualClock clock;
    SeededRandom random{1};
    Metrics metrics;
    journal::MemoryJournal journal;
    Adapter adapter;
    home::Home home;
    Refusals refusals;
    adapters::Port port;
    bool started = false;

private:
    void send(const home::Device& device, const home::Command& command) override {
        adapter.send(device, command);
    }
};

} // namespace hearth::mqtt_discovery::testing
