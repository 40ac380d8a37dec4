#include "hub/expected.h"

#include <algorithm>

namespace hearth::hub_fuzz {

bool Expected::take(const Said& said, bool again) {
    std::set<std::size_t> next;
    for (const std::size_t from : at_)
        for (std::size_t i = from; i < entries_.size(); ++i) {
            if (entries_[i].said == said) next.insert(i + 1);
            if (entries_[i].must) break;
        }
    if ((again && seen_.contains(said)) || before_death_.contains(said))
        next.insert(at_.begin(), at_.end());
    seen_.insert(said);
    if (next.empty()) return false;
    at_ = std::move(next);
    return true;
}

bool Expected::is_complete() const {
    return std::ranges::any_of(at_, [&](std::size_t from) {
        return std::none_of(entries_.begin() + static_cast<std::ptrdiff_t>(from), entries_.end(),
                            [](const Entry& entry) { return entry.must; });
    });
}

std::string Expected::missing() const {
    std::string text;
    for (std::size_t i = *at_.begin(); i < entries_.size(); ++i)
        text += (entries_[i].must ? " " : " ?") + entries_[i].said.topic + "=" +
                entries_[i].said.payload;
    return text;
}

void Expected::die(journal::Sequence mark) {
    for (Entry& entry : entries_)
        if (fate_of(entry.window, mark) != Fate::kept) entry.must = false;
    before_death_ = seen_;
}

} // namespace hearth::hub_fuzz
