#pragma once

#include "api/http.h"
#include "base/result.h"
#include "net/stream_sockets.h"

#include <memory>

namespace hearth::net {
class Shard;
}

namespace hearth::api {

struct HttpLimits {
    std::size_t connections = 256;
    std::size_t header_bytes = 16U << 10;
    std::size_t body_bytes = 1U << 20;
    int idle_s = 60;    ///< a connection without a request is closed
    int request_s = 30; ///< from the first byte of a request to its last
    int answer_s = 120; ///< a handler that takes longer has failed
};

/// HTTP/1.1 (RFC 9112) on the shard's event loop. Keeps connections alive, answers pipelined
/// requests one after the other. What is no HTTP, or beyond a limit, gets 400, 413, 431 or 408 and
/// is closed. Beast lives in the .cpp only.
///
/// A request whose Host header names neither a literal address nor a name that the server was told
/// of is refused with 421, so that a page of another host cannot reach in by DNS rebinding.
class HttpServer {
public:
    HttpServer(net::Shard& shard, Handler handler, const HttpLimits& limits = {});
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Port 0 takes a free one. Errors name the address and say what to do.
    Result<net::Address> listen(const net::Address& address);
    /// Takes no more connections and ends those there are. After it no handler is called.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace hearth::api
