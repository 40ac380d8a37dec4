#include "base/text.h"
#include "codec/mqtt/reader.h"

namespace hearth::mqtt {
namespace {

using enum ReasonCode;

/// The bits of the connect flags (3.1.2.3).
struct ConnectFlags {
    std::uint8_t bits = 0;

    bool reserved() const { return (bits & 0x01U) != 0; }
    bool clean_start() const { return (bits & 0x02U) != 0; }
    bool will() const { return (bits & 0x04U) != 0; }
    unsigned will_qos() const { return (bits >> 3) & 0x03U; }
    bool will_retain() const { return (bits & 0x20U) != 0; }
    bool password() const { return (bits & 0x40U) != 0; }
    bool user_name() const { return (bits & 0x80U) != 0; }
};

void read_version(Reader& in, Connect& connect) {
    const std::string_view name = in.binary("protocol name");
    const std::uint8_t said = in.u8("protocol level");
    if (!in.ok()) return;
    const unsigned level = said & ~unsigned{bridge_bit};
    connect.v31 = name == name_v31;
    connect.bridge = (said & bridge_bit) != 0;
    connect.version = !connect.v31 && level == 5 ? Version::v5 : Version::v311;
    if (!connect.v31 && name != "MQTT")
        in.fail(protocol_error, "its protocol name is \"{}\", not \"MQTT\"", printable(name, 20));
    else if (connect.v31 ? level != level_v31 : level != 4 && level != 5)
        in.fail(unsupported_protocol_version,
                "asks for {} protocol level {}; use MQIsdp 3 (MQTT 3.1), MQTT 4 (3.1.1) or 5 (5.0)",
                name, said);
}

/// Who must name itself: in 3.1 everybody, in 3.1.1 who wants a session that is kept.
void check_client_id(Reader& in, const Connect& connect) {
    if (connect.version == Version::v5 || !connect.client_id.empty()) return;
    if (connect.v31)
        in.fail(client_identifier_not_valid, "has no client identifier; in MQTT 3.1 it needs one");
    else if (!connect.clean_start)
        in.fail(client_identifier_not_valid,
                "has no client identifier; without clean session it needs one");
}

ConnectFlags read_flags(Reader& in, Version version) {
    const ConnectFlags flags{in.u8("connect flags")};
    if (flags.reserved()) in.fail(malformed_packet, "the reserved connect flag is set");
    if (flags.will_qos() == 3) in.fail(malformed_packet, "its will has QoS 3");
    if (!flags.will() && (flags.will_qos() != 0 || flags.will_retain()))
        in.fail(malformed_packet, "has will flags without a will");
    if (version == Version::v311 && flags.password() && !flags.user_name())
        in.fail(malformed_packet, "has a password without a user name");
    return flags;
}

Will read_will(Reader& in, ConnectFlags flags, Version version, const DecodeLimits& limits) {
    Will will;
    will.qos = static_cast<Qos>(flags.will_qos());
    will.retain = flags.will_retain();
    if (version == Version::v5) read_properties(in, will_owner, limits, will.properties);
    will.topic = in.binary("will topic");
    if (in.ok()) in.check(check_topic_name(will.topic, limits.max_topic_levels));
    will.payload = in.binary("will payload");
    return will;
}

template <class Properties>
void check_authentication(Reader& in, const Properties& properties) {
    if (properties.authentication_data && !properties.authentication_method)
        in.fail(protocol_error, "has authentication data without a method");
}

} // namespace

Checked<Connect> decode_connect(const Frame& frame, const DecodeLimits& limits) {
    Checked<Connect> result;
    Connect& connect = *result;
    Reader in(frame);
    read_version(in, connect);
    const ConnectFlags flags = read_flags(in, connect.version);
    connect.clean_start = flags.clean_start();
    connect.keep_alive_s = in.u16("keep alive");
    if (connect.version == Version::v5) {
        read_properties(in, owner_of(PacketType::connect), limits, connect.properties);
        check_authentication(in, connect.properties);
    }
    connect.client_id = in.text("client identifier");
    if (flags.will()) connect.will = read_will(in, flags, connect.version, limits);
    if (flags.user_name()) connect.user_name = in.text("user name");
    if (flags.password()) connect.password = in.binary("password");
    in.end();
    check_client_id(in, connect);
    in.finish(result);
    return result;
}

Checked<Connack> decode_connack(const Frame& frame, Version version, const DecodeLimits& limits) {
    Checked<Connack> result;
    Connack& connack = *result;
    Reader in(frame);
    const std::uint8_t flags = in.u8("acknowledge flags");
    if (flags > 1) in.fail(malformed_packet, "reserved acknowledge flags are set");
    connack.session_present = flags == 1;
    const std::uint8_t code = in.u8("reason code");
    if (version == Version::v5) {
        connack.reason = static_cast<ReasonCode>(code);
        if (!reason_allowed(PacketType::connack, connack.reason))
            in.fail(protocol_error, "its reason code is {:#04x}, which it may not have", code);
        read_properties(in, owner_of(PacketType::connack), limits, connack.properties);
        check_authentication(in, connack.properties);
    } else {
        connack.reason = from_connect_return_code(code);
        if (code > 5) in.fail(protocol_error, "its return code is {}, which is reserved", code);
    }
    if (connack.session_present && connack.reason != success)
        in.fail(protocol_error, "says that a session is present, and refuses the connection");
    in.end();
    in.finish(result);
    return result;
}

Checked<Disconnect> decode_disconnect(const Frame& frame, Version version,
                                      const DecodeLimits& limits) {
    Checked<Disconnect> result;
    Disconnect& disconnect = *result;
    Reader in(frame);
    // Both the reason and the properties may be left out (3.14.2.1, 3.14.2.2.1).
    if (version == Version::v5 && !in.at_end()) {
        disconnect.reason = static_cast<ReasonCode>(in.u8("reason code"));
        if (!reason_allowed(PacketType::disconnect, disconnect.reason))
            in.fail(protocol_error, "its reason code is {:#04x}, which it may not have",
                    static_cast<unsigned>(disconnect.reason));
        if (!in.at_end())
            read_properties(in, owner_of(PacketType::disconnect), limits, disconnect.properties);
    }
    in.end();
    in.finish(result);
    return result;
}

Checked<Auth> decode_auth(const Frame& frame, Version version, const DecodeLimits& limits) {
    Checked<Auth> result;
    Auth& auth = *result;
    Reader in(frame);
    if (version != Version::v5) in.fail(malformed_packet, "exists only in MQTT 5.0");
    // Bare, it says success (3.15.2.1); otherwise it has both fields and names its method.
    if (in.ok() && !in.at_end()) {
        auth.reason = static_cast<ReasonCode>(in.u8("reason code"));
        if (!reason_allowed(PacketType::auth, auth.reason))
            in.fail(protocol_error, "its reason code is {:#04x}, which it may not have",
                    static_cast<unsigned>(auth.reason));
        read_properties(in, owner_of(PacketType::auth), limits, auth.properties);
        if (!auth.properties.authentication_method)
            in.fail(protocol_error, "has no authentication method");
    }
    in.end();
    in.finish(result);
    return result;
}

} // namespace hearth::mqtt
