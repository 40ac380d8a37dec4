#pragma once

#include "net/stream_sockets.h"

#include <cstddef>
#include <string_view>

namespace hearth::broker {

using net::ConnectionId;
using net::SharedBytes;

/// The broker's way out to its clients. In the program it is net::StreamSockets behind
/// socket_outlet.h; tests and benchmarks hand in one that keeps the bytes.
///
/// All calls come on the shard's thread. Sending to a connection that has gone does nothing. None
/// of these may call back into the broker before it returns.
class Outlet {
public:
    virtual ~Outlet() = default;

    virtual void send(ConnectionId id, std::string_view bytes) = 0;
    /// The same bytes go to many clients by reference.
    virtual void send(ConnectionId id, SharedBytes bytes) = 0;
    /// Closes once what was sent has left.
    virtual void close(ConnectionId id, std::string_view why) = 0;
    /// Closes at once, to make room.
    virtual void turn_away(ConnectionId id, std::string_view why) = 0;
    /// Back-pressure: no more bytes are read from this connection until resume().
    virtual void pause(ConnectionId id) = 0;
    virtual void resume(ConnectionId id) = 0;
    /// Bytes sent that the operating system has not taken.
    virtual std::size_t unsent(ConnectionId id) const = 0;
};

} // namespace hearth::broker
