#include "base/random.h"

#include "base/check.h"

#include <string_view>

#include <openssl/rand.h>

namespace hearth {

std::uint64_t SecureRandom::next() {
    std::uint64_t number = 0;
    // Without randomness there are no keys: nothing that goes on from here would be a secret.
    HEARTH_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) == 1);
    return number;
}

// Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.
std::uint64_t SeededRandom::next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

double SeededRandom::between(double low, double high) {
    constexpr double scale = 1.0 / 9007199254740992.0; // 2^53
    return low + (high - low) * static_cast<double>(next() >> 11) * scale;
}

std::string random_id(Random& random, std::size_t length) {
    constexpr std::string_view alphabet = "23456789abcdefghjkmnpqrstvwxyz";
    std::string id;
    while (id.size() < length) {
        // 12 letters per draw: 30^12 is far below 2^64, so the bias is below 2^-5 · 2^-59.
        std::uint64_t draw = random.next();
        for (int i = 0; i < 12 && id.size() < length; ++i, draw /= alphabet.size())
            id += alphabet[draw % alphabet.size()];
    }
    return id;
}

} // namespace hearth
