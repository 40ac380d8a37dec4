#include "api/http_server.h"

#include "base/text.h"
#include "net/shard.h"

#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace hearth::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;

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

/// Whether a Host header can be trusted to mean this machine: a numeric address or localhost.
bool is_own_host(std::string_view host) {
    if (host.starts_with('[')) return host.find(']') != std::string_view::npos;
    host = host.substr(0, host.find(':'));
    if (equal_fold(host, "localhost")) return true;
    boost::system::error_code error;
    asio::ip::make_address_v4(std::string(host), error);
    return !error;
}

Response plain(int status, std::string_view text) {
    return {status, "application/problem+json",
            fmt::format(R"({{"status":{},"title":"{}"}})"
                        "\n",
                        status, text)};
}

} // namespace

struct HttpServer::Impl : std::enable_shared_from_this<Impl> {
    class Connection;

    Impl(net::Shard& shard, Handler handle, const HttpLimits& all_limits)
        : io(shard.io())
        , handler(std::move(handle))
        , limits(all_limits) {}

    void accept();
    void stop();

    asio::io_context& io;
    Handler handler;
    HttpLimits limits;
    std::unique_ptr<Tcp::acceptor> acceptor;
    std::set<Connection*> connections;
    bool stopped = false;
};

/// One client: reads a request, hands it over, writes the answer, reads the next. Kept alive by its
/// own pending operations.
class HttpServer::Impl::Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(std::shared_ptr<Impl> server, Tcp::socket socket)
        : server_(std::move(server))
        , stream_(std::move(socket)) {
        boost::system::error_code error;
        stream_.socket().set_option(Tcp::no_delay(true), error);
        const auto peer = stream_.socket().remote_endpoint(error);
        from_loopback_ = !error && peer.address().is_loopback();
        server_->connections.insert(this);
    }
    ~Connection() { server_->connections.erase(this); }

    void read() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(server_->limits.header_bytes));
        parser_->body_limit(server_->limits.body_bytes);
        stream_.expires_after(std::chrono::seconds(buffer_.size() > 0 ? server_->limits.request_s
                                                                      : server_->limits.idle_s));
        http::async_read(stream_, buffer_, *parser_,
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             self->on_read(error);
                         });
    }

    void close() {
        boost::system::error_code ignored;
        stream_.socket().shutdown(Tcp::socket::shutdown_both, ignored);
        stream_.close();
        if (waiting_) waiting_->abandon();
    }

private:
    void on_read(beast::error_code error) {
        if (server_->stopped) return;
        if (error == http::error::body_limit) return reject(413, "the body is too large");
        if (error == http::error::header_limit) return reject(431, "the header is too large");
        if (error.category() == http::make_error_code(http::error::bad_method).category() &&
            error != http::error::end_of_stream && error != http::error::partial_message)
            return reject(400, "this is no HTTP request");
        if (error) return close();
        keep_alive_ = parser_->get().keep_alive();
        if (!is_own_host(view(parser_->get()[http::field::host])))
            return reject(421, "this host name is not served here");
        dispatch();
    }

    static std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

    Request request() {
        auto& message = parser_->get();
        Request request;
        const std::string_view target = view(message.target());
        const std::size_t question = target.find('?');
        request.method = view(message.method_string());
        request.path = target.substr(0, question);
        if (question != std::string_view::npos)
            request.query = parse_query(target.substr(question + 1));
        request.authorization = view(message[http::field::authorization]);
        request.idempotency_key = view(message["Idempotency-Key"]);
        request.content_type = view(message[http::field::content_type]);
        request.body = std::move(message.body());
        request.from_loopback = from_loopback_;
        return request;
    }

    void dispatch() {
        stream_.expires_after(std::chrono::seconds(server_->limits.answer_s));
        const Responder responder([self = shared_from_this()](Response response) {
            // Always from a fresh task: a handler that answers at once must not recurse.
            asio::post(self->server_->io, [self, response = std::move(response)]() mutable {
                self->write(std::move(response));
            });
        });
        waiting_ = std::make_unique<Responder>(responder);
        watch_for_hang_up();
        server_->handler(request(), responder);
    }

    /// While an answer is prepared, notices that the client has gone, so that nobody waits for it.
    void watch_for_hang_up() {
        stream_.socket().async_wait(Tcp::socket::wait_read, [weak = weak_from_this()](auto error) {
            const auto self = weak.lock();
            if (!self || error || !self->waiting_) return;
            char probe = 0;
            const auto got =
                ::recv(self->stream_.socket().native_handle(), &probe, 1, MSG_PEEK | MSG_DONTWAIT);
            if (got == 0) self->close();
        });
    }

    void reject(int status, std::string_view why) {
        keep_alive_ = false;
        write(plain(status, why));
    }

    void write(Response response) {
        waiting_.reset();
        if (server_->stopped || !stream_.socket().is_open()) return;
        const bool head = parser_->get().method() == http::verb::head;
        message_ = {};
        message_.version(11);
        message_.result(static_cast<unsigned>(response.status));
        message_.set(http::field::content_type, response.content_type);
        message_.set("X-Content-Type-Options", "nosniff");
        message_.set(http::field::cache_control, "no-store");
        if (response.status == 401) message_.set(http::field::www_authenticate, "Bearer");
        message_.keep_alive(keep_alive_);
        message_.body() = std::move(response.body);
        message_.prepare_payload();
        if (head) message_.body().clear();
        stream_.expires_after(std::chrono::seconds(server_->limits.request_s));
        http::async_write(stream_, message_,
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (error || !self->keep_alive_ || self->server_->stopped)
                                  self->close();
                              else
                                  self->read();
                          });
    }

    std::shared_ptr<Impl> server_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> message_;
    std::unique_ptr<Responder> waiting_;
    bool keep_alive_ = false;
    bool from_loopback_ = false;
};

void HttpServer::Impl::accept() {
    acceptor->async_accept(
        [self = shared_from_this()](boost::system::error_code error, Tcp::socket socket) {
            if (self->stopped) return;
            if (!error && self->connections.size() < self->limits.connections)
                std::make_shared<Connection>(self, std::move(socket))->read();
            self->accept();
        });
}

void HttpServer::Impl::stop() {
    stopped = true;
    if (acceptor) acceptor->close();
    const std::set<Connection*> open = connections;
    for (Connection* connection : open)
        connection->close();
}

HttpServer::HttpServer(net::Shard& shard, Handler handler, const HttpLimits& limits)
    : impl_(std::make_shared<Impl>(shard, std::move(handler), limits)) {}

HttpServer::~HttpServer() {
    stop();
}

void HttpServer::stop() {
    impl_->stop();
}

Result<net::Address> HttpServer::listen(const net::Address& address) {
    boost::system::error_code error;
    const Tcp::endpoint endpoint(asio::ip::make_address(address.host, error), address.port);
    if (error) return fail(Code::invalid, "{} is no address to listen on", address.host);
    auto acceptor = std::make_unique<Tcp::acceptor>(impl_->io);
    acceptor->open(endpoint.protocol(), error);
    if (!error) acceptor->set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor->bind(endpoint, error);
    if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use)
        return fail(Code::conflict,
                    "{} is in use by another program; stop that, or choose another with --http",
                    address.to_string());
    if (error)
        return fail(Code::io, "cannot listen on {}: {}", address.to_string(), error.message());
    impl_->acceptor = std::move(acceptor);
    impl_->accept();
    return net::Address{address.host, impl_->acceptor->local_endpoint().port()};
}

} // namespace hearth::api
