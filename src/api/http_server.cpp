#include "api/http_server.h"

#include "api/http_connection.h"
#include "net/shard.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>

namespace hearth::api {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

constexpr Micros accept_rest = 100 * milliseconds;

} // namespace

void after_this_turn(const HttpShared& shared, std::function<void()> task) {
    net::Shard& shard = shared.shard;
    shard.post([&shard, task = std::move(task)] { asio::post(shard.io(), task); });
}

struct HttpServer::Impl : std::enable_shared_from_this<Impl> {
    Impl(net::Shard& shard, Handler handler, const HttpLimits& limits, HttpTrust trust)
        : shared(std::make_shared<HttpShared>(
              HttpShared{shard, std::move(handler), limits, std::move(trust), {}, false})) {}

    struct Listener {
        Tcp::acceptor acceptor;
        bool secure;
    };

    Result<net::Address> listen(const net::Address& address, bool secure);
    bool make_room(bool from_network, const std::string& peer);
    bool drop(OpenConnection* connection);
    void accept(std::size_t listener);
    void take(Tcp::socket socket, bool secure);

    std::shared_ptr<HttpShared> shared;
    Counter* dropped = nullptr; ///< null where nobody asked for metrics
    Counter* refused = nullptr;
    std::vector<std::unique_ptr<Listener>> listeners;
    std::shared_ptr<asio::ssl::context> tls;
};

/// The last quarter is kept for this machine: the network cannot shut out the command line.
bool HttpServer::Impl::make_room(bool from_network, const std::string& peer) {
    const HttpLimits& limits = shared->limits;
    const std::string household = household_of(peer);
    if (!shared->trust.proxies.holds(peer) &&
        shared->open.size_of(household) >= limits.connections_per_address)
        return drop(shared->open.longest_waiting_of(household));
    const std::size_t all = limits.connections;
    if (shared->open.size() < (from_network ? all - all / 4 : all)) return true;
    return drop(shared->open.longest_waiting());
}

bool HttpServer::Impl::drop(OpenConnection* connection) {
    if (connection == nullptr) return false;
    if (dropped != nullptr) dropped->add();
    shared->open.remove(*connection);
    connection->drop();
    return true;
}

void HttpServer::Impl::accept(std::size_t index) {
    listeners[index]->acceptor.async_accept(
        [self = shared_from_this(), index](boost::system::error_code error, Tcp::socket socket) {
            if (self->shared->stopped) return;
            // Out of descriptors: to ask again at once would be all that this thread does.
            if (error)
                return void(self->shared->shard.after(accept_rest, [self, index] {
                    if (!self->shared->stopped) self->accept(index);
                }));
            const bool secure = self->listeners[index]->secure;
            boost::system::error_code gone;
            const auto peer = socket.remote_endpoint(gone);
            if (!gone && self->make_room(secure, peer.address().to_string()))
                self->take(std::move(socket), secure);
            else if (!gone && self->refused != nullptr)
                self->refused->add();
            self->accept(index);
        });
}

void HttpServer::Impl::take(Tcp::socket socket, bool secure) {
    boost::system::error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    serve_http(shared, secure ? Stream(std::move(socket), tls) : Stream(std::move(socket)));
}

Result<net::Address> HttpServer::Impl::listen(const net::Address& address, bool secure) {
    boost::system::error_code error;
    const Tcp::endpoint endpoint(asio::ip::make_address(address.host, error), address.port);
    if (error) return fail(Code::invalid, "{} is no address to listen on", address.host);
    Tcp::acceptor acceptor(shared->shard.io());
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
    // [::] beside 0.0.0.0 on the same port.
    if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use)
        return fail(Code::conflict,
                    "{} is in use by another program; stop that, or choose another with {}",
                    address.to_string(), secure ? "--set listen.lan_port=PORT" : "--http");
    if (error)
        return fail(Code::io, "cannot listen on {}: {}", address.to_string(), error.message());
    net::Address bound{address.host, acceptor.local_endpoint().port()};
    listeners.push_back(std::make_unique<Listener>(Listener{std::move(acceptor), secure}));
    accept(listeners.size() - 1);
    return bound;
}

HttpServer::HttpServer(net::Shard& shard, Handler handler, const HttpLimits& limits,
                       HttpTrust trust)
    : impl_(std::make_shared<Impl>(shard, std::move(handler), limits, std::move(trust))) {}

HttpServer::~HttpServer() {
    stop();
}

void HttpServer::stop() {
    impl_->shared->stopped = true;
    for (const auto& listener : impl_->listeners) {
        boost::system::error_code ignored;
        listener->acceptor.close(ignored);
    }
    for (const auto& [connection, household] : impl_->shared->open.all())
        connection->end();
}

void HttpServer::show_in(Metrics& metrics) {
    metrics.gauge("hearth_http_connections", "HTTP connections that are open",
                  [shared = impl_->shared] { return static_cast<double>(shared->open.size()); });
    constexpr std::string_view name = "hearth_http_connections_cut_total";
    constexpr std::string_view help = "HTTP connections that were closed for want of room";
    impl_->dropped = &metrics.counter(name, help, R"(reason="waited_longest")");
    impl_->refused = &metrics.counter(name, help, R"(reason="no_room")");
}

Result<net::Address> HttpServer::listen(const net::Address& address) {
    return impl_->listen(address, false);
}

Result<net::Address> HttpServer::listen_tls(const net::Address& address) {
    if (!impl_->tls) return fail(Code::internal, "TLS without a certificate");
    return impl_->listen(address, true);
}

Result<void> HttpServer::use_certificate(const net::Certificate& certificate) {
    namespace ssl = asio::ssl;
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    boost::system::error_code error;
    context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                             ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                             ssl::context::no_tlsv1_1 | ssl::context::no_compression |
                             SSL_OP_NO_RENEGOTIATION,
                         error);
    if (!error) context->use_certificate_chain(asio::buffer(certificate.certificate_pem), error);
    if (!error)
        context->use_private_key(asio::buffer(certificate.key_pem), ssl::context::pem, error);
    if (error) return fail(Code::invalid, "OpenSSL refuses the certificate: {}", error.message());
    impl_->tls = std::move(context);
    return {};
}

} // namespace hearth::api
