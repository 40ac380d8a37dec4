#pragma once

#include "journal/journal.h"

#include <compare>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace hearth::hub_fuzz {

/// The records of the journal that tell something: those after `before`, up to `after`.
struct Window {
    journal::Sequence before = 0;
    journal::Sequence after = 0;
};

/// What is left of it after a death that records up to a mark survived.
enum class Fate { kept, lost, unsure };
inline Fate fate_of(const Window& window, journal::Sequence mark) {
    if (window.after <= mark) return Fate::kept;
    return window.before >= mark ? Fate::lost : Fate::unsure;
}

struct Said {
    std::string topic;
    std::string payload;
    auto operator<=>(const Said&) const = default;
};

/// What a session is to get with one QoS, in order. Some of it must come, some may.
///
/// Several messages may say the same, so which of them one is that comes is not always known: all
/// places where the session may stand are kept.
class Expected {
public:
    void add(Said said, bool must, const Window& window) {
        entries_.push_back({std::move(said), must, window});
    }
    /// One has come; `again`: it may be one that has come before. False where it can be none.
    bool take(const Said& said, bool again);
    /// Whether nothing is missing.
    bool is_complete() const;
    /// What is missing, to be shown.
    std::string missing() const;
    /// At most so many are still to come.
    std::size_t open() const { return entries_.size() - *at_.begin(); }
    /// After a death: what may be lost need not come, and what has come may come again.
    void die(journal::Sequence mark);
    void clear() { *this = {}; }

private:
    struct Entry {
        Said said;
        bool must = true;
        Window window;
    };

    std::vector<Entry> entries_;
    std::set<std::size_t> at_{0}; ///< so many of them may have come; never empty
    std::set<Said> seen_;
    std::set<Said> before_death_;
};

} // namespace hearth::hub_fuzz
