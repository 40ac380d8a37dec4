#include "codec/mqtt/encoder.h"
#include "codec/mqtt/packet_generator.h"
#include "codec/mqtt/test_bytes.h"

#include <gtest/gtest.h>

namespace hearth::mqtt {
namespace {

constexpr std::uint64_t seed = 20'190'307;
constexpr int rounds = 300;

/// Calls `check(packet, encoded, version)` for many packets of every type in both versions.
template <class Check>
void for_many_packets(int count, Check&& check) {
    for (const Version version : {Version::v311, Version::v5}) {
        for (const PacketType type : PacketGenerator::all_types) {
            if (type == PacketType::auth && version == Version::v311) continue;
            PacketGenerator generator(seed + static_cast<std::uint64_t>(type), version);
            for (int i = 0; i < count; ++i) {
                const Packet packet = generator.packet(type);
                std::string encoded;
                const auto done = encode(encoded, packet, version);
                ASSERT_TRUE(done) << done.error().detail;
                check(packet, encoded, version);
                if (::testing::Test::HasFailure()) return;
            }
        }
    }
}

TEST(RoundTrip, every_packet_comes_back_as_it_was) {
    for_many_packets(rounds, [](const Packet& packet, const std::string& encoded, Version version) {
        const FrameResult next = next_frame(encoded, encoded.size());
        ASSERT_EQ(next.status, FrameResult::Status::frame) << next.error.detail;
        EXPECT_EQ(next.frame.size, encoded.size());
        EXPECT_EQ(next.frame.type(), type_of(packet));
        const auto decoded = decode(next.frame, version);
        ASSERT_TRUE(decoded) << decoded.error().detail;
        EXPECT_TRUE(*decoded == packet) << to_string(type_of(packet));
    });
}

TEST(RoundTrip, the_generator_sets_every_property_of_every_packet) {
    std::array<std::uint16_t, 0x2B> seen{};
    const auto note = [&](PropertyOwner owner, const auto& properties) {
        visit_fields(properties, [&](PropertyId id, const auto& member) {
            if (!(member == std::remove_cvref_t<decltype(member)>()))
                seen[static_cast<std::size_t>(id)] |= owner;
        });
    };
    for_many_packets(rounds, [&](const Packet& packet, const std::string&, Version) {
        std::visit(
            [&](const auto& kind) {
                if constexpr (requires { kind.properties; })
                    note(owner_of(type_of(packet)), kind.properties);
            },
            packet);
        const auto* connect = std::get_if<Connect>(&packet);
        if (connect != nullptr && connect->will) note(will_owner, connect->will->properties);
    });
    for (std::size_t id = 0; id < seen.size(); ++id)
        EXPECT_EQ(seen[id], property_info(static_cast<std::uint8_t>(id)).owners) << id;
}

TEST(RoundTrip, a_packet_cut_off_anywhere_is_incomplete) {
    for_many_packets(20, [](const Packet&, const std::string& encoded, Version) {
        for (std::size_t length = 0; length < encoded.size(); ++length) {
            const FrameResult next = next_frame(encoded.substr(0, length), max_packet_size);
            EXPECT_EQ(next.status, FrameResult::Status::incomplete);
            EXPECT_GT(next.needed, length);
            EXPECT_LE(next.needed, std::max<std::size_t>(encoded.size(), 2));
        }
    });
}

TEST(RoundTrip, a_packet_whose_length_says_less_than_it_has_never_reads_on) {
    int refused = 0;
    for_many_packets(20, [&](const Packet& packet, const std::string& encoded, Version version) {
        const FrameResult whole = next_frame(encoded, encoded.size());
        for (std::size_t length = 0; length < whole.frame.body.size(); ++length) {
            // A copy of its own on the heap, so that the sanitizer sees a read beyond it.
            const std::string body(whole.frame.body.substr(0, length));
            const Frame cut{whole.frame.header, body, 2 + length};
            const auto decoded = decode(cut, version);
            if (decoded) {
                EXPECT_FALSE(*decoded == packet);
            } else {
                ++refused;
                EXPECT_FALSE(decoded.error().detail.empty());
            }
        }
    });
    EXPECT_GT(refused, 1'000);
}

TEST(RoundTrip, a_flipped_byte_is_refused_or_gives_another_valid_packet) {
    int refused = 0;
    int taken = 0;
    for_many_packets(5, [&](const Packet&, const std::string& encoded, Version version) {
        for (std::size_t i = 0; i < encoded.size(); ++i) {
            for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
                std::string changed = encoded;
                changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ flip);
                const auto decoded = receive(changed, version);
                decoded ? ++taken : ++refused;
                if (!decoded) continue;
                std::string again;
                EXPECT_TRUE(encode(again, *decoded, version));
                EXPECT_TRUE(receive(again, version) == decoded);
            }
        }
    });
    EXPECT_GT(refused, 1'000);
    EXPECT_GT(taken, 1'000);
}

TEST(RoundTrip, publish_properties_can_be_kept_apart_from_their_packet) {
    PacketGenerator generator(seed, Version::v5);
    for (int i = 0; i < rounds; ++i) {
        const Publish publish = generator.publish();
        std::string block;
        ASSERT_TRUE(encode_publish_properties(block, publish.properties));
        const auto properties = decode_publish_properties(block);
        ASSERT_TRUE(properties) << properties.error().detail;
        EXPECT_EQ(*properties, publish.properties);

        std::string encoded;
        ASSERT_TRUE(encode(encoded, publish, Version::v5));
        const auto decoded = receive(encoded, Version::v5);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(std::get<Publish>(*decoded).raw_properties, block);
    }
}

} // namespace
} // namespace hearth::mqtt
