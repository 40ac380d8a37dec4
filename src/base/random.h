#pragma once

#include <cstdint>
#include <string>

namespace hearth {

/// Where ids come from. Handed to the core like the clock, so that a test knows them beforehand.
class Random {
public:
    virtual ~Random() = default;
    virtual std::uint64_t next() = 0;
};

/// The operating system's cryptographic source (through OpenSSL): for everything that is a secret,
/// and for ids in a running hub.
class SecureRandom final : public Random {
public:
    std::uint64_t next() override;
};

/// The same numbers for the same seed (SplitMix64): for tests and simulation, never for secrets.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed)
        : state_(seed) {}
    std::uint64_t next() override;

    /// Uniform in [low, high).
    double between(double low, double high);

private:
    std::uint64_t state_;
};

/// Random letters and digits without the easily confused 0 1 i l o u (30 kinds), lower case.
std::string random_id(Random& random, std::size_t length);

} // namespace hearth
