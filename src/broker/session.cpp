#include "broker/session.h"

namespace hearth::broker {

namespace {

constexpr std::string_view hearths_name = "$hearth"; // no credential's: those have no '$'

std::uint32_t key_hash(std::string_view client_id, IdentityIndex owner) {
    return hash_of(client_id) ^ hash_of(std::uint64_t{owner} + 1);
}

} // namespace

SessionIndex Sessions::make(std::string_view client_id, IdentityIndex owner, SessionNumber number) {
    const SessionIndex index = slab_.make();
    Session& session = slab_[index];
    session.client_id = client_id;
    session.owner = owner;
    session.alive = true;
    by_client_id_.insert(key_hash(client_id, owner), index);
    quotas_.take(owner, Resource::sessions);
    if (number != 0) set_number(index, number);
    return index;
}

void Sessions::set_number(SessionIndex index, SessionNumber number) {
    Session& session = slab_[index];
    if (session.number != 0) by_number_.erase(hash_of(session.number), index);
    session.number = number;
    if (number != 0) by_number_.insert(hash_of(number), index);
}

void Sessions::erase(SessionIndex index) {
    const Session& session = slab_[index];
    by_client_id_.erase(key_hash(session.client_id, session.owner), index);
    quotas_.give_back(session.owner, Resource::sessions);
    if (session.number != 0) by_number_.erase(hash_of(session.number), index);
    slab_.free(index);
}

SessionIndex Sessions::find(std::string_view client_id, IdentityIndex owner) const {
    return by_client_id_.find(key_hash(client_id, owner), [&](std::uint32_t index) {
        return slab_[index].owner == owner && slab_[index].client_id == client_id;
    });
}

SessionIndex Sessions::find_number(SessionNumber number) const {
    if (number == 0) return none;
    return by_number_.find(hash_of(number),
                           [&](std::uint32_t index) { return slab_[index].number == number; });
}

void Sessions::clear() {
    for (SessionIndex index = 0; index < slab_.capacity(); ++index)
        if (slab_[index].alive) quotas_.give_back(slab_[index].owner, Resource::sessions);
    slab_.clear();
    by_client_id_.clear();
    by_number_.clear();
}

IdentityIndex Identities::of(std::string_view name) {
    if (name.empty()) return 0;
    const std::uint32_t found =
        index_.find(hash_of(name), [&](std::uint32_t at) { return names_[at] == name; });
    if (found != none) return found;
    const auto index = static_cast<IdentityIndex>(names_.size());
    names_.emplace_back(name);
    index_.insert(hash_of(name), index);
    return index;
}

std::string hearth_for(std::string_view credential) {
    std::string name(hearths_name);
    if (!credential.empty()) (name += '/') += credential;
    return name;
}

Origin origin_of(std::string_view identity) {
    Origin origin;
    origin.credential = identity;
    if (!identity.starts_with(hearths_name)) return origin;
    origin.by = Origin::By::hearth;
    origin.credential.remove_prefix(std::min(identity.size(), hearths_name.size() + 1));
    return origin;
}

} // namespace hearth::broker
