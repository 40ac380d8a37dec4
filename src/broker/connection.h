#pragma once

#include "base/time.h"
#include "broker/index_table.h"
#include "broker/outlet.h"
#include "broker/session.h"
#include "broker/slab.h"
#include "codec/mqtt/protocol.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hearth::broker {

/// A will as the CONNECT left it (3.1.2.5), owned.
struct Will {
    std::string topic;
    std::string payload;
    std::string properties; ///< as MessageView has them
    Qos qos = Qos::at_most_once;
    bool retain = false;
    std::uint32_t expiry_s = 0; ///< counts from its publication; 0: never
    std::uint32_t delay_s = 0;
    Micros due_at = 0; ///< steady; once its client has gone
    IdentityIndex owner = 0;
    std::uint64_t number = 0; ///< its name in the journal
};

/// A will that the hub kept while it was down.
struct KeptWill {
    Will will;
    SessionNumber session = 0; ///< 0: of a session that ended with its connection
    std::string client_id;
};

/// What few connections need, so that the others don't pay for it.
struct ConnectionExtras {
    std::string peer;                 ///< until the CONNECT is accepted
    std::string refusal;              ///< of a CONNECT that is answered late
    std::string behind_connack;       ///< what must leave after a CONNACK that waits for the disk
    std::vector<std::string> aliases; ///< topics by inbound alias - 1
    std::unique_ptr<Will> will;
    std::size_t held_bytes = 0; ///< of messages that wait for the disk

    bool empty() const {
        return peer.empty() && behind_connack.empty() && aliases.empty() && !will &&
               held_bytes == 0;
    }
};

/// One TCP connection. It has a session from the accepted CONNECT on.
struct Connection {
    /// refused: a CONNECT whose answer comes late.
    enum class Phase : std::uint8_t { silent, refused, connecting, connected };

    ConnectionId id = 0;
    Micros heard_at = 0; ///< steady
    std::unique_ptr<ConnectionExtras> extras;
    SessionIndex session = none;
    std::uint32_t packet_bytes = 0xFFFFFFFFU; ///< the most that the client takes
    std::uint32_t credit = 0;                 ///< bytes to send before the socket is asked again
    std::uint32_t waiting = 0;                ///< answers that wait for the disk
    std::uint16_t waiting_pubacks = 0;        ///< of these, PUBACKs
    std::uint16_t keep_alive_s = 0;
    std::uint16_t in_flight = 0; ///< the most that go unacknowledged to this client
    std::uint16_t again = 0;     ///< how many of its session's in flight, the last, must go again
    mqtt::Version version = mqtt::Version::v311;
    Phase phase = Phase::silent;
    bool loopback = false;
    bool paused = false;
    bool problem_information = true; ///< v5: whether it wants reason strings
    bool starved = false;            ///< is in the list of those that wait for their socket
    bool v31 = false;                ///< speaks MQTT 3.1
    bool bridge = false;        ///< another broker: its subscriptions are as a bridge needs them
    std::uint32_t peer = none;  ///< in Peers: its own number, then its address's
    std::uint32_t incoming = 0; ///< bytes of a packet that has come in part, once it is long

    ConnectionExtras& more() {
        if (!extras) extras = std::make_unique<ConnectionExtras>();
        return *extras;
    }
    std::size_t held_bytes() const { return extras ? extras->held_bytes : 0; }
    /// Gives back the memory of what is empty.
    void tidy() {
        if (extras && extras->empty()) extras.reset();
    }
};

/// All connections, by the socket's id.
class Connections {
public:
    Connection& make(ConnectionId id) {
        const std::uint32_t index = slab_.make();
        slab_[index].id = id;
        by_id_.insert(hash_of(id), index);
        return slab_[index];
    }
    /// The index, or none.
    std::uint32_t find(ConnectionId id) const {
        return by_id_.find(hash_of(id), [&](std::uint32_t index) { return slab_[index].id == id; });
    }
    void erase(std::uint32_t index) {
        by_id_.erase(hash_of(slab_[index].id), index);
        slab_.free(index);
    }
    Connection& operator[](std::uint32_t index) { return slab_[index]; }
    const Connection& operator[](std::uint32_t index) const { return slab_[index]; }
    std::size_t size() const { return slab_.size(); }
    std::size_t capacity() const { return slab_.capacity(); }

private:
    Slab<Connection> slab_;
    IndexTable by_id_;
};

} // namespace hearth::broker
