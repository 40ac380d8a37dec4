#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hearth::api {

/// A connection as its server sees it.
class OpenConnection {
public:
    /// The server stops.
    virtual void end() = 0;
    /// It has to make room for another: closed at once. Asked only where it is waiting.
    virtual void drop() = 0;

protected:
    ~OpenConnection() = default;
};

/// The open connections of a server, by the household that each comes from, so that none can take
/// all places. A connection that **waits** has no whole request yet (silent, half sent, idle): it
/// is the one that makes room. What is being answered, and a WebSocket, stays.
///
/// Connections are not owned; each adds and removes itself. Belongs to the shard's thread.
class ConnectionBook {
public:
    /// `household` is what household_of() tells of its peer.
    void add(OpenConnection& connection, std::string_view household);
    void remove(OpenConnection& connection);
    /// It begins or ends to wait for a request. Waits from adding on.
    void set_waiting(OpenConnection& connection, bool waiting);

    std::size_t size() const { return all_.size(); }
    std::size_t size_of(std::string_view household) const;

    /// Who makes room: of those of one household, the one that has waited longest; null for none.
    OpenConnection* longest_waiting_of(std::string_view household) const;
    /// The same of the household with the most waiting connections.
    OpenConnection* longest_waiting() const;

    /// A copy, for what ends them all.
    std::map<OpenConnection*, std::string> all() const;

private:
    struct Entry {
        std::string household;
        std::uint64_t waits_since = 0; ///< a count of changes, not a time; 0 while it does not wait
    };
    struct Household {
        std::size_t connections = 0;
        std::map<std::uint64_t, OpenConnection*> waiting; ///< the longest first
    };

    std::unordered_map<OpenConnection*, Entry> all_;
    std::map<std::string, Household, std::less<>> households_;
    std::uint64_t last_ = 0;
};

/// Whom connections and tries are counted for: an address, of IPv6 the whole /64, which is one
/// household's.
std::string household_of(const std::string& address);

} // namespace hearth::api
