#include "net/stream_sockets.h"

#include "net/stream_sockets_impl.h"

#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace hearth::net {

using State = Connection::State;

StreamSockets::Impl::Impl(Shard& shard_in, StreamHandler& handler_in, const StreamLimits& limits_in)
    : shard(shard_in)
    , handler(handler_in)
    , limits(limits_in)
    , epoll(epoll_create1(EPOLL_CLOEXEC))
    , reserve(open("/dev/null", O_RDONLY | O_CLOEXEC))
    , read_buffer(new char[small_left_over + read_size])
    , events(events_per_turn)
    , close_deadlines(shard, limits.close_grace,
                      [this](ConnectionId id) {
                          Connection* connection = connections.find(id);
                          if (connection != nullptr && connection->state == State::closing)
                              doom(*connection, {});
                      })
    , connect_deadlines(shard, limits.connect_wait, [this](ConnectionId id) {
        Connection* connection = connections.find(id);
        if (connection != nullptr && connection->state == State::connecting)
            doom(*connection, "cannot connect: no answer in time");
    }) {
    shard.watch(epoll, [this] { ready(); });
}

StreamSockets::Impl::~Impl() {
    stop_listening();
    shard.cancel(later_timer);
    shard.unwatch(epoll);
    connections.for_each([this](Connection& connection) {
        connection.output.clear(pool);
        if (connection.descriptor >= 0) ::close(connection.descriptor);
    });
    if (reserve >= 0) ::close(reserve);
    ::close(epoll);
}

void StreamSockets::Impl::update_interest(Connection& connection) {
    if (connection.state == State::gone) return;
    const bool reads = (connection.state == State::open && !connection.paused) ||
                       (connection.state == State::closing && connection.finished);
    const bool writes = connection.state == State::connecting || connection.awaits_write;
    const std::uint32_t interest = (reads ? EPOLLIN : 0U) | (writes ? EPOLLOUT : 0U);
    if (interest == connection.interest) return;
    connection.interest = interest;
    epoll_event event{};
    event.events = interest;
    event.data.u64 = connection.id();
    epoll_ctl(epoll, EPOLL_CTL_MOD, connection.descriptor, &event);
}

void StreamSockets::Impl::do_later() {
    if (later_timer == 0) later_timer = shard.after(0, [this] { later(); });
}

void StreamSockets::Impl::later() {
    later_timer = 0;
    telling = true;
    for (const ConnectionId id : std::exchange(resumed, {})) {
        Connection* connection = connections.find(id);
        if (connection != nullptr && connection->resumed) deliver_again(*connection);
    }
    tell_closed();
    telling = false;
}

StreamSockets::StreamSockets(Shard& shard, StreamHandler& handler, const StreamLimits& limits)
    : impl_(std::make_unique<Impl>(shard, handler, limits)) {}

StreamSockets::~StreamSockets() = default;

Result<Address> StreamSockets::listen(const Address& address) {
    return impl_->listen(address);
}

void StreamSockets::stop_listening() {
    impl_->stop_listening();
}

Result<ConnectionId> StreamSockets::connect(const Address& address) {
    return impl_->connect(address);
}

void StreamSockets::close(ConnectionId id, std::string_view why) {
    Connection* connection = impl_->connections.find(id);
    if (connection == nullptr) return;
    if (connection->state == State::connecting)
        impl_->doom(*connection, why);
    else if (connection->state == State::open)
        impl_->begin_close(*connection, why);
}

void StreamSockets::abort(ConnectionId id, std::string_view why) {
    Connection* connection = impl_->connections.find(id);
    if (connection == nullptr || connection->state == State::gone) return;
    impl_->doom(*connection, why);
}

void StreamSockets::turn_away(ConnectionId id, std::string_view why) {
    Connection* connection = impl_->connections.find(id);
    if (connection == nullptr || connection->state == State::gone) return;
    ++impl_->counters.refused_connections;
    impl_->doom(*connection, why);
}

std::size_t StreamSockets::unsent(ConnectionId id) const {
    const Connection* connection = impl_->connections.find(id);
    return connection == nullptr ? 0 : connection->output.size();
}

void StreamSockets::pause(ConnectionId id) {
    Connection* connection = impl_->connections.find(id);
    if (connection == nullptr || connection->paused) return;
    connection->paused = true;
    impl_->update_interest(*connection);
}

void StreamSockets::resume(ConnectionId id) {
    Connection* connection = impl_->connections.find(id);
    if (connection != nullptr && connection->paused) impl_->resume(*connection);
}

void StreamSockets::flush() {
    impl_->flush();
}

std::size_t StreamSockets::open_connections() const {
    return impl_->told_open;
}

const StreamCounters& StreamSockets::counters() const {
    return impl_->counters;
}

void StreamSockets::show_in(Metrics& metrics) const {
    const auto show = [&](std::string_view name, std::string_view help,
                          const std::uint64_t& number) {
        metrics.gauge(name, help, [&number] { return static_cast<double>(number); });
    };
    const StreamCounters& counters = impl_->counters;
    metrics.gauge("hearth_net_connections", "Open connections of the MQTT path",
                  [this] { return static_cast<double>(open_connections()); });
    show("hearth_net_accepted", "Connections accepted", counters.accepted);
    show("hearth_net_refused_connections", "Connections closed at once: too many are open",
         counters.refused_connections);
    show("hearth_net_accept_failures", "Times when no descriptor or memory was left to accept",
         counters.accept_failures);
    show("hearth_net_closed_unsent", "Connections closed because they read too slowly",
         counters.closed_unsent);
    show("hearth_net_closed_unparsed", "Connections closed because of an endless packet",
         counters.closed_unparsed);
    show("hearth_net_receive_calls", "Calls that received", counters.receive_calls);
    show("hearth_net_received_bytes", "Bytes received", counters.received_bytes);
    show("hearth_net_send_calls", "Calls that sent", counters.send_calls);
    show("hearth_net_sent_bytes", "Bytes sent", counters.sent_bytes);
}

} // namespace hearth::net
