#include "hub/sessions.h"

#include "hub/life.h"

#include <algorithm>

#include <fmt/core.h>

namespace hearth::hub_fuzz {
namespace {

/// access/credentials.h.
bool has(std::string_view credential, std::string_view filter) {
    for (const std::string_view own :
         {"{}/#", "cmnd/{}/#", "stat/{}/#", "tele/{}/#", "shellies/{}/#", "homeassistant/+/{}/#"})
        if (covers(fmt::format(fmt::runtime(own), credential), filter)) return true;
    for (const CredentialWords& words : credentials())
        if (words.name == credential)
            return std::ranges::any_of(
                words.topics, [&](const std::string& added) { return covers(added, filter); });
    return false;
}

bool has_expired(const RetainedMessage& message, Micros utc) {
    return message.expires_at != 0 && utc >= message.expires_at;
}

bool is_will(std::string_view payload) {
    return payload.starts_with("will ");
}

} // namespace

bool Sessions::may_publish(std::string_view credential, std::string_view topic) const {
    return known.contains(credential) &&
           (has(credential, topic) || covers("homeassistant/+/+/config", topic) ||
            covers("homeassistant/+/+/+/config", topic));
}

bool Sessions::may_subscribe(std::string_view credential, std::string_view filter) const {
    return known.contains(credential) &&
           (has(credential, filter) || covers("homeassistant/status", filter));
}

// --- Sessions ----------------------------------------------------------------------------------

void Sessions::connect(std::size_t client, bool clean, bool kept, const Window& window) {
    disconnect(client);
    Session& session = sessions_[client];
    const bool resumes = session.exists && !clean;
    if (!resumes) {
        const bool replaces = session.numbered || session.replaces;
        session = {};
        session.replaces = replaces;
        session.opened = window;
        session.numbered = kept;
    }
    session.exists = true;
    session.connected = true;
    session.reads = true;
    session.kept = kept;
}

void Sessions::disconnect(std::size_t client) {
    Session& session = sessions_[client];
    if (!session.connected) return;
    session.connected = false;
    session.expected[0].clear();
    for (Owed& owed : session.owed)
        owed.must = false;
    if (session.kept) return;
    // One that was kept, or may have been, before it ends with its connection may come back by a
    // death.
    session.exists = session.numbered || session.wild;
    session.wild = session.exists;
}

void Sessions::subscribe(std::size_t client, const std::string& filter, std::size_t qos, Micros utc,
                         const Window& window) {
    Session& session = sessions_[client];
    session.subscriptions[filter] = {qos, false, true, window};
    bool owes = false;
    for (Owed& owed : session.owed) {
        if (owed.filter != filter) continue;
        owes = true;
        // It comes as the subscription is when it comes.
        const auto there = retained_.find(owed.said.topic);
        const bool same =
            there != retained_.end() && std::min(qos, there->second.back().qos) == owed.qos;
        owed.any_qos = owed.any_qos || !same;
    }
    for (const auto& [topic, versions] : retained_) {
        const RetainedMessage& now = versions.back();
        if (now.payload.empty() || has_expired(now, utc) || !covers(filter, topic)) continue;
        const std::size_t least = std::min(qos, now.qos);
        session.owed.push_back({{topic, now.payload},
                                least,
                                false,
                                filter,
                                !owes && session.reads && now.expires_at == 0});
    }
}

void Sessions::unsubscribe(std::size_t client, const std::string& filter, const Window& window) {
    Session& session = sessions_[client];
    if (!session.subscriptions.contains(filter)) return;
    session.subscriptions[filter] = {0, true, true, window};
    for (Owed& owed : session.owed)
        if (owed.filter == filter) owed.must = false;
}

void Sessions::hold(std::size_t client, std::uint16_t id, const Window& window) {
    sessions_[client].held[id] = {window, true};
}

Sessions::Answer Sessions::is_present(std::size_t client) const {
    const Session& session = sessions_[client];
    if (session.wild) return Answer::either;
    return session.exists ? Answer::yes : Answer::no;
}

Sessions::Answer Sessions::will_grant(std::size_t client, const std::string& filter,
                                      bool accepts) const {
    if (!may_subscribe(clients[client].credential, filter)) return Answer::no;
    const Session& session = sessions_[client];
    if (accepts || !session.numbered) return Answer::yes;
    const auto found = session.subscriptions.find(filter);
    if (session.wild || (found != session.subscriptions.end() && !found->second.sure))
        return Answer::either;
    return found != session.subscriptions.end() && !found->second.removed ? Answer::yes
                                                                          : Answer::no;
}

Sessions::Answer Sessions::holds(std::size_t client, std::uint16_t id) const {
    const Session& session = sessions_[client];
    if (session.wild) return Answer::either;
    const auto found = session.held.find(id);
    if (found == session.held.end()) return Answer::no;
    return found->second.sure ? Answer::yes : Answer::either;
}

void Sessions::revoke(const std::string& credential, const Window& window) {
    for (std::size_t client = 0; client < clients.size(); ++client)
        if (clients[client].credential == credential) sessions_[client] = {};
    for (auto& [topic, versions] : retained_) {
        const RetainedMessage& now = versions.back();
        const bool theirs = now.owner == credential || now.owner == hearth_for(credential);
        if (!now.payload.empty() && theirs) versions.push_back({.window = window});
    }
}

// --- Messages ----------------------------------------------------------------------------------

Sessions::Reach Sessions::reach(const Session& session, const std::string& topic) {
    Reach reach;
    for (const auto& [filter, subscription] : session.subscriptions) {
        if (!covers(filter, topic)) continue;
        if (!subscription.sure) reach.sure = false;
        if (subscription.removed && subscription.sure) continue;
        reach.matches = true;
        reach.qos = std::max(reach.qos, subscription.qos);
    }
    return reach;
}

void Sessions::publish(const Publication& publication) {
    const auto given = numbers_.find(publication.number);
    const bool again = publication.number != 0 && given != numbers_.end();
    Held number{publication.window, false};
    bool kept = false;
    for (Session& session : sessions_) {
        const Reach reaches = reach(session, publication.said.topic);
        if (!session.exists || session.wild || !reaches.matches) continue;
        const bool counts = session.numbered && std::min(reaches.qos, publication.qos) > 0;
        if (counts && again && given->second.sure && reaches.sure) continue;
        const bool surely = give(session, publication, reaches, counts && again);
        kept = kept || counts;
        number.sure = number.sure || (counts && surely);
    }
    if (publication.number != 0 && kept && !(again && given->second.sure))
        numbers_[publication.number] = number;
    retain(publication);
}

bool Sessions::give(Session& session, const Publication& publication, const Reach& reach,
                    bool again) {
    constexpr std::size_t unread = 20; // no socket is full of so many
    const std::size_t qos = std::min(reach.qos, publication.qos);
    std::size_t open = session.owed.size();
    for (const Expected& expected : session.expected)
        open += expected.open();
    bool sure = publication.must && reach.sure && !again;
    if (qos == 0)
        sure = sure && session.reads && open < unread;
    else
        sure = sure && open < small_limits().queued_messages;
    const bool must = sure && publication.expires_at == 0;
    for (std::size_t q = reach.sure ? qos : 0; q <= (reach.sure ? qos : publication.qos); ++q)
        if (q > 0 || session.connected)
            session.expected[q].add(publication.said, must, publication.window);
    return sure;
}

void Sessions::retain(const Publication& publication) {
    if (!publication.retain || !publication.accepts) return;
    for (Session& session : sessions_)
        for (Owed& owed : session.owed)
            if (owed.said.topic == publication.said.topic) owed.must = false;
    std::vector<RetainedMessage>& versions = retained_[publication.said.topic];
    if (!publication.must) unsure_ = true;
    RetainedMessage message{publication.said.payload, publication.owner, publication.expires_at,
                            publication.swept_by,     publication.qos,   publication.window};
    if (versions.empty() && message.payload.empty()) {
        retained_.erase(publication.said.topic);
        return;
    }
    versions.push_back(std::move(message));
}

void Sessions::hand_retained(const std::string& topic, const std::string& owner,
                             const Window& window) {
    const auto found = retained_.find(topic);
    if (found == retained_.end() || found->second.back().payload.empty()) return;
    RetainedMessage handed = found->second.back();
    handed.owner = owner;
    handed.window = window;
    found->second.push_back(std::move(handed));
}

std::string Sessions::take(std::size_t client, const Delivery& delivery) {
    Session& session = sessions_[client];
    if (!may_subscribe(clients[client].credential, delivery.said.topic))
        return "its credential may not read that";
    if (is_will(delivery.said.payload))
        return wills_.contains(delivery.said.payload) ? "" : "the will of one who left in order";
    if (session.wild) return {};
    if (!delivery.retain)
        return session.expected[delivery.qos].take(delivery.said, delivery.duplicate)
                   ? ""
                   : "not said to it, or something is missing before:" +
                         session.expected[delivery.qos].missing();
    // One that comes again was under way before this connection, and is not what is owed to it.
    if (delivery.duplicate && session.told.contains(delivery.said)) return {};
    const auto fits = [&](const Owed& one) {
        return one.said == delivery.said && (one.any_qos || one.qos == delivery.qos) &&
               !(one.must && delivery.duplicate);
    };
    const auto owed = std::ranges::max_element(session.owed, {}, [&](const Owed& one) {
        // What must come before what may, and what fits well before what fits anyhow.
        return fits(one) ? 1 + 2 * static_cast<int>(one.must) + static_cast<int>(!one.any_qos) : 0;
    });
    const bool found = owed != session.owed.end() && fits(*owed);
    if (!found && !(session.may_be_told_again && session.told.contains(delivery.said)))
        return "no such retained message is owed to it (any more)";
    if (found) session.owed.erase(owed);
    session.told.insert(delivery.said);
    return {};
}

std::string Sessions::missing(std::size_t client) const {
    const Session& session = sessions_[client];
    if (!session.exists || !session.connected || !session.reads || session.wild) return {};
    for (const Expected& expected : session.expected)
        if (!expected.is_complete()) return "messages have not come:" + expected.missing();
    for (const Owed& owed : session.owed)
        if (owed.must) return "a retained message has not come: " + owed.said.topic;
    return {};
}

} // namespace hearth::hub_fuzz
