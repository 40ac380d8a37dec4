#pragma once

#include "net/stream_sockets.h"

#include <sys/socket.h>

namespace hearth::net {

/// An address as the kernel wants it.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = sizeof(sockaddr_storage);

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    int family() const { return storage.ss_family; }
};

/// Code::invalid where the host is no numeric address.
Result<SocketAddress> to_socket_address(const Address& address);
Address to_address(const SocketAddress& address);

/// The text for an error number of the operating system.
std::string error_text(int error);

} // namespace hearth::net
