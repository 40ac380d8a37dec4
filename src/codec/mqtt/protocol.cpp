#include "codec/mqtt/protocol.h"

namespace hearth::mqtt {

std::string_view to_string(PacketType type) {
    switch (type) {
    case PacketType::connect:
        return "CONNECT";
    case PacketType::connack:
        return "CONNACK";
    case PacketType::publish:
        return "PUBLISH";
    case PacketType::puback:
        return "PUBACK";
    case PacketType::pubrec:
        return "PUBREC";
    case PacketType::pubrel:
        return "PUBREL";
    case PacketType::pubcomp:
        return "PUBCOMP";
    case PacketType::subscribe:
        return "SUBSCRIBE";
    case PacketType::suback:
        return "SUBACK";
    case PacketType::unsubscribe:
        return "UNSUBSCRIBE";
    case PacketType::unsuback:
        return "UNSUBACK";
    case PacketType::pingreq:
        return "PINGREQ";
    case PacketType::pingresp:
        return "PINGRESP";
    case PacketType::disconnect:
        return "DISCONNECT";
    case PacketType::auth:
        return "AUTH";
    }
    return "reserved packet type";
}

std::string_view to_string(Version version) {
    return version == Version::v5 ? "MQTT 5.0" : "MQTT 3.1.1";
}

bool may_send(Sender sender, PacketType type, Version version) {
    const bool client = sender == Sender::client;
    switch (type) {
    case PacketType::connect:
    case PacketType::subscribe:
    case PacketType::unsubscribe:
    case PacketType::pingreq:
        return client;
    case PacketType::connack:
    case PacketType::suback:
    case PacketType::unsuback:
    case PacketType::pingresp:
        return !client;
    case PacketType::publish:
    case PacketType::puback:
    case PacketType::pubrec:
    case PacketType::pubrel:
    case PacketType::pubcomp:
        return true;
    case PacketType::disconnect:
        return client || version == Version::v5;
    case PacketType::auth:
        return version == Version::v5;
    }
    return false;
}

} // namespace hearth::mqtt
