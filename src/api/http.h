#pragma once

#include "api/web_socket.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::api {

/// Who asks, once Api has found out.
struct Caller {
    enum class Kind : std::uint8_t {
        nobody,
        admin,   ///< the token of the data folder
        token,   ///< an API token
        session, ///< a person who has logged in
    };

    Kind kind = Kind::nobody;
    std::string id;     ///< the session's id or the token's name
    std::string person; ///< whose session or token it is; may be empty for a token
    bool by_cookie = false;
};

/// A request as the handlers see it; HTTP itself is http_server.h's.
struct Request {
    std::string method; ///< "GET"
    std::string path;   ///< as it stands in the request, without the query: "/api/v1/devices"
    std::map<std::string, std::string, std::less<>> query;
    std::string authorization; ///< the header's value, or empty; so all those below
    std::string idempotency_key;
    std::string not_after; ///< when it comes later than that, it is not wanted any more
    std::string content_type;
    std::string body;
    bool from_loopback = false; ///< the peer is this machine
    bool secure = false;        ///< it came through TLS
    bool upgrade = false;       ///< it asks to become a WebSocket
    std::string peer;           ///< the peer's address, without the port
    std::string host;
    std::string origin;
    std::string sec_fetch_site;
    std::string cookie;
    std::string user_agent;
    std::string accept_encoding;
    std::string if_none_match;
    Caller caller; ///< filled in by Api::handle
};

/// Percent-decoding (RFC 3986, section 2.1); what is malformed stays as it stands. In a query "+"
/// is a space.
std::string percent_decoded(std::string_view text, bool plus_is_space = false);

/// Whether an If-None-Match header (RFC 9110, section 13.1.2) names this ETag, or any ("*").
bool names_etag(std::string_view if_none_match, std::string_view etag);

/// The value of a cookie in a Cookie header (RFC 6265, section 4.2), or empty.
std::string_view cookie_value(std::string_view header, std::string_view name);

struct Response {
    using Headers = std::vector<std::pair<std::string, std::string>>;

    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    Headers headers; ///< beyond the server's own, or instead of them
    /// Where it is set (with status 101), the connection becomes a WebSocket and is handed over.
    std::function<void(std::shared_ptr<WebSocket>)> web_socket = nullptr;
};

/// Answers one request, at once or later, but once only. Copies answer the same request. When all
/// copies are gone unanswered, the client gets a 500. Belongs to the shard's thread.
class Responder {
public:
    using Answer = std::function<void(Response)>;

    explicit Responder(Answer answer);

    void operator()(Response response) const;
    /// The same request, whose answer is looked at before it goes out.
    Responder watched(std::function<void(const Response&)> look) const;
    /// Whether nobody waits any more: answered, or the client has gone.
    bool is_done() const;
    /// Nobody waits any more; an answer that still comes is dropped. Returned rather than done, so
    /// that a server can keep it without being one of the copies.
    std::function<void()> abandoner() const;
    bool is_same(const Responder& other) const { return state_ == other.state_; }

private:
    struct State;
    std::shared_ptr<State> state_;
    std::shared_ptr<const std::function<void(const Response&)>> look_;
};

using Handler = std::function<void(Request&, const Responder&)>;

} // namespace hearth::api
