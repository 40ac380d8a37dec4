#pragma once

#include "broker/index_table.h"
#include "broker/outlet.h"
#include "broker/slab.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace hearth::broker {

/// Where connections come from: how many there are of each address, and which of them have said
/// nothing yet, oldest first. So that a crowd of strangers makes room for whoever comes next, and
/// the crowd's own members before anybody else's.
class Peers {
public:
    /// Counts a connection that says nothing yet. The number is its own until one of the next two.
    std::uint32_t came(std::string_view address, ConnectionId id);
    /// Its CONNECT is accepted. Returns the number of its address, to be told to left().
    std::uint32_t was_heard(std::uint32_t peer);
    void left_silent(std::uint32_t peer) { left(was_heard(peer)); }
    void left(std::uint32_t address);

    /// Connections from the address that this one comes from.
    std::size_t from_same(std::uint32_t peer) const;
    const std::string& address(std::uint32_t peer) const;
    /// Who has been silent longest of those from its address; 0 for none.
    ConnectionId oldest_silent_beside(std::uint32_t peer) const;
    /// Who has been silent longest of the address that has most of them; 0 for none.
    ConnectionId oldest_silent() const;
    std::size_t silent() const { return silent_; }

private:
    struct Address {
        std::string name;
        std::size_t connections = 0;
        std::size_t silent = 0;
        std::uint32_t oldest = none;
        std::uint32_t newest = none;
    };
    struct Peer {
        ConnectionId id = 0;
        std::uint32_t address = none;
        std::uint32_t older = none;
        std::uint32_t newer = none;
    };

    std::uint32_t address_of(std::string_view name);
    void count_silent(std::uint32_t address, bool one_more);

    Slab<Peer> peers_;
    Slab<Address> addresses_;
    IndexTable by_name_;
    std::set<std::pair<std::size_t, std::uint32_t>> crowds_; ///< silent ones, and of which address
    std::size_t silent_ = 0;
};

} // namespace hearth::broker
