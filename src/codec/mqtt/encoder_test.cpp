#include "codec/mqtt/encoder.h"
#include "codec/mqtt/test_bytes.h"

#include <gtest/gtest.h>

namespace hearth::mqtt {
namespace {

using enum ReasonCode;

std::string encoded(const Packet& packet, Version version) {
    std::string out;
    const auto done = encode(out, packet, version);
    EXPECT_TRUE(done) << done.error().detail;
    return out;
}

TEST(Encoder, packets_are_written_as_the_standard_draws_them) {
    Connect connect{.keep_alive_s = 60, .client_id = "c"};
    EXPECT_EQ(encoded(connect, Version::v311), framed("10", "0004 'MQTT' 04 02 003C 0001 'c'"));
    connect.version = Version::v5;
    connect.properties.receive_maximum = 20;
    connect.will = Will{.topic = "t", .payload = "gone", .qos = Qos::at_least_once, .retain = true};
    connect.user_name = "u";
    connect.password = "p";
    EXPECT_EQ(encoded(connect, Version::v5),
              framed("10", "0004 'MQTT' 05 EE 003C 03 21 0014 0001 'c' 00 0001 't' 0004 'gone' "
                           "0001 'u' 0001 'p'"));

    const Publish publish{.topic = "a/b",
                          .payload = "hot",
                          .packet_id = 10,
                          .qos = Qos::at_least_once,
                          .retain = true};
    EXPECT_EQ(encoded(publish, Version::v311), framed("33", "0003 'a/b' 000A 'hot'"));
    EXPECT_EQ(encoded(publish, Version::v5), framed("33", "0003 'a/b' 000A 00 'hot'"));
    EXPECT_EQ(encoded(Pingreq{}, Version::v5), bytes("C0 00"));
    EXPECT_EQ(encoded(Pingresp{}, Version::v311), bytes("D0 00"));
}

TEST(Encoder, what_need_not_be_written_is_not_written) {
    Ack ack{.type = PacketType::pubrel, .packet_id = 5};
    EXPECT_EQ(encoded(ack, Version::v5), bytes("62 02 0005"));
    ack.reason = packet_identifier_not_found;
    EXPECT_EQ(encoded(ack, Version::v5), bytes("62 03 0005 92"));
    ack.properties.reason_string = "r";
    EXPECT_EQ(encoded(ack, Version::v5), framed("62", "0005 92 04 1F 0001 'r'"));
    EXPECT_EQ(encoded(Disconnect{}, Version::v5), bytes("E0 00"));
    EXPECT_EQ(encoded(Disconnect{.reason = session_taken_over}, Version::v5), bytes("E0 01 8E"));
    EXPECT_EQ(encoded(Auth{}, Version::v5), bytes("F0 00"));
}

TEST(Encoder, what_only_5_has_is_left_out_in_3_1_1) {
    Publish publish{.topic = "t"};
    publish.properties.message_expiry_s = 5;
    EXPECT_EQ(encoded(publish, Version::v311), framed("30", "0001 't'"));

    Ack ack{.type = PacketType::puback, .packet_id = 5, .reason = quota_exceeded};
    EXPECT_EQ(encoded(ack, Version::v311), bytes("40 02 0005"));

    std::string block;
    ASSERT_TRUE(append_subscription(block, {.filter = "a",
                                            .qos = Qos::exactly_once,
                                            .no_local = true,
                                            .retain_as_published = true,
                                            .retain_handling = RetainHandling::never}));
    const Subscribe subscribe{.packet_id = 1, .subscriptions = SubscriptionList(block)};
    EXPECT_EQ(encoded(subscribe, Version::v5), framed("82", "0001 00 0001 'a' 2E"));
    EXPECT_EQ(encoded(subscribe, Version::v311), framed("82", "0001 0001 'a' 02"));

    const std::string reasons = bytes("01 87 8F");
    const Suback suback{.packet_id = 1, .reasons = ReasonList(reasons)};
    EXPECT_EQ(encoded(suback, Version::v5), framed("90", "0001 00 01 87 8F"));
    EXPECT_EQ(encoded(suback, Version::v311), framed("90", "0001 01 80 80"));
    EXPECT_EQ(encoded(Unsuback{.packet_id = 1}, Version::v311), bytes("B0 02 0001"));

    std::string out;
    EXPECT_EQ(encode(out, Auth{}, Version::v311).error().reason, protocol_error);
    publish.topic = {};
    EXPECT_EQ(encode(out, publish, Version::v311).error().reason, topic_name_invalid);
    EXPECT_EQ(out, "");
}

TEST(Encoder, a_refused_connection_gets_the_nearest_return_code_in_3_1_1) {
    const auto code = [](ReasonCode reason) {
        return static_cast<int>(encoded(Connack{.reason = reason}, Version::v311).back());
    };
    EXPECT_EQ(code(success), 0);
    EXPECT_EQ(code(unsupported_protocol_version), 1);
    EXPECT_EQ(code(client_identifier_not_valid), 2);
    EXPECT_EQ(code(server_unavailable), 3);
    EXPECT_EQ(code(quota_exceeded), 3);
    EXPECT_EQ(code(bad_user_name_or_password), 4);
    EXPECT_EQ(code(not_authorized), 5);
    EXPECT_EQ(code(banned), 5);
    for (std::uint8_t i = 0; i <= 5; ++i)
        EXPECT_EQ(connect_return_code(from_connect_return_code(i)), i);
}

TEST(Encoder, lists_that_may_not_be_empty_are_refused) {
    std::string out;
    EXPECT_EQ(encode(out, Subscribe{.packet_id = 1}, Version::v5).error().reason, protocol_error);
    EXPECT_EQ(encode(out, Unsubscribe{.packet_id = 1}, Version::v5).error().reason, protocol_error);
    EXPECT_EQ(encode(out, Suback{.packet_id = 1}, Version::v311).error().reason, protocol_error);
    EXPECT_EQ(encode(out, Unsuback{.packet_id = 1}, Version::v5).error().reason, protocol_error);
    EXPECT_EQ(out, "");
}

TEST(Encoder, a_packet_too_long_for_its_receiver_is_refused_and_leaves_the_buffer) {
    const Publish publish{.topic = "t", .payload = "12345"};
    std::string out = "before";
    EXPECT_TRUE(encode(out, publish, Version::v311, 10));
    EXPECT_EQ(out.size(), 6U + 10);
    const auto refused = encode(out, publish, Version::v311, 9);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(),
              (PacketError{packet_too_large, "PUBLISH of 10 bytes; the receiver takes 9"}));
    EXPECT_EQ(out.size(), 6U + 10);
    EXPECT_EQ(encoded_size(publish, Version::v311), 10U);
    EXPECT_EQ(encoded_size(publish, Version::v5), 11U);
}

TEST(Encoder, a_text_longer_than_its_length_can_say_is_refused) {
    const std::string longest(max_field_bytes, 'a');
    const std::string longer = longest + 'a';
    std::string out;
    EXPECT_TRUE(encode(out, Publish{.topic = longest}, Version::v5));
    const auto refused = encode(out, Publish{.topic = longer}, Version::v5);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, packet_too_large);
    EXPECT_EQ(encoded_size(Publish{.topic = longer}, Version::v5), 0U);

    std::string block;
    EXPECT_FALSE(append_user_property(block, longer, ""));
    EXPECT_FALSE(append_filter(block, longer));
    EXPECT_FALSE(append_subscription(block, {.filter = longer}));
    EXPECT_FALSE(append_subscription_id(block, 0));
    EXPECT_FALSE(append_subscription_id(block, max_remaining_length + 1));
    EXPECT_EQ(block, "");
}

TEST(Encoder, a_payload_longer_than_the_format_allows_is_refused) {
    // Only its length is looked at: nothing is copied before it is known to fit.
    const char one = 'x';
    const Publish publish{.topic = "t", .payload = std::string_view(&one, max_remaining_length)};
    std::string out;
    EXPECT_EQ(encode_publish_header(out, publish, Version::v311).error().reason, packet_too_large);
    EXPECT_EQ(out, "");
}

TEST(Encoder, an_answer_loses_its_explanations_rather_than_be_too_long) {
    std::string block;
    ASSERT_TRUE(append_user_property(block, "name", "value"));
    Ack ack{.type = PacketType::puback, .packet_id = 5, .reason = not_authorized};
    ack.properties.reason_string = "because";
    ack.properties.user_properties = UserProperties(block);
    const auto size = [&](std::size_t max_packet) {
        std::string out;
        return encode(out, ack, Version::v5, max_packet) ? out.size() : 0;
    };
    EXPECT_EQ(size(30), 30U); // everything
    EXPECT_EQ(size(29), 16U); // no user properties
    EXPECT_EQ(size(16), 16U);
    EXPECT_EQ(size(15), 5U); // no reason string either
    EXPECT_EQ(size(4), 0U);  // the rest must be said
}

TEST(Encoder, one_publish_serves_many_receivers_by_patching_its_identifier) {
    for (const std::size_t payload : {10U, 200U, 20'000U}) {
        for (const Version version : {Version::v311, Version::v5}) {
            const std::string text(payload, 'x');
            Publish publish{
                .topic = "a/b", .payload = text, .packet_id = 1, .qos = Qos::exactly_once};
            publish.properties.content_type = "text/plain";
            std::string shared = encoded(publish, version);
            patch_packet_id(shared.data(), packet_id_offset(shared), 0xABCD);
            shared[0] = static_cast<char>(publish_first_byte(publish.qos, true, true));

            publish.packet_id = 0xABCD;
            publish.duplicate = true;
            publish.retain = true;
            EXPECT_EQ(shared, encoded(publish, version));

            std::string header;
            ASSERT_TRUE(encode_publish_header(header, publish, version));
            EXPECT_EQ(header + text, shared);
            EXPECT_EQ(packet_id_offset(header), packet_id_offset(shared));
        }
    }
    std::string plain = encoded(Publish{.topic = "a/b", .payload = "xyz"}, Version::v5);
    const std::string before = plain;
    EXPECT_EQ(packet_id_offset(plain), 0U);
    patch_packet_id(plain.data(), 0, 7);
    EXPECT_EQ(plain, before);
}

TEST(Encoder, lists_keep_their_order_and_leave_out_what_is_between) {
    std::string block;
    ASSERT_TRUE(append_user_property(block, "b", "1"));
    ASSERT_TRUE(append_subscription_id(block, 300));
    ASSERT_TRUE(append_user_property(block, "a", "2"));
    ASSERT_TRUE(append_user_property(block, "b", "3"));
    const UserProperties properties(block);
    EXPECT_EQ(properties.count(), 3U);
    EXPECT_EQ(*properties.begin(), (UserProperty{"b", "1"}));
    EXPECT_EQ(*SubscriptionIds(block).begin(), 300U);
    EXPECT_EQ(SubscriptionIds(block).count(), 1U);
    EXPECT_TRUE(UserProperties().empty());

    Publish publish{.topic = "t"};
    publish.properties.user_properties = properties;
    EXPECT_EQ(encoded(publish, Version::v5),
              framed("30", "0001 't' 15 26 0001 'b' 0001 '1' 26 0001 'a' 0001 '2' "
                           "26 0001 'b' 0001 '3'"));
}

TEST(Encoder, a_list_over_bytes_that_make_no_sense_just_ends) {
    EXPECT_EQ(UserProperties(bytes("26 0001 'n'")).count(), 0U);
    EXPECT_EQ(UserProperties(bytes("00 26 0000 0000")).count(), 0U);
    EXPECT_EQ(SubscriptionList(bytes("0001 'a' 03")).count(), 0U);
    EXPECT_EQ(SubscriptionList(bytes("0001 'a'")).count(), 0U);
    EXPECT_EQ(FilterList(bytes("0001 'a' 0002 'b'")).count(), 1U);
}

} // namespace
} // namespace hearth::mqtt
