#pragma once

#include "broker/outlet.h"
#include "broker/stored_message.h"
#include "codec/mqtt/packet.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::broker {

/// What differs between the copies of one message that go to different clients.
struct PublishCopy {
    mqtt::Version version = mqtt::Version::v311;
    Qos qos = Qos::at_most_once;
    std::uint16_t packet_id = 0;
    bool retain = false;
    bool duplicate = false;
    std::string_view subscription_ids; ///< encoded as mqtt::SubscriptionIds
};

/// Turns a message into PUBLISH packets: encoded once per (version, QoS) and then only patched.
/// Small packets are copied to their sockets; of large ones the payload is made once and shared.
/// One message at a time; the buffers are used again for the next.
class PublishEncoder {
public:
    /// Payloads from here on are shared; below, a copy is cheaper than counting references.
    static constexpr std::size_t share_from = 2'048;

    /// The message that is sent from now on; its bytes must stay until the next begin().
    /// `utc` is for what is left of its expiry.
    void begin(const MessageView& message, Micros utc);

    /// Sends a copy. Returns the bytes of the packet; 0, and nothing is sent, if it is longer than
    /// `max_packet`.
    std::size_t send(Outlet& outlet, ConnectionId to, const PublishCopy& copy,
                     std::size_t max_packet);
    /// The whole packet appended to `out`; 0 as above.
    std::size_t append(std::string& out, const PublishCopy& copy, std::size_t max_packet);

private:
    struct Encoded {
        std::string header; ///< with the payload behind it if that is small
        std::size_t size = 0;
        std::size_t packet_id_at = 0;
        bool ready = false;
    };

    bool large() const { return message_.payload.size() >= share_from; }
    Encoded& encoded(const PublishCopy& copy);
    void encode(Encoded& into, const PublishCopy& copy);
    void patch(Encoded& encoded, const PublishCopy& copy);
    const SharedBytes& shared_payload();

    MessageView message_;
    Micros utc_ = 0;
    std::array<Encoded, 6> ready_; ///< by version and QoS, without subscription identifiers
    Encoded single_;               ///< with them
    SharedBytes payload_;
};

} // namespace hearth::broker
