#include "net/certificate.h"
#include "net/socket_address.h"

#include <algorithm>
#include <cstring>

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

namespace hearth::net {
namespace {

/// Whether an address is of use to others: link-local ones need to be told the interface.
bool is_reachable(const SocketAddress& address) {
    if (address.family() == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
        return (ntohl(v4->sin_addr.s_addr) >> 16) != 0xA9FE; // 169.254.0.0/16, RFC 3927
    }
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    return !IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr);
}

/// The IPv4 address that this machine would send from to the wide world: what its neighbours know
/// it by, rather than one of a container's bridge. Asks the routing table; nothing is sent. Empty
/// where there is no route.
std::string main_address() {
    const auto there = to_socket_address({"192.0.2.1", 9}); // nobody's: RFC 5737
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (!there || socket < 0) return {};
    SocketAddress here;
    const bool known = ::connect(socket, there->get(), there->length) == 0 &&
                       ::getsockname(socket, here.get(), &here.length) == 0;
    ::close(socket);
    if (!known) return {};
    const Address shown = to_address(here);
    return shown.is_loopback() || !is_reachable(here) ? std::string() : shown.host;
}

} // namespace

std::vector<std::string> own_addresses() {
    std::vector<std::string> v4;
    std::vector<std::string> v6;
    if (std::string main = main_address(); !main.empty()) v4.push_back(std::move(main));
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return v4;
    for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0) continue;
        const int family = one->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6) continue;
        SocketAddress address;
        address.length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
        std::memcpy(&address.storage, one->ifa_addr, address.length);
        const Address shown = to_address(address);
        if (shown.is_loopback() || !is_reachable(address)) continue;
        std::vector<std::string>& known = family == AF_INET ? v4 : v6;
        if (std::ranges::find(known, shown.host) == known.end()) known.push_back(shown.host);
    }
    freeifaddrs(first);
    v4.insert(v4.end(), v6.begin(), v6.end());
    return v4;
}

std::string own_host_name() {
    char name[256] = {};
    if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "localhost";
    return name;
}

} // namespace hearth::net
