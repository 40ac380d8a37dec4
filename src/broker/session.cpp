#include "broker/session.h"

namespace hearth::broker {

SessionIndex Sessions::make(std::string_view client_id, SessionNumber number) {
    const SessionIndex index = slab_.make();
    Session& session = slab_[index];
    session.client_id = client_id;
    session.alive = true;
    by_client_id_.insert(hash_of(client_id), index);
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
    by_client_id_.erase(hash_of(session.client_id), index);
    if (session.number != 0) by_number_.erase(hash_of(session.number), index);
    slab_.free(index);
}

SessionIndex Sessions::find(std::string_view client_id) const {
    return by_client_id_.find(hash_of(client_id), [&](std::uint32_t index) {
        return slab_[index].client_id == client_id;
    });
}

SessionIndex Sessions::find_number(SessionNumber number) const {
    if (number == 0) return none;
    return by_number_.find(hash_of(number),
                           [&](std::uint32_t index) { return slab_[index].number == number; });
}

void Sessions::clear() {
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

} // namespace hearth::broker
