#include "codec/mqtt/reader.h"

namespace hearth::mqtt {

using enum ReasonCode;

void Reader::note(ReasonCode reason, std::string_view why) {
    ok_ = false;
    rest_ = {};
    error_ = {reason, fmt::format("{}: {}", to_string(type_), why)};
}

void Reader::adopt(Reader& inner) {
    if (inner.ok_ || !ok_) return;
    ok_ = false;
    rest_ = {};
    error_ = std::move(inner.error_);
}

void Reader::cut_short(std::string_view what) {
    fail(malformed_packet, "ends before or within its {}", what);
}

std::uint8_t Reader::u8(std::string_view what) {
    std::uint8_t number = 0;
    if (!wire::take_u8(rest_, number)) cut_short(what);
    return number;
}

std::uint16_t Reader::u16(std::string_view what) {
    std::uint16_t number = 0;
    if (!wire::take_u16(rest_, number)) cut_short(what);
    return number;
}

std::uint16_t Reader::packet_id() {
    const std::uint16_t id = u16("packet identifier");
    if (id == 0) fail(protocol_error, "its packet identifier is 0");
    return id;
}

std::string_view Reader::binary(std::string_view what) {
    std::string_view field;
    if (!wire::take_field(rest_, field)) cut_short(what);
    return field;
}

std::string_view Reader::text(std::string_view what) {
    const std::string_view field = binary(what);
    if (is_text(field)) return field;
    fail(malformed_packet, "its {} is not UTF-8 without U+0000", what);
    return {};
}

std::string_view Reader::property_block() {
    std::uint32_t length = 0;
    if (wire::take_varint(rest_, length) != wire::Varint::taken) {
        fail(malformed_packet, "has no proper length of its properties");
        return {};
    }
    if (length > rest_.size()) {
        fail(malformed_packet, "ends before or within its properties");
        return {};
    }
    const std::string_view block = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return block;
}

bool Reader::next_property(PropertyOwner owner, PropertyToken& token) {
    if (rest_.empty()) return false;
    const std::uint8_t id = wire::byte_at(rest_, 0);
    const PropertyInfo& info = property_info(id);
    if (info.kind == PropertyKind::none)
        fail(malformed_packet, "has a property {:#04x}, which does not exist", id);
    else if ((info.owners & owner) == 0)
        fail(malformed_packet, "{}may not have a {}", owner == will_owner ? "its will " : "",
             info.name);
    else if (!take_property(rest_, token))
        fail(malformed_packet, "ends within its {}", info.name);
    return ok_;
}

void Reader::end() {
    if (!rest_.empty()) fail(malformed_packet, "{} bytes follow where it should end", rest_.size());
}

void check_property(Reader& in, const PropertyToken& token, const DecodeLimits& limits) {
    const PropertyInfo& info = property_info(token.id);
    const bool texts = info.kind == PropertyKind::text || info.kind == PropertyKind::pair;
    if (texts && !(is_text(token.text) && is_text(token.value)))
        in.fail(malformed_packet, "its {} is not UTF-8 without U+0000", info.name);
    if (info.kind == PropertyKind::flag && token.number > 1)
        in.fail(protocol_error, "its {} is {}; it must be 0 or 1", info.name, token.number);
    switch (token.id) {
    case PropertyId::response_topic:
        in.check(check_topic_name(token.text, limits.max_topic_levels));
        break;
    case PropertyId::topic_alias:
        if (token.number == 0) in.fail(topic_alias_invalid, "its topic alias is 0");
        break;
    case PropertyId::receive_maximum:
    case PropertyId::maximum_packet_size:
    case PropertyId::subscription_id:
        if (token.number == 0) in.fail(protocol_error, "its {} is 0", info.name);
        break;
    default:
        break;
    }
}

} // namespace hearth::mqtt
