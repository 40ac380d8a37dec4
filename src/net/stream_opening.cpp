#include "base/log.h"
#include "net/stream_sockets_impl.h"

#include <cerrno>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

namespace hearth::net {
namespace {

void set_option(int descriptor, int level, int option) {
    const int on = 1;
    setsockopt(descriptor, level, option, &on, sizeof on);
}

Error listen_error(const Address& address, int error) {
    const std::string where = address.to_string();
    switch (error) {
    case EADDRINUSE:
        return {Code::conflict, fmt::format("cannot listen on {}: the port is in use; stop the "
                                            "program that holds it or choose another port",
                                            where)};
    case EACCES:
        return {Code::refused, fmt::format("cannot listen on {}: not allowed; choose a port above "
                                           "1023 or grant CAP_NET_BIND_SERVICE",
                                           where)};
    case EADDRNOTAVAIL:
        return {Code::io, fmt::format("cannot listen on {}: this machine has no such address; "
                                      "choose one of its own, 127.0.0.1 or 0.0.0.0",
                                      where)};
    default:
        return {Code::io, fmt::format("cannot listen on {}: {}", where, error_text(error))};
    }
}

/// Errors after which accepting the next one makes sense (accept(2): they belong to the connection
/// that was lost meanwhile, not to the listener).
bool concerns_one_connection(int error) {
    switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case EPERM:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
    case ENOPROTOOPT:
        return true;
    default:
        return false;
    }
}

} // namespace

Result<Address> StreamSockets::Impl::listen(const Address& address) {
    auto where = to_socket_address(address);
    if (!where) return fail(where);
    const int descriptor = socket(where->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return std::unexpected(listen_error(address, errno));
    set_option(descriptor, SOL_SOCKET, SO_REUSEADDR);
    if (where->family() == AF_INET6) set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY);
    // Linux hands it down to what is accepted: no call for each connection.
    set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);

    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = listeners.size();
    if (bind(descriptor, where->get(), where->length) != 0 ||
        ::listen(descriptor, limits.listen_backlog) != 0 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        const int error = errno;
        ::close(descriptor);
        return std::unexpected(listen_error(address, error));
    }
    listeners.push_back({descriptor});
    getsockname(descriptor, where->get(), &where->length);
    return to_address(*where);
}

void StreamSockets::Impl::stop_listening() {
    for (const Listener& listener : listeners) {
        shard.cancel(listener.rest);
        epoll_ctl(epoll, EPOLL_CTL_DEL, listener.descriptor, nullptr);
        ::close(listener.descriptor);
    }
    listeners.clear();
}

void StreamSockets::Impl::accept_from(std::size_t index) {
    // Looked up anew each time: a handler may stop listening from within opened().
    for (int i = 0; i < limits.accepts_per_turn && index < listeners.size(); ++i)
        if (!accept_one(listeners[index])) return;
}

bool StreamSockets::Impl::accept_one(Listener& listener) {
    SocketAddress peer;
    const int descriptor =
        accept4(listener.descriptor, peer.get(), &peer.length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
        const int error = errno;
        if (error == EAGAIN || error == EWOULDBLOCK) return false;
        if (concerns_one_connection(error)) return true;
        accept_failed(listener, error);
        return false;
    }
    listener.failing = false;
    if (connections.used() >= limits.connections && !cut_off_closing()) {
        ++counters.refused_connections;
        ::close(descriptor);
        return true;
    }
    adopt(descriptor, peer);
    return true;
}

void StreamSockets::Impl::adopt(int descriptor, const SocketAddress& peer) {
    Connection& connection = connections.take(Connection::State::open);
    connection.descriptor = descriptor;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = connection.id();
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        ++counters.accept_failures;
        ::close(descriptor);
        connections.release(connection);
        return;
    }
    connection.interest = event.events;
    connection.told_open = true;
    ++told_open;
    ++counters.accepted;
    handler.opened(connection.id(), to_address(peer));
}

/// Out of descriptors or memory. Waiting connections would make epoll report the listener for ever,
/// so they are shed, which their clients notice, and the listener rests for a moment.
void StreamSockets::Impl::accept_failed(Listener& listener, int error) {
    ++counters.accept_failures;
    if (!listener.failing)
        log::error("net.accept",
                   "cannot accept connections: {}; new ones are turned away until "
                   "this passes (raise the limit of open files, LimitNOFILE)",
                   error_text(error));
    listener.failing = true;
    shed(listener);
    rest(listener);
}

void StreamSockets::Impl::shed(Listener& listener) {
    if (reserve >= 0) ::close(reserve);
    for (int i = 0; i < limits.accepts_per_turn; ++i) {
        const int descriptor = accept4(listener.descriptor, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0) break;
        ::close(descriptor);
    }
    reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void StreamSockets::Impl::rest(Listener& listener) {
    const std::size_t index = static_cast<std::size_t>(&listener - listeners.data());
    epoll_event event{};
    event.data.u64 = index;
    epoll_ctl(epoll, EPOLL_CTL_MOD, listener.descriptor, &event);
    // stop_listening() cancels it, so the index still means this listener.
    listener.rest = shard.after(limits.accept_rest, [this, index, event]() mutable {
        listeners[index].rest = 0;
        event.events = EPOLLIN;
        epoll_ctl(epoll, EPOLL_CTL_MOD, listeners[index].descriptor, &event);
    });
}

Result<ConnectionId> StreamSockets::Impl::connect(const Address& address) {
    const auto where = to_socket_address(address);
    if (!where) return std::unexpected(where.error());
    if (connections.used() >= limits.connections)
        return fail(Code::limit,
                    "cannot connect to {}: {} connections are open, as many as allowed",
                    address.to_string(), limits.connections);

    const int descriptor = socket(where->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    Connection& connection = connections.take(Connection::State::connecting);
    connection.descriptor = descriptor;
    epoll_event event{};
    event.events = EPOLLOUT;
    event.data.u64 = connection.id();
    if (descriptor >= 0) set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);
    if (descriptor < 0 ||
        (::connect(descriptor, where->get(), where->length) != 0 && errno != EINPROGRESS) ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        const int error = errno;
        if (descriptor >= 0) ::close(descriptor);
        connections.release(connection);
        return fail(Code::io, "cannot connect to {}: {}", address.to_string(), error_text(error));
    }
    connection.interest = event.events;
    connect_deadlines.add(connection.id());
    return connection.id();
}

void StreamSockets::Impl::finish_connect(Connection& connection) {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(connection.descriptor, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
        doom(connection, fmt::format("cannot connect: {}", error_text(error)));
        return;
    }
    SocketAddress peer;
    getpeername(connection.descriptor, peer.get(), &peer.length);
    connection.state = Connection::State::open;
    connection.told_open = true;
    ++told_open;
    update_interest(connection);
    if (!connection.output.empty()) mark_dirty(connection);
    handler.opened(connection.id(), to_address(peer));
}

} // namespace hearth::net
