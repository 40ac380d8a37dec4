#include "broker/index_table.h"

#include <algorithm>
#include <utility>

namespace hearth::broker {

void IndexTable::place(Slot slot) {
    std::size_t at = slot.hash & mask();
    while (slots_[at].index != none)
        at = (at + 1) & mask();
    slots_[at] = slot;
}

void IndexTable::grow() {
    std::vector<Slot> old(std::max<std::size_t>(16, slots_.size() * 2));
    old.swap(slots_);
    for (const Slot& slot : old)
        if (slot.index != none) place(slot);
}

void IndexTable::erase(std::uint32_t hash, std::uint32_t index) {
    if (slots_.empty()) return;
    std::size_t hole = hash & mask();
    while (slots_[hole].index != index) {
        if (slots_[hole].index == none) return;
        hole = (hole + 1) & mask();
    }
    // Whoever comes after the hole and belongs at or before it moves into it.
    for (std::size_t at = (hole + 1) & mask(); slots_[at].index != none; at = (at + 1) & mask()) {
        const std::size_t home = slots_[at].hash & mask();
        if (((at - home) & mask()) < ((at - hole) & mask())) continue;
        slots_[hole] = slots_[at];
        hole = at;
    }
    slots_[hole] = {};
    --size_;
}

} // namespace hearth::broker
