#pragma once

#include "base/metrics.h"
#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// Many TCP connections at the least cost: the MQTT path. Its own epoll set, no object of the event
/// loop's and no coroutine per connection; an idle connection owns no buffer.
namespace hearth::net {

class Shard;

/// A connection's handle: never reused for another one while the program runs. 0 is none.
using ConnectionId = std::uint64_t;

struct Address {
    std::string host; ///< numeric: "127.0.0.1", "::1", "0.0.0.0"
    std::uint16_t port = 0;

    bool is_loopback() const;
    std::string to_string() const; ///< "127.0.0.1:1883", "[::1]:1883"
};

/// "127.0.0.1:1883", "[::1]:1883", "localhost:1883" (which is 127.0.0.1), ":1883" (loopback).
Result<Address> parse_address(std::string_view text);

/// Bytes shared by many receivers: encoded once, sent to each by reference.
using SharedBytes = std::shared_ptr<const std::string>;

/// What happens on connections. All calls come on the shard's thread.
class StreamHandler {
public:
    virtual ~StreamHandler() = default;

    /// A client has connected (or connect() has succeeded).
    virtual void opened(ConnectionId id, const Address& peer) = 0;
    /// Bytes have come. Returns how many of them are done with; the rest is kept and comes again,
    /// together with what follows. The view is good for this call only. The handler may send and
    /// close from within.
    virtual std::size_t received(ConnectionId id, std::string_view bytes) = 0;
    /// The connection is gone: closed by the peer, lost, or after close(). Told exactly once for
    /// each opened(). `why` is a short text for logs ("closed by the client", "timed out").
    virtual void closed(ConnectionId id, std::string_view why) = 0;
};

struct StreamLimits {
    std::size_t connections = 100'000;
    std::size_t unsent_bytes = 8U << 20;     ///< per connection; beyond it the connection is closed
    std::size_t unparsed_bytes = 300U << 10; ///< per connection that received() may leave over
    int listen_backlog = 4096;
    int accepts_per_turn = 256;
    std::size_t read_bytes_per_turn = 256U << 10; ///< per connection, so that one cannot starve all
};

/// Belongs to one shard; all calls on its thread.
class StreamSockets {
public:
    StreamSockets(Shard& shard, StreamHandler& handler, const StreamLimits& limits);
    ~StreamSockets();
    StreamSockets(const StreamSockets&) = delete;
    StreamSockets& operator=(const StreamSockets&) = delete;

    /// Listens; port 0 takes a free one. Returns the address as bound. Errors name the address and
    /// say what to do (in use: by what to change; not allowed).
    Result<Address> listen(const Address& address);
    void stop_listening();

    /// Starts a connection to a server. opened() or closed() follows.
    Result<ConnectionId> connect(const Address& address);

    /// Queues bytes; they leave with flush(), in order. Nothing happens where the connection is
    /// gone or closing.
    void send(ConnectionId id, std::string_view bytes);
    void send(ConnectionId id, SharedBytes bytes);

    /// Closes once all that is queued has left, or after a grace of 2 s at most.
    void close(ConnectionId id, std::string_view why);
    /// Closes at once; what is queued is lost.
    void abort(ConnectionId id, std::string_view why);

    /// Bytes queued and not yet taken by the kernel.
    std::size_t unsent(ConnectionId id) const;
    /// Reads no more from a connection until resumed: back-pressure.
    void pause(ConnectionId id);
    void resume(ConnectionId id);

    /// One send for each connection that has something queued. A step of the shard's turn.
    void flush();

    std::size_t open_connections() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hearth::net
