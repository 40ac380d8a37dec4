#pragma once

#include "base/random.h"
#include "base/time.h"

#include <optional>
#include <string>
#include <string_view>

namespace hearth::access {

/// The code by which the first person takes a hub: printed at first start or by `hearth claim`,
/// good once, for 15 minutes and 20 tries. Lives in memory only.
class ClaimCode {
public:
    static constexpr Micros good_for = 15 * minutes;
    static constexpr int tries = 20;

    enum class Verdict { accepted, wrong, expired, used_up, none };

    /// A new code, XXXX-XXXX; an older one is void. `now` is the steady clock's.
    std::string make(Random& random, Micros now);

    /// Case and the hyphen do not matter. Accepted only once.
    Verdict redeem(std::string_view code, Micros now);

    bool is_open(Micros now) const;
    int tries_left() const { return tries_left_; }

private:
    std::string code_;
    Micros made_at_ = 0;
    int tries_left_ = 0;
};

} // namespace hearth::access
