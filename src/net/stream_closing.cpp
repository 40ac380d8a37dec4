#include "net/stream_sockets_impl.h"

#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace hearth::net {

using State = Connection::State;

void StreamSockets::Impl::peer_has_finished(Connection& connection) {
    connection.peer_finished = true;
    // What is queued may still be read: a client may shut down its side and wait for the answer.
    if (connection.output.empty())
        doom(connection, "closed by the peer");
    else
        begin_close(connection, "closed by the peer");
}

void StreamSockets::Impl::begin_close(Connection& connection, std::string_view why) {
    connection.state = State::closing;
    connection.why = std::make_unique<std::string>(why);
    connection.unparsed.reset();
    update_interest(connection);
    mark_dirty(connection);
    close_deadlines.add(connection.id());
    closing.push_back(connection.id());
    drop_closed();
}

void StreamSockets::Impl::drop_closed() {
    while (!closing.empty()) {
        const Connection* oldest = connections.find(closing.front());
        if (oldest != nullptr && oldest->state == State::closing) return;
        closing.pop_front();
    }
}

bool StreamSockets::Impl::cut_off_closing() {
    drop_closed();
    if (closing.empty()) return false;
    doom(*connections.find(closing.front()), {});
    closing.pop_front();
    return true;
}

/// Everything has left. Closing at once would answer bytes that are still under way with a reset,
/// and that may destroy what the peer has not read yet (RFC 1122, section 4.2.2.13).
void StreamSockets::Impl::finish(Connection& connection) {
    if (connection.finished) return;
    if (connection.peer_finished || shutdown(connection.descriptor, SHUT_WR) != 0) {
        doom(connection, {});
        return;
    }
    connection.finished = true;
    update_interest(connection);
}

/// The only way out of the world. `why` holds unless close() has given one.
void StreamSockets::Impl::doom(Connection& connection, std::string_view why) {
    // Taken out by hand: a child process between fork and exec may hold a copy of the descriptor.
    epoll_ctl(epoll, EPOLL_CTL_DEL, connection.descriptor, nullptr);
    ::close(connection.descriptor);
    connection.descriptor = -1;
    connection.state = State::gone;
    connection.output.clear(pool);
    connection.unparsed.reset();
    if (!connection.why) connection.why = std::make_unique<std::string>(why);
    doomed.push_back(connection.id());
    if (!telling) do_later();
}

void StreamSockets::Impl::tell_closed() {
    // A handler that is told may end others, which are then told in the next round.
    while (!doomed.empty()) {
        for (const ConnectionId id : std::exchange(doomed, {})) {
            Connection& connection = *connections.find(id);
            const std::unique_ptr<std::string> why = std::move(connection.why);
            if (connection.told_open) --told_open;
            connections.release(connection);
            handler.closed(id, *why);
        }
    }
}

} // namespace hearth::net
