#include "codec/mqtt/encoder.h"
#include "codec/mqtt/packet_generator.h"
#include "codec/mqtt/test_bytes.h"

#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

namespace {

std::size_t allocations = 0;

} // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace hearth::mqtt {
namespace {

TEST(Allocation, decoding_and_encoding_again_take_no_memory_for_any_packet) {
    for (const Version version : {Version::v311, Version::v5}) {
        PacketGenerator generator(1, version);
        for (const PacketType type : PacketGenerator::all_types) {
            if (type == PacketType::auth && version == Version::v311) continue;
            std::string encoded;
            ASSERT_TRUE(encode(encoded, generator.packet(type), version));
            std::string again;
            again.reserve(encoded.size());

            const std::size_t before = allocations;
            const auto packet = receive(encoded, version);
            const bool done = packet && encode(again, *packet, version);
            EXPECT_EQ(allocations, before) << to_string(type);
            EXPECT_TRUE(done);
        }
    }
}

TEST(Allocation, a_claimed_length_takes_no_memory) {
    const std::string input = bytes("30 FF FF FF 7F 0001 't'");
    const std::size_t before = allocations;
    EXPECT_EQ(next_frame(input, max_packet_size).status, FrameResult::Status::incomplete);
    EXPECT_EQ(allocations, before);
}

} // namespace
} // namespace hearth::mqtt
