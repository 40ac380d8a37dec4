#include "access/password.h"

#include "base/text.h"

#include <algorithm>

#include <argon2.h>

namespace hearth::access {
namespace {

constexpr std::size_t hash_bytes = 32;

/// A hash of nothing that anybody types, with the default cost: what an unknown name is held
/// against.
constexpr const char* nobody = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzIQ$"
                               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

Result<void> check_password(std::string_view password) {
    const std::size_t length = characters(password);
    if (!is_utf8(password) || length < min_password_characters || length > max_password_characters)
        return fail(Code::invalid, "a password has {} to {} characters", min_password_characters,
                    max_password_characters);
    return {};
}

std::string make_salt(Random& random) {
    std::string salt;
    while (salt.size() < salt_bytes)
        for (std::uint64_t bits = random.next(), i = 0; i < 8; ++i, bits >>= 8)
            salt += static_cast<char>(bits & 0xFF);
    return salt;
}

Result<std::string> hash_password(std::string_view password, std::string_view salt,
                                  const PasswordCost& cost) {
    std::string encoded(argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes,
                                          static_cast<std::uint32_t>(salt.size()), hash_bytes,
                                          Argon2_id),
                        '\0');
    const int code = argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes,
                                           password.data(), password.size(), salt.data(),
                                           salt.size(), hash_bytes, encoded.data(), encoded.size());
    if (code != ARGON2_OK)
        return fail(Code::unavailable, "the password cannot be hashed: {}",
                    argon2_error_message(code));
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool password_matches(std::string_view hash, std::string_view password) {
    const std::string encoded(hash.empty() ? nobody : hash);
    const bool same =
        argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
    return same && !hash.empty();
}

} // namespace hearth::access
