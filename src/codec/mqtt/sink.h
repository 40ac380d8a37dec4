#pragma once

#include "codec/mqtt/protocol.h"
#include "codec/mqtt/wire.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// Inside of this room: where packets are written to. A packet is written twice by the same code,
/// first into a CountingSink, which says how long it becomes, then into a WritingSink, which has
/// exactly that much room. So lengths stand before what they measure without anything moving.
namespace hearth::mqtt {

class CountingSink {
public:
    void u8(std::uint8_t) { size_ += 1; }
    void u16(std::uint16_t) { size_ += 2; }
    void u32(std::uint32_t) { size_ += 4; }
    void varint(std::size_t number) {
        if (number > max_remaining_length) encodable_ = false;
        size_ += wire::varint_size(number);
    }
    void field(std::string_view bytes) {
        if (bytes.size() > max_field_bytes) encodable_ = false;
        size_ += 2 + bytes.size();
    }
    void raw(std::string_view bytes) { size_ += bytes.size(); }
    /// What another one counted.
    void add(const CountingSink& other) {
        size_ += other.size_;
        encodable_ = encodable_ && other.encodable_;
    }

    std::size_t size() const { return size_; }
    /// False once a field or number was too long for its length bytes.
    bool encodable() const { return encodable_; }

private:
    std::size_t size_ = 0;
    bool encodable_ = true;
};

/// Writes without looking: the memory must hold what a CountingSink counted.
class WritingSink {
public:
    explicit WritingSink(char* at)
        : at_(at) {}

    void u8(std::uint8_t number) { *at_++ = static_cast<char>(number); }
    void u16(std::uint16_t number) {
        u8(static_cast<std::uint8_t>(number >> 8));
        u8(static_cast<std::uint8_t>(number & 0xFFU));
    }
    void u32(std::uint32_t number) {
        u16(static_cast<std::uint16_t>(number >> 16));
        u16(static_cast<std::uint16_t>(number & 0xFFFFU));
    }
    void varint(std::size_t number) {
        for (; number > 127; number >>= 7)
            u8(static_cast<std::uint8_t>(number & 0x7FU) | 0x80U);
        u8(static_cast<std::uint8_t>(number));
    }
    void field(std::string_view bytes) {
        u16(static_cast<std::uint16_t>(bytes.size()));
        raw(bytes);
    }
    void raw(std::string_view bytes) {
        if (bytes.empty()) return; // memcpy from a null view is undefined even for no bytes
        std::memcpy(at_, bytes.data(), bytes.size());
        at_ += bytes.size();
    }

private:
    char* at_;
};

/// Grows `out` by `size` bytes and lets `write` fill them.
template <class Write>
void append_bytes(std::string& out, std::size_t size, Write&& write) {
    const std::size_t before = out.size();
    const std::size_t after = before + size;
    // libstdc++ 12 hands in the capacity where it should hand in the length: it is not looked at.
    out.resize_and_overwrite(after, [&](char* data, std::size_t) {
        WritingSink sink(data + before);
        write(sink);
        return after;
    });
}

} // namespace hearth::mqtt
