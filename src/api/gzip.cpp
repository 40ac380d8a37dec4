#include "api/site.h"

#include <boost/beast/zlib/inflate_stream.hpp>

/// gzip (RFC 1952) as this build packs it: no extra fields, one member. Beast's inflate knows the
/// raw deflate within, which spares the program zlib.
namespace hearth::api {
namespace {

namespace zlib = boost::beast::zlib;

constexpr std::size_t header_bytes = 10;
constexpr std::size_t trailer_bytes = 8;
constexpr std::size_t max_unpacked = 16U << 20;
constexpr unsigned char flag_name = 8; // a file name follows the header, up to a zero

/// The deflate stream within, or empty.
std::string_view deflated(std::string_view bytes) {
    if (bytes.size() < header_bytes + trailer_bytes || !bytes.starts_with("\x1f\x8b\x08"))
        return {};
    const auto flags = static_cast<unsigned char>(bytes[3]);
    if ((flags & ~flag_name) != 0) return {};
    bytes.remove_suffix(trailer_bytes);
    bytes.remove_prefix(header_bytes);
    if (flags == 0) return bytes;
    const std::size_t end = bytes.find('\0');
    return end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
}

} // namespace

Result<std::string> unpack_gzip(std::string_view bytes) {
    const std::string_view packed = deflated(bytes);
    if (packed.empty()) return fail(Code::damaged, "this is no gzip");
    std::uint32_t size = 0; // RFC 1952: the last four bytes, little-endian
    for (std::size_t i = 1; i <= 4; ++i)
        size = size << 8 | static_cast<unsigned char>(bytes[bytes.size() - i]);
    if (size > max_unpacked) return fail(Code::limit, "{} bytes are too many to unpack", size);
    std::string out(size + 1, '\0'); // one more, so that inflate sees the end
    zlib::inflate_stream stream;
    zlib::z_params params{};
    params.next_in = packed.data();
    params.avail_in = packed.size();
    params.next_out = out.data();
    params.avail_out = out.size();
    boost::system::error_code error;
    stream.write(params, zlib::Flush::sync, error);
    if (error != zlib::error::end_of_stream || params.total_out != size)
        return fail(Code::damaged, "the packed bytes are damaged");
    out.resize(size);
    return out;
}

} // namespace hearth::api
