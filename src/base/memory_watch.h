#pragma once

#include <cstddef>
#include <functional>
#include <utility>

namespace hearth {

/// How much memory the program uses and whether that is as much as it may: then whatever would add
/// to it for somebody outside is refused, and the rest goes on. Belongs to the shard's thread.
class MemoryWatch {
public:
    /// Says how many bytes are in use now.
    using Measure = std::function<std::size_t()>;

    /// A budget of 0 is none: never full.
    MemoryWatch(std::size_t budget, Measure measure)
        : budget_(budget)
        , measure_(std::move(measure)) {}

    /// Measures. Once full it stays so until a sixteenth of the budget is free again, so that it
    /// does not flutter.
    void look() {
        used_ = measure_();
        full_ = budget_ != 0 && used_ >= (full_ ? budget_ - budget_ / 16 : budget_);
    }

    bool full() const { return full_; }
    std::size_t used() const { return used_; }
    std::size_t budget() const { return budget_; }

private:
    std::size_t budget_;
    Measure measure_;
    std::size_t used_ = 0;
    bool full_ = false;
};

} // namespace hearth
