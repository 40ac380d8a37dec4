#include "base/check.h"
#include "net/stream_sockets_impl.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include <sys/socket.h>

namespace hearth::net {

using State = Connection::State;

void StreamSockets::Impl::ready() {
    const int count = epoll_wait(epoll, events.data(), events_per_turn, 0);
    telling = true;
    for (int i = 0; i < count; ++i)
        handle_or_drop(events[static_cast<std::size_t>(i)]);
    tell_closed();
    telling = false;
}

/// Where no memory is left for what one connection brings, that one ends and no other.
void StreamSockets::Impl::handle_or_drop(const epoll_event& event) {
    try {
        handle(event);
    } catch (const std::bad_alloc&) {
        Connection* connection = connections.find(event.data.u64);
        if (connection != nullptr && connection->state != State::gone)
            doom(*connection, "no memory left");
    }
}

void StreamSockets::Impl::handle(const epoll_event& event) {
    if (event.data.u64 >> 32 == 0) {
        accept_from(event.data.u64);
        return;
    }
    // An earlier event of the same batch may have ended it.
    Connection* connection = connections.find(event.data.u64);
    if (connection == nullptr || connection->state == State::gone) return;
    if (connection->state == State::connecting) {
        finish_connect(*connection);
        return;
    }
    if ((event.events & EPOLLOUT) != 0) {
        connection->awaits_write = false;
        mark_dirty(*connection);
    }
    const bool lost = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    if (!lost && (event.events & EPOLLIN) == 0) return;
    if (connection->state == State::open && !connection->paused)
        read(*connection);
    else if (connection->finished)
        discard(*connection);
    else if (lost)
        doom(*connection, "lost: the peer has reset the connection");
}

void StreamSockets::Impl::read(Connection& connection) {
    if (connection.resumed) deliver_again(connection);
    std::size_t taken = 0;
    bool drained = false;
    while (connection.state == State::open && !connection.paused && !drained &&
           taken < limits.read_bytes_per_turn) {
        const ssize_t size = read_once(connection, drained);
        if (size > 0) {
            taken += static_cast<std::size_t>(size);
            continue;
        }
        if (size == 0)
            peer_has_finished(connection);
        else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            doom(connection, fmt::format("lost: {}", error_text(errno)));
        return;
    }
}

ssize_t StreamSockets::Impl::receive(const Connection& connection, char* memory, std::size_t size) {
    const ssize_t got = recv(connection.descriptor, memory, size, 0);
    ++counters.receive_calls;
    if (got > 0) counters.received_bytes += static_cast<std::uint64_t>(got);
    return got;
}

/// One recv() and what the handler makes of it. As recv() itself: 0 at the end, else -1 and errno.
ssize_t StreamSockets::Impl::read_once(Connection& connection, bool& drained) {
    const std::size_t before = connection.unparsed ? connection.unparsed->size() : 0;
    if (before > small_left_over) return read_large(connection, drained);

    char* const memory = read_buffer.get();
    if (before > 0) connection.unparsed->copy(memory, before);
    const ssize_t got = receive(connection, memory + before, read_size);
    drained = got < static_cast<ssize_t>(read_size);
    if (got <= 0) return got;
    const std::string_view offered(memory, before + static_cast<std::size_t>(got));
    const std::size_t used = deliver(connection, offered);
    keep(connection, std::string(offered.substr(used)));
    return got;
}

/// A large packet is under way: the new bytes go straight behind the old.
ssize_t StreamSockets::Impl::read_large(Connection& connection, bool& drained) {
    std::string& own = *connection.unparsed;
    const std::size_t before = own.size();
    own.resize(before + read_size);
    const ssize_t got = receive(connection, own.data() + before, read_size);
    const int error = errno;
    own.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    drained = got < static_cast<ssize_t>(read_size);
    if (got > 0) deliver_own(connection);
    errno = error;
    return got;
}

void StreamSockets::Impl::deliver_own(Connection& connection) {
    // Taken out of the record, since the handler may end the connection while it looks at them.
    std::string offered = std::move(*connection.unparsed);
    const std::size_t used = deliver(connection, offered);
    offered.erase(0, used);
    if (offered.size() <= small_left_over) offered.shrink_to_fit();
    keep(connection, std::move(offered));
}

std::size_t StreamSockets::Impl::deliver(Connection& connection, std::string_view offered) {
    const std::size_t used = handler.received(connection.id(), offered);
    HEARTH_CHECK(used <= offered.size());
    return used;
}

void StreamSockets::Impl::keep(Connection& connection, std::string left_over) {
    if (connection.state != State::open || left_over.empty()) {
        connection.unparsed.reset();
        return;
    }
    // Paused, a handler leaves over whole packets too: what one read brings, and no more.
    if (left_over.size() > limits.unparsed_bytes && !connection.paused) {
        ++counters.closed_unparsed;
        doom(connection, fmt::format("sent {} bytes that make no whole packet; {} are allowed",
                                     left_over.size(), limits.unparsed_bytes));
        return;
    }
    connection.unparsed = std::make_unique<std::string>(std::move(left_over));
}

void StreamSockets::Impl::resume(Connection& connection) {
    connection.paused = false;
    update_interest(connection);
    // Also where nothing is left over yet: received() may pause, resume and then leave something.
    if (connection.resumed) return;
    connection.resumed = true;
    resumed.push_back(connection.id());
    do_later();
}

void StreamSockets::Impl::deliver_again(Connection& connection) {
    connection.resumed = false;
    if (connection.state == State::open && !connection.paused && connection.unparsed)
        deliver_own(connection);
}

/// After our FIN: what the peer still sends is of no interest, only that it ends.
void StreamSockets::Impl::discard(Connection& connection) {
    std::size_t taken = 0;
    while (taken < limits.read_bytes_per_turn) {
        const ssize_t got = receive(connection, read_buffer.get(), read_size);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
        if (got <= 0) {
            doom(connection, {});
            return;
        }
        taken += static_cast<std::size_t>(got);
    }
}

} // namespace hearth::net
