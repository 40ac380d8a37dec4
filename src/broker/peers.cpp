#include "broker/peers.h"

namespace hearth::broker {

std::uint32_t Peers::address_of(std::string_view name) {
    const std::uint32_t found =
        by_name_.find(hash_of(name), [&](std::uint32_t at) { return addresses_[at].name == name; });
    if (found != none) return found;
    const std::uint32_t index = addresses_.make();
    addresses_[index].name = name;
    by_name_.insert(hash_of(name), index);
    return index;
}

void Peers::count_silent(std::uint32_t index, bool one_more) {
    Address& address = addresses_[index];
    // The node moves to its new place, so that counting allocates but once for each address.
    auto node = crowds_.extract({address.silent, index});
    if (one_more) {
        ++address.silent;
        ++silent_;
    } else {
        --address.silent;
        --silent_;
    }
    if (address.silent == 0) return;
    if (node.empty()) {
        crowds_.emplace(address.silent, index);
        return;
    }
    node.value().first = address.silent;
    crowds_.insert(std::move(node));
}

std::uint32_t Peers::came(std::string_view address_name, ConnectionId id) {
    const std::uint32_t at = address_of(address_name);
    const std::uint32_t index = peers_.make();
    Address& address = addresses_[at];
    Peer& peer = peers_[index];
    peer = {id, at, address.newest, none};
    if (address.newest != none)
        peers_[address.newest].newer = index;
    else
        address.oldest = index;
    address.newest = index;
    ++address.connections;
    count_silent(at, true);
    return index;
}

std::uint32_t Peers::was_heard(std::uint32_t index) {
    const Peer& peer = peers_[index];
    const std::uint32_t at = peer.address;
    Address& address = addresses_[at];
    if (peer.older != none)
        peers_[peer.older].newer = peer.newer;
    else
        address.oldest = peer.newer;
    if (peer.newer != none)
        peers_[peer.newer].older = peer.older;
    else
        address.newest = peer.older;
    peers_.free(index);
    count_silent(at, false);
    return at;
}

void Peers::left(std::uint32_t at) {
    if (--addresses_[at].connections > 0) return;
    by_name_.erase(hash_of(addresses_[at].name), at);
    addresses_.free(at);
}

std::size_t Peers::from_same(std::uint32_t peer) const {
    return addresses_[peers_[peer].address].connections;
}

const std::string& Peers::address(std::uint32_t peer) const {
    return addresses_[peers_[peer].address].name;
}

ConnectionId Peers::oldest_silent_beside(std::uint32_t peer) const {
    const std::uint32_t oldest = addresses_[peers_[peer].address].oldest;
    return oldest == none ? 0 : peers_[oldest].id;
}

ConnectionId Peers::oldest_silent() const {
    if (crowds_.empty()) return 0;
    return peers_[addresses_[crowds_.rbegin()->second].oldest].id;
}

} // namespace hearth::broker
