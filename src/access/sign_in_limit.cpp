#include "access/sign_in_limit.h"

#include "base/text.h"

#include <algorithm>

namespace hearth::access {
namespace {

/// The wait doubles with each failure beyond the free ones, from this on.
constexpr Micros first_wait = seconds;
constexpr std::uint32_t most_doublings = 20;

std::string pair_of(std::string_view name, std::string_view address) {
    return std::string(address) + '\n' + to_lower(name);
}

} // namespace

SignInLimit::Verdict SignInLimit::begin(std::string_view name, std::string_view address,
                                        Micros now) {
    const std::string pair = pair_of(name, address);
    Count& of_pair = count_of(pairs_, other_pairs_, pair, now);
    Count* of_address = nullptr;
    Count* of_name = nullptr;
    if (!known_places_.contains(pair)) {
        of_address = &count_of(addresses_, other_addresses_, std::string(address), now);
        of_name = &count_of(names_, other_names_, to_lower(name), now);
    }
    Micros at = std::max(now, of_pair.next_free);
    for (const Count* count : {of_address, of_name})
        if (count != nullptr) at = std::max(at, count->next_free);
    if (at - now > options_.longest_line)
        return {true, at - now - options_.longest_line + options_.longest_wait};
    take(of_pair, options_.free_tries, at);
    for (Count* count : {of_address, of_name})
        if (count != nullptr) take(*count, options_.free_tries_in_all, at);
    return {false, at - now};
}

void SignInLimit::succeeded(std::string_view name, std::string_view address, Micros now) {
    const std::string pair = pair_of(name, address);
    pairs_.erase(pair);
    for (auto [counts, key] :
         {std::pair{&addresses_, std::string(address)}, std::pair{&names_, to_lower(name)}})
        if (const auto found = counts->find(key); found != counts->end()) {
            found->second.failures -= std::min(found->second.failures, 1U);
            if (found->second.failures <= options_.free_tries_in_all) found->second.next_free = 0;
        }
    if (known_places_.size() >= options_.names && !known_places_.contains(pair))
        known_places_.erase(std::ranges::min_element(
            known_places_, {}, [](const auto& place) { return place.second; }));
    known_places_[pair] = now;
}

std::uint32_t SignInLimit::free_tries_left(std::string_view name, std::string_view address,
                                           Micros now) const {
    const auto found = pairs_.find(pair_of(name, address));
    if (found == pairs_.end() || is_old(found->second, now)) return options_.free_tries;
    return options_.free_tries - std::min(found->second.failures, options_.free_tries);
}

bool SignInLimit::is_old(const Count& count, Micros now) const {
    return now - count.last >= options_.window;
}

SignInLimit::Count& SignInLimit::count_of(Counts& counts, Count& others, const std::string& key,
                                          Micros now) {
    auto found = counts.find(key);
    if (found == counts.end()) {
        if (counts.size() >= options_.names)
            std::erase_if(counts, [&](const auto& entry) { return is_old(entry.second, now); });
        if (counts.size() < options_.names) found = counts.emplace(key, Count{}).first;
    }
    Count& count = found != counts.end() ? found->second : others;
    if (is_old(count, now)) count = {};
    return count;
}

void SignInLimit::take(Count& count, std::uint32_t free, Micros at) const {
    ++count.failures;
    count.last = at;
    if (count.failures < free) return;
    const std::uint32_t doublings = std::min(count.failures - free, most_doublings);
    count.next_free = at + std::min(first_wait << doublings, options_.longest_wait);
}

} // namespace hearth::access
