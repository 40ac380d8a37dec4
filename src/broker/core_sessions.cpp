#include "broker/core.h"

namespace hearth::broker {

void Broker::Core::record_session(RecordKind kind, const Session& session) {
    SessionRecord record;
    record.session = session.number;
    record.expiry_s = session.expiry_s;
    record.at = kind == RecordKind::session_left ? session.left_at : parts_.clock.utc();
    if (kind == RecordKind::session_opened) {
        record.client_id = session.client_id;
        record.owner = identities_.name(session.owner);
    }
    append(kind, encode(record));
}

void Broker::Core::leave_session(SessionIndex index) {
    Session& session = sessions_[index];
    if (session.expiry_s == 0) {
        end_session(index);
        return;
    }
    session.tidy();
    session.left_at = parts_.clock.utc();
    session.ends_at = parts_.clock.steady() + session.expiry_s * seconds;
    record_session(RecordKind::session_left, session);
    set_session_timer(index);
}

void Broker::Core::set_session_timer(SessionIndex index) {
    Session& session = sessions_[index];
    // One that fires too early looks again, so that a client that comes and goes sets but one.
    if (session.timer_at != 0 && session.timer_at <= session.ends_at) return;
    session.timer_at = session.ends_at;
    timers_.set(session.ends_at, Timers::Kind::session, index);
}

void Broker::Core::end_session(SessionIndex index) {
    release_will(index);
    Session& session = sessions_[index];
    session.retained.reset();
    subscriptions_.remove_all(session);
    if (session.persistent()) {
        record_.clear();
        encode(record_, StepRecord{session.number, 0});
        append(RecordKind::session_ended, record_);
        --persistent_sessions_;
    }
    sessions_.erase(index);
}

} // namespace hearth::broker
