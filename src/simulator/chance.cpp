#include "simulator/chance.h"

#include <cmath>

namespace hearth::simulator {

double smooth_noise(std::uint64_t seed, double x) {
    const double left = std::floor(x);
    const auto height = [&](double at) {
        SeededRandom random(seed_for(seed, "height", static_cast<std::int64_t>(at)));
        return random.between(-1, 1);
    };
    const double t = x - left;
    const double ease = t * t * (3 - 2 * t);
    return height(left) * (1 - ease) + height(left + 1) * ease;
}

} // namespace hearth::simulator
