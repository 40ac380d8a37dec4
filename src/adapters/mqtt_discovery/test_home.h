#pragma once

#include "adapters/mqtt_discovery/adapter.h"
#include "adapters/mqtt_discovery/notes.h"
#include "base/json.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/text.h"
#include "broker/authorizer.h"
#include "broker/rights.h"
#include "journal/memory_journal.h"

#include <map>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// For tests of this room alone: a broker in one class, and a home on a journal in memory.
namespace hearth::mqtt_discovery::testing {

/// Who may do what: everybody who is named here, and what they may.
class SmallRights final : public broker::Authorizer {
public:
    Result<std::string> authenticate(const broker::Login&) override { return std::string(); }
    bool knows(std::string_view credential) const override { return all.contains(credential); }
    bool may_publish(std::string_view credential, std::string_view topic) const override {
        const auto found = all.find(credential);
        return found != all.end() && found->second.may_publish(topic);
    }
    bool may_subscribe(std::string_view credential, std::string_view filter) const override {
        const auto found = all.find(credential);
        return found != all.end() && found->second.may_subscribe(filter);
    }
    std::uint64_t epoch() const override { return 1; }

    /// A credential that may use its own topics and these.
    void add(const std::string& name, std::vector<std::string> topics = {}) {
        all[name] = broker::rights_of({name, "", std::move(topics), 0});
    }

    std::map<std::string, broker::Rights, std::less<>> all{
        {"device", broker::rights_of_anonymous()}};
};

/// Matches MQTT filters, retains messages and whose they are, tells its own subscribers what hearth
/// publishes too, lets nobody say what he may not, and notes what hearth publishes.
class SmallBroker final : public broker::LocalBus {
public:
    struct Kept {
        std::string payload;
        std::string owner = "device";
        bool by_hearth = false;
    };
    struct How {
        bool retain = false;
        int qos = 0;
    };

    SubscriptionId subscribe(std::string_view filter,
                             broker::LocalSubscriber& subscriber) override {
        const SubscriptionId id = ++last_;
        const bool exact = filter.find_first_of("+#") == filter.npos;
        if (exact)
            exact_[std::string(filter)][id] = &subscriber;
        else
            wild_[id] = {std::string(filter), &subscriber};
        filters_[id] = filter;
        std::vector<std::pair<std::string, Kept>> kept;
        for (const auto& [topic, message] : retained)
            if (exact ? topic == filter : matches(filter, topic)) kept.emplace_back(topic, message);
        for (const auto& [topic, message] : kept)
            (void)subscriber.received(
                topic, message.payload,
                {.by = by(message.by_hearth), .retained = true, .credential = message.owner});
        return id;
    }

    void unsubscribe(SubscriptionId id) override {
        const std::string filter = filters_[id];
        if (exact_.contains(filter)) exact_[filter].erase(id);
        wild_.erase(id);
        filters_.erase(id);
    }

    std::size_t publish(broker::Message message) override { return speak({}, std::move(message)); }

    Result<std::size_t> publish_for(std::string_view credential, broker::Message message) override {
        if (!authorizer.may_subscribe(credential, message.topic))
            return fail(Code::refused, "{} may not subscribe to {}", credential, message.topic);
        return speak(credential, std::move(message));
    }

    bool retains(std::string_view topic) const override {
        return retained.contains(std::string(topic));
    }

    bool hand_retained(std::string_view topic, std::string_view credential) override {
        const auto found = retained.find(std::string(topic));
        if (found == retained.end()) return false;
        found->second.owner = credential;
        return true;
    }

    const broker::Authorizer& rights() const override { return authorizer; }

    /// A device that may say everything publishes.
    bool send(const std::string& topic, std::string_view payload, bool retain = false) {
        return send_as("device", topic, payload, {.retain = retain});
    }

    /// A client of that credential publishes. False where it is refused.
    bool send_as(const std::string& credential, const std::string& topic, std::string_view payload,
                 How how) {
        if (!authorizer.may_publish(credential, topic)) return false;
        const broker::Origin origin{.keeps = how.retain,
                                    .promised = how.qos > 0,
                                    .credential = credential,
                                    .client_id = "client"};
        for (broker::LocalSubscriber* subscriber : listeners(topic))
            if (!subscriber->received(topic, payload, origin)) return false;
        if (how.retain && payload.empty())
            retained.erase(topic);
        else if (how.retain)
            retained[topic] = {std::string(payload), credential};
        return true;
    }

    /// What a credential left is gone, and it cannot come in any more.
    void revoke(const std::string& credential) {
        authorizer.all.erase(credential);
        std::vector<std::string> topics;
        for (const auto& [topic, message] : retained)
            if (message.owner == credential) topics.push_back(topic);
        for (const std::string& topic : topics)
            drop(topic);
    }

    /// What is retained there has expired.
    void drop(const std::string& topic) {
        retained.erase(topic);
        for (broker::LocalSubscriber* subscriber : listeners(topic))
            subscriber->dropped(topic);
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

    std::map<std::string, Kept> retained;
    SmallRights authorizer;
    std::vector<broker::Message> published;
    std::size_t takers = 1;                       ///< how many clients take what hearth publishes
    std::map<std::string, std::size_t> takers_of; ///< the same for some topics

private:
    using By = broker::Origin::By;
    static By by(bool hearth) { return hearth ? By::hearth : By::client; }

    std::size_t speak(std::string_view credential, broker::Message message) {
        const std::string topic = message.topic;
        const std::string payload = message.payload;
        if (message.retain) retained[topic] = {payload, std::string(credential), true};
        const bool keeps = message.retain;
        published.push_back(std::move(message));
        for (broker::LocalSubscriber* subscriber : listeners(topic))
            (void)subscriber->received(
                topic, payload, {.by = By::hearth, .keeps = keeps, .credential = credential});
        const auto found = takers_of.find(topic);
        return found != takers_of.end() ? found->second : takers;
    }

    std::vector<broker::LocalSubscriber*> listeners(const std::string& topic) const {
        std::vector<broker::LocalSubscriber*> subscribers;
        if (const auto found = exact_.find(topic); found != exact_.end())
            for (const auto& [id, subscriber] : found->second)
                subscribers.push_back(subscriber);
        for (const auto& [id, entry] : wild_)
            if (matches(entry.first, topic)) subscribers.push_back(entry.second);
        return subscribers;
    }

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
        const auto issued = home.issue(home::Cause::of_person("anna"), std::move(request));
        if (!issued) return {"refused: " + issued.error().detail};
        journal.commit();
        std::vector<std::string> lines;
        for (const broker::Message& message : broker.published)
            lines.push_back(message.topic + " " + message.payload);
        return lines;
    }

    /// What the adapter has noted of announcements, by their topics.
    std::map<std::string, std::string> noted_announcements() const {
        std::map<std::string, std::string> found;
        for (const auto& [key, bytes] : home.notes("mqtt_discovery"))
            if (!is_owner_key(key)) found.emplace(key, bytes);
        return found;
    }
    /// The credential that a device is noted to be of; "" where none is.
    std::string noted_owner(std::string_view external_id) const {
        const auto& notes = home.notes("mqtt_discovery");
        const auto found = notes.find(owner_key(external_id));
        return found != notes.end() ? found->second : std::string();
    }

    /// How the last command was settled: "confirmed", "refused: why"…; "" while it is open.
    std::string settlement() const {
        for (const auto& entry : std::views::reverse(home.recent_events().entries())) {
            const home::Event event = entry.event();
            if (std::holds_alternative<home::CommandIssued>(event.fact)) return {};
            if (const auto* settled = std::get_if<home::CommandSettled>(&event.fact))
                return std::string(to_string(settled->settlement)) +
                       (settled->detail.empty() ? "" : ": " + settled->detail);
        }
        return {};
    }

    void revoke(const std::string& credential) {
        broker.revoke(credential);
        adapter.rights_changed(credential);
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
