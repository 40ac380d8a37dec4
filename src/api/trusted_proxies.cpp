#include "api/trusted_proxies.h"

#include "base/text.h"

#include <algorithm>
#include <ranges>

namespace hearth::api {
namespace {

namespace ip = boost::asio::ip;

/// An address as X-Forwarded-For has it: some write the port behind it, and brackets around IPv6.
ip::address read_address(std::string_view text, boost::system::error_code& error) {
    text = trim(text);
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        text = end == std::string_view::npos ? std::string_view() : text.substr(1, end - 1);
    } else if (std::ranges::count(text, ':') == 1) {
        text = text.substr(0, text.find(':'));
    }
    ip::address address = ip::make_address(std::string(text), error);
    if (!error && address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

bool is_loopback(std::string_view text) {
    boost::system::error_code error;
    const ip::address address = read_address(text, error);
    return !error && address.is_loopback();
}

} // namespace

Result<TrustedProxies> TrustedProxies::parse(std::string_view list) {
    TrustedProxies proxies;
    for (const std::string_view part : split(list, ',')) {
        const std::string text(trim(part));
        if (text.empty()) continue;
        const bool v6 = text.find(':') != std::string::npos;
        const std::string network =
            text.find('/') != std::string::npos ? text : text + (v6 ? "/128" : "/32");
        boost::system::error_code error;
        if (v6)
            proxies.v6_.push_back(ip::make_network_v6(network, error));
        else
            proxies.v4_.push_back(ip::make_network_v4(network, error));
        if (error)
            return fail(Code::invalid,
                        "\"{}\" is no address or network, such as 192.0.2.7 or 192.0.2.0/24",
                        printable(text, 60));
    }
    return proxies;
}

bool TrustedProxies::holds(std::string_view text) const {
    boost::system::error_code error;
    const ip::address address = read_address(text, error);
    if (error) return false;
    if (address.is_v4())
        return std::ranges::any_of(v4_, [&](const ip::network_v4& network) {
            return ip::network_v4(address.to_v4(), network.prefix_length()).canonical() ==
                   network.canonical();
        });
    return std::ranges::any_of(v6_, [&](const ip::network_v6& network) {
        return ip::network_v6(address.to_v6(), network.prefix_length()).canonical() ==
               network.canonical();
    });
}

Client TrustedProxies::client_of(std::string_view peer, bool secure,
                                 const Forwarding& forwarding) const {
    Client client{std::string(peer), is_loopback(peer) && !forwarding.any, secure};
    if (!holds(peer)) return client;
    const auto hops = split(forwarding.forwarded_for, ',');
    for (const std::string_view hop : std::views::reverse(hops)) {
        boost::system::error_code error;
        const ip::address address = read_address(hop, error);
        if (error) break;
        client.address = address.to_string();
        if (!holds(client.address)) break;
    }
    // What the nearest proxy says stands last.
    const auto protocols = split(forwarding.forwarded_proto, ',');
    if (!forwarding.forwarded_proto.empty())
        client.secure = equal_fold(trim(protocols.back()), "https");
    return client;
}

} // namespace hearth::api
