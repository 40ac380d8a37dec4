#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/role.hpp>

namespace boost::asio::ssl {
class context;
}

namespace hearth::api {

/// A connection that is TLS or is not: for what speaks HTTP or WebSocket over it there is no
/// difference. One type for both, whose inside is in the .cpp, so that Beast's large templates are
/// compiled once. Models Asio's AsyncStream.
class Stream {
public:
    using executor_type = boost::asio::any_io_executor;
    using Socket = boost::asio::ip::tcp::socket;
    using Error = boost::system::error_code;
    using Done = std::move_only_function<void(Error, std::size_t)>;

    /// At most so many pieces of one read or write; the rest follows with the next.
    template <class Buffer>
    struct Pieces {
        std::array<Buffer, 16> all;
        std::size_t size = 0;

        const Buffer* begin() const { return all.data(); }
        const Buffer* end() const { return all.data() + size; }
    };
    using Room = Pieces<boost::asio::mutable_buffer>;
    using Bytes = Pieces<boost::asio::const_buffer>;

    explicit Stream(Socket socket);
    /// As the server of a TLS connection; `tls` is kept as long as the connection lives.
    Stream(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls);
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;
    ~Stream();

    bool is_secure() const;
    Socket& socket();
    executor_type get_executor();
    /// TLS's greeting; succeeds at once where there is no TLS.
    void handshake(std::function<void(Error)> done);
    /// What is under way fails after so long, until the next call.
    void expires_after(std::chrono::seconds time);
    void expires_never();
    void close();

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto handler, const Room& room) { read(room, Done(std::move(handler))); }, token,
            collect<boost::asio::mutable_buffer>(buffers));
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto handler, const Bytes& bytes) { write(bytes, Done(std::move(handler))); },
            token, collect<boost::asio::const_buffer>(buffers));
    }

    // What Beast's WebSocket asks of a stream, by argument-dependent look-up.
    friend void beast_close_socket(Stream& stream) { stream.close(); }
    template <class Handler>
    friend void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
        stream.tear_down([handler = std::forward<Handler>(handler)](
                             Error error, std::size_t) mutable { handler(error); });
    }

private:
    template <class Buffer, class Buffers>
    static Pieces<Buffer> collect(const Buffers& buffers) {
        Pieces<Buffer> pieces;
        auto next = boost::asio::buffer_sequence_begin(buffers);
        for (; next != boost::asio::buffer_sequence_end(buffers) && pieces.size < pieces.all.size();
             ++next)
            if (const Buffer piece(*next); piece.size() > 0) pieces.all[pieces.size++] = piece;
        return pieces;
    }

    void read(const Room& room, Done done);
    void write(const Bytes& bytes, Done done);
    /// Says that nothing more comes, and waits a while for the peer to say so too. The stream must
    /// outlive it.
    void tear_down(Done done);

    class Link;
    class PlainLink;
    class TlsLink;
    std::unique_ptr<Link> link_;
};

} // namespace hearth::api
