#pragma once

#include "codec/mqtt/packet.h"
#include "hub/life.h"
#include "hub/sessions.h"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hearth::hub_fuzz {

/// A client as the standard wants one: it acknowledges in order, takes a QoS 2 message once, uses
/// no identifier twice, and looks at everything that comes. It holds what it gets against the
/// model.
class Client {
public:
    Client(std::size_t index, Sessions& sessions, const Disk& disk)
        : index_(index)
        , sessions_(sessions)
        , disk_(disk) {}

    const ClientWords& words() const { return clients[index_]; }
    bool is_v5() const { return words().version == mqtt::Version::v5; }

    /// A new connection, whose CONNACK is to say this.
    struct Hope {
        bool accepted = true;
        Sessions::Answer present = Sessions::Answer::no;
    };
    void begin(ConnectionId connection, const Hope& hope);
    /// The connection is gone, and what was on its way to it.
    void end() { open = false; }
    /// Whether the broker lets it in, though it may not have been told yet.
    bool is_in() const { return open && hope_.accepted; }
    /// Whether it may send: it knows what its session is.
    bool is_ready() const {
        return open && hope_.accepted && (heard_ || hope_.present != Sessions::Answer::either);
    }
    void read(std::string_view bytes);

    // --- What it has said -----------------------------------------------------------------------

    struct Sent {
        Said said;
        std::size_t qos = 1;
        bool retain = false;
        enum class State { published, received, released } state = State::published;
        bool here = true; ///< on this connection
        bool refused = false;
        Window window;
    };
    std::uint16_t free_id() const;
    /// An acknowledgement that is due, oldest first.
    struct Due {
        mqtt::PacketType type;
        std::uint16_t id = 0;
    };
    std::deque<Due> due;
    std::map<std::uint16_t, Sent> sent;
    std::deque<std::vector<Sessions::Answer>> grants; ///< of SUBACKs that are to come
    /// What it waits for, or nothing.
    std::string waits_for() const;

    ConnectionId id = 0;
    bool open = false;
    bool stuck = false;     ///< it does not read
    bool may_close = false; ///< the broker has a reason to close its connection
    std::string will;

private:
    void take(const mqtt::Connack& connack);
    void take(const mqtt::Publish& publish);
    void take(const mqtt::Ack& ack);
    void take(const mqtt::Suback& suback);
    void take(const mqtt::Disconnect&);
    void take(const mqtt::Unsuback&) {}
    void take(const mqtt::Pingresp&) {}
    template <class Other>
    void take(const Other&) {
        require(false, "the broker sends what a broker may");
    }
    void taken(Sent& mine, const mqtt::Ack& ack);

    std::size_t index_;
    Sessions& sessions_;
    const Disk& disk_;
    Hope hope_;
    bool heard_ = false; ///< the CONNACK has come
    std::string unread_;
    std::set<std::uint16_t> taken_; ///< of QoS 2, and not released
};

} // namespace hearth::hub_fuzz
