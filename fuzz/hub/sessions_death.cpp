#include "hub/sessions.h"

#include <algorithm>

/// What a death leaves open, and how retained messages are compared.
namespace hearth::hub_fuzz {

template <class Key>
void Sessions::forget_lost(std::map<Key, Held>& all, journal::Sequence mark) {
    for (auto& [key, held] : all)
        if (fate_of(held.window, mark) == Fate::unsure) held.sure = false;
    std::erase_if(
        all, [&](const auto& entry) { return fate_of(entry.second.window, mark) == Fate::lost; });
}

void Sessions::die(journal::Sequence mark) {
    for (Session& session : sessions_)
        die(session, mark);
    forget_lost(numbers_, mark);
    for (auto& [topic, versions] : retained_) {
        std::vector<RetainedMessage> left(1); // nothing, from before there was any
        for (RetainedMessage& version : versions) {
            const Fate fate = fate_of(version.window, mark);
            if (fate == Fate::kept) left.clear();
            if (fate != Fate::lost) left.push_back(std::move(version));
        }
        versions = std::move(left);
    }
    unsure_ = true;
}

void Sessions::die(Session& session, journal::Sequence mark) {
    session.connected = false;
    if (session.wild) return;
    const Fate opened = fate_of(session.opened, mark);
    if ((session.replaces && opened != Fate::kept) || (!session.kept && session.numbered) ||
        (session.kept && opened == Fate::unsure)) {
        session.exists = true;
        session.wild = true;
        return;
    }
    if (!session.kept || opened == Fate::lost) {
        session = {};
        return;
    }
    session.expected[0].clear();
    for (Expected& expected : session.expected)
        expected.die(mark);
    for (Owed& owed : session.owed)
        owed.must = false;
    session.may_be_told_again = true;
    for (auto& [filter, subscription] : session.subscriptions) {
        if (fate_of(subscription.window, mark) == Fate::kept) continue;
        subscription.sure = false;
        subscription.qos = 2;
    }
    forget_lost(session.held, mark);
}

void Sessions::clock_was_set(Micros swept_by) {
    for (auto& [topic, versions] : retained_)
        for (RetainedMessage& version : versions)
            version.swept_by = std::max(version.swept_by, swept_by);
}

std::string Sessions::check_retained(const std::map<std::string, RetainedMessage>& actual,
                                     Micros utc) {
    for (const auto& [topic, message] : actual)
        if (!retained_.contains(topic)) return topic + " is retained, though nobody said so";
    for (auto& [topic, versions] : retained_) {
        const auto found = actual.find(topic);
        const auto fits = [&](const RetainedMessage& version) {
            const bool gone =
                version.payload.empty() || (version.expires_at != 0 && utc >= version.expires_at);
            if (found == actual.end()) return gone || version.has_expired;
            if (gone) return false;
            return found->second.payload == version.payload && found->second.owner == version.owner;
        };
        const auto version = std::find_if(versions.rbegin(), versions.rend(), fits);
        if (version == versions.rend() || (!unsure_ && version != versions.rbegin()))
            return topic + " is " +
                   (found == actual.end() ? "nothing"
                                          : found->second.payload + " of " + found->second.owner) +
                   ", and was " + versions.back().payload + " of " + versions.back().owner;
        if (unsure_) versions = {*version};
    }
    unsure_ = false;
    return {};
}

std::size_t Sessions::most_retained(Micros utc, Micros steady) {
    return static_cast<std::size_t>(std::ranges::count_if(retained_, [&](auto& entry) {
        RetainedMessage& now = entry.second.back();
        const bool expired = now.expires_at != 0 && utc >= now.expires_at;
        now.has_expired = now.has_expired || expired;
        return !now.payload.empty() && !(expired && steady > now.swept_by);
    }));
}

std::string Sessions::retained_by_client(const std::string& topic) const {
    const auto found = retained_.find(topic);
    if (found == retained_.end()) return {};
    const RetainedMessage& now = found->second.back();
    return now.owner.starts_with("hearth for ") ? std::string() : now.payload;
}

} // namespace hearth::hub_fuzz
