#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace hearth::broker {

/// "None" for the 32-bit indices by which the broker's tables name their entries.
inline constexpr std::uint32_t none = 0xFFFFFFFFU;

inline std::uint32_t hash_of(std::string_view text) {
    const std::size_t hash = std::hash<std::string_view>{}(text);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

inline std::uint32_t hash_of(std::uint64_t number) {
    number *= 0x9E3779B97F4A7C15U; // Fibonacci hashing: consecutive ids spread over the table
    return static_cast<std::uint32_t>(number >> 32);
}

/// A hash table of indices into somebody else's storage: eight bytes a slot, no node per entry, no
/// allocation per lookup. The storage keeps the keys; find() is told how to compare with them.
/// Linear probing with backward shift, so erasing leaves no tombstones.
class IndexTable {
public:
    /// The index whose entry satisfies `equal`, or none.
    template <class Equal>
    std::uint32_t find(std::uint32_t hash, Equal&& equal) const {
        if (slots_.empty()) return none;
        for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
            const Slot& slot = slots_[at];
            if (slot.index == none) return none;
            if (slot.hash == hash && equal(slot.index)) return slot.index;
        }
    }

    /// The entry must not be there yet.
    void insert(std::uint32_t hash, std::uint32_t index) {
        if ((size_ + 1) * 4 > slots_.size() * 3) grow();
        place({hash, index});
        ++size_;
    }

    void erase(std::uint32_t hash, std::uint32_t index);
    void clear() {
        slots_.clear();
        size_ = 0;
    }
    std::size_t size() const { return size_; }

private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t index = none;
    };

    std::size_t mask() const { return slots_.size() - 1; }
    void place(Slot slot);
    void grow();

    std::vector<Slot> slots_; ///< a power of two, at most three quarters full
    std::size_t size_ = 0;
};

} // namespace hearth::broker
