#pragma once

#include "base/result.h"
#include "base/value.h"

#include <cstdint>
#include <string>
#include <string_view>

/// The compact encoding in which journal records are written: little-endian fixed numbers, LEB128
/// varints, zigzag for signed ones, strings with their length before them.
namespace hearth {

/// Appends to a string that the caller owns.
class ByteWriter {
public:
    explicit ByteWriter(std::string& out)
        : out_(out) {}

    void u8(std::uint8_t number) { out_ += static_cast<char>(number); }
    void fixed32(std::uint32_t number);
    void fixed64(std::uint64_t number);
    void varint(std::uint64_t number);
    void zigzag(std::int64_t number);
    void real(double number);
    void boolean(bool flag) { u8(flag ? 1 : 0); }
    void string(std::string_view text);
    void raw(std::string_view bytes) { out_ += bytes; }
    void value(const Value& value);

private:
    std::string& out_;
};

/// Reads what ByteWriter wrote. After the first thing that cannot be read every further read
/// returns zero or empty, and ok() is false: a decoder reads all its fields, then asks once.
/// Never reads beyond its input, whatever that holds.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes)
        : rest_(bytes) {}

    std::uint8_t u8();
    std::uint32_t fixed32();
    std::uint64_t fixed64();
    std::uint64_t varint();
    std::int64_t zigzag();
    double real();
    bool boolean() { return u8() != 0; }
    /// A view into the input.
    std::string_view string();
    Value value();

    /// A count of things that follow, each of at least one byte: never more than there are bytes.
    std::size_t count();

    /// Who reads says that what was read makes no sense: ok() is false from then on.
    void refuse();

    bool ok() const { return ok_; }
    std::size_t left() const { return rest_.size(); }
    /// ok() as an error for the decoder to return; `what` names the record.
    Result<void> finish(std::string_view what) const;

private:
    std::string_view take(std::size_t length);
    Value value(int depth);

    std::string_view rest_;
    bool ok_ = true;
};

} // namespace hearth
