#include "simulator/stage.h"

#include "simulator/player.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace hearth::simulator {
namespace {

constexpr std::size_t acts_per_turn = 2'000;
constexpr std::size_t unsent_limit = 256U << 10;  ///< of one client; beyond it time stands still
constexpr std::size_t unacknowledged_limit = 500; ///< of one client, likewise
constexpr Micros look_interval = 250 * milliseconds;
constexpr Micros goodbye_wait = seconds;
constexpr Micros end_wait = 3 * seconds;

std::unique_ptr<Firmware> make_firmware(Thing& thing, Outbox& out, std::uint64_t seed) {
    switch (thing.plan().speaks) {
    case Dialect::esphome:
        return make_esphome(thing, out, seed);
    case Dialect::tasmota:
        return make_tasmota(thing, out, seed);
    default:
        return make_device_form(thing, out, seed);
    }
}

net::StreamLimits socket_limits() {
    net::StreamLimits limits;
    limits.unsent_bytes = 256U << 20; // the discovery of a hundred thousand devices
    return limits;
}

} // namespace

Stage::Stage(net::Shard& shard, const Clock& clock, const HomePlan& plan, const Credentials& logins,
             net::Address broker, std::uint64_t seed, double speed)
    : shard_(shard)
    , clock_(clock)
    , broker_(std::move(broker))
    , title_(fmt::format("{} devices of \"{}\" at {}, seed {}, speed {}", plan.devices.size(),
                         plan.name, broker_.to_string(), seed, speed))
    , random_(seed_for(seed, "network"))
    , begin_(clock.utc())
    , pace_(speed, begin_)
    , story_(begin_)
    , world_(plan, seed)
    , sockets_(shard, *this, socket_limits()) {
    welcome(plan);
    set_up_things(plan, seed);
    set_up_players(logins, seed);
    shard_.each_turn([this] { end_of_turn(); });
}

Stage::~Stage() = default;

/// Somebody walks past the motion sensors when the story begins, at whatever hour that is.
void Stage::welcome(const HomePlan& plan) {
    for (const DevicePlan& device : plan.devices) {
        if (device.kind == Kind::motion_sensor)
            world_.household().add_visit(
                {begin_ + 10 * seconds, begin_ + 75 * seconds, device.area, -1, true});
    }
}

void Stage::set_up_things(const HomePlan& plan, std::uint64_t seed) {
    for (const DevicePlan& device : plan.devices) {
        things_.push_back(make_thing(device, world_, seed, begin_));
        story_.add(*things_.back());
    }
}

void Stage::set_up_players(const Credentials& logins, std::uint64_t seed) {
    const auto add = [&](const auto& make) {
        auto player = std::make_unique<Player>(*this);
        std::unique_ptr<Firmware> firmware = make(*player);
        const auto login = logins.find(firmware->credential_name());
        story_.add(*firmware);
        player->play(std::move(firmware), login);
        players_.push_back(std::move(player));
    };
    std::vector<Thing*> bridged;
    for (const auto& thing : things_) {
        if (thing->plan().speaks == Dialect::zigbee2mqtt)
            bridged.push_back(thing.get());
        else
            add([&](Outbox& out) { return make_firmware(*thing, out, seed); });
    }
    if (!bridged.empty()) add([&](Outbox& out) { return make_zigbee2mqtt(bridged, out, seed); });
}

void Stage::start() {
    for (const auto& player : players_)
        player->client().start(clock_.steady());
    set_alarm(clock_.steady());
}

void Stage::end() {
    if (end_deadline_ != 0) {
        shard_.stop();
        return;
    }
    for (const auto& player : players_) {
        if (player->client().is_connected()) player->firmware().say_offline();
    }
    end_deadline_ = clock_.steady() + end_wait;
}

void Stage::connecting(net::ConnectionId id, Player& player) {
    by_connection_[id] = &player;
}

Player* Stage::player_of(net::ConnectionId id) const {
    const auto found = by_connection_.find(id);
    return found == by_connection_.end() ? nullptr : found->second;
}

void Stage::opened(net::ConnectionId id, const net::Address&) {
    if (Player* player = player_of(id)) player->client().opened(clock_.steady());
}

std::size_t Stage::received(net::ConnectionId id, std::string_view bytes) {
    Player* player = player_of(id);
    return player == nullptr ? bytes.size() : player->client().received(bytes, clock_.steady());
}

void Stage::closed(net::ConnectionId id, std::string_view why) {
    Player* player = player_of(id);
    by_connection_.erase(id);
    if (player != nullptr) player->closed(why);
}

void Stage::lost(std::string_view why) {
    if (end_deadline_ != 0 || std::exchange(said_lost_, true)) return;
    fmt::print(stderr, "hearth simulate: no connection to {} ({}); trying again until there is\n",
               broker_.to_string(), why);
}

void Stage::refused(const Error& error) {
    if (exit_code_ == 0)
        fmt::print(stderr,
                   "hearth simulate: {}; make a credential that may, and hand it in: hearth "
                   "credential add NAME --topic '#' --json > FILE, then --credentials FILE\n",
                   error.detail);
    exit_code_ = 1;
    if (end_deadline_ == 0) end();
}

bool Stage::congested() const {
    return std::ranges::any_of(players_, [&](const auto& player) {
        return player->client().unacknowledged() > unacknowledged_limit ||
               sockets_.unsent(player->connection()) > unsent_limit;
    });
}

Micros Stage::catch_up() {
    if (!began_) return story_.now();
    const Micros steady = clock_.steady();
    if (congested()) {
        pace_.run_from(steady, story_.now());
        behind_ = false;
        return story_.now();
    }
    behind_ = !story_.advance(pace_.at(steady), acts_per_turn);
    // Time that the machine is too slow for does not pass.
    if (behind_) pace_.run_from(steady, story_.now());
    return story_.now();
}

void Stage::end_of_turn() {
    const Micros steady = clock_.steady();
    if (end_deadline_ == 0) catch_up();
    if (steady >= next_look_) look_after_clients(steady);
    if (!announced_ && end_deadline_ == 0) notice_connections(steady);
    if (end_deadline_ != 0) finish_ending(steady);
    sockets_.flush();
    set_alarm(steady);
}

void Stage::look_after_clients(Micros steady) {
    next_look_ = steady + look_interval;
    bool all = true;
    for (const auto& player : players_) {
        player->client().advance(steady);
        all = all && player->client().is_connected();
    }
    if (announced_ && all && std::exchange(said_lost_, false))
        fmt::print(stderr, "hearth simulate: connected to {} again\n", broker_.to_string());
}

void Stage::notice_connections(Micros steady) {
    const auto connected = [](const auto& player) { return player->client().is_connected(); };
    if (!std::ranges::all_of(players_, connected)) return;
    if (!std::exchange(began_, true)) pace_.run_from(steady, begin_);
    const auto heard = [](const auto& player) { return player->client().unacknowledged() == 0; };
    if (!std::ranges::all_of(players_, heard)) return;
    announced_ = true;
    said_lost_ = false;
    fmt::print("simulating {}\n", title_);
    std::fflush(stdout);
}

void Stage::finish_ending(Micros steady) {
    const bool heard = std::ranges::all_of(players_, [](const auto& player) {
        return !player->client().is_connected() || player->client().unacknowledged() == 0;
    });
    if (!said_goodbye_ && (heard || steady >= end_deadline_ - end_wait + goodbye_wait)) {
        said_goodbye_ = true;
        for (const auto& player : players_)
            player->client().stop();
    }
    const auto stopped = [](const auto& player) { return player->client().is_stopped(); };
    if (steady >= end_deadline_ || std::ranges::all_of(players_, stopped)) shard_.stop();
}

/// Wakes the shard when the story goes on, or somebody has to be looked after.
void Stage::set_alarm(Micros steady) {
    Micros wait = look_interval;
    if (end_deadline_ != 0) wait = 20 * milliseconds;
    if (began_ && story_.next() != never)
        wait = std::min(wait, pace_.real(story_.next() - pace_.at(steady)));
    wait = std::max(wait, behind_ ? 0 : milliseconds);
    if (alarm_ != 0 && alarm_at_ <= steady + wait && alarm_at_ > steady) return;
    if (alarm_ != 0) shard_.cancel(alarm_);
    alarm_at_ = steady + wait;
    alarm_ = shard_.after(wait, [this] { alarm_ = 0; });
}

} // namespace hearth::simulator
