#include "codec/mqtt/writer.h"

namespace hearth::mqtt {
namespace {

/// All of the body but the payload.
template <class Sink>
void write_head(Sink& sink, const Publish& publish, Version version) {
    sink.field(publish.topic);
    if (publish.qos != Qos::at_most_once) sink.u16(publish.packet_id);
    if (version == Version::v5) write_properties(sink, publish.properties);
}

std::uint8_t first_byte_of(const Publish& publish) {
    return publish_first_byte(publish.qos, publish.duplicate, publish.retain);
}

Checked<void> check_topic(const Publish& publish, Version version) {
    if (version == Version::v5 || !publish.topic.empty()) return {};
    return refuse(ReasonCode::topic_name_invalid, "PUBLISH: 3.1.1 has no topic without a name");
}

} // namespace

Checked<void> encode(std::string& out, const Publish& publish, Version version,
                     std::size_t max_packet) {
    if (auto checked = check_topic(publish, version); !checked) return checked;
    return append_packet(out, first_byte_of(publish), max_packet, [&](auto& sink) {
        write_head(sink, publish, version);
        sink.raw(publish.payload);
    });
}

Checked<void> encode_publish_header(std::string& out, const Publish& publish, Version version,
                                    std::size_t max_packet) {
    if (auto checked = check_topic(publish, version); !checked) return checked;
    return append_packet(
        out, first_byte_of(publish), max_packet,
        [&](auto& sink) { write_head(sink, publish, version); }, publish.payload.size());
}

std::size_t encoded_size(const Publish& publish, Version version) {
    CountingSink count;
    write_head(count, publish, version);
    const PacketSize size{count.size() + publish.payload.size(), 0};
    if (!check_topic(publish, version)) return 0;
    return check_size(PacketType::publish, count, size, max_packet_size) ? size.whole() : 0;
}

std::size_t packet_id_offset(std::string_view encoded) {
    std::string_view rest = encoded;
    std::string_view topic;
    std::uint8_t first = 0;
    std::uint32_t length = 0;
    const bool read = wire::take_u8(rest, first) &&
                      wire::take_varint(rest, length) == wire::Varint::taken &&
                      wire::take_field(rest, topic) && rest.size() >= 2;
    return read && (first & 0x06U) != 0 ? encoded.size() - rest.size() : 0;
}

void patch_packet_id(char* encoded, std::size_t offset, std::uint16_t packet_id) {
    if (offset == 0) return;
    WritingSink(encoded + offset).u16(packet_id);
}

std::uint8_t publish_first_byte(Qos qos, bool duplicate, bool retain) {
    return static_cast<std::uint8_t>(first_byte(PacketType::publish) | (duplicate ? 0x08U : 0U) |
                                     static_cast<unsigned>(qos) << 1 | (retain ? 0x01U : 0U));
}

Checked<void> encode_publish_properties(std::string& out, const PublishProperties& properties) {
    CountingSink count;
    write_property_block(count, properties);
    auto checked =
        check_size(PacketType::publish, count, PacketSize{count.size(), 0}, max_packet_size);
    if (checked)
        append_bytes(out, count.size(),
                     [&](auto& sink) { write_property_block(sink, properties); });
    return checked;
}

Checked<void> encode(std::string& out, const Ack& ack, Version version, std::size_t max_packet) {
    return append_answer(out, ack.type, ack, max_packet, [&](auto& sink, const Ack& answer) {
        sink.u16(answer.packet_id);
        if (version == Version::v311) return;
        const bool more = has_properties(answer.properties);
        if (!more && answer.reason == ReasonCode::success) return;
        sink.u8(static_cast<std::uint8_t>(answer.reason));
        if (more) write_properties(sink, answer.properties);
    });
}

} // namespace hearth::mqtt
