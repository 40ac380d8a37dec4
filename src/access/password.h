#pragma once

#include "base/random.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

/// People's passwords: kept only as Argon2id hashes (RFC 9106). Stateless; safe from any thread.
/// Hashing takes tens of milliseconds and PasswordCost::memory_kib of memory: it belongs on the
/// workers, never on a shard's thread.
namespace hearth::access {

/// What one guess costs. The defaults are the least that OWASP's Password Storage Cheat Sheet
/// recommends for Argon2id: 19 MiB, two passes, one lane.
struct PasswordCost {
    std::uint32_t memory_kib = 19U * 1024;
    std::uint32_t passes = 2;
    std::uint32_t lanes = 1;
};

constexpr std::size_t min_password_characters = 8;
constexpr std::size_t max_password_characters = 200;
constexpr std::size_t salt_bytes = 16;

/// 8 to 200 characters of UTF-8, counted in code points; none is forbidden. Code::invalid else.
Result<void> check_password(std::string_view password);

/// 16 random bytes: drawn on the shard, so that the workers need no source of their own.
std::string make_salt(Random& random);

/// The hash in its standard text, "$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH", which carries its own
/// cost: a later hearth may ask for more and still check old ones. Errors: unavailable (no memory).
Result<std::string> hash_password(std::string_view password, std::string_view salt,
                                  const PasswordCost& cost = {});

/// Whether this is the password. An empty `hash` stands for a person who does not exist: the answer
/// is false and takes as long.
bool password_matches(std::string_view hash, std::string_view password);

} // namespace hearth::access
