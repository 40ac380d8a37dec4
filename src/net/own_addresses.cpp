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

} // namespace

std::vector<std::string> own_addresses() {
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return {};
    std::vector<std::string> v4;
    std::vector<std::string> v6;
    for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0) continue;
        const int family = one->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6) continue;
        SocketAddress address;
        address.length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
        std::memcpy(&address.storage, one->ifa_addr, address.length);
        const Address shown = to_address(address);
        if (shown.is_loopback() || !is_reachable(address)) continue;
        (family == AF_INET ? v4 : v6).push_back(shown.host);
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
