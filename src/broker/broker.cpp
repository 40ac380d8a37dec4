#include "broker/broker.h"

#include "broker/core.h"

namespace hearth::broker {

Broker::Broker(const BrokerParts& parts, const BrokerLimits& limits)
    : core_(std::make_unique<Core>(parts, limits)) {}

Broker::~Broker() = default;

void Broker::start() {
    core_->start();
}

void Broker::opened(ConnectionId id, const net::Address& peer) {
    core_->opened(id, peer);
}

std::size_t Broker::received(ConnectionId id, std::string_view bytes) {
    return core_->received(id, bytes);
}

void Broker::closed(ConnectionId id, std::string_view why) {
    core_->closed(id, why);
}

void Broker::end_turn() {
    core_->end_turn();
}

bool Broker::has_more() const {
    return core_->has_more();
}

void Broker::advance() {
    core_->advance();
}

Micros Broker::next_deadline() const {
    return core_->next_deadline();
}

void Broker::drop_sessions_of(std::string_view credential) {
    core_->drop_sessions_of(credential);
}

void Broker::recheck_subscriptions() {
    core_->recheck_subscriptions();
}

void Broker::close_all() {
    core_->close_all();
}

LocalBus::SubscriptionId Broker::subscribe(std::string_view filter, LocalSubscriber& subscriber) {
    return core_->subscribe(filter, subscriber);
}

void Broker::unsubscribe(SubscriptionId subscription) {
    core_->unsubscribe(subscription);
}

std::size_t Broker::publish(Message message) {
    return core_->publish(std::move(message));
}

Result<std::size_t> Broker::publish_for(std::string_view credential, Message message) {
    return core_->publish_for(credential, std::move(message));
}

bool Broker::retains(std::string_view topic) const {
    return core_->retains(topic);
}

bool Broker::hand_retained(std::string_view topic, std::string_view credential) {
    return core_->hand_retained(topic, credential);
}

const Authorizer& Broker::rights() const {
    return core_->rights();
}

Result<void> Broker::replay(const journal::Record& record) {
    return core_->replay(record);
}

void Broker::reset() {
    core_->reset();
}

void Broker::snapshot(journal::SnapshotSink& sink) const {
    core_->snapshot(sink);
}

Broker::Stats Broker::stats() const {
    return core_->stats();
}

} // namespace hearth::broker
