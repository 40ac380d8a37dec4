#include "hub/trial.h"

#include <array>

#include <fmt/core.h>

namespace hearth::hub_fuzz {

Trial::Trial() {
    for (std::size_t i = 0; i < clients.size(); ++i)
        clients_.emplace_back(i, sessions_, disk_);
    begin_life();
    for (const CredentialWords& words : credentials()) {
        keys_[words.name] = life_->book.add(words.name, words.topics).value();
        sessions_.known.insert(words.name);
    }
    for (std::size_t i = 0; i < clients_.size(); ++i)
        connect(clients_[i], i % 2 == 0 ? 0 : 2);
    turn();
    commit();
    turn();
}

void Trial::stick(Client& client) {
    client.stuck = !client.stuck;
    trace("{} reads{}", client.words().id, client.stuck ? " no more" : " again");
}

// --- Turns -------------------------------------------------------------------------------------

/// Whether anything came to a client.
bool Trial::turn() {
    phase_ = Phase::tick;
    life_->turn();
    spoken();
    look_for_closed();
    const bool any = flush();
    check_limits();
    twins_.ticked(clock_.steady());
    const std::size_t retained = life_->broker.stats().retained;
    require(retained <= sessions_.most_retained(clock_.utc(), clock_.steady()),
            "what has expired is swept", std::to_string(retained));
    return any;
}

bool Trial::flush() {
    bool any = false;
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        Client& client = clients_[i];
        sessions_.set_reads(i, !client.stuck);
        if (!client.open || client.stuck) continue;
        const std::string bytes = life_->outlet.take(client.id);
        any = any || !bytes.empty();
        client.read(bytes);
    }
    return any;
}

void Trial::commit() {
    trace("what is written is committed");
    phase_ = Phase::commit;
    disk_.commit();
    spoken();
    look_for_closed();
}

/// What hearth has published goes to whom it concerns.
void Trial::spoken() {
    for (const Spoken& one : std::exchange(life_->bus.spoken, {})) {
        trace("  hearth for {}: {} = {}{}", one.credential, one.message.topic, one.message.payload,
              one.refused ? " (refused)" : "");
        twins_.spoke(one);
        if (one.refused) continue;
        Publication publication;
        publication.said = {one.message.topic, one.message.payload};
        publication.qos = static_cast<std::size_t>(one.message.qos);
        publication.retain = one.message.retain;
        publication.owner = hearth_for(one.credential);
        publication.number = one.message.number;
        publication.expires_at = one.message.expires_at;
        publication.accepts = one.accepts;
        publication.window = {one.before, one.after};
        sessions_.publish(publication);
    }
    for (const Handed& one : std::exchange(life_->bus.handed, {}))
        sessions_.hand_retained(one.topic, one.credential, {one.before, one.after});
}

/// Connections that the broker has closed: what it sent before still arrives.
void Trial::look_for_closed() {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        Client& client = clients_[i];
        if (!client.open || !life_->outlet.closed.contains(client.id)) continue;
        client.may_close = client.may_close || trouble_;
        if (!client.stuck) client.read(life_->outlet.take(client.id));
        require(client.may_close, "nobody is disconnected without a reason", client.words().id);
        trace("    {} is closed", client.words().id);
        const bool was_in = client.is_in();
        life_->broker.closed(client.id, "closed");
        client.end();
        if (was_in) sessions_.disconnect(i);
    }
}

// --- Time, disk, death -------------------------------------------------------------------------

void Trial::step(std::uint8_t how) {
    constexpr std::array<Micros, 8> steps{1 * milliseconds, 60 * milliseconds, 1'100 * milliseconds,
                                          5 * seconds,      5 * seconds,       11 * seconds,
                                          1 * minutes,      1 * hours};
    const Micros time = steps[how % steps.size()];
    trace("{} ms pass", time / milliseconds);
    clock_.turn(time);
}

void Trial::jump(std::uint8_t how) {
    constexpr std::array<Micros, 4> jumps{-1 * hours, -10 * seconds, 10 * seconds, 1 * hours};
    const Micros by = jumps[how % jumps.size()];
    trace("the wall clock is set by {} s", by / seconds);
    clock_.jump_to(clock_.utc() + by);
    sessions_.clock_was_set(clock_.steady() + 4 * hours);
}

void Trial::disk(std::uint8_t how) {
    switch (how % 4U) {
    case 0:
        trace("the disk is full");
        trouble_ = true;
        return disk_.fill();
    case 1:
        return checkpoint();
    default:
        return commit();
    }
}

void Trial::checkpoint() {
    trace("a checkpoint is made");
    phase_ = Phase::commit;
    disk_.checkpoint(life_->owners());
    spoken();
    look_for_closed();
}

void Trial::restart(std::uint8_t how) {
    if (how % 3U == 0) { // in order
        for (Client& client : clients_)
            client.may_close = true;
        phase_ = Phase::change;
        life_->adapter.stop();
        life_->broker.close_all();
        spoken();
        look_for_closed();
        life_->turn();
    }
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        if (clients_[i].is_in()) sessions_.disconnect(i);
        clients_[i].end();
        clients_[i].stuck = false;
    }
    const auto mark = disk_.die(how % 3U == 2 ? Disk::Death::power_cut : Disk::Death::killed);
    life_.reset();
    constexpr std::array<std::string_view, 3> deaths{"stops", "is killed", "loses its power"};
    trace("  the hub {}; records up to {} survive", deaths[how % 3U], mark);
    for (const auto& [will, window] : std::exchange(wills_over_, {}))
        if (fate_of(window, mark) != Fate::kept) sessions_.leave_will(will);
    sessions_.die(mark);
    begin_life();
}

void Trial::begin_life() {
    life_ = std::make_unique<Life>(clock_, disk_, ++lives_);
    life_->replay();
    check_retained();
    sessions_.clock_was_set(clock_.steady() + 4 * hours); // sweeping begins anew
    twins_.begin(*life_);
    phase_ = Phase::start;
    life_->start(
        [this](const home::Event& event, const auto&) { twins_.happened(*life_, event, phase_); },
        [this](const broker::Message& message) { twins_.speaks(message, phase_); });
    spoken();
    rewired();
}

/// Announcements are through after a little more than a second.
void Trial::rewired() {
    twins_.rewired(clock_.steady() + 1'100 * milliseconds);
}

/// Everything that is under way arrives.
void Trial::drain() {
    if (trouble_) checkpoint();
    trouble_ = true; // one who was told of the full disk may be closed only now
    clock_.turn(1'200 * milliseconds);
    constexpr int most_rounds = 100;
    for (int i = 0, quiet = 0; i < most_rounds && quiet < 2; ++i) {
        bool any = false;
        for (Client& client : clients_) {
            client.stuck = false;
            any = any || !client.due.empty();
            acknowledge(client, client.due.size());
        }
        any = turn() || any;
        commit();
        quiet = any ? 0 : quiet + 1;
    }
    turn();
    trouble_ = false;
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        const std::string missing = sessions_.missing(i);
        require(missing.empty(), "all that must come has come", missing);
        const std::string answer = clients_[i].waits_for();
        require(answer.empty(), "all is answered", answer);
    }
    twins_.check(*life_);
    check_retained();
}

// --- What holds at any time --------------------------------------------------------------------

void Trial::check_limits() {
    const mqtt_discovery::Limits limits = small_adapter_limits();
    const auto counts = life_->adapter.counts();
    require(counts.devices <= limits.devices, "devices have a limit");
    require(counts.topics <= limits.topics, "topics have a limit");
    require(counts.pending_commands <= limits.pending_commands, "commands have a limit");
    require(counts.waiting_messages <= limits.waiting_messages, "waiting messages have a limit");
}

void Trial::check_retained() {
    class Reader final : public broker::LocalSubscriber {
    public:
        Result<void> received(std::string_view topic, std::string_view payload,
                              const broker::Origin& origin) override {
            const bool hearth = origin.by == broker::Origin::By::hearth;
            all[std::string(topic)] = {.payload = std::string(payload),
                                       .owner = hearth ? hearth_for(origin.credential)
                                                       : std::string(origin.credential)};
            return {};
        }
        std::map<std::string, RetainedMessage> all;
    } reader;
    life_->broker.unsubscribe(life_->broker.subscribe("#", reader));
    const std::string wrong = sessions_.check_retained(reader.all, clock_.utc());
    require(wrong.empty(), "what is retained is what was said last", wrong);
}

// --- The end -----------------------------------------------------------------------------------

void Trial::finish() {
    drain();
    for (std::size_t i = 0; i < clients_.size(); ++i)
        if (!clients_[i].open && sessions_.exists(i) && sessions_.is_kept(i))
            connect(clients_[i], 2);
    drain();
    constexpr int ticks = 8; // beyond every deadline of a command
    for (int i = 0; i < ticks; ++i) {
        clock_.turn(1 * minutes);
        turn();
    }
    require(life_->home.open_commands().empty(), "every command ends");
    for (const CredentialWords& words : credentials())
        if (sessions_.known.contains(words.name)) revoke(words.name);
    clock_.turn(1'200 * milliseconds);
    turn();
    check_nothing_is_left();
    life_->adapter.stop();
}

void Trial::check_nothing_is_left() {
    check_retained();
    const auto stats = life_->broker.stats();
    require(stats.connections == 0 && stats.sessions == 0 && stats.subscriptions == 0,
            "sessions go with their credential");
    require(stats.retained == 0 && stats.retained_bytes == 0, "what is retained goes too");
    for (const std::string_view quota :
         {"hearth_mqtt_queued_messages", "hearth_mqtt_queued_bytes", "hearth_mqtt_incoming_bytes",
          "hearth_mqtt_subscription_bytes"})
        require(life_->gauge(quota) == 0, "what was taken is given back", quota);
    require(life_->home.devices().empty(), "devices leave with their credential");
    const auto counts = life_->adapter.counts();
    require(counts.devices == 0 && counts.topics == 0 && counts.waiting_messages == 0 &&
                counts.pending_commands == 0,
            "the adapter has nothing left");
}

} // namespace hearth::hub_fuzz
