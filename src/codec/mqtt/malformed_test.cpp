#include "codec/mqtt/test_bytes.h"

#include <vector>

#include <gtest/gtest.h>

namespace hearth::mqtt {
namespace {

using enum ReasonCode;

/// One packet that must be refused: first byte, body, and why.
struct Bad {
    std::string_view first;
    std::string_view body;
    ReasonCode reason;
    std::string_view detail; ///< a part of the line
};

void expect_refused(const std::vector<Bad>& table, Version version) {
    for (const Bad& row : table) {
        const auto packet = receive(framed(row.first, row.body), version);
        ASSERT_FALSE(packet) << row.first << " " << row.body;
        EXPECT_EQ(packet.error().reason, row.reason) << row.body << ": " << packet.error().detail;
        EXPECT_NE(packet.error().detail.find(row.detail), std::string::npos)
            << row.body << ": " << packet.error().detail;
    }
}

TEST(Malformed, connect_of_either_version) {
    expect_refused(
        {
            {"10", "", malformed_packet, "protocol name"},
            {"10", "0004 'MQTT'", malformed_packet, "protocol level"},
            {"10", "0004 'MQTT' 04", malformed_packet, "connect flags"},
            {"10", "0004 'MQTT' 04 02 003C", malformed_packet, "client identifier"},
            {"10", "0006 'MQIsdp' 04 02 003C 0001 'c'", unsupported_protocol_version, "level 4"},
            {"10", "0006 'MQIsdp' 03 02 003C 0000", client_identifier_not_valid, "MQTT 3.1"},
            {"10", "0004 'MQTT' 86 02 003C 00 0001 'c'", unsupported_protocol_version, "level 134"},
            {"10", "0004 'MQTT' 03 02 003C 0001 'c'", unsupported_protocol_version, "level 3"},
            {"10", "0004 'MQTT' 06 02 003C 00 0001 'c'", unsupported_protocol_version, "level 6"},
            {"10", "0004 'mqtt' 04 02 003C 0001 'c'", protocol_error, "\"mqtt\""},
            {"10", "0004 'MQTT' 04 03 003C 0001 'c'", malformed_packet, "reserved"},
            {"10", "0004 'MQTT' 04 1E 003C 0001 'c' 0001 't' 0000", malformed_packet, "QoS 3"},
            {"10", "0004 'MQTT' 04 0A 003C 0001 'c'", malformed_packet, "without a will"},
            {"10", "0004 'MQTT' 04 22 003C 0001 'c'", malformed_packet, "without a will"},
            {"10", "0004 'MQTT' 04 42 003C 0001 'c' 0001 'p'", malformed_packet, "user name"},
            {"10", "0004 'MQTT' 04 00 003C 0000", client_identifier_not_valid, "clean session"},
            {"10", "0004 'MQTT' 04 02 003C 0001 FF", malformed_packet, "UTF-8"},
            {"10", "0004 'MQTT' 04 02 003C 0001 00", malformed_packet, "U+0000"},
            {"10", "0004 'MQTT' 04 02 003C 0001 'c' 00", malformed_packet, "1 bytes follow"},
            {"10", "0004 'MQTT' 04 06 003C 0001 'c' 0000 0000", topic_name_invalid, "empty"},
            {"10", "0004 'MQTT' 04 06 003C 0001 'c' 0001 '#' 0000", topic_name_invalid, "wildcard"},
            {"10", "0004 'MQTT' 04 06 003C 0001 'c' 0001 't'", malformed_packet, "will payload"},
            {"10", "0004 'MQTT' 04 82 003C 0001 'c'", malformed_packet, "user name"},
            {"10", "0004 'MQTT' 04 82 003C 0001 'c' 0001 C0", malformed_packet, "user name"},
            {"10", "0004 'MQTT' 04 C2 003C 0001 'c' 0001 'u' 0005 'p'", malformed_packet,
             "password"},
            {"10", "0004 'MQTT' 05 02 003C 0001 'c'", malformed_packet, "client identifier"},
            {"10", "0004 'MQTT' 05 02 003C 05 0001 'c'", malformed_packet, "properties"},
            {"10", "0004 'MQTT' 05 02 003C 03 21 0000 0001 'c'", protocol_error, "receive maximum"},
            {"10", "0004 'MQTT' 05 02 003C 05 27 00000000 0001 'c'", protocol_error,
             "maximum packet size is 0"},
            {"10", "0004 'MQTT' 05 02 003C 02 17 02 0001 'c'", protocol_error, "0 or 1"},
            {"10", "0004 'MQTT' 05 02 003C 04 16 0001 'd' 0001 'c'", protocol_error,
             "without a method"},
            {"10", "0004 'MQTT' 05 06 003C 00 0001 'c' 03 23 0001 0001 't' 0000", malformed_packet,
             "its will may not have a topic alias"},
        },
        Version::v311);
}

TEST(Malformed, connack) {
    expect_refused({{"20", "00", malformed_packet, "reason code"},
                    {"20", "02 00", malformed_packet, "reserved"},
                    {"20", "00 06", protocol_error, "reserved"},
                    {"20", "01 05", protocol_error, "session is present"},
                    {"20", "00 00 00", malformed_packet, "1 bytes follow"}},
                   Version::v311);
    expect_refused({{"20", "00 00", malformed_packet, "properties"},
                    {"20", "00 01 00", protocol_error, "0x01"},
                    {"20", "01 87 00", protocol_error, "session is present"},
                    {"20", "00 00 02 24 02", protocol_error, "maximum QoS is 2"},
                    {"20", "00 00 03 21 0000", protocol_error, "receive maximum"},
                    {"20", "00 00 02 19 01", malformed_packet, "may not have"}},
                   Version::v5);
}

TEST(Malformed, publish_of_either_version) {
    const std::vector<Bad> both = {
        {"36", "0001 't' 0001", malformed_packet, "QoS 3"},
        {"38", "0001 't'", malformed_packet, "DUP"},
        {"30", "", malformed_packet, "topic"},
        {"30", "00", malformed_packet, "topic"},
        {"30", "0005 't'", malformed_packet, "topic"},
        {"32", "0001 't'", malformed_packet, "packet identifier"},
        {"32", "0001 't' 01", malformed_packet, "packet identifier"},
        {"32", "0001 't' 0000 00", protocol_error, "packet identifier is 0"},
        {"34", "0001 't' 0000 00", protocol_error, "packet identifier is 0"},
        {"30", "0001 '#' 00", topic_name_invalid, "wildcard"},
        {"30", "0003 'a/+' 00", topic_name_invalid, "wildcard"},
        {"30", "0002 C328 00", malformed_packet, "UTF-8"},
        {"30", "0003 'a' 00 'b' 00", malformed_packet, "U+0000"},
        {"30", "0003 EDA080 00", malformed_packet, "UTF-8"},
    };
    expect_refused(both, Version::v311);
    expect_refused(both, Version::v5);
    expect_refused({{"30", "0000 'x'", topic_name_invalid, "empty"}}, Version::v311);
}

TEST(Malformed, publish_properties) {
    expect_refused(
        {
            {"30", "0001 't'", malformed_packet, "length of its properties"},
            {"30", "0001 't' 80", malformed_packet, "length of its properties"},
            {"30", "0001 't' 80 00", malformed_packet, "length of its properties"},
            {"30", "0001 't' FF FF FF FF 01", malformed_packet, "length of its properties"},
            {"30", "0001 't' 7F 01 01", malformed_packet, "within its properties"},
            {"30", "0000 00 'x'", protocol_error, "no topic alias"},
            {"30", "0001 't' 03 23 0000", topic_alias_invalid, "alias is 0"},
            {"30", "0001 't' 02 01 02", protocol_error, "payload format indicator is 2"},
            {"30", "0001 't' 04 01 01 01 01", protocol_error, "payload format indicator twice"},
            {"30", "0001 't' 0A 02 00000001 02 00000001", protocol_error, "expiry interval twice"},
            {"30", "0001 't' 06 23 0001 23 0001", protocol_error, "topic alias twice"},
            {"30", "0001 't' 02 0B 00", protocol_error, "subscription identifier is 0"},
            {"30", "0001 't' 03 0B 8000", malformed_packet, "subscription identifier"},
            {"30", "0001 't' 06 0B FFFFFFFF01", malformed_packet, "subscription identifier"},
            {"30", "0001 't' 02 00 00", malformed_packet, "does not exist"},
            {"30", "0001 't' 02 04 00", malformed_packet, "does not exist"},
            {"30", "0001 't' 02 2B 00", malformed_packet, "does not exist"},
            {"30", "0001 't' 03 8300 00", malformed_packet, "does not exist"},
            {"30", "0001 't' 05 11 00000001", malformed_packet, "may not have"},
            {"30", "0001 't' 04 1F 0001 'r'", malformed_packet, "may not have"},
            {"30", "0001 't' 03 02 0000", malformed_packet, "message expiry interval"},
            {"30", "0001 't' 04 26 0001 'n'", malformed_packet, "user property"},
            {"30", "0001 't' 07 26 0001 'n' 0001 FF", malformed_packet, "UTF-8"},
            {"30", "0001 't' 04 03 0001 00", malformed_packet, "content type"},
            {"30", "0001 't' 04 08 0001 '+'", topic_name_invalid, "wildcard"},
            {"30", "0001 't' 03 08 0000", topic_name_invalid, "empty"},
        },
        Version::v5);
}

TEST(Malformed, acknowledgements) {
    for (const std::string_view first : {"40", "50", "62", "70"}) {
        const std::vector<Bad> both = {
            {first, "", malformed_packet, "packet identifier"},
            {first, "01", malformed_packet, "packet identifier"},
            {first, "0000", protocol_error, "packet identifier is 0"},
        };
        expect_refused(both, Version::v311);
        expect_refused(both, Version::v5);
        expect_refused({{first, "0001 00", malformed_packet, "1 bytes follow"}}, Version::v311);
        expect_refused({{first, "0001 01", protocol_error, "0x01"},
                        {first, "0001 00 01", malformed_packet, "within its properties"},
                        {first, "0001 00 00 00", malformed_packet, "1 bytes follow"},
                        {first, "0001 00 03 23 0001", malformed_packet, "may not have"},
                        {first, "0001 00 08 1F 0001 'r' 1F 0001 's'", protocol_error, "twice"}},
                       Version::v5);
    }
    expect_refused(
        {{"62", "0001 10", protocol_error, "0x10"}, {"40", "0001 92", protocol_error, "0x92"}},
        Version::v5);
    for (const std::string_view first : {"42", "52", "60", "72"})
        expect_refused({{first, "0001", malformed_packet, "flags"}}, Version::v5);
}

TEST(Malformed, subscribe) {
    expect_refused({{"80", "0001 0001 'a' 00", malformed_packet, "flags must be 2"},
                    {"82", "0000 0001 'a' 00", protocol_error, "packet identifier is 0"},
                    {"82", "0001", protocol_error, "no topic filter"},
                    {"82", "0001 0001 'a'", malformed_packet, "subscription options"},
                    {"82", "0001 0002 'a'", malformed_packet, "topic filter"},
                    {"82", "0001 0001 'a' 03", malformed_packet, "QoS"},
                    {"82", "0001 0001 'a' 04", malformed_packet, "QoS"},
                    {"82", "0001 0001 'a' 00 0002 'a#' 00", topic_filter_invalid, "inside"},
                    {"82", "0001 0000 00", topic_filter_invalid, "empty"},
                    {"82", "0001 0001 FF 00", malformed_packet, "UTF-8"},
                    {"82", "0001 0009 '$share//a' 00", topic_filter_invalid, "$share"}},
                   Version::v311);
    expect_refused({{"82", "0001 00", protocol_error, "no topic filter"},
                    {"82", "0001 00 0001 'a' 03", protocol_error, "QoS 3"},
                    {"82", "0001 00 0001 'a' 40", malformed_packet, "reserved"},
                    {"82", "0001 00 0001 'a' 80", malformed_packet, "reserved"},
                    {"82", "0001 00 0001 'a' 30", protocol_error, "retain handling"},
                    {"82", "0001 00 000A '$share/g/a' 04", protocol_error, "no-local"},
                    {"82", "0001 00 0005 'a/#/b' 00", topic_filter_invalid, "before its end"},
                    {"82", "0001 02 0B 00 0001 'a' 00", protocol_error, "identifier is 0"},
                    {"82", "0001 04 0B 01 0B 02 0001 'a' 00", protocol_error, "identifier twice"},
                    {"82", "0001 04 1F 0001 'r' 0001 'a' 00", malformed_packet, "may not have"}},
                   Version::v5);
}

TEST(Malformed, the_other_subscription_packets) {
    expect_refused({{"90", "0001", protocol_error, "no reason code"},
                    {"90", "0001 03", protocol_error, "0x03"},
                    {"90", "0001 87", protocol_error, "0x87"},
                    {"90", "0000 00", protocol_error, "packet identifier is 0"},
                    {"A0", "0001 0001 'a'", malformed_packet, "flags must be 2"},
                    {"A2", "0001", protocol_error, "no topic filter"},
                    {"A2", "0001 0002 '#a'", topic_filter_invalid, "before its end"},
                    {"A2", "0000 0001 'a'", protocol_error, "packet identifier is 0"},
                    {"B0", "0001 00", malformed_packet, "1 bytes follow"},
                    {"B0", "0000", protocol_error, "packet identifier is 0"}},
                   Version::v311);
    expect_refused({{"90", "0001 00", protocol_error, "no reason code"},
                    {"90", "0001 00 11", protocol_error, "0x11"},
                    {"A2", "0001 00", protocol_error, "no topic filter"},
                    {"A2", "0001 02 0B 01 0001 'a'", malformed_packet, "may not have"},
                    {"B0", "0001 00", protocol_error, "no reason code"},
                    {"B0", "0001 00 01", protocol_error, "0x01"}},
                   Version::v5);
}

TEST(Malformed, pings_disconnect_and_auth) {
    const std::vector<Bad> both = {{"C0", "00", malformed_packet, "1 bytes follow"},
                                   {"D0", "00", malformed_packet, "1 bytes follow"},
                                   {"00", "", malformed_packet, "reserved"}};
    expect_refused(both, Version::v311);
    expect_refused(both, Version::v5);
    expect_refused({{"E0", "00", malformed_packet, "1 bytes follow"},
                    {"F0", "", malformed_packet, "only in MQTT 5.0"}},
                   Version::v311);
    expect_refused({{"E0", "01", protocol_error, "0x01"},
                    {"E0", "00 00 00", malformed_packet, "1 bytes follow"},
                    {"E0", "00 04 15 0001 'm'", malformed_packet, "may not have"},
                    {"F0", "18", malformed_packet, "properties"},
                    {"F0", "18 00", protocol_error, "no authentication method"},
                    {"F0", "01 04 15 0001 'm'", protocol_error, "0x01"}},
                   Version::v5);
}

TEST(Malformed, limits_are_refused_when_they_are_passed) {
    const DecodeLimits limits{.max_topic_levels = 2, .max_filters = 2, .max_user_properties = 1};
    const auto reason = [&](std::string_view first, std::string_view body) {
        const auto packet = receive(framed(first, body), Version::v5, limits);
        return packet ? success : packet.error().reason;
    };
    EXPECT_EQ(reason("30", "0003 'a/b' 00"), success);
    EXPECT_EQ(reason("30", "0005 'a/b/c' 00"), topic_name_invalid);
    EXPECT_EQ(reason("30", "0001 'a' 08 08 0005 'a/b/c'"), topic_name_invalid);
    EXPECT_EQ(reason("82", "0001 00 0005 'a/b/c' 00"), topic_filter_invalid);
    EXPECT_EQ(reason("82", "0001 00 0001 'a' 00 0001 'b' 00"), success);
    EXPECT_EQ(reason("82", "0001 00 0001 'a' 00 0001 'b' 00 0001 'c' 00"), quota_exceeded);
    EXPECT_EQ(reason("A2", "0001 00 0001 'a' 0001 'b' 0001 'c'"), quota_exceeded);
    EXPECT_EQ(reason("30", "0001 'a' 05 26 0000 0000"), success);
    EXPECT_EQ(reason("30", "0001 'a' 0A 26 0000 0000 26 0000 0000"), quota_exceeded);
}

/// All 256 identifiers in all owners: what table 2-4 does not allow is malformed.
TEST(Malformed, every_property_is_refused_where_the_table_does_not_have_it) {
    // In hexadecimal what stands around the block, and per owner the identifiers that it may have.
    struct Owner {
        std::string_view first;
        std::string_view before;
        std::string_view after;
        std::string allowed;
    };
    const std::vector<Owner> owners = {
        {"10", "0004 'MQTT' 05 02 0000", "0001 'c'", bytes("11 15 16 17 19 21 22 26 27")},
        {"10", "0004 'MQTT' 05 06 0000 00 0001 'c'", "0001 't' 0000",
         bytes("01 02 03 08 09 18 26")},
        {"20", "00 00", "", bytes("11 12 13 15 16 1A 1C 1F 21 22 24 25 26 27 28 29 2A")},
        {"30", "0001 't'", "", bytes("01 02 03 08 09 0B 23 26")},
        {"40", "0001 00", "", bytes("1F 26")},
        {"50", "0001 00", "", bytes("1F 26")},
        {"62", "0001 00", "", bytes("1F 26")},
        {"70", "0001 00", "", bytes("1F 26")},
        {"82", "0001", "0001 'a' 00", bytes("0B 26")},
        {"90", "0001", "00", bytes("1F 26")},
        {"A2", "0001", "0001 'a'", bytes("26")},
        {"B0", "0001", "00", bytes("1F 26")},
        {"E0", "00", "", bytes("11 1C 1F 26")},
        {"F0", "18", "", bytes("15 16 1F 26")},
    };
    for (const Owner& owner : owners) {
        for (unsigned id = 0; id < 256; ++id) {
            // A block of that identifier alone: refused as malformed for being there, or for being
            // cut short, and only then says so.
            const std::string body =
                bytes(owner.before) + '\x01' + static_cast<char>(id) + bytes(owner.after);
            const auto packet =
                receive(bytes(owner.first) + static_cast<char>(body.size()) + body, Version::v5);
            ASSERT_FALSE(packet);
            EXPECT_EQ(packet.error().reason, malformed_packet);
            const bool cut = packet.error().detail.find("ends within its") != std::string::npos;
            const bool allowed = owner.allowed.find(static_cast<char>(id)) != std::string::npos;
            EXPECT_EQ(cut, allowed) << owner.first << " " << id << " " << packet.error().detail;
        }
    }
}

} // namespace
} // namespace hearth::mqtt
