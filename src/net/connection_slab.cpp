#include "net/connection_slab.h"

#include "base/check.h"

#include <limits>

namespace hearth::net {

static_assert(sizeof(Connection) <= 100);

Connection& ConnectionSlab::take(Connection::State state) {
    ++used_;
    if (free_.empty()) {
        if (slots_ == blocks_.size() * block_size)
            blocks_.push_back(std::make_unique<Connection[]>(block_size));
        free_.push_back(slots_++);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    Connection& connection = at(slot);
    connection.slot = slot;
    connection.state = state;
    return connection;
}

void ConnectionSlab::release(Connection& connection) {
    HEARTH_CHECK(used_ > 0 && connection.state != Connection::State::free);
    --used_;
    const std::uint32_t slot = connection.slot;
    const std::uint32_t generation = connection.generation;
    connection = Connection{};
    // A slot whose generations are used up is left out for good, so that no id comes twice.
    if (generation == std::numeric_limits<std::uint32_t>::max()) return;
    connection.generation = generation + 1;
    free_.push_back(slot);
}

} // namespace hearth::net
