#pragma once

#include "base/random.h"

#include <cstdint>
#include <string_view>

/// Chance that is the same for the same seed, however often and in whatever order it is asked. Each
/// device, person and day has a stream of its own, so that a command to one device never changes
/// what another one does.
namespace hearth::simulator {

/// A seed for one thing out of the seed for all: FNV-1a of the name, mixed by SplitMix64.
inline std::uint64_t seed_for(std::uint64_t seed, std::string_view what, std::int64_t number = 0) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : what)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    SeededRandom mixed(seed ^ hash ^ (static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15U));
    return mixed.next();
}

/// A smooth line through random heights in [-1, 1], one at each whole x.
double smooth_noise(std::uint64_t seed, double x);

} // namespace hearth::simulator
