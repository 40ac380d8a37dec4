#pragma once

#include "hub/life.h"
#include "hub/sessions.h"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace hearth::hub_fuzz {

/// From where the program goes into the home just now.
enum class Phase { packet, tick, start, change, ask, commit };

/// What a home must show and may do: a twin says what a client said last, a command goes out
/// because it was asked for, and ends once. It asks the adapter only where a value comes from,
/// never what it is.
class Twins {
public:
    explicit Twins(const Sessions& sessions)
        : sessions_(sessions) {}

    void begin(const Life& life);
    /// A client that may publishes; and the broker has taken it.
    void says(const Said& message);
    void said(const Life& life, const Said& message);
    /// Announcements or rights have changed: what was said may be read again, or not any more.
    void rewired(Micros until) {
        told_.clear();
        rewired_until_ = until;
        wired_ = false;
    }
    void ticked(Micros now) { wired_ = wired_ || now >= rewired_until_; }
    void happened(const Life& life, const home::Event& event, Phase phase);
    /// hearth is about to say something for a credential; and has said something.
    void speaks(const broker::Message& message, Phase phase);
    void spoke(const Spoken& spoken);

    /// When nothing is under way.
    void check(const Life& life) const;
    /// At any time between two turns.
    void check_owners(const Life& life);
    void forget_credential(std::string_view credential) {
        std::erase_if(owners_, [&](const auto& entry) { return entry.second == credential; });
    }
    void hand(const home::DeviceId& device, const std::string& credential) {
        owners_[device] = credential;
    }

private:
    struct Asked {
        home::Command command;
        bool once = false;             ///< must not happen twice
        std::set<std::uint64_t> taken; ///< numbers of its messages that somebody has got
        bool settled = false;
    };

    void reported(const Life& life, const home::AttributeReported& report) const;
    void issued(const Life& life, const home::Command& command);
    void settled(const Life& life, const home::CommandSettled& fact);
    bool was_said(const std::string& topic, std::string_view value_template, bool value) const;

    const Sessions& sessions_;
    std::map<std::string, std::deque<std::string>> said_;         ///< by topic, the last ones
    std::map<std::pair<home::DeviceId, std::string>, bool> told_; ///< what a twin must show
    std::map<home::CommandId, Asked> asked_;
    std::map<home::DeviceId, std::string> owners_;
    Micros rewired_until_ = 0;
    bool wired_ = false; ///< nothing waits for an announcement
};

} // namespace hearth::hub_fuzz
