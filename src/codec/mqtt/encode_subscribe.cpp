#include "codec/mqtt/writer.h"

namespace hearth::mqtt {
namespace {

template <class Entry>
Checked<void> check_not_empty(const EncodedList<Entry>& list, PacketType type,
                              std::string_view what) {
    if (!list.empty()) return {};
    return refuse(ReasonCode::protocol_error, "{} without a {}", to_string(type), what);
}

/// 3.1.1 knows one failure (3.1.1: 3.9.3).
std::uint8_t reason_byte(ReasonCode reason, Version version) {
    const bool plain = version == Version::v311 && is_failure(reason);
    return static_cast<std::uint8_t>(plain ? ReasonCode::unspecified_error : reason);
}

} // namespace

Checked<void> encode(std::string& out, const Subscribe& subscribe, Version version,
                     std::size_t max_packet) {
    if (auto checked = check_not_empty(subscribe.subscriptions, PacketType::subscribe, "filter");
        !checked)
        return checked;
    return append_packet(out, first_byte(PacketType::subscribe), max_packet, [&](auto& sink) {
        sink.u16(subscribe.packet_id);
        if (version == Version::v5) write_properties(sink, subscribe.properties);
        for (const Subscription& subscription : subscribe.subscriptions) {
            sink.field(subscription.filter);
            sink.u8(version == Version::v5 ? subscription_options(subscription)
                                           : static_cast<std::uint8_t>(subscription.qos));
        }
    });
}

Checked<void> encode(std::string& out, const Suback& suback, Version version,
                     std::size_t max_packet) {
    if (auto checked = check_not_empty(suback.reasons, PacketType::suback, "reason"); !checked)
        return checked;
    return append_answer(out, PacketType::suback, suback, max_packet,
                         [&](auto& sink, const Suback& answer) {
                             sink.u16(answer.packet_id);
                             if (version == Version::v5) write_properties(sink, answer.properties);
                             for (const ReasonCode reason : answer.reasons)
                                 sink.u8(reason_byte(reason, version));
                         });
}

Checked<void> encode(std::string& out, const Unsubscribe& unsubscribe, Version version,
                     std::size_t max_packet) {
    if (auto checked = check_not_empty(unsubscribe.filters, PacketType::unsubscribe, "filter");
        !checked)
        return checked;
    return append_packet(out, first_byte(PacketType::unsubscribe), max_packet, [&](auto& sink) {
        sink.u16(unsubscribe.packet_id);
        if (version == Version::v5) write_properties(sink, unsubscribe.properties);
        for (const std::string_view filter : unsubscribe.filters)
            sink.field(filter);
    });
}

Checked<void> encode(std::string& out, const Unsuback& unsuback, Version version,
                     std::size_t max_packet) {
    if (version == Version::v5) {
        auto checked = check_not_empty(unsuback.reasons, PacketType::unsuback, "reason");
        if (!checked) return checked;
    }
    return append_answer(out, PacketType::unsuback, unsuback, max_packet,
                         [&](auto& sink, const Unsuback& answer) {
                             sink.u16(answer.packet_id);
                             if (version == Version::v311) return;
                             write_properties(sink, answer.properties);
                             for (const ReasonCode reason : answer.reasons)
                                 sink.u8(reason_byte(reason, version));
                         });
}

} // namespace hearth::mqtt
