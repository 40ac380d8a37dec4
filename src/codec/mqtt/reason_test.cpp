#include "codec/mqtt/reason.h"

#include <set>

#include <gtest/gtest.h>

namespace hearth::mqtt {
namespace {

TEST(Reason, there_are_43_and_each_has_its_own_name) {
    std::set<std::string_view> names;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto name = to_string(static_cast<ReasonCode>(byte));
        if (name != "unknown reason code") {
            EXPECT_TRUE(names.insert(name).second) << name;
        }
    }
    EXPECT_EQ(names.size(), 43U); // table 2-6, in which 0x00 stands under three names
}

TEST(Reason, each_can_be_carried_by_a_packet_and_no_other_byte_can) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto reason = static_cast<ReasonCode>(byte);
        bool carried = false;
        for (unsigned type = 0; type < 16; ++type)
            carried = carried || reason_allowed(static_cast<PacketType>(type), reason);
        EXPECT_EQ(carried, to_string(reason) != "unknown reason code") << byte;
    }
    EXPECT_FALSE(reason_allowed(PacketType::publish, ReasonCode::success));
}

TEST(Reason, an_error_keeps_its_line_for_callers_that_know_no_mqtt) {
    EXPECT_EQ((PacketError{ReasonCode::packet_too_large, "x"}.as_error()),
              (Error{Code::limit, "x"}));
    EXPECT_EQ((PacketError{ReasonCode::unsupported_protocol_version, "x"}.as_error()),
              (Error{Code::refused, "x"}));
    EXPECT_EQ((PacketError{ReasonCode::malformed_packet, "x"}.as_error()),
              (Error{Code::invalid, "x"}));
}

} // namespace
} // namespace hearth::mqtt
