#include "broker/core.h"

#include <algorithm>

namespace hearth::broker {

namespace {

/// Retained messages with an expiry are swept no more often than this; who asks for one before
/// gets nothing all the same.
constexpr Micros sweep_interval = 10 * seconds;

} // namespace

void Broker::Core::start() {
    checkpoint_messages_.clear();
    resume_wills(); // while sessions still say who was connected
    checkpoint_bytes_ = 0;
    tell_dropped_at_replay();
    const Micros utc = parts_.clock.utc();
    const Micros steady = parts_.clock.steady();
    for (SessionIndex index = 0; index < sessions_.capacity(); ++index) {
        Session& session = sessions_[index];
        if (!session.alive) continue;
        if (session.left_at == 0) { // its client was connected when the hub stopped
            leave_session(index);
            continue;
        }
        // The wall clock may have jumped: a session is never kept longer than it was promised.
        const Micros whole = session.expiry_s * seconds;
        session.ends_at = steady + std::clamp<Micros>(session.left_at + whole - utc, 0, whole);
        set_session_timer(index);
    }
    std::vector<const Retained::Entry*> all;
    retained_.all(all);
    for (const Retained::Entry* entry : all)
        if (entry->message->expires_at() != 0) note_retained_expiry(entry->message->expires_at());
}

void Broker::Core::advance() {
    Timers::Timer timer;
    const Micros now = parts_.clock.steady();
    while (timers_.take(now, timer))
        run_timer(timer);
    drain_pending();
}

void Broker::Core::run_timer(const Timers::Timer& timer) {
    switch (timer.kind) {
    case Timers::Kind::connect: {
        const Index at = connections_.find(timer.key);
        if (at != none && connections_[at].phase == Connection::Phase::refused)
            return answer_late(at);
        if (at == none || connections_[at].phase != Connection::Phase::silent) return;
        refused(connections_[at], Code::timed_out,
                fmt::format("no CONNECT within {} s of the connection's opening",
                            limits_.connect_timeout / seconds));
        part(at, Parting::lost, "no CONNECT in time");
        return;
    }
    case Timers::Kind::keep_alive:
        check_keep_alive(timer.key);
        return;
    case Timers::Kind::session:
        check_session(static_cast<SessionIndex>(timer.key));
        return;
    case Timers::Kind::will: {
        const SessionIndex index = sessions_.find_number(timer.key);
        if (index != none) check_will_delay(index);
        return;
    }
    case Timers::Kind::orphans:
        release_orphans();
        return;
    case Timers::Kind::retained:
        expire_retained();
        return;
    }
}

void Broker::Core::check_keep_alive(ConnectionId id) {
    const Index at = connections_.find(id);
    if (at == none) return;
    Connection& connection = connections_[at];
    // 3.1.2-22: one and a half times the keep alive.
    const Micros deadline = connection.heard_at + connection.keep_alive_s * seconds * 3 / 2;
    if (parts_.clock.steady() < deadline) {
        timers_.set(deadline, Timers::Kind::keep_alive, id);
        sessions_[connection.session].tidy(); // once in a while, so that who is idle holds nothing
        connection.tidy();
        return;
    }
    fail_connection(at, mqtt::ReasonCode::keep_alive_timeout,
                    fmt::format("silent for more than 1.5 times its keep alive of {} s",
                                connection.keep_alive_s));
}

void Broker::Core::check_session(SessionIndex index) {
    if (index >= sessions_.capacity()) return;
    Session& session = sessions_[index];
    const Micros now = parts_.clock.steady();
    if (!session.alive || session.timer_at == 0 || session.timer_at > now) return;
    session.timer_at = 0;
    if (session.connected() || session.ends_at == 0) return;
    if (session.ends_at <= now)
        end_session(index);
    else
        set_session_timer(index);
}

void Broker::Core::check_will_delay(SessionIndex index) {
    const auto found = delayed_wills_.find(index);
    if (found == delayed_wills_.end()) return;
    if (found->second->due_at > parts_.clock.steady()) return; // of a later connection
    release_will(index);
}

void Broker::Core::note_retained_expiry(Micros expires_at) {
    const Micros steady = parts_.clock.steady();
    const Micros at = steady + std::max(expires_at - parts_.clock.utc(), sweep_interval);
    // One that is set is never put off, however soon those expire that keep coming.
    if (retained_timer_at_ != 0 && retained_timer_at_ <= at) return;
    retained_timer_at_ = at;
    timers_.set(retained_timer_at_, Timers::Kind::retained, 0);
}

void Broker::Core::expire_retained() {
    if (retained_timer_at_ == 0 || parts_.clock.steady() < retained_timer_at_) return;
    retained_timer_at_ = 0;
    std::vector<const Retained::Entry*> all;
    retained_.all(all);
    std::vector<MessageRef> expired;
    const Micros utc = parts_.clock.utc();
    for (const Retained::Entry* entry : all) {
        if (entry->message->expired(utc))
            expired.push_back(entry->message);
        else if (entry->message->expires_at() != 0)
            note_retained_expiry(entry->message->expires_at());
    }
    drop_retained(expired);
}

} // namespace hearth::broker
