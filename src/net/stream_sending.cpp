#include "net/stream_sockets_impl.h"

#include <array>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace hearth::net {
namespace {

/// Pieces of output that one call hands to the kernel.
constexpr std::size_t pieces_per_send = 64;

} // namespace

using State = Connection::State;

template <class Bytes>
void StreamSockets::Impl::send(ConnectionId id, std::size_t size, Bytes&& bytes) {
    Connection* connection = connections.find(id);
    if (connection == nullptr || size == 0) return;
    if (connection->state != State::open && connection->state != State::connecting) return;
    if (connection->output.size() + size > limits.unsent_bytes) {
        ++counters.closed_unsent;
        doom(*connection, fmt::format("reads too slowly: {} bytes wait to be sent; {} are allowed",
                                      connection->output.size() + size, limits.unsent_bytes));
        return;
    }
    connection->output.append(pool, std::forward<Bytes>(bytes));
    mark_dirty(*connection);
}

void StreamSockets::send(ConnectionId id, std::string_view bytes) {
    impl_->send(id, bytes.size(), bytes);
}

void StreamSockets::send(ConnectionId id, SharedBytes bytes) {
    const std::size_t size = bytes ? bytes->size() : 0;
    impl_->send(id, size, std::move(bytes));
}

void StreamSockets::Impl::mark_dirty(Connection& connection) {
    if (connection.dirty || connection.awaits_write) return;
    connection.dirty = true;
    dirty.push_back(connection.id());
}

void StreamSockets::Impl::flush() {
    flushing.swap(dirty);
    for (const ConnectionId id : flushing) {
        Connection* connection = connections.find(id);
        if (connection == nullptr) continue;
        connection->dirty = false;
        write_out(*connection);
    }
    flushing.clear();
}

void StreamSockets::Impl::write_out(Connection& connection) {
    if (connection.state != State::open && connection.state != State::closing) return;
    while (!connection.output.empty()) {
        std::size_t offered = 0;
        const ssize_t sent = send_some(connection, offered);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            doom(connection, fmt::format("lost: {}", error_text(errno)));
            return;
        }
        if (sent > 0) connection.output.consume(pool, static_cast<std::size_t>(sent));
        if (sent < static_cast<ssize_t>(offered)) {
            connection.awaits_write = true;
            break;
        }
    }
    update_interest(connection);
    if (connection.state == State::closing && connection.output.empty()) finish(connection);
}

ssize_t StreamSockets::Impl::send_some(Connection& connection, std::size_t& offered) {
    std::array<iovec, pieces_per_send> pieces; // filled as far as it is used
    const std::size_t count = connection.output.fill(pieces.data(), pieces.size());
    for (std::size_t i = 0; i < count; ++i)
        offered += pieces[i].iov_len;

    ssize_t sent = 0;
    if (count == 1) { // the usual case, and the cheaper call
        sent = ::send(connection.descriptor, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL);
    } else {
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = count;
        sent = sendmsg(connection.descriptor, &message, MSG_NOSIGNAL);
    }
    ++counters.send_calls;
    if (sent > 0) counters.sent_bytes += static_cast<std::uint64_t>(sent);
    return sent;
}

} // namespace hearth::net
