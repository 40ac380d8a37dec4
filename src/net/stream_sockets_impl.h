#pragma once

#include "net/connection_slab.h"
#include "net/deadlines.h"
#include "net/output_queue.h"
#include "net/shard.h"
#include "net/socket_address.h"
#include "net/stream_sockets.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <sys/epoll.h>

namespace hearth::net {

/// A socket that listens. Its place in the list is what epoll calls it by: below any ConnectionId.
struct Listener {
    int descriptor = -1;
    Shard::TimerId rest = 0; ///< while it rests after descriptors ran out
    bool failing = false;    ///< accepting fails since the last success
};

/// The inside of StreamSockets, in four files: listening and connecting (stream_opening.cpp),
/// what epoll reports and reading (stream_reading.cpp), sending (stream_sending.cpp), closing and
/// telling (stream_closing.cpp).
struct StreamSockets::Impl {
    Impl(Shard& shard_in, StreamHandler& handler_in, const StreamLimits& limits_in);
    ~Impl();

    // Opening
    Result<Address> listen(const Address& address);
    void stop_listening();
    Result<ConnectionId> connect(const Address& address);
    void accept_from(std::size_t index);
    bool accept_one(Listener& listener);
    void accept_failed(Listener& listener, int error);
    void shed(Listener& listener);
    void rest(Listener& listener);
    void finish_connect(Connection& connection);
    void adopt(int descriptor, const SocketAddress& peer);

    // Reading
    void ready();
    void handle(const epoll_event& event);
    void handle_or_drop(const epoll_event& event);
    void read(Connection& connection);
    ssize_t receive(const Connection& connection, char* memory, std::size_t size);
    ssize_t read_once(Connection& connection, bool& drained);
    ssize_t read_large(Connection& connection, bool& drained);
    void deliver_own(Connection& connection);
    std::size_t deliver(Connection& connection, std::string_view offered);
    void keep(Connection& connection, std::string left_over);
    void deliver_again(Connection& connection);
    void discard(Connection& connection);
    void resume(Connection& connection);

    // Sending
    template <class Bytes>
    void send(ConnectionId id, std::size_t size, Bytes&& bytes);
    void mark_dirty(Connection& connection);
    void flush();
    void write_out(Connection& connection);
    ssize_t send_some(Connection& connection, std::size_t& offered);

    // Closing
    void peer_has_finished(Connection& connection);
    void begin_close(Connection& connection, std::string_view why);
    void finish(Connection& connection);
    void doom(Connection& connection, std::string_view why);
    void tell_closed();
    /// Ends the one that has been closing longest, to make room; false if none is.
    bool cut_off_closing();
    void drop_closed();

    /// Asks epoll for what the record's state needs now.
    void update_interest(Connection& connection);
    /// Runs later() in the next turn, once.
    void do_later();
    void later();

    /// Events that one turn takes from epoll; the rest is first in the next turn.
    static constexpr int events_per_turn = 1024;
    /// The shared read buffer.
    static constexpr std::size_t read_size = 64U << 10;
    /// Left-over bytes up to this size are copied in front of the shared buffer; more than that is
    /// a large packet, and reading goes straight behind it.
    static constexpr std::size_t small_left_over = 16U << 10;

    Shard& shard;
    StreamHandler& handler;
    const StreamLimits limits;
    StreamCounters counters;

    int epoll = -1;
    int reserve = -1; ///< given up for a moment when descriptors run out
    std::vector<Listener> listeners;
    ConnectionSlab connections;
    OutputPool pool;
    std::unique_ptr<char[]> read_buffer;
    std::vector<epoll_event> events;

    std::vector<ConnectionId> dirty;
    std::vector<ConnectionId> flushing; ///< kept for its memory
    std::vector<ConnectionId> doomed;   ///< gone, and the handler is to be told
    std::vector<ConnectionId> resumed;
    std::size_t told_open = 0;
    bool telling = false; ///< tell_closed() will run before control goes back to the loop
    Shard::TimerId later_timer = 0;

    std::deque<ConnectionId> closing; ///< in order; those that have gone find nothing
    Deadlines close_deadlines;
    Deadlines connect_deadlines;
};

} // namespace hearth::net
