#include "hub/life.h"

#include "hub/words.h"

#include <cstdlib>

namespace hearth::hub_fuzz {

std::size_t Outlet::bytes() const {
    std::size_t all = 0;
    for (const auto& [id, bytes] : unsent_)
        all += bytes.capacity();
    return all;
}

/// Hands on what it hears, and notes what was refused.
class Bus::Ear final : public broker::LocalSubscriber {
public:
    Ear(Bus& bus, broker::LocalSubscriber& inside)
        : bus_(bus)
        , inside_(inside) {}

    Result<void> received(std::string_view topic, std::string_view payload,
                          const broker::Origin& origin) override {
        auto done = inside_.received(topic, payload, origin);
        if (!done && !origin.retained && origin.by == broker::Origin::By::client)
            bus_.refused = true;
        return done;
    }
    void dropped(std::string_view topic) override { inside_.dropped(topic); }

private:
    Bus& bus_;
    broker::LocalSubscriber& inside_;
};

Bus::Bus(broker::LocalBus& broker, const Disk& disk)
    : broker_(broker)
    , disk_(disk) {}

Bus::~Bus() = default;

broker::LocalBus::SubscriptionId Bus::subscribe(std::string_view filter,
                                                broker::LocalSubscriber& subscriber) {
    ears_.push_back(std::make_unique<Ear>(*this, subscriber));
    return broker_.subscribe(filter, *ears_.back());
}

std::size_t Bus::publish(broker::Message message) {
    Spoken said{.message = message, .accepts = disk_.accepts(), .before = disk_.last()};
    said.takers = broker_.publish(std::move(message));
    said.after = disk_.last();
    spoken.push_back(said);
    return said.takers;
}

Result<std::size_t> Bus::publish_for(std::string_view credential, broker::Message message) {
    speaks(message);
    Spoken said{.message = message,
                .credential = std::string(credential),
                .accepts = disk_.accepts(),
                .before = disk_.last()};
    auto takers = broker_.publish_for(credential, std::move(message));
    said.refused = !takers;
    said.takers = takers.value_or(0);
    said.after = disk_.last();
    spoken.push_back(said);
    return takers;
}

bool Bus::hand_retained(std::string_view topic, std::string_view credential) {
    const journal::Sequence before = disk_.last();
    const bool done = broker_.hand_retained(topic, credential);
    handed.push_back({std::string(topic), std::string(credential), before, disk_.last()});
    return done;
}

broker::BrokerLimits small_limits() {
    broker::BrokerLimits limits;
    limits.queued_messages = 12;
    limits.in_flight = 6;
    limits.unsent_bytes = 8'000;
    limits.password_tries = 10'000;
    limits.cached_routes = 8;
    return limits;
}

mqtt_discovery::Limits small_adapter_limits() {
    mqtt_discovery::Limits limits;
    limits.devices = 4;
    limits.components_per_device = 4;
    limits.topics = 10;
    limits.pending_commands = 3;
    limits.waiting_messages = 6;
    return limits;
}

Life::Life(const ManualClock& the_clock, Disk& disk, std::uint64_t seed)
    : random_(seed)
    , refusals_(the_clock, metrics_)
    , disk_(disk)
    , clock(the_clock)
    , home(clock, random_, disk, *this)
    , book(clock, random_, disk)
    , rights_(book, false)
    , broker({clock, random_, disk, rights_, outlet, metrics_, refusals_}, small_limits())
    , bus(broker, disk)
    , adapter(bus, {.limits = small_adapter_limits()})
    , port_(adapter.name(), home, refusals_, clock) {
    book.on_change([this](std::string_view name) {
        if (book.find(name) == nullptr) broker.drop_sessions_of(name);
    });
}

void Life::replay() {
    require(disk_.replay_into(owners()), "the hub reads what it wrote");
}

void Life::start(home::Home::Listener listener,
                 std::function<void(const broker::Message&)> speaks) {
    bus.speaks = std::move(speaks);
    broker.start();
    home.listen(std::move(listener));
    require(adapter.start(port_).has_value(), "the adapter starts");
    book.on_change([this](std::string_view name) { adapter.rights_changed(name); });
    home.resume_commands();
}

void Life::turn() {
    adapter.tick();
    home.advance();
    broker.advance();
    broker.end_turn();
    disk_.write();
}

double Life::gauge(std::string_view name) const {
    const std::string page = metrics_.render();
    const std::string line = "\n" + std::string(name) + " ";
    const std::size_t at = page.find(line);
    require(at != page.npos, "there is such a metric", name);
    return std::atof(page.c_str() + at + line.size());
}

} // namespace hearth::hub_fuzz
