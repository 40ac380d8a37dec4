#include "api/stream.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace hearth::api {

namespace asio = boost::asio;
namespace beast = boost::beast;

class Stream::Link {
public:
    virtual ~Link() = default;
    virtual beast::tcp_stream& tcp() = 0;
    virtual bool is_secure() const = 0;
    virtual void handshake(std::function<void(Error)> done) = 0;
    virtual void read(const Room& room, Done done) = 0;
    virtual void write(const Bytes& bytes, Done done) = 0;
};

class Stream::PlainLink final : public Link {
public:
    explicit PlainLink(Socket socket)
        : tcp_(std::move(socket)) {}

    beast::tcp_stream& tcp() override { return tcp_; }
    bool is_secure() const override { return false; }
    void handshake(std::function<void(Error)> done) override {
        asio::post(tcp_.get_executor(), [done = std::move(done)] { done({}); });
    }
    void read(const Room& room, Done done) override { tcp_.async_read_some(room, std::move(done)); }
    void write(const Bytes& bytes, Done done) override {
        tcp_.async_write_some(bytes, std::move(done));
    }

private:
    beast::tcp_stream tcp_;
};

class Stream::TlsLink final : public Link {
public:
    TlsLink(Socket socket, std::shared_ptr<asio::ssl::context> context)
        : context_(std::move(context))
        , tls_(std::move(socket), *context_) {}

    beast::tcp_stream& tcp() override { return tls_.next_layer(); }
    bool is_secure() const override { return true; }
    void handshake(std::function<void(Error)> done) override {
        tls_.async_handshake(asio::ssl::stream_base::server, std::move(done));
    }
    void read(const Room& room, Done done) override { tls_.async_read_some(room, std::move(done)); }
    void write(const Bytes& bytes, Done done) override {
        tls_.async_write_some(bytes, std::move(done));
    }

private:
    std::shared_ptr<asio::ssl::context> context_;
    beast::ssl_stream<beast::tcp_stream> tls_;
};

Stream::Stream(Socket socket)
    : link_(std::make_unique<PlainLink>(std::move(socket))) {}

Stream::Stream(Socket socket, std::shared_ptr<asio::ssl::context> tls)
    : link_(std::make_unique<TlsLink>(std::move(socket), std::move(tls))) {}

Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

bool Stream::is_secure() const {
    return link_->is_secure();
}

Stream::Socket& Stream::socket() {
    return link_->tcp().socket();
}

Stream::executor_type Stream::get_executor() {
    return link_->tcp().get_executor();
}

void Stream::handshake(std::function<void(Error)> done) {
    link_->handshake(std::move(done));
}

void Stream::expires_after(std::chrono::seconds time) {
    link_->tcp().expires_after(time);
}

void Stream::expires_never() {
    link_->tcp().expires_never();
}

void Stream::close() {
    Error ignored;
    socket().shutdown(Socket::shutdown_both, ignored);
    link_->tcp().close();
}

void Stream::read(const Room& room, Done done) {
    link_->read(room, std::move(done));
}

void Stream::write(const Bytes& bytes, Done done) {
    link_->write(bytes, std::move(done));
}

namespace {

/// Throws away what still comes until the peer closes too, a limit of bytes or of time: to close at
/// once would reset the connection, and with it what the peer has not read yet.
struct Drain : std::enable_shared_from_this<Drain> {
    Drain(beast::tcp_stream& stream, Stream::Done then)
        : tcp(stream)
        , done(std::move(then)) {}

    void next() {
        tcp.async_read_some(asio::buffer(rest),
                            [self = shared_from_this()](Stream::Error error, std::size_t size) {
                                self->left -= std::min(self->left, size);
                                if (!error && self->left > 0) return self->next();
                                self->done({}, 0);
                            });
    }

    beast::tcp_stream& tcp;
    Stream::Done done;
    std::size_t left = 1U << 20;
    std::array<char, 4096> rest{};
};

constexpr std::chrono::seconds drain_time{5};

} // namespace

void Stream::tear_down(Done done) {
    Error error;
    socket().shutdown(Socket::shutdown_send, error);
    link_->tcp().expires_after(drain_time);
    std::make_shared<Drain>(link_->tcp(), std::move(done))->next();
}

} // namespace hearth::api
