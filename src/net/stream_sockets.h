#pragma once

#include "base/metrics.h"
#include "base/result.h"
#include "base/time.h"

#include <cstddef>
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
    /// Who is behind it, for counting: the host, but of IPv6 its network /64, in which a machine
    /// has as many addresses as it likes.
    std::string network() const;

    bool operator==(const Address&) const = default;
};

/// "127.0.0.1:1883", "[::1]:1883", "localhost:1883" (which is 127.0.0.1), ":1883" (loopback). Names
/// are not looked up.
Result<Address> parse_address(std::string_view text);

/// Bytes shared by many receivers: encoded once, sent to each by reference.
using SharedBytes = std::shared_ptr<const std::string>;

/// What happens on connections. All calls come on the shard's thread and from its event loop: never
/// from within a call to StreamSockets, so none surprises the caller in the middle of its work.
/// From within each of them every function of StreamSockets may be called, also on the same id.
class StreamHandler {
public:
    virtual ~StreamHandler() = default;

    /// A client has connected (or connect() has succeeded).
    virtual void opened(ConnectionId id, const Address& peer) = 0;
    /// Bytes have come. Returns how many of them are done with; the rest is kept and comes again,
    /// together with what follows (or, after pause(), when resumed). So take every whole packet at
    /// once. The view is good for this call only. After close() or abort() no bytes come.
    virtual std::size_t received(ConnectionId id, std::string_view bytes) = 0;
    /// The connection is gone: closed by the peer, lost, or after close() or abort(). Told exactly
    /// once for each opened(), and for each connect() that failed. It comes at the end of the
    /// turn's reading when reading found out, else (abort(), flush(), a limit) in the next turn;
    /// from then on the id is nobody's. `why` is a short text for logs ("closed by the peer",
    /// "timed out"); after close() and abort() it is theirs. It may hold no bytes from outside.
    virtual void closed(ConnectionId id, std::string_view why) = 0;
};

struct StreamLimits {
    /// Beyond it one that is closing already is cut off, else the new one is closed as it comes.
    std::size_t connections = 100'000;
    std::size_t unsent_bytes = 8U << 20;     ///< per connection; beyond it the connection is closed
    std::size_t unparsed_bytes = 300U << 10; ///< per connection that received() may leave over
    int listen_backlog = 4096;               ///< the kernel cuts it to net.core.somaxconn
    int accepts_per_turn = 256;              ///< per listener
    std::size_t read_bytes_per_turn = 256U << 10; ///< per connection, so that one cannot starve all
    Micros close_grace = 2 * seconds;             ///< see close()
    Micros connect_wait = 10 * seconds;           ///< for the answer to connect()
    Micros accept_rest = 100 * milliseconds;      ///< a listener's, after descriptors ran out
};

/// What has happened so far; only grows. For metrics, and for tests that count calls.
struct StreamCounters {
    std::uint64_t accepted = 0;
    std::uint64_t refused_connections = 0; ///< StreamLimits::connections, turn_away()
    std::uint64_t accept_failures = 0;     ///< no descriptor or memory left for a new one
    std::uint64_t closed_unsent = 0;       ///< StreamLimits::unsent_bytes was reached
    std::uint64_t closed_unparsed = 0;     ///< StreamLimits::unparsed_bytes was reached
    std::uint64_t receive_calls = 0;       ///< to the kernel, as are the following
    std::uint64_t received_bytes = 0;
    std::uint64_t send_calls = 0;
    std::uint64_t sent_bytes = 0;
};

/// Belongs to one shard; all calls on its thread, also construction. It watches the shard itself,
/// but flush() is the owner's to put among the steps of the turn, behind what writes the journal.
/// At its end all sockets are closed and nobody is told.
class StreamSockets {
public:
    StreamSockets(Shard& shard, StreamHandler& handler, const StreamLimits& limits);
    ~StreamSockets();
    StreamSockets(const StreamSockets&) = delete;
    StreamSockets& operator=(const StreamSockets&) = delete;

    /// Listens; port 0 takes a free one. "::" means IPv6 only. Returns the address as bound. Errors
    /// name the address and say what to do: Code::conflict where the port is in use, refused where
    /// it is not allowed, invalid for an address that is none, io for the rest.
    Result<Address> listen(const Address& address);
    /// Stops all of them; connections stay.
    void stop_listening();

    /// Starts a connection to a server; opened() or closed() follows. What is sent meanwhile waits.
    /// Errors: limit (too many connections), invalid (no such address), io.
    Result<ConnectionId> connect(const Address& address);

    /// Queues bytes; they leave with flush(), in order. Nothing happens where the connection is
    /// gone or closing. Small ones are copied, also out of SharedBytes; large ones are kept by
    /// reference until sent.
    void send(ConnectionId id, std::string_view bytes);
    void send(ConnectionId id, SharedBytes bytes);

    /// Closes once all that is queued has left: then the peer is told (FIN) and what it still sends
    /// is read and thrown away, so that no reset overtakes the last bytes. closed() comes when the
    /// peer has closed too, or after StreamLimits::close_grace at most.
    void close(ConnectionId id, std::string_view why);
    /// Closes at once; what is queued is lost.
    void abort(ConnectionId id, std::string_view why);
    /// The same for want of room: it is counted as one refused.
    void turn_away(ConnectionId id, std::string_view why);

    /// Bytes queued and not yet taken by the kernel. 0 for a connection that is gone.
    std::size_t unsent(ConnectionId id) const;
    /// Reads no more from a connection until resumed: back-pressure. That the peer closes is then
    /// noticed after resume() only. Bytes that received() left over come again in the next turn
    /// after resume(), without waiting for more.
    void pause(ConnectionId id);
    void resume(ConnectionId id);

    /// One send for each connection that has something queued (more for very much of it), and none
    /// for those that wait for a slow reader. A step of the shard's turn: it must run in each,
    /// after whatever sends, since what is sent behind it waits for the next turn and does not
    /// hasten it.
    void flush();

    /// Those that opened() was told for and closed() was not yet.
    std::size_t open_connections() const;
    const StreamCounters& counters() const;
    /// Shows the counters as hearth_net_*. This must outlive the last render().
    void show_in(Metrics& metrics) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hearth::net
