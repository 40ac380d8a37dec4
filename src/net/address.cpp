#include "base/text.h"
#include "net/socket_address.h"

#include <netinet/in.h>

namespace hearth::net {

bool Address::is_loopback() const {
    const auto socket = to_socket_address(*this);
    if (!socket) return false;
    if (socket->family() == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&socket->storage);
        if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) return v6->sin6_addr.s6_addr[12] == 127;
        return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
    }
    // The whole of 127.0.0.0/8 (RFC 1122, section 3.2.1.3).
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&socket->storage);
    return (ntohl(v4->sin_addr.s_addr) >> 24) == 127;
}

std::string Address::network() const {
    const auto socket = to_socket_address(*this);
    if (!socket || socket->family() != AF_INET6) return host;
    const auto& bytes = reinterpret_cast<const sockaddr_in6*>(&socket->storage)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&bytes))
        return fmt::format("{}.{}.{}.{}", bytes.s6_addr[12], bytes.s6_addr[13], bytes.s6_addr[14],
                           bytes.s6_addr[15]);
    if (IN6_IS_ADDR_LOOPBACK(&bytes)) return host;
    std::string network;
    for (std::size_t i = 0; i < 8; i += 2)
        network += fmt::format("{:x}:", bytes.s6_addr[i] << 8 | bytes.s6_addr[i + 1]);
    return network + ":/64";
}

std::string Address::to_string() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    return is_v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<Address> parse_address(std::string_view text) {
    const auto colon = text.rfind(':');
    const bool bracketed = text.starts_with('[');
    if (colon == std::string_view::npos || (bracketed && text[colon - 1] != ']'))
        return fail(Code::invalid, "address \"{}\" has no port; write it as 127.0.0.1:1883",
                    printable(text));

    std::string_view host = text.substr(0, colon);
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (!bracketed && host.find(':') != std::string_view::npos)
        return fail(Code::invalid,
                    "address \"{}\": an IPv6 address stands in brackets, as [::1]:1883",
                    printable(text));
    if (host.empty() && !bracketed) host = "127.0.0.1";
    if (equal_fold(host, "localhost")) host = "127.0.0.1";

    long long port = -1;
    const std::string_view digits = text.substr(colon + 1);
    const bool all_digits = digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (!all_digits || !parse_integer(digits, port) || port > 65535)
        return fail(Code::invalid, "address \"{}\": the port must be a number from 0 to 65535",
                    printable(text));

    Address address{std::string(host), static_cast<std::uint16_t>(port)};
    const auto socket = to_socket_address(address);
    if (!socket || bracketed != (socket->family() == AF_INET6))
        return fail(
            Code::invalid,
            "address \"{}\": \"{}\" is no numeric address such as 127.0.0.1 or [::1]; names "
            "are not looked up",
            printable(text), printable(host));
    return address;
}

} // namespace hearth::net
