#include "codec/mqtt/reader.h"

namespace hearth::mqtt {

using enum ReasonCode;

Checked<Publish> decode_publish(const Frame& frame, Version version, const DecodeLimits& limits) {
    Checked<Publish> result;
    Publish& publish = *result;
    Reader in(frame);
    publish.duplicate = (frame.flags() & 0x08U) != 0;
    publish.qos = static_cast<Qos>((frame.flags() >> 1) & 0x03U);
    publish.retain = (frame.flags() & 0x01U) != 0;
    publish.topic = in.binary("topic");
    if (publish.qos != Qos::at_most_once) publish.packet_id = in.packet_id();
    if (version == Version::v5)
        publish.raw_properties =
            read_properties(in, owner_of(PacketType::publish), limits, publish.properties);
    publish.payload = in.take_rest();
    if (!publish.topic.empty() || version == Version::v311) {
        if (in.ok()) in.check(check_topic_name(publish.topic, limits.max_topic_levels));
    } else if (!publish.properties.topic_alias) {
        in.fail(protocol_error, "its topic is empty and it has no topic alias");
    }
    in.finish(result);
    return result;
}

Checked<PublishProperties> decode_publish_properties(std::string_view block,
                                                     const DecodeLimits& limits) {
    Checked<PublishProperties> result;
    Reader in(PacketType::publish, block);
    read_property_block(in, owner_of(PacketType::publish), limits, *result);
    in.finish(result);
    return result;
}

Checked<Ack> decode_ack(const Frame& frame, Version version, const DecodeLimits& limits) {
    Checked<Ack> result;
    Ack& ack = *result;
    Reader in(frame);
    ack.type = frame.type();
    ack.packet_id = in.packet_id();
    // Both the reason and the properties may be left out (3.4.2.1, 3.4.2.2.1).
    if (version == Version::v5 && !in.at_end()) {
        ack.reason = static_cast<ReasonCode>(in.u8("reason code"));
        if (!reason_allowed(ack.type, ack.reason))
            in.fail(protocol_error, "its reason code is {:#04x}, which it may not have",
                    static_cast<unsigned>(ack.reason));
        if (!in.at_end()) read_properties(in, owner_of(ack.type), limits, ack.properties);
    }
    in.end();
    in.finish(result);
    return result;
}

} // namespace hearth::mqtt
