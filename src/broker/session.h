#pragma once

#include "base/time.h"
#include "broker/index_table.h"
#include "broker/message.h"
#include "broker/outbound.h"
#include "broker/retained.h"
#include "broker/slab.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::broker {

/// Which session: an index into Sessions, reused after its end.
using SessionIndex = std::uint32_t;
/// A persistent session's name in the journal: from 1, never reused.
using SessionNumber = std::uint64_t;

/// Packet identifiers of QoS 2 messages that have come and are not yet released (4.3.3). Each at
/// most once, so that a client that repeats one costs nothing (CVE-2023-28366).
class PacketIds {
public:
    bool contains(std::uint16_t id) const { return std::ranges::find(ids_, id) != ids_.end(); }
    void insert(std::uint16_t id) { ids_.push_back(id); }
    bool erase(std::uint16_t id) {
        const auto at = std::ranges::find(ids_, id);
        if (at == ids_.end()) return false;
        ids_.erase(at);
        return true;
    }
    std::size_t size() const { return ids_.size(); }
    const std::vector<std::uint16_t>& all() const { return ids_; }

private:
    std::vector<std::uint16_t> ids_;
};

/// Retained messages that a new subscription is still owed.
struct RetainedOwed {
    std::uint32_t subscription = none;
    bool begun = false;
    bool looked = true; ///< at where the walk stands
    Retained::Walk walk;
};

/// What the broker knows of a client beyond its connection (4.1). Of a persistent session
/// everything here is in the journal; of one that ends with its connection nothing is.
struct Session {
    std::string client_id;
    SessionNumber number = 0; ///< 0: ends with its connection, not in the journal
    Micros left_at = 0;       ///< UTC; 0 while connected
    Micros ends_at = 0;       ///< steady; 0 while connected
    Micros timer_at = 0;      ///< steady; the earliest expiry timer that is set, 0 for none
    std::uint32_t connection = none;
    IdentityIndex owner = 0;
    std::uint32_t expiry_s = 0;
    std::uint32_t first_subscription = none;
    std::uint32_t subscriptions = 0;
    std::uint16_t next_packet_id = 1;
    bool alive = false;
    bool told_full = false; ///< that its queue is full; once until it has emptied
    std::unique_ptr<Outbound> out;
    std::unique_ptr<PacketIds> received;
    std::unique_ptr<std::deque<RetainedOwed>> retained; ///< while it is owed some, in order

    bool persistent() const { return number != 0; }
    bool connected() const { return connection != none; }
    Outbound& outbound(Quotas& quotas) {
        if (!out) out = std::make_unique<Outbound>(quotas, owner);
        return *out;
    }
    PacketIds& unreleased() {
        if (!received) received = std::make_unique<PacketIds>();
        return *received;
    }
    bool has_received(std::uint16_t id) const { return received && received->contains(id); }
    /// Gives back the memory of what is empty.
    void tidy() {
        if (out && out->empty()) out.reset();
        if (received && received->size() == 0) received.reset();
    }
};

/// All sessions, by credential and client id, and by number. A client id is a name within its
/// credential: two credentials may use the same one and never meet, so none can be taken away.
class Sessions {
public:
    explicit Sessions(Quotas& quotas)
        : quotas_(quotas) {}

    /// The client id must be new to its owner.
    SessionIndex make(std::string_view client_id, IdentityIndex owner, SessionNumber number);
    void erase(SessionIndex index);
    SessionIndex find(std::string_view client_id, IdentityIndex owner) const;
    SessionIndex find_number(SessionNumber number) const;

    Session& operator[](SessionIndex index) { return slab_[index]; }
    const Session& operator[](SessionIndex index) const { return slab_[index]; }
    std::size_t size() const { return slab_.size(); }
    std::size_t capacity() const { return slab_.capacity(); }
    void clear();

    /// Makes a session that ended with its connection one that is kept.
    void set_number(SessionIndex index, SessionNumber number);

private:
    Quotas& quotas_;
    Slab<Session> slab_;
    IndexTable by_client_id_;
    IndexTable by_number_;
};

/// Names of credentials as small numbers, and hearth's own: hearth_for(). Bounded by the number of
/// credentials there have been. A name stays where it is, so that views of it stay good.
class Identities {
public:
    Identities() { names_.emplace_back(); }
    IdentityIndex of(std::string_view name);
    const std::string& name(IdentityIndex identity) const { return names_[identity]; }

private:
    std::deque<std::string> names_;
    IndexTable index_;
};

/// Hearth's own name on behalf of a credential, or of nobody: one that no credential can have.
std::string hearth_for(std::string_view credential);
/// Whose word a message of that name is.
Origin origin_of(std::string_view identity);

} // namespace hearth::broker
