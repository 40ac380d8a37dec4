#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hearth::api {

/// Codes by which a WebSocket is closed (RFC 6455, section 7.4.1, and its IANA registry).
namespace close_code {
constexpr std::uint16_t going_away = 1001; ///< the hub stops
constexpr std::uint16_t policy = 1008;     ///< what let it in was revoked
constexpr std::uint16_t try_later = 1013;  ///< the client reads too slowly
} // namespace close_code

/// One open WebSocket: texts go out, in order. What the client sends is read and thrown away; a
/// message beyond HttpLimits::message_bytes closes it with 1009. Pings go out every 30 s, and who
/// does not answer is cut off.
///
/// Belongs to the shard's thread. Nothing leaves from within a call: a turn's writes to the journal
/// come first.
class WebSocket {
public:
    using Text = std::shared_ptr<const std::string>;

    virtual ~WebSocket() = default;

    /// Queues a text; nothing after close(). The queue has no limit of its own: see queued_bytes().
    virtual void send(Text text) = 0;
    /// Bytes that wait behind the text which is being written.
    virtual std::size_t queued_bytes() const = 0;
    /// Drops what is queued, tells the client why, and cuts the connection once it has answered or
    /// after HttpLimits::close_s: a client that never reads gets no longer.
    virtual void close(std::uint16_t code, std::string_view why) = 0;
    /// Told once, when the connection is gone for whatever reason.
    virtual void on_closed(std::function<void()> told) = 0;
};

} // namespace hearth::api
