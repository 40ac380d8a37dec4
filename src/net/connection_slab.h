#pragma once

#include "net/output_queue.h"
#include "net/stream_sockets.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hearth::net {

/// What hearth remembers of one connection: below 100 bytes, as long as nothing is under way on it.
struct Connection {
    enum class State : std::uint8_t {
        free,
        connecting, ///< connect() has no answer yet
        open,
        closing, ///< close() was called or the peer has finished: what is queued still leaves
        gone,    ///< the descriptor is closed; the handler is to be told
    };

    int descriptor = -1;
    std::uint32_t slot = 0;
    std::uint32_t generation = 1; ///< of the slot: counts its connections
    std::uint32_t interest = 0;   ///< what epoll is asked to watch
    State state = State::free;
    bool told_open : 1 = false;
    bool paused : 1 = false;
    bool resumed : 1 = false;       ///< `unparsed` comes again in the next turn
    bool dirty : 1 = false;         ///< is in the list for flush()
    bool awaits_write : 1 = false;  ///< the kernel takes no more now
    bool peer_finished : 1 = false; ///< it will send no more
    bool finished : 1 = false;      ///< we send no more: FIN is out

    OutputQueue output;
    std::unique_ptr<std::string> unparsed; ///< only while a packet is incomplete
    std::unique_ptr<std::string> why;      ///< only while closing or gone

    ConnectionId id() const { return static_cast<ConnectionId>(generation) << 32 | slot; }
};

/// All connections, in blocks that never move. An id is a slot and its generation, so an id of the
/// past finds nothing; a generation is never 0, hence neither is an id, nor below 2^32.
class ConnectionSlab {
public:
    /// A free record, its state set to `state`.
    Connection& take(Connection::State state);
    /// Gives the record back; its output must have been cleared. The id finds nothing from now on.
    void release(Connection& connection);

    /// nullptr where there is none.
    Connection* find(ConnectionId id) {
        const auto slot = static_cast<std::uint32_t>(id);
        if (slot >= slots_) return nullptr;
        Connection& connection = at(slot);
        return connection.generation == id >> 32 && connection.state != Connection::State::free
                   ? &connection
                   : nullptr;
    }

    /// Records in use.
    std::size_t used() const { return used_; }

    template <class Visit>
    void for_each(Visit visit) {
        for (std::uint32_t slot = 0; slot < slots_; ++slot)
            if (at(slot).state != Connection::State::free) visit(at(slot));
    }

private:
    static constexpr std::uint32_t block_size = 256;

    Connection& at(std::uint32_t slot) { return blocks_[slot / block_size][slot % block_size]; }

    std::vector<std::unique_ptr<Connection[]>> blocks_;
    std::vector<std::uint32_t> free_;
    std::uint32_t slots_ = 0; ///< handed out at least once
    std::size_t used_ = 0;
};

} // namespace hearth::net
