#include "api/http_connection.h"
#include "net/shard.h"

#include <deque>

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace hearth::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

/// One WebSocket on Beast. Kept alive by its pending read; others may hold it longer.
class BeastSocket final : public WebSocket,
                          public OpenConnection,
                          public std::enable_shared_from_this<BeastSocket> {
public:
    BeastSocket(std::shared_ptr<HttpShared> shared, Stream stream)
        : shared_(std::move(shared))
        , grace_(stream.get_executor())
        , ws_(std::move(stream)) {
        boost::system::error_code error;
        const auto peer = ws_.next_layer().socket().remote_endpoint(error);
        shared_->open.add(*this, error ? "" : household_of(peer.address().to_string()));
        shared_->open.set_waiting(*this, false);
    }
    ~BeastSocket() override { shared_->open.remove(*this); }
    BeastSocket(const BeastSocket&) = delete;
    BeastSocket& operator=(const BeastSocket&) = delete;

    void accept(HttpRequest request, std::function<void(std::shared_ptr<WebSocket>)> opened) {
        const HttpLimits& limits = shared_->limits;
        boost::system::error_code ignored;
        ws_.next_layer().expires_never(); // WebSocket keeps its own time
        ws_.next_layer().socket().set_option(
            asio::socket_base::send_buffer_size(static_cast<int>(limits.socket_send_bytes)),
            ignored);
        ws_.set_option(websocket::stream_base::timeout{
            .handshake_timeout = std::chrono::seconds(limits.close_s),
            .idle_timeout = std::chrono::seconds(2 * limits.ping_s),
            .keep_alive_pings = true,
        });
        ws_.read_message_max(limits.message_bytes);
        ws_.auto_fragment(false);
        ws_.text(true);
        request_ = std::move(request);
        ws_.async_accept(request_, [self = shared_from_this(),
                                    opened = std::move(opened)](beast::error_code error) {
            self->request_ = {};
            if (error || self->shared_->stopped) return self->cut();
            self->read();
            opened(self);
        });
    }

    void send(Text text) override {
        if (closing_ || gone_) return;
        queued_ += text->size();
        queue_.push_back(std::move(text));
        if (!writing_) pump_later();
    }

    std::size_t queued_bytes() const override { return queued_; }

    void close(std::uint16_t code, std::string_view why) override {
        if (closing_ || gone_) return;
        closing_ = true;
        reason_ = websocket::close_reason(static_cast<websocket::close_code>(code),
                                          beast::string_view(why.data(), why.size()));
        queue_.clear();
        queued_ = 0;
        grace_.expires_after(std::chrono::seconds(shared_->limits.close_s));
        grace_.async_wait([weak = weak_from_this()](beast::error_code error) {
            if (const auto self = weak.lock(); self && !error) self->cut();
        });
        if (!writing_) pump_later();
    }

    void on_closed(std::function<void()> told) override { told_ = std::move(told); }

    void end() override { close(close_code::going_away, "the hub stops"); }
    void drop() override { cut(); }

private:
    void read() {
        ws_.async_read(incoming_,
                       [self = shared_from_this()](beast::error_code error, std::size_t) {
                           self->incoming_.clear();
                           if (error)
                               self->cut();
                           else
                               self->read();
                       });
    }

    void pump_later() {
        if (std::exchange(pump_waits_, true)) return;
        after_this_turn(*shared_, [self = shared_from_this()] {
            self->pump_waits_ = false;
            self->pump();
        });
    }

    void pump() {
        if (writing_ || gone_) return;
        if (closing_) return say_good_bye();
        if (queue_.empty()) return;
        writing_ = true;
        current_ = std::move(queue_.front());
        queue_.pop_front();
        queued_ -= current_->size();
        ws_.async_write(asio::buffer(*current_),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                            self->writing_ = false;
                            self->current_.reset();
                            if (error)
                                self->cut();
                            else
                                self->pump();
                        });
    }

    void say_good_bye() {
        if (std::exchange(saying_, true)) return;
        ws_.async_close(reason_, [self = shared_from_this()](beast::error_code) { self->cut(); });
    }

    void cut() {
        if (std::exchange(gone_, true)) return;
        grace_.cancel();
        ws_.next_layer().close();
        queue_.clear();
        queued_ = 0;
        if (const auto told = std::exchange(told_, nullptr)) told();
    }

    std::shared_ptr<HttpShared> shared_;
    asio::steady_timer grace_;
    websocket::stream<Stream, false> ws_; // without compression
    HttpRequest request_;
    beast::flat_buffer incoming_;
    std::deque<Text> queue_;
    Text current_;
    std::size_t queued_ = 0;
    websocket::close_reason reason_;
    std::function<void()> told_;
    bool writing_ = false;
    bool pump_waits_ = false;
    bool closing_ = false;
    bool saying_ = false;
    bool gone_ = false;
};

} // namespace

void serve_web_socket(std::shared_ptr<HttpShared> shared, Stream stream, HttpRequest request,
                      std::function<void(std::shared_ptr<WebSocket>)> opened) {
    const auto socket = std::make_shared<BeastSocket>(std::move(shared), std::move(stream));
    socket->accept(std::move(request), std::move(opened));
}

} // namespace hearth::api
