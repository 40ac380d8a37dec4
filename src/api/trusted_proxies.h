#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace hearth::api {

/// Where a request came from, once it is known who stands between.
struct Client {
    std::string address; ///< without the port
    bool from_loopback = false;
    bool secure = false; ///< the client's own connection is TLS

    bool operator==(const Client&) const = default;
};

/// What the headers of one request say about the way it came; empty where there is none.
struct Forwarding {
    std::string_view forwarded_for;   ///< X-Forwarded-For, all lines joined with ","
    std::string_view forwarded_proto; ///< X-Forwarded-Proto
    bool any = false; ///< one of them, Forwarded (RFC 7239), X-Real-IP or Via stands in the request
};

/// The reverse proxies in front of the hub whose X-Forwarded-For and X-Forwarded-Proto are
/// believed. From anybody else these headers mean one thing only: whoever sent them is not a
/// program of this machine, so what is open on loopback alone is closed to it, also where a proxy
/// on this machine has not been told to hearth.
class TrustedProxies {
public:
    TrustedProxies() = default;
    /// "127.0.0.1, 10.0.0.0/8, ::1": addresses and networks (CIDR). Errors: invalid, with the one
    /// that is neither.
    static Result<TrustedProxies> parse(std::string_view list);

    bool holds(std::string_view address) const;

    /// The client is the last address in X-Forwarded-For that is no trusted proxy; where a proxy
    /// wrote something that is no address, the one who said so.
    Client client_of(std::string_view peer, bool secure, const Forwarding& forwarding) const;

private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

} // namespace hearth::api
