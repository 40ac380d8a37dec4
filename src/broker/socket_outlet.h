#pragma once

#include "broker/outlet.h"

#include <utility>

namespace hearth::broker {

/// The broker's Outlet onto real sockets. The sockets need the broker as their handler and the
/// broker needs this: make this first, then the broker, then the sockets, then attach().
class SocketOutlet final : public Outlet {
public:
    /// Until then everything goes nowhere. The sockets outlive their last use here.
    void attach(net::StreamSockets& sockets) { sockets_ = &sockets; }

    void send(ConnectionId id, std::string_view bytes) override {
        if (sockets_ != nullptr) sockets_->send(id, bytes);
    }
    void send(ConnectionId id, SharedBytes bytes) override {
        if (sockets_ != nullptr) sockets_->send(id, std::move(bytes));
    }
    void close(ConnectionId id, std::string_view why) override {
        if (sockets_ != nullptr) sockets_->close(id, why);
    }
    void turn_away(ConnectionId id, std::string_view why) override {
        if (sockets_ != nullptr) sockets_->turn_away(id, why);
    }
    void pause(ConnectionId id) override {
        if (sockets_ != nullptr) sockets_->pause(id);
    }
    void resume(ConnectionId id) override {
        if (sockets_ != nullptr) sockets_->resume(id);
    }
    std::size_t unsent(ConnectionId id) const override {
        return sockets_ != nullptr ? sockets_->unsent(id) : 0;
    }

private:
    net::StreamSockets* sockets_ = nullptr;
};

} // namespace hearth::broker
