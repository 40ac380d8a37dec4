#include "net/socket_address.h"

#include <array>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace hearth::net {

Result<SocketAddress> to_socket_address(const Address& address) {
    SocketAddress socket;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&socket.storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&socket.storage);
    if (inet_pton(AF_INET, address.host.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(address.port);
        socket.length = sizeof(sockaddr_in);
        return socket;
    }
    if (inet_pton(AF_INET6, address.host.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(address.port);
        socket.length = sizeof(sockaddr_in6);
        return socket;
    }
    return fail(Code::invalid, "\"{}\" is no numeric address such as 127.0.0.1 or ::1",
                address.host);
}

Address to_address(const SocketAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.family() == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
        inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
        return {text.data(), ntohs(v6->sin6_port)};
    }
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
    inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    return {text.data(), ntohs(v4->sin_port)};
}

std::string error_text(int error) {
    return std::error_code(error, std::system_category()).message();
}

} // namespace hearth::net
