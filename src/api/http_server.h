#pragma once

#include "api/http.h"
#include "api/trusted_proxies.h"
#include "base/metrics.h"
#include "base/result.h"
#include "net/certificate.h"
#include "net/stream_sockets.h"

#include <memory>

namespace hearth::net {
class Shard;
}

namespace hearth::api {

struct HttpLimits {
    /// All that are open. When there is no room, the one that has waited longest for a request
    /// makes some (see connection_book.h); where none waits, the new one is closed at once.
    std::size_t connections = 256;
    /// The same for one household (an address, of IPv6 a /64); a trusted proxy stands for many.
    std::size_t connections_per_address = 128;
    std::size_t header_bytes = 16U << 10;
    std::size_t body_bytes = 1U << 20;
    int idle_s = 60;    ///< a connection without a request is closed
    int request_s = 30; ///< from the first byte of a request to its last; also TLS's greeting
    int answer_s = 120; ///< a handler that takes longer has failed
    std::size_t unread_bytes = 8U << 20; ///< of a refused request that are read and thrown away
    // Of WebSockets:
    std::size_t message_bytes = 64U << 10;      ///< longest that a client may send
    std::size_t socket_send_bytes = 128U << 10; ///< that the kernel may hold for one client
    int ping_s = 30;                            ///< who answers no ping within as long is cut off
    int close_s = 5;                            ///< from telling a client the end to cutting it off
};

/// By what names the hub is reached, and who may stand in front of it.
struct HttpTrust {
    std::vector<std::string> hosts; ///< lower case, see is_own_host()
    TrustedProxies proxies;
};

/// HTTP/1.1 (RFC 9112) and WebSocket (RFC 6455) on the shard's event loop. Keeps connections alive,
/// answers pipelined requests one after the other. What is no HTTP, or beyond a limit, gets 400,
/// 413, 431 or 408 and is closed. Beast lives in http_connection.cpp and web_socket.cpp only.
///
/// A request whose Host header names neither a literal address nor one of HttpTrust::hosts is
/// refused with 421, so that a page of another host cannot reach in by DNS rebinding (origin.h).
/// One that proxies could read in two ways is refused with 400 or 501, and closed: more than one
/// Host or none, a transfer coding other than chunked (RFC 9112, sections 3.2 and 6.1).
class HttpServer {
public:
    HttpServer(net::Shard& shard, Handler handler, const HttpLimits& limits = {},
               HttpTrust trust = {});
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Port 0 takes a free one. May be called for several addresses. Errors name the address and
    /// say what to do.
    Result<net::Address> listen(const net::Address& address);
    /// The same with TLS 1.2 or 1.3, once use_certificate() was called.
    Result<net::Address> listen_tls(const net::Address& address);
    /// Connections from now on get this certificate. Errors: invalid.
    Result<void> use_certificate(const net::Certificate& certificate);
    /// Takes no more connections and ends those there are. After it no handler is called.
    void stop();

    /// hearth_http_connections, and by reason what found no room; once, before the first comes.
    void show_in(Metrics& metrics);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace hearth::api
