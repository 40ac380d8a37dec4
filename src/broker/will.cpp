#include "broker/core.h"
#include "codec/mqtt/encoder.h"

#include <algorithm>

namespace hearth::broker {

void Broker::Core::take_will(Connection& connection, const mqtt::Connect& connect,
                             IdentityIndex owner) {
    if (!connect.will) return;
    auto will = std::make_unique<Will>();
    will->topic = connect.will->topic;
    will->payload = connect.will->payload;
    will->qos = static_cast<Qos>(connect.will->qos);
    will->retain = connect.will->retain;
    will->owner = owner;
    will->delay_s = connect.will->properties.delay_s.value_or(0);
    will->expiry_s = connect.will->properties.message_expiry_s.value_or(0);
    mqtt::PublishProperties kept;
    static_cast<mqtt::MessageProperties&>(kept) =
        static_cast<const mqtt::MessageProperties&>(connect.will->properties);
    kept.message_expiry_s.reset();
    if (!mqtt::encode_publish_properties(will->properties, kept)) will->properties.clear();
    connection.more().will = std::move(will);
}

void Broker::Core::schedule_will(std::unique_ptr<Will> will, SessionIndex index) {
    const Session& session = sessions_[index];
    const std::uint32_t delay_s = std::min(will->delay_s, session.expiry_s);
    if (delay_s == 0) {
        publish_will(*will, session.client_id);
        return;
    }
    will->due_at = parts_.clock.steady() + delay_s * seconds;
    timers_.set(will->due_at, Timers::Kind::will, session.number);
    delayed_wills_[index] = std::move(will);
}

void Broker::Core::publish_will(const Will& will, std::string_view client_id) {
    Pending pending;
    pending.message.topic = will.topic;
    pending.message.payload = will.payload;
    pending.message.qos = will.qos;
    pending.message.retain = will.retain;
    pending.properties = will.properties;
    if (will.expiry_s != 0) pending.expires_at = parts_.clock.utc() + will.expiry_s * seconds;
    pending.identity = will.owner;
    pending.client_id = client_id;
    pending_.push_back(std::move(pending));
}

void Broker::Core::forget_will(SessionIndex index) {
    delayed_wills_.erase(index);
}

void Broker::Core::release_will(SessionIndex index) {
    const auto found = delayed_wills_.find(index);
    if (found == delayed_wills_.end()) return;
    publish_will(*found->second, sessions_[index].client_id);
    delayed_wills_.erase(found);
}

} // namespace hearth::broker
