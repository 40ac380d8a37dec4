#include "codec/mqtt/frame.h"
#include "codec/mqtt/test_bytes.h"

#include <gtest/gtest.h>

namespace hearth::mqtt {
namespace {

using Status = FrameResult::Status;

TEST(Frame, the_first_packet_is_cut_off_and_the_rest_left) {
    const std::string input = bytes("30 04 0001 'a' 'x' C0 00");
    const FrameResult next = next_frame(input, 100);
    ASSERT_EQ(next.status, Status::frame);
    EXPECT_EQ(next.frame.type(), PacketType::publish);
    EXPECT_EQ(next.frame.size, 6U);
    EXPECT_EQ(next.frame.body, bytes("0001 'a' 'x'"));
    EXPECT_EQ(next.frame.body.data(), input.data() + 2); // a view, not a copy
}

TEST(Frame, a_packet_that_has_not_wholly_come_says_how_much_it_needs) {
    EXPECT_EQ(next_frame("", 100).needed, 2U);
    EXPECT_EQ(next_frame(bytes("30"), 100).needed, 2U);
    EXPECT_EQ(next_frame(bytes("30 80"), 1'000).needed, 3U);
    EXPECT_EQ(next_frame(bytes("30 80 01"), 1'000).needed, 131U);
    EXPECT_EQ(next_frame(bytes("30 04 00"), 100).needed, 6U);
    EXPECT_EQ(next_frame(bytes("30 04 00"), 100).status, Status::incomplete);
}

TEST(Frame, lengths_of_one_to_four_bytes_are_read_as_the_standards_table_says) {
    struct Row {
        std::string_view written;
        std::size_t length;
    };
    // Table 2-4 of 3.1.1, table 1-1 of 5.0.
    for (const Row& row : {Row{"00", 0}, Row{"7F", 127}, Row{"80 01", 128}, Row{"FF 7F", 16'383},
                           Row{"80 80 01", 16'384}, Row{"FF FF 7F", 2'097'151},
                           Row{"80 80 80 01", 2'097'152}, Row{"FF FF FF 7F", 268'435'455}}) {
        const std::string input = bytes("30") + bytes(row.written);
        const FrameResult next = next_frame(input, max_packet_size);
        if (row.length == 0) {
            EXPECT_EQ(next.status, Status::frame);
        } else {
            EXPECT_EQ(next.needed, input.size() + row.length) << row.written;
        }
    }
}

TEST(Frame, a_length_of_five_bytes_or_longer_than_needed_is_malformed) {
    for (const std::string_view length :
         {"80 80 80 80 01", "FF FF FF FF 7F", "FF FF FF FF", "80 00", "FF 80 00", "80 80 80 00"}) {
        const FrameResult next = next_frame(bytes("30") + bytes(length), max_packet_size);
        EXPECT_EQ(next.status, Status::error) << length;
        EXPECT_EQ(next.error.reason, ReasonCode::malformed_packet) << length;
    }
}

TEST(Frame, a_packet_longer_than_allowed_is_refused_before_it_has_come) {
    EXPECT_EQ(next_frame(bytes("30 04"), 6).status, Status::incomplete);
    const FrameResult next = next_frame(bytes("30 04"), 5);
    EXPECT_EQ(next.status, Status::error);
    EXPECT_EQ(next.error, (PacketError{ReasonCode::packet_too_large,
                                       "PUBLISH of 6 bytes; at most 5 are allowed"}));
}

TEST(Frame, every_first_byte_that_the_standard_does_not_have_is_malformed_at_once) {
    const auto allowed = [](unsigned first) {
        const unsigned type = first >> 4;
        const unsigned flags = first & 0x0FU;
        if (type == 0) return false;
        if (type == 3) return (flags & 6U) != 6 && flags != 8 && flags != 9;
        return flags == (type == 6 || type == 8 || type == 10 ? 2U : 0U);
    };
    for (unsigned first = 0; first < 256; ++first) {
        const FrameResult next = next_frame(std::string(1, static_cast<char>(first)), 100);
        EXPECT_EQ(next.status, allowed(first) ? Status::incomplete : Status::error) << first;
        if (!allowed(first)) {
            EXPECT_EQ(next.error.reason, ReasonCode::malformed_packet) << first;
        }
    }
}

TEST(Frame, of_mqtt_3_1_all_that_is_acknowledged_may_say_that_it_comes_again) {
    for (const std::string_view first : {"6A", "8A", "AA", "3A", "38"}) {
        const std::string input = bytes(first) + bytes("02 00 01");
        EXPECT_EQ(next_frame(input, 100, true).status, Status::frame) << first;
    }
    for (const std::string_view first : {"60", "68", "88", "36", "3E"})
        EXPECT_EQ(next_frame(bytes(first), 100, true).status, Status::error) << first;
}

TEST(Frame, a_refused_connect_is_answered_in_the_version_it_asked_for) {
    const auto version = [](std::string_view body) {
        const std::string input = framed("10", body);
        return answer_version(next_frame(input, 100).frame);
    };
    EXPECT_EQ(version("0004 'MQTT' 04"), Version::v311);
    EXPECT_EQ(version("0004 'MQTT' 05"), Version::v5);
    EXPECT_EQ(version("0004 'MQTT' 06"), Version::v5);
    EXPECT_EQ(version("0006 'MQIsdp' 03"), Version::v311);
    EXPECT_EQ(version("0004 'MQTT' 84"), Version::v311); // a bridge
    EXPECT_EQ(version("0004 'MQTT' 85"), Version::v5);
    EXPECT_EQ(version("0004 'HTTP' 05"), Version::v311);
    EXPECT_EQ(version("0004 'MQTT'"), Version::v311);
    EXPECT_EQ(version(""), Version::v311);
}

} // namespace
} // namespace hearth::mqtt
