#pragma once

#include "api/connection_book.h"
#include "api/http_server.h"
#include "api/stream.h"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

/// What serves one connection; for http_server.cpp. All of it on the shard's thread.
namespace hearth::api {

/// What all connections of a server share.
struct HttpShared {
    net::Shard& shard;
    Handler handler;
    HttpLimits limits;
    HttpTrust trust;
    ConnectionBook open;
    bool stopped = false;
};

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// Reads requests and answers them until the connection ends; keeps itself alive.
void serve_http(std::shared_ptr<HttpShared> shared, Stream stream);
/// Completes a WebSocket's handshake and hands the socket over; keeps itself alive.
void serve_web_socket(std::shared_ptr<HttpShared> shared, Stream stream, HttpRequest request,
                      std::function<void(std::shared_ptr<WebSocket>)> opened);

/// Runs a task once the records of this turn are written: whatever leaves the process is caused by
/// something that is written. (What is posted to the shard runs in this turn or the next; what that
/// posts to the event loop, in the turn after.)
void after_this_turn(const HttpShared& shared, std::function<void()> task);

} // namespace hearth::api
