#include "catalog/device_types.h"

#include "base/check.h"
#include "catalog/builtin_types.h"

#include <algorithm>
#include <utility>

namespace hearth::catalog {
namespace {

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// Whether all of some words are among others.
bool are_among(const std::vector<std::string>& words, const std::vector<std::string>& others) {
    return std::ranges::all_of(words,
                               [&](const std::string& word) { return contains(others, word); });
}

constexpr DomainSet every_domain = ~DomainSet(0);

constexpr DomainSet bit(std::size_t domain) {
    return DomainSet(1) << domain;
}

} // namespace

bool DecidedBy::fits(const Evidence& device) const {
    if (empty()) return false;
    const auto is_there = [&](const std::string& attribute) { return device.has(attribute); };
    const bool has_platform =
        platforms.empty() || std::ranges::any_of(platforms, [&](const std::string& platform) {
            return device.has_platform(platform, device_class);
        });
    return has_platform && std::ranges::all_of(has, is_there) &&
           (any_of.empty() || std::ranges::any_of(any_of, is_there));
}

bool DecidedBy::covers(const DecidedBy& other) const {
    if (empty() || other.empty()) return false;
    if (!platforms.empty() && (other.platforms.empty() || !are_among(other.platforms, platforms)))
        return false;
    if (!device_class.empty() && device_class != other.device_class) return false;
    const bool any = any_of.empty() || (!other.any_of.empty() && are_among(other.any_of, any_of)) ||
                     std::ranges::any_of(any_of, [&](const std::string& attribute) {
                         return contains(other.has, attribute);
                     });
    return any && are_among(has, other.has);
}

bool DeviceType::is_called(std::string_view device_class) const {
    return name == device_class || contains(classes, device_class);
}

const DeviceTypes& DeviceTypes::builtin() {
    static const DeviceTypes types = [] {
        auto parsed = parse(builtin_device_types, Catalog::builtin());
        HEARTH_CHECK(parsed.has_value()); // a test reads it
        return std::move(*parsed);
    }();
    return types;
}

const DeviceType* DeviceTypes::find(std::string_view name) const {
    const auto found = types_by_name_.find(name);
    return found != types_by_name_.end() ? &types_[found->second] : nullptr;
}

const DeviceType* DeviceTypes::decide(const Evidence& device) const {
    for (const DeviceType& type : types_)
        if (type.decided_by.fits(device)) return &type;
    const bool readings = device.has_readings();
    for (const DeviceType& type : types_)
        if ((type.otherwise == Otherwise::readings && readings) ||
            (type.otherwise == Otherwise::presses && !readings && device.has_presses()))
            return &type;
    return nullptr;
}

const Domain* DeviceTypes::domain(std::string_view name) const {
    const auto found = domains_by_name_.find(name);
    return found != domains_by_name_.end() ? &domains_[found->second] : nullptr;
}

DomainHints DeviceTypes::hints(std::string_view attribute) const {
    const auto found = hints_.find(attribute);
    return found != hints_.end() ? found->second : DomainHints();
}

DomainSet DeviceTypes::domains_of(const DomainHints& hints, std::string_view type) const {
    const auto known = types_by_name_.find(type);
    const DomainSet by_type = known != types_by_name_.end() ? by_type_[known->second] : 0;
    DomainSet found = 0;
    for (std::size_t i = 0; i < domains_.size(); ++i) {
        const bool is_made = (hints.by & bit(i)) != 0 &&
                             (domains_[i].with.empty() || (hints.with & bit(i)) != 0) &&
                             (found & ~beside_[i]) == 0;
        if (is_made || (by_type & bit(i)) != 0) found |= bit(i);
    }
    return found;
}

bool DeviceTypes::contains(DomainSet set, std::string_view domain) const {
    const auto found = domains_by_name_.find(domain);
    return found != domains_by_name_.end() && (set & bit(found->second)) != 0;
}

std::vector<std::string_view> DeviceTypes::names_of(DomainSet set) const {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < domains_.size(); ++i)
        if ((set & bit(i)) != 0) names.push_back(domains_[i].name);
    return names;
}

std::span<const std::string> DeviceTypes::of_class(std::string_view device_class) const {
    const auto found = classes_.find(device_class);
    if (found == classes_.end()) return {};
    return found->second;
}

void DeviceTypes::index() {
    for (std::size_t i = 0; i < domains_.size(); ++i)
        domains_by_name_.emplace(domains_[i].name, i);
    const auto set_of = [&](const std::vector<std::string>& names) {
        DomainSet set = 0;
        for (const std::string& name : names)
            set |= bit(domains_by_name_.at(name));
        return set;
    };
    for (std::size_t i = 0; i < domains_.size(); ++i) {
        for (const std::string& attribute : domains_[i].by)
            hints_[attribute].by |= bit(i);
        for (const std::string& attribute : domains_[i].with)
            hints_[attribute].with |= bit(i);
        beside_.push_back(domains_[i].alone ? set_of(domains_[i].beside) : every_domain);
    }
    for (std::size_t i = 0; i < types_.size(); ++i) {
        types_by_name_.emplace(types_[i].name, i);
        DomainSet by_type = 0;
        for (const std::string& name : types_[i].domains)
            if (domains_[domains_by_name_.at(name)].by_type) by_type |= set_of({name});
        by_type_.push_back(by_type);
    }
}

} // namespace hearth::catalog
