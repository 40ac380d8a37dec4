#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hearth {

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): what guards each journal record. Continue a sum by
/// handing in the last result.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t sum = 0);

/// SHA-256 (FIPS 180-4), 32 bytes.
std::string sha256(std::string_view bytes);

std::string to_hex(std::string_view bytes);
/// Empty where the text is not pairs of hexadecimal digits.
std::string from_hex(std::string_view text);

/// Compares two secrets in a time that depends only on their lengths.
bool equal_secret(std::string_view a, std::string_view b);

} // namespace hearth
