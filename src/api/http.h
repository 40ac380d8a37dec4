#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace hearth::api {

/// A request as the handlers see it; HTTP itself is http_server.h's.
struct Request {
    std::string method; ///< "GET"
    std::string path;   ///< as it stands in the request, without the query: "/api/v1/devices"
    std::map<std::string, std::string, std::less<>> query;
    std::string authorization;   ///< the header's value, or empty
    std::string idempotency_key; ///< the header's value, or empty
    std::string content_type;
    std::string body;
    bool from_loopback = false; ///< the peer is this machine
};

/// Percent-decoding (RFC 3986, section 2.1); what is malformed stays as it stands. In a query "+"
/// is a space.
std::string percent_decoded(std::string_view text, bool plus_is_space = false);

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
};

/// Answers one request, at once or later, but once only. Copies answer the same request. When all
/// copies are gone unanswered, the client gets a 500. Belongs to the shard's thread.
class Responder {
public:
    using Answer = std::function<void(Response)>;

    explicit Responder(Answer answer);

    void operator()(Response response) const;
    /// Whether nobody waits any more: answered, or the client has gone.
    bool is_done() const;
    /// Nobody waits any more; an answer that still comes is dropped.
    void abandon() const;
    bool is_same(const Responder& other) const { return state_ == other.state_; }

private:
    struct State;
    std::shared_ptr<State> state_;
};

using Handler = std::function<void(const Request&, const Responder&)>;

} // namespace hearth::api
