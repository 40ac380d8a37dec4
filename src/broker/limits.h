#pragma once

#include "base/time.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace hearth::broker {

/// Everything of the broker that can grow has a limit here. What happens at each limit stands
/// beside it; each is counted, and told in the list of refusals. Quotas (quotas.h) keeps those of
/// one credential and of all together. The program's defaults stand in its table of settings.
struct BrokerLimits {
    /// A client's packet, in bytes, all counted; 1 KiB to 8 MiB (a record of the journal must hold
    /// it). A longer one closes the connection (0x95).
    std::size_t packet_bytes = 1U << 20;
    /// Longest packet before CONNECT is accepted, so that a stranger costs little. Also the most
    /// that a CONNECT with its will may have.
    std::size_t connect_bytes = 64U << 10;
    std::size_t topic_levels = 32;      ///< of a topic or filter; more: 0x90 or 0x8F
    std::size_t topic_bytes = 4'096;    ///< of a topic or filter; more is refused (0x90 or 0x8F)
    std::size_t client_id_bytes = 256;  ///< more: the CONNECT is refused (0x85)
    std::size_t will_bytes = 16U << 10; ///< payload of a will; more: CONNECT is refused (0x95)
    /// Connections, before and after their CONNECT. Beyond it who has been silent longest makes
    /// room, of the address that has most such.
    std::size_t connections = 1'000'000;
    std::size_t connections_per_credential = 1'000'000; ///< more: the CONNECT is refused (0x97)
    /// Beyond it that address's own oldest silent one makes room, else the new one is turned away.
    std::size_t connections_per_address = 1'000'000;

    /// All sessions, connected or kept. More: the CONNECT is refused (0x97).
    std::size_t sessions = 100'000;
    std::size_t sessions_per_credential = 200'000;
    /// Longest time that a session is kept after its connection has gone; asking for more (or for
    /// ever, or 3.1.1 without clean session) gives this.
    std::uint32_t session_expiry_s = 7 * 24 * 3600;
    std::size_t subscriptions_per_session = 10'000; ///< more: SUBACK 0x97
    std::size_t filters_per_packet = 1'000;         ///< more: the connection is closed (0x97)
    std::size_t subscriptions = 1'000'000;          ///< of all; more: SUBACK 0x97, as for these
    std::size_t subscriptions_per_credential = 500'000;
    std::size_t subscription_bytes = 128U << 20; ///< what they cost in memory, about
    std::size_t subscription_bytes_per_credential = 64U << 20;

    /// Messages of QoS 1 and 2 that wait for one session, beside those in flight. The newest is
    /// dropped when they are too many: what was promised first is kept, in order.
    std::size_t queued_messages = 1'000;
    std::size_t queued_bytes = 4U << 20; ///< of one session, topics and payloads
    /// The same of all sessions of a credential and of all there are, with those in flight. Waiting
    /// ones may take three quarters of it, so that what flows goes on.
    std::size_t queued_messages_per_credential = 250'000;
    std::size_t queued_messages_in_all = 500'000;
    std::size_t queued_bytes_per_credential = 64U << 20;
    std::size_t queued_bytes_in_all = 128U << 20;
    /// Messages of QoS 1 and 2 in flight to one client; its receive maximum can make it fewer.
    std::uint16_t in_flight = 100;
    /// Bytes queued in a socket beyond which QoS 0 is dropped and QoS 1 and 2 wait: a slow consumer
    /// costs no more than this and one packet.
    std::size_t unsent_bytes = 1U << 20;

    /// Messages of QoS 1 and 2 from one client that are not yet acknowledged (v5: receive maximum);
    /// more: the connection is closed (0x93).
    std::uint16_t receive_maximum = 100;
    /// The same for 3.1.1, whose clients cannot be told: of QoS 2 not yet released.
    std::size_t unreleased_v311 = 10'000;
    /// Answers that wait for the disk; beyond it nothing more is read from that client meanwhile.
    std::size_t waiting_answers = 1'000;
    std::uint16_t topic_aliases = 32; ///< inbound, per connection (v5); a higher one: 0x94

    /// How long after a start of the hub a client that was connected when it died may take to come
    /// back before its will is published; the will's own delay, where that is longer.
    Micros will_grace = 10 * seconds;

    std::size_t retained_messages = 100'000; ///< more: not kept (v5: 0x97)
    std::size_t retained_messages_per_credential = 75'000;
    std::size_t retained_bytes = 64U << 20; ///< topics, properties and payloads; more: not kept
    std::size_t retained_bytes_per_credential = 48U << 20;
    /// Packets that have come in part, beyond the first few KiB of each; more: the connection that
    /// would add to it is closed (0x97).
    std::size_t incoming_bytes = 64U << 20;
    std::size_t incoming_bytes_per_credential = 32U << 20;
    /// Wrong passwords of one name, or from one address, within ten minutes; further ones are
    /// answered after password_delay, and all else of that connection is thrown away.
    std::size_t password_tries = 20;
    Micros password_delay = 3 * seconds;
    Micros connect_timeout = 10 * seconds; ///< from the opening of a connection to its CONNECT
    /// Topics whose routes are remembered; when full, all are forgotten.
    std::size_t cached_routes = 16'384;
    std::size_t cached_route_bytes = 32U << 20;
    /// Numbers of hearth's own publications that are remembered (see Message::number); when full,
    /// the oldest is forgotten, and would be given again.
    std::size_t remembered_numbers = 20'000;
    /// Messages that may follow from one, published from within received() of local subscribers;
    /// more are dropped, because adapters then feed each other without end.
    std::size_t local_backlog = 10'000;

    /// A part of `connections` is for who has not been heard yet: clients that are in never keep
    /// others from being asked for their CONNECT.
    std::size_t accepted_connections() const {
        return connections - std::max<std::size_t>(connections / 16, 1);
    }
};

} // namespace hearth::broker
