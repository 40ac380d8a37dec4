#pragma once

#include "base/check.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace hearth::broker {

/// Objects in chunks, named by a 32-bit index that is reused after free(). An object never moves.
/// T must be default constructible and movable; a freed one is reset to T().
template <class T>
class Slab {
public:
    std::uint32_t make() {
        if (free_.empty()) {
            if (used_ == chunks_.size() * chunk_size) chunks_.push_back(std::make_unique<Chunk>());
            return static_cast<std::uint32_t>(used_++);
        }
        const std::uint32_t index = free_.back();
        free_.pop_back();
        return index;
    }

    void free(std::uint32_t index) {
        (*this)[index] = T();
        free_.push_back(index);
    }

    T& operator[](std::uint32_t index) {
        HEARTH_CHECK(index < used_);
        return (*chunks_[index / chunk_size])[index % chunk_size];
    }
    const T& operator[](std::uint32_t index) const {
        HEARTH_CHECK(index < used_);
        return (*chunks_[index / chunk_size])[index % chunk_size];
    }

    /// How many have ever been made at the same time: all indices are below this.
    std::size_t capacity() const { return used_; }
    std::size_t size() const { return used_ - free_.size(); }
    void clear() {
        chunks_.clear();
        free_.clear();
        used_ = 0;
    }

private:
    static constexpr std::size_t chunk_size = 128;
    using Chunk = std::array<T, chunk_size>;

    std::vector<std::unique_ptr<Chunk>> chunks_;
    std::vector<std::uint32_t> free_;
    std::size_t used_ = 0;
};

} // namespace hearth::broker
