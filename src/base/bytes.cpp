#include "base/bytes.h"

#include <bit>

namespace hearth {
namespace {

constexpr int max_value_depth = 128;

template <class T>
void append_little_endian(std::string& out, T number) {
    for (std::size_t i = 0; i < sizeof number; ++i)
        out += static_cast<char>(number >> (8 * i) & 0xFF);
}

template <class T>
T read_little_endian(std::string_view bytes) {
    T number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        number |= static_cast<T>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return number;
}

} // namespace

void ByteWriter::fixed32(std::uint32_t number) {
    append_little_endian(out_, number);
}
void ByteWriter::fixed64(std::uint64_t number) {
    append_little_endian(out_, number);
}

void ByteWriter::varint(std::uint64_t number) {
    while (number >= 0x80) {
        u8(static_cast<std::uint8_t>(number | 0x80));
        number >>= 7;
    }
    u8(static_cast<std::uint8_t>(number));
}

void ByteWriter::zigzag(std::int64_t number) {
    const auto bits = static_cast<std::uint64_t>(number);
    varint((bits << 1) ^ (number < 0 ? ~std::uint64_t{0} : 0));
}

void ByteWriter::real(double number) {
    fixed64(std::bit_cast<std::uint64_t>(number));
}

void ByteWriter::string(std::string_view text) {
    varint(text.size());
    out_ += text;
}

void ByteWriter::value(const Value& value) {
    u8(static_cast<std::uint8_t>(value.type()));
    switch (value.type()) {
    case Value::Type::null:
        break;
    case Value::Type::boolean:
        boolean(*value.as_bool());
        break;
    case Value::Type::integer:
        zigzag(*value.as_integer());
        break;
    case Value::Type::real:
        real(*value.as_real());
        break;
    case Value::Type::string:
        string(*value.as_string());
        break;
    case Value::Type::list:
        varint(value.as_list()->size());
        for (const Value& member : *value.as_list())
            this->value(member);
        break;
    case Value::Type::map:
        varint(value.as_map()->size());
        for (const auto& [key, member] : *value.as_map()) {
            string(key);
            this->value(member);
        }
        break;
    }
}

void ByteReader::refuse() {
    ok_ = false;
    rest_ = {};
}

std::string_view ByteReader::take(std::size_t length) {
    if (!ok_ || length > rest_.size()) {
        refuse();
        return {};
    }
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
}

std::uint8_t ByteReader::u8() {
    return read_little_endian<std::uint8_t>(take(1));
}
std::uint32_t ByteReader::fixed32() {
    return read_little_endian<std::uint32_t>(take(4));
}
std::uint64_t ByteReader::fixed64() {
    return read_little_endian<std::uint64_t>(take(8));
}

std::uint64_t ByteReader::varint() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        const std::uint8_t byte = u8();
        number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) return ok_ ? number : 0;
    }
    ok_ = false;
    return 0;
}

std::int64_t ByteReader::zigzag() {
    const std::uint64_t bits = varint();
    return static_cast<std::int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~std::uint64_t{0} : 0));
}

double ByteReader::real() {
    return std::bit_cast<double>(fixed64());
}

std::string_view ByteReader::string() {
    return take(varint());
}

std::size_t ByteReader::count() {
    const std::uint64_t number = varint();
    if (number > rest_.size()) ok_ = false;
    return ok_ ? static_cast<std::size_t>(number) : 0;
}

Value ByteReader::value() {
    return value(0);
}

Value ByteReader::value(int depth) {
    if (depth > max_value_depth) {
        ok_ = false;
        return {};
    }
    switch (static_cast<Value::Type>(u8())) {
    case Value::Type::null:
        return {};
    case Value::Type::boolean:
        return boolean();
    case Value::Type::integer:
        return zigzag();
    case Value::Type::real:
        return real();
    case Value::Type::string:
        return string();
    case Value::Type::list: {
        ValueList list;
        for (std::size_t left = count(); left > 0 && ok_; --left)
            list.push_back(value(depth + 1));
        return list;
    }
    case Value::Type::map: {
        ValueMap map;
        for (std::size_t left = count(); left > 0 && ok_; --left) {
            std::string key(string());
            map.append(std::move(key), value(depth + 1));
        }
        return map;
    }
    }
    ok_ = false;
    return {};
}

Result<void> ByteReader::finish(std::string_view what) const {
    if (!ok_) return fail(Code::damaged, "{}: the record ends too early or is malformed", what);
    if (!rest_.empty())
        return fail(Code::damaged, "{}: {} bytes too many in the record", what, rest_.size());
    return {};
}

} // namespace hearth
