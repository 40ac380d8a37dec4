#pragma once

#include "base/random.h"
#include "codec/mqtt/packet.h"
#include "codec/mqtt/property_fields.h"

#include <array>
#include <deque>
#include <string>

/// Only for tests: packets with every field at random, as valid as the standard wants them.
namespace hearth::mqtt {

/// Owns the texts and blocks that its packets view; they live as long as it does.
class PacketGenerator {
public:
    PacketGenerator(std::uint64_t seed, Version version)
        : random_(seed)
        , version_(version) {}

    static constexpr std::array all_types = {
        PacketType::connect,  PacketType::connack,     PacketType::publish,  PacketType::puback,
        PacketType::pubrec,   PacketType::pubrel,      PacketType::pubcomp,  PacketType::subscribe,
        PacketType::suback,   PacketType::unsubscribe, PacketType::unsuback, PacketType::pingreq,
        PacketType::pingresp, PacketType::disconnect,  PacketType::auth};

    Packet packet(PacketType type) {
        switch (type) {
        case PacketType::connect:
            return connect();
        case PacketType::connack:
            return connack();
        case PacketType::publish:
            return publish();
        case PacketType::puback:
        case PacketType::pubrec:
        case PacketType::pubrel:
        case PacketType::pubcomp:
            return ack(type);
        case PacketType::subscribe:
            return subscribe();
        case PacketType::suback:
            return Suback{packet_id(), properties<AckProperties>(), reasons(type)};
        case PacketType::unsubscribe:
            return unsubscribe();
        case PacketType::unsuback:
            return Unsuback{packet_id(), properties<AckProperties>(),
                            v5() ? reasons(type) : ReasonList()};
        case PacketType::pingreq:
            return Pingreq{};
        case PacketType::pingresp:
            return Pingresp{};
        case PacketType::disconnect:
            return disconnect();
        case PacketType::auth:
            return auth();
        }
        return Pingreq{};
    }

    Publish publish() {
        Publish made;
        made.topic = topic();
        made.payload = keep(bytes(below(200)));
        made.qos = qos();
        made.retain = coin();
        if (made.qos != Qos::at_most_once) {
            made.packet_id = packet_id();
            made.duplicate = coin();
        }
        made.properties = properties<PublishProperties>();
        if (made.properties.topic_alias && coin()) made.topic = {};
        return made;
    }

    std::uint64_t below(std::uint64_t limit) { return random_.next() % limit; }

private:
    bool v5() const { return version_ == Version::v5; }
    bool coin() { return below(2) == 0; }
    Qos qos() { return static_cast<Qos>(below(3)); }
    std::uint16_t packet_id() { return static_cast<std::uint16_t>(1 + below(0xFFFF)); }

    std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }

    std::string bytes(std::size_t length) {
        std::string made(length, '\0');
        for (char& c : made)
            c = static_cast<char>(below(256));
        return made;
    }

    std::string_view text() {
        constexpr std::array parts = {"a", "Küche", "灯", "\xF0\x9F\x92\xA1", " ", "0", "\x7F"};
        std::string made;
        for (auto left = below(8); left > 0; --left)
            made += parts[below(parts.size())];
        return keep(std::move(made));
    }

    std::string_view topic() {
        std::string made = below(8) == 0 ? "$SYS" : "t";
        for (auto left = below(5); left > 0; --left)
            made.append("/").append(text());
        return keep(std::move(made));
    }

    std::string_view filter() {
        constexpr std::array ends = {"", "/#", "/+", "/+/x", "//"};
        return keep((below(4) == 0 ? "$share/g/" : "") + std::string(topic()) +
                    ends[below(ends.size())]);
    }

    ReasonCode reason(PacketType type) {
        for (;;) {
            const auto guess = static_cast<ReasonCode>(below(0xA3));
            if (reason_allowed(type, guess)) return guess;
        }
    }

    ReasonList reasons(PacketType type) {
        std::string block;
        for (auto left = 1 + below(5); left > 0; --left) {
            ReasonCode made = reason(type);
            if (!v5() && is_failure(made)) made = ReasonCode::unspecified_error;
            append_reason(block, made);
        }
        return ReasonList(keep(std::move(block)));
    }

    Connect connect() {
        Connect made{.version = version_, .clean_start = coin()};
        made.keep_alive_s = static_cast<std::uint16_t>(below(0x10000));
        made.client_id = keep("c" + std::string(text()));
        made.v31 = !v5() && coin();
        made.bridge = coin();
        if (made.clean_start && !made.v31 && coin()) made.client_id = {};
        if (coin())
            made.will =
                Will{topic(), keep(bytes(below(50))), qos(), coin(), properties<WillProperties>()};
        if (coin()) made.user_name = text();
        if ((v5() || made.user_name) && coin()) made.password = keep(bytes(below(20)));
        made.properties = properties<ConnectProperties>();
        if (!made.properties.authentication_method) made.properties.authentication_data.reset();
        return made;
    }

    Connack connack() {
        Connack made{.session_present = false,
                     .reason = v5() ? reason(PacketType::connack)
                                    : from_connect_return_code(static_cast<std::uint8_t>(below(6))),
                     .properties = properties<ConnackProperties>()};
        made.session_present = made.reason == ReasonCode::success && coin();
        if (!made.properties.authentication_method) made.properties.authentication_data.reset();
        return made;
    }

    Ack ack(PacketType type) {
        return {type, packet_id(), v5() ? reason(type) : ReasonCode::success,
                properties<AckProperties>()};
    }

    Subscribe subscribe() {
        std::string block;
        for (auto left = 1 + below(5); left > 0; --left) {
            Subscription one{.filter = filter(), .qos = qos()};
            if (v5()) {
                one.no_local = !one.filter.starts_with("$share/") && coin();
                one.retain_as_published = coin();
                one.retain_handling = static_cast<RetainHandling>(below(3));
            }
            static_cast<void>(append_subscription(block, one));
        }
        return {packet_id(), properties<SubscribeProperties>(),
                SubscriptionList(keep(std::move(block)))};
    }

    Unsubscribe unsubscribe() {
        std::string block;
        for (auto left = 1 + below(5); left > 0; --left)
            static_cast<void>(append_filter(block, filter()));
        return {packet_id(), properties<UnsubscribeProperties>(),
                FilterList(keep(std::move(block)))};
    }

    Disconnect disconnect() {
        return {v5() ? reason(PacketType::disconnect) : ReasonCode::success,
                properties<DisconnectProperties>()};
    }

    Auth auth() {
        Auth made{reason(PacketType::auth), properties<AuthProperties>()};
        if (!made.properties.authentication_method)
            made.properties.authentication_method = "SCRAM-SHA-256";
        return made;
    }

    template <class Properties>
    Properties properties() {
        Properties made;
        if (v5() && below(4) != 0)
            visit_fields(made, [&](PropertyId id, auto& member) {
                if (below(3) == 0) fill(id, member);
            });
        return made;
    }

    void fill(PropertyId, std::optional<bool>& member) { member = coin(); }
    void fill(PropertyId, std::optional<Qos>& member) { member = static_cast<Qos>(below(2)); }
    void fill(PropertyId, std::optional<std::uint16_t>& member) { member = packet_id(); }
    void fill(PropertyId id, std::optional<std::uint32_t>& member) {
        // Of all sizes, as variable byte integers care.
        const std::uint32_t limit =
            id == PropertyId::subscription_id ? max_remaining_length : 0xFFFF'FFFFU;
        member = static_cast<std::uint32_t>(1 + below(limit >> below(28)));
    }
    void fill(PropertyId id, std::optional<std::string_view>& member) {
        if (id == PropertyId::response_topic)
            member = topic();
        else if (property_info(id).kind == PropertyKind::binary)
            member = keep(bytes(below(30)));
        else
            member = text();
    }
    void fill(PropertyId, SubscriptionIds& member) {
        std::string block;
        for (auto left = 1 + below(3); left > 0; --left)
            static_cast<void>(append_subscription_id(
                block, static_cast<std::uint32_t>(1 + below(max_remaining_length >> below(28)))));
        member = SubscriptionIds(keep(std::move(block)));
    }
    void fill(PropertyId, UserProperties& member) {
        std::string block;
        for (auto left = 1 + below(3); left > 0; --left)
            static_cast<void>(append_user_property(block, text(), text()));
        member = UserProperties(keep(std::move(block)));
    }

    SeededRandom random_;
    Version version_;
    std::deque<std::string> kept_;
};

} // namespace hearth::mqtt
