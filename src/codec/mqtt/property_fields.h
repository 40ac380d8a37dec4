#pragma once

#include "codec/mqtt/properties.h"
#include "codec/mqtt/property_table.h"

#include <concepts>
#include <type_traits>

/// Inside of this room: which member holds which property. Decoder and encoder both walk this one
/// list, so they cannot disagree: `visit_fields(properties, [](PropertyId id, auto& member) {…})`.
namespace hearth::mqtt {

template <class P, class Properties>
concept Either = std::same_as<std::remove_const_t<P>, Properties>;

template <class P, class Visit>
void visit_message_fields(P& p, Visit&& visit) {
    visit(PropertyId::payload_format, p.payload_is_text);
    visit(PropertyId::message_expiry, p.message_expiry_s);
    visit(PropertyId::content_type, p.content_type);
    visit(PropertyId::response_topic, p.response_topic);
    visit(PropertyId::correlation_data, p.correlation_data);
    visit(PropertyId::user_property, p.user_properties);
}

template <Either<PublishProperties> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
    visit_message_fields(p, visit);
    visit(PropertyId::topic_alias, p.topic_alias);
    visit(PropertyId::subscription_id, p.subscription_ids);
}

template <Either<WillProperties> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
    visit_message_fields(p, visit);
    visit(PropertyId::will_delay, p.delay_s);
}

template <Either<ConnectProperties> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
    visit(PropertyId::session_expiry, p.session_expiry_s);
    visit(PropertyId::receive_maximum, p.receive_maximum);
    visit(PropertyId::maximum_packet_size, p.maximum_packet_bytes);
    visit(PropertyId::topic_alias_maximum, p.topic_alias_maximum);
    visit(PropertyId::request_response_information, p.request_response_information);
    visit(PropertyId::request_problem_information, p.request_problem_information);
    visit(PropertyId::user_property, p.user_properties);
    visit(PropertyId::authentication_method, p.authentication_method);
    visit(PropertyId::authentication_data, p.authentication_data);
}

template <Either<ConnackProperties> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
    visit(PropertyId::session_expiry, p.session_expiry_s);
    visit(PropertyId::receive_maximum, p.receive_maximum);
    visit(PropertyId::maximum_qos, p.maximum_qos);
    visit(PropertyId::retain_available, p.retain_available);
    visit(PropertyId::maximum_packet_size, p.maximum_packet_bytes);
    visit(PropertyId::assigned_client_id, p.assigned_client_id);
    visit(PropertyId::topic_alias_maximum, p.topic_alias_maximum);
    visit(PropertyId::reason_string, p.reason_string);
    visit(PropertyId::user_property, p.user_properties);
    visit(PropertyId::wildcard_subscription_available, p.wildcard_subscription_available);
    visit(PropertyId::subscription_ids_available, p.subscription_ids_available);
    visit(PropertyId::shared_subscription_available, p.shared_subscription_available);
    visit(PropertyId::server_keep_alive, p.server_keep_alive_s);
    visit(PropertyId::response_information, p.response_information);
    visit(PropertyId::server_reference, p.server_reference);
    visit(PropertyId::authentication_method, p.authentication_method);
    visit(PropertyId::authentication_data, p.authentication_data);
}

template <Either<AckProperties> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
    visit(PropertyId::reason_string, p.reason_string);
    visit(PropertyId::user_property, p.user_properties);
}

template <Either<SubscribeProperties> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
    visit(PropertyId::subscription_id, p.subscription_id);
    visit(PropertyId::user_property, p.user_properties);
}

template <Either<UnsubscribeProperties> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
    visit(PropertyId::user_property, p.user_properties);
}

template <Either<DisconnectProperties> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
    visit(PropertyId::session_expiry, p.session_expiry_s);
    visit(PropertyId::server_reference, p.server_reference);
    visit(PropertyId::reason_string, p.reason_string);
    visit(PropertyId::user_property, p.user_properties);
}

template <Either<AuthProperties> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
    visit(PropertyId::authentication_method, p.authentication_method);
    visit(PropertyId::authentication_data, p.authentication_data);
    visit(PropertyId::reason_string, p.reason_string);
    visit(PropertyId::user_property, p.user_properties);
}

} // namespace hearth::mqtt
