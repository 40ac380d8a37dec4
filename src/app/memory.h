#pragma once

#include <cstddef>
#include <cstdint>

namespace hearth::app {

/// The budget for a setting: itself, or for a negative one what this machine allows: half of its
/// memory, two thirds of its control group's limit, half of the address space that it may have;
/// whichever is least.
std::size_t memory_budget(std::int64_t setting);

/// What the program uses now, for MemoryWatch: resident memory; as much as `budget` where the
/// address space is about to end, or when an allocation has failed of late. Near the budget what
/// the allocator keeps for later is given back to the system first.
std::size_t memory_in_use(std::size_t budget);

/// Keeps some memory aside, which the first allocation that fails may have: what is under way comes
/// to its end, and memory_in_use() says that there is no more. Only the next one throws.
void keep_memory_aside();

} // namespace hearth::app
