#include "api/http_connection.h"

#include "api/origin.h"
#include "api/problem.h"
#include "base/text.h"
#include "net/shard.h"

#include <new>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace hearth::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;

constexpr std::size_t first_read_bytes = 4'096;

/// What every answer carries unless its handler says otherwise. An answer of the API is nothing to
/// be shown, framed or kept.
const Response::Headers usual_headers{
    {"X-Content-Type-Options", "nosniff"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
};

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

/// All lines of a header as the one list that they are (RFC 9110, section 5.3).
std::string joined(const HttpRequest& message, std::string_view name) {
    std::string all;
    const auto [first, last] = message.equal_range(beast::string_view(name.data(), name.size()));
    for (auto line = first; line != last; ++line) {
        if (!all.empty()) all += ',';
        all += view(line->value());
    }
    return all;
}

/// Beast takes a body that is coded otherwise for none, and what follows for the next request.
bool has_unknown_coding(const HttpRequest& message) {
    return message.count(http::field::transfer_encoding) > 0 &&
           !equal_fold(trim(joined(message, "Transfer-Encoding")), "chunked");
}

std::map<std::string, std::string, std::less<>> parse_query(std::string_view query) {
    std::map<std::string, std::string, std::less<>> all;
    for (const std::string_view pair : split(query, '&')) {
        const std::size_t equals = pair.find('=');
        if (pair.empty()) continue;
        const std::string_view value =
            equals == std::string_view::npos ? "" : pair.substr(equals + 1);
        all.insert_or_assign(percent_decoded(pair.substr(0, equals), true),
                             percent_decoded(value, true));
    }
    return all;
}

Request to_request(const HttpRequest& message, std::string body) {
    Request request;
    const std::string_view target = view(message.target());
    const std::size_t question = target.find('?');
    request.method = view(message.method_string());
    request.path = target.substr(0, question);
    if (question != std::string_view::npos)
        request.query = parse_query(target.substr(question + 1));
    request.authorization = view(message[http::field::authorization]);
    request.idempotency_key = view(message["Idempotency-Key"]);
    request.not_after = view(message["Not-After"]);
    request.content_type = view(message[http::field::content_type]);
    request.host = view(message[http::field::host]);
    request.origin = view(message[http::field::origin]);
    request.sec_fetch_site = view(message["Sec-Fetch-Site"]);
    request.cookie = view(message[http::field::cookie]);
    request.user_agent = view(message[http::field::user_agent]);
    request.accept_encoding = view(message[http::field::accept_encoding]);
    request.if_none_match = view(message[http::field::if_none_match]);
    request.upgrade = beast::websocket::is_upgrade(message);
    request.body = std::move(body);
    return request;
}

/// Reads a request, hands it over, writes the answer, reads the next. Kept alive by its own pending
/// operations.
class HttpConnection final : public OpenConnection,
                             public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(std::shared_ptr<HttpShared> shared, Stream stream)
        : shared_(std::move(shared))
        , stream_(std::move(stream))
        , deadline_(stream_.get_executor()) {
        boost::system::error_code error;
        const auto peer = stream_.socket().remote_endpoint(error);
        if (!error) peer_ = peer.address().to_string();
        shared_->open.add(*this, household_of(peer_));
    }
    ~HttpConnection() { shared_->open.remove(*this); }
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    void start() {
        if (!stream_.is_secure()) return read();
        stream_.expires_after(std::chrono::seconds(shared_->limits.request_s));
        stream_.handshake([self = shared_from_this()](beast::error_code error) {
            if (self->shared_->stopped) return;
            if (error)
                self->close();
            else
                self->read();
        });
    }

    void end() override { close(); }
    void drop() override { close(); }

private:
    /// The next request: its first byte within idle_s, the rest within request_s from then.
    void read() {
        if (buffer_.size() > 0) return read_request();
        shared_->open.set_waiting(*this, true);
        stream_.expires_after(std::chrono::seconds(shared_->limits.idle_s));
        stream_.async_read_some(
            buffer_.prepare(first_read_bytes),
            [self = shared_from_this()](beast::error_code error, std::size_t size) {
                if (self->shared_->stopped || self->gone_) return;
                if (error) return self->close();
                self->buffer_.commit(size);
                self->read_request();
            });
    }

    void read_request() {
        const HttpLimits& limits = shared_->limits;
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(limits.header_bytes));
        parser_->body_limit(limits.body_bytes);
        shared_->open.set_waiting(*this, true);
        stream_.expires_after(std::chrono::seconds(limits.request_s));
        http::async_read(stream_, buffer_, *parser_,
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             self->on_read(error);
                         });
    }

    void close() {
        if (gone_) return;
        const auto self = shared_from_this(); // the answer may be all that holds this
        gone_ = true;
        deadline_.cancel();
        stream_.close();
        if (const auto abandon = std::exchange(abandon_, nullptr)) abandon();
    }

    void on_read(beast::error_code error) {
        if (shared_->stopped || gone_) return;
        if (error == http::error::body_limit) return reject(413, "limit", "the body is too large");
        if (error == http::error::header_limit)
            return reject(431, "limit", "the header is too large");
        if (error.category() == http::make_error_code(http::error::bad_method).category() &&
            error != http::error::end_of_stream && error != http::error::partial_message)
            return reject(400, "invalid", "this is no HTTP request");
        if (error) return close();
        keep_alive_ = parser_->get().keep_alive();
        if (has_unknown_coding(parser_->get()))
            return reject(501, "invalid", "no transfer coding but chunked is understood");
        if (parser_->get().count(http::field::host) != 1)
            return reject(400, "invalid", "a request has one Host header");
        if (!is_own_host(view(parser_->get()[http::field::host]), shared_->trust.hosts))
            return reject(421, "refused", "this host name is not served here");
        dispatch();
    }

    void dispatch() {
        stream_.expires_never();
        shared_->open.set_waiting(*this, false);
        const Responder responder([self = shared_from_this()](Response response) {
            // Never from within: a handler that answers at once must not recurse.
            after_this_turn(*self->shared_,
                            [self, response = std::move(response)] { self->answer(response); });
        });
        abandon_ = responder.abandoner();
        watch_for_hang_up();
        watch_for_delay();
        Client client = client_of(parser_->get());
        Request request = to_request(parser_->get(), std::move(parser_->get().body()));
        request.from_loopback = client.from_loopback;
        request.secure = client.secure;
        request.peer = std::move(client.address);
        // What is large has limits, and the program keeps some memory aside: the last resort.
        try {
            shared_->handler(request, responder);
        } catch (const std::bad_alloc&) {
            responder(problem(503, "unavailable",
                              "no memory is left for this request; it may have been done: look "
                              "before you ask again"));
        }
    }

    Client client_of(const HttpRequest& message) const {
        const std::string forwarded_for = joined(message, "X-Forwarded-For");
        const std::string forwarded_proto = joined(message, "X-Forwarded-Proto");
        Forwarding forwarding{forwarded_for, forwarded_proto};
        for (const char* name :
             {"X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"})
            forwarding.any = forwarding.any || message.count(name) > 0;
        return shared_->trust.proxies.client_of(peer_, stream_.is_secure(), forwarding);
    }

    /// While an answer is prepared, notices that the client has gone, so that nobody waits for it.
    void watch_for_hang_up() {
        stream_.socket().async_wait(Tcp::socket::wait_read, [weak = weak_from_this()](auto error) {
            const auto self = weak.lock();
            if (!self || error || self->gone_ || !self->abandon_) return;
            char probe = 0;
            const auto got =
                ::recv(self->stream_.socket().native_handle(), &probe, 1, MSG_PEEK | MSG_DONTWAIT);
            if (got == 0) self->close();
        });
    }

    void watch_for_delay() {
        deadline_.expires_after(std::chrono::seconds(shared_->limits.answer_s));
        deadline_.async_wait([weak = weak_from_this()](auto error) {
            const auto self = weak.lock();
            if (!self || error || self->gone_ || !self->abandon_) return;
            std::exchange(self->abandon_, nullptr)();
            self->reject(504, "timed_out", "the hub did not find an answer in time");
        });
    }

    void reject(int status, std::string_view code, std::string_view why) {
        keep_alive_ = false;
        unread_ = shared_->limits.unread_bytes;
        write(problem(status, code, why));
    }

    void answer(const Response& response) {
        if (!std::exchange(abandon_, nullptr)) return; // it came too late, or the client has gone
        deadline_.cancel();
        if (shared_->stopped || gone_ || !stream_.socket().is_open()) return;
        if (!response.web_socket) return write(response);
        gone_ = true; // for this class: the stream lives on
        serve_web_socket(shared_, std::move(stream_), parser_->release(), response.web_socket);
    }

    void write(const Response& response) {
        const bool head = parser_->get().method() == http::verb::head;
        message_ = {};
        message_.version(11);
        message_.result(static_cast<unsigned>(response.status));
        for (const auto& [name, value] : usual_headers)
            message_.set(name, value);
        if (!response.content_type.empty())
            message_.set(http::field::content_type, response.content_type);
        for (const auto& [name, value] : response.headers)
            message_.set(name, value);
        if (response.status == 401) message_.set(http::field::www_authenticate, "Bearer");
        message_.keep_alive(keep_alive_);
        message_.body() = response.body;
        message_.prepare_payload();
        if (head) message_.body().clear();
        stream_.expires_after(std::chrono::seconds(shared_->limits.request_s));
        http::async_write(stream_, message_,
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (self->gone_) return;
                              if (!error && self->unread_ > 0) return self->linger();
                              if (error || !self->keep_alive_ || self->shared_->stopped)
                                  self->close();
                              else
                                  self->read();
                          });
    }

    /// The client still sends what nobody wants: closing at once would reset the connection, and
    /// with it the answer that says why. So the rest is thrown away, up to a limit.
    void linger() {
        boost::system::error_code ignored;
        stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
        stream_.expires_after(std::chrono::seconds(shared_->limits.close_s));
        throw_away();
    }

    void throw_away() {
        buffer_.clear();
        stream_.async_read_some(
            buffer_.prepare(std::min<std::size_t>(unread_, 64U << 10)),
            [self = shared_from_this()](beast::error_code error, std::size_t size) {
                if (self->gone_) return;
                self->unread_ -= size;
                if (error || self->unread_ == 0)
                    self->close();
                else
                    self->throw_away();
            });
    }

    std::shared_ptr<HttpShared> shared_;
    Stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> message_;
    std::function<void()> abandon_; ///< set while an answer is waited for
    asio::steady_timer deadline_;
    std::string peer_;
    std::size_t unread_ = 0; ///< of a request that was refused, how much may still come
    bool keep_alive_ = false;
    bool gone_ = false;
};

} // namespace

void serve_http(std::shared_ptr<HttpShared> shared, Stream stream) {
    std::make_shared<HttpConnection>(std::move(shared), std::move(stream))->start();
}

} // namespace hearth::api
