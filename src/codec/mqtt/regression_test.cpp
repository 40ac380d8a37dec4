#include "codec/mqtt/encoder.h"
#include "codec/mqtt/test_bytes.h"

#include <gtest/gtest.h>

/// Inputs that brought other brokers down or open, each a rule here.
namespace hearth::mqtt {
namespace {

using enum ReasonCode;
using Status = FrameResult::Status;

// mosquitto CVE-2023-0809: memory for a packet was taken before the CONNECT.
TEST(Regression, a_first_packet_that_claims_to_be_huge_is_refused_by_its_header_alone) {
    const FrameResult next = next_frame(bytes("10 FF FF FF 7F"), 8'192);
    EXPECT_EQ(next.status, Status::error);
    EXPECT_EQ(next.error.reason, packet_too_large);
}

// A null dereference in sol: an acknowledgement before any CONNECT.
TEST(Regression, an_acknowledgement_as_first_packet_decodes_without_a_session) {
    const auto packet = receive(bytes("40 02 0001"), Version::v311);
    ASSERT_TRUE(packet);
    EXPECT_EQ(*packet, Packet(Ack{.type = PacketType::puback, .packet_id = 1}));
}

// NanoMQ CVE-2026-21888: a fifth length byte was read.
TEST(Regression, a_fifth_length_byte_is_malformed_in_header_properties_and_identifiers) {
    EXPECT_EQ(next_frame(bytes("30 FF FF FF FF 01"), max_packet_size).error.reason,
              malformed_packet);
    EXPECT_EQ(receive(framed("30", "0001 't' FF FF FF FF 01"), Version::v5).error().reason,
              malformed_packet);
    EXPECT_EQ(receive(framed("30", "0001 't' 06 0B FF FF FF FF 01"), Version::v5).error().reason,
              malformed_packet);
}

// NanoMQ issue 2270, and the class of libcoap CVE-2024-31031: lengths inside that reach beyond.
TEST(Regression, a_publish_whose_topic_or_properties_reach_beyond_it_is_malformed) {
    for (const std::string_view body : {"FFFF 't'", "0002 't'", "0001 't' 05 01 01"}) {
        // On the heap and no byte longer than it says, so that the sanitizer guards its end.
        const std::string input = framed("30", body);
        EXPECT_EQ(receive(input, Version::v5).error().reason, malformed_packet) << body;
    }
}

// mosquitto CVE-2021-34432: an empty topic.
TEST(Regression, an_empty_topic_is_refused) {
    EXPECT_EQ(receive(framed("30", "0000 'x'"), Version::v311).error().reason, topic_name_invalid);
    EXPECT_EQ(receive(framed("30", "0000 00 'x'"), Version::v5).error().reason, protocol_error);
    EXPECT_TRUE(receive(framed("30", "0000 03 23 0001 'x'"), Version::v5));
}

// mosquitto CVE-2021-28166: a CONNACK from a client.
TEST(Regression, packets_in_the_wrong_direction_are_told_apart) {
    const auto allowed = [](Version version, Sender sender) {
        std::string types;
        for (unsigned type = 0; type < 16; ++type) {
            if (may_send(sender, static_cast<PacketType>(type), version))
                types += "0123456789ABCDEF"[type];
        }
        return types;
    };
    EXPECT_EQ(allowed(Version::v311, Sender::client), "1345678ACE");
    EXPECT_EQ(allowed(Version::v311, Sender::server), "2345679BD");
    EXPECT_EQ(allowed(Version::v5, Sender::client), "1345678ACEF");
    EXPECT_EQ(allowed(Version::v5, Sender::server), "2345679BDEF");

    const auto checked = check_sender(Connack{}, Sender::client, Version::v5);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().reason, protocol_error);
    EXPECT_TRUE(check_sender(Connack{}, Sender::server, Version::v5));
    EXPECT_FALSE(check_sender(Disconnect{}, Sender::server, Version::v311));
}

TEST(Regression, what_only_one_end_may_put_into_a_packet_is_told_apart) {
    const auto fits = [](std::string_view first, std::string_view body) {
        const std::string input = framed(first, body);
        const auto packet = receive(input, Version::v5);
        EXPECT_TRUE(packet) << packet.error().detail;
        return std::pair(check_sender(*packet, Sender::client, Version::v5).has_value(),
                         check_sender(*packet, Sender::server, Version::v5).has_value());
    };
    const std::pair client_only(true, false);
    const std::pair server_only(false, true);
    const std::pair both(true, true);
    EXPECT_EQ(fits("30", "0001 't' 02 0B 01"), server_only); // subscription identifier
    EXPECT_EQ(fits("30", "0001 't' 00"), both);
    EXPECT_EQ(fits("E0", "00"), both);
    EXPECT_EQ(fits("E0", "04"), client_only);                // disconnect with will
    EXPECT_EQ(fits("E0", "8E"), server_only);                // session taken over
    EXPECT_EQ(fits("E0", "81"), both);                       // malformed packet
    EXPECT_EQ(fits("E0", "00 05 11 00000001"), client_only); // session expiry
    EXPECT_EQ(fits("E0", "00 04 1C 0001 's'"), server_only); // server reference
    EXPECT_EQ(fits("F0", ""), server_only);                  // success
    EXPECT_EQ(fits("F0", "18 04 15 0001 'm'"), both);        // continue
    EXPECT_EQ(fits("F0", "19 04 15 0001 'm'"), client_only); // re-authenticate
}

// mosquitto CVE-2019-11779: a stack overflow by a topic of very many levels.
TEST(Regression, a_topic_of_very_many_levels_is_refused_wherever_it_stands) {
    const std::string slashes(60'000, '/');
    Publish publish{.topic = slashes};
    std::string encoded;
    ASSERT_TRUE(encode(encoded, publish, Version::v311));
    EXPECT_EQ(receive(encoded, Version::v311).error().reason, topic_name_invalid);

    std::string block;
    ASSERT_TRUE(append_subscription(block, {.filter = slashes}));
    encoded.clear();
    ASSERT_TRUE(encode(encoded, Subscribe{.packet_id = 1, .subscriptions = SubscriptionList(block)},
                       Version::v311));
    EXPECT_EQ(receive(encoded, Version::v311).error().reason, topic_filter_invalid);

    Connect connect{.client_id = "c", .will = Will{.topic = slashes}};
    encoded.clear();
    ASSERT_TRUE(encode(encoded, connect));
    EXPECT_EQ(receive(encoded, Version::v311).error().reason, topic_name_invalid);
}

// mosquitto CVE-2017-7650: "#" or "+" as user name or client identifier opened patterns of topics.
// They are text like any other to the codec, and come out unchanged for who checks rights.
TEST(Regression, wildcards_in_names_come_out_as_they_are) {
    const std::string input = framed("10", "0004 'MQTT' 04 82 003C 0001 '+' 0001 '#'");
    const auto packet = receive(input, Version::v311);
    ASSERT_TRUE(packet);
    EXPECT_EQ(std::get<Connect>(*packet).client_id, "+");
    EXPECT_EQ(std::get<Connect>(*packet).user_name, "#");
}

TEST(Regression, no_user_name_and_an_empty_one_are_told_apart) {
    const auto user = [](std::string_view body) {
        const std::string input = framed("10", body);
        const auto packet = receive(input, Version::v311);
        EXPECT_TRUE(packet);
        return std::get<Connect>(*packet).user_name.has_value();
    };
    EXPECT_FALSE(user("0004 'MQTT' 04 02 003C 0001 'c'"));
    EXPECT_TRUE(user("0004 'MQTT' 04 82 003C 0001 'c' 0000"));
}

TEST(Regression, another_protocol_on_the_port_is_refused_at_its_first_byte) {
    EXPECT_EQ(next_frame("GET / HTTP/1.1\r\n", 8'192).status, Status::error);
    EXPECT_EQ(next_frame("\x16\x03\x01", 8'192).status, Status::error); // TLS
    EXPECT_EQ(next_frame("SSH-2.0", 8'192).status, Status::error);
}

} // namespace
} // namespace hearth::mqtt
