#include "adapters/mqtt_discovery/template_budget.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace hearth::mqtt_discovery {

std::size_t TemplateBudget::filled(const Bucket& bucket, Micros now) const {
    const std::size_t rate = limits_.template_steps_per_s;
    const std::size_t missing = limits_.template_steps_burst - bucket.steps;
    const auto passed = static_cast<std::size_t>(std::max<Micros>(now - bucket.filled, 0));
    // Beyond the time that fills it the product could overflow.
    if (passed / seconds > missing / std::max<std::size_t>(rate, 1)) return bucket.steps + missing;
    return bucket.steps + std::min(missing, passed * rate / seconds);
}

std::size_t TemplateBudget::available(std::string_view publisher, const Clock& clock) const {
    if (buckets_.empty()) return limits_.template_steps_burst;
    auto known = buckets_.find(std::string(publisher));
    const bool shares = known == buckets_.end() && buckets_.size() >= limits_.template_publishers;
    if (shares) known = buckets_.find(std::string());
    if (known == buckets_.end()) return limits_.template_steps_burst;
    return filled(known->second, clock.steady());
}

void TemplateBudget::spend(std::string_view publisher, const Clock& clock, std::size_t steps) {
    Bucket& from = bucket(publisher, clock.steady());
    from.steps -= std::min(from.steps, steps);
}

std::optional<std::uint64_t> TemplateBudget::set_aside(std::string_view publisher,
                                                       const Clock& clock) {
    const Micros now = clock.steady();
    Bucket& of = bucket(publisher, now);
    if (now < of.tell_again) {
        ++of.untold;
        return std::nullopt;
    }
    of.tell_again = now + limits_.template_refusal_interval;
    return std::exchange(of.untold, 0);
}

TemplateBudget::Bucket& TemplateBudget::bucket(std::string_view publisher, Micros now) {
    const auto known = buckets_.find(std::string(publisher));
    if (known != buckets_.end()) {
        known->second.steps = filled(known->second, now);
        known->second.filled = now;
        return known->second;
    }
    if (buckets_.size() >= limits_.template_publishers) forget_idle(now);
    // Where even that made no room, those who come next share one.
    const bool full = buckets_.size() >= limits_.template_publishers;
    const auto [fresh, is_new] =
        buckets_.try_emplace(full ? std::string() : std::string(publisher));
    if (is_new) fresh->second = {limits_.template_steps_burst, now, 0, 0};
    return fresh->second;
}

void TemplateBudget::forget_idle(Micros now) {
    std::erase_if(buckets_, [&](const auto& entry) {
        const Bucket& one = entry.second;
        return now >= one.tell_again && filled(one, now) >= limits_.template_steps_burst;
    });
}

MessageBudget::~MessageBudget() {
    if (spent_ > limits_.template_free_steps)
        all_.spend(publisher_, clock_, spent_ - limits_.template_free_steps);
}

std::size_t MessageBudget::left(std::size_t wanted) {
    if (!asked_ && spent_ + wanted > allowed_) {
        asked_ = true;
        allowed_ = std::min(limits_.template_steps_per_message,
                            limits_.template_free_steps + all_.available(publisher_, clock_));
    }
    return spent_ < allowed_ ? allowed_ - spent_ : 0;
}

std::string MessageBudget::reason() const {
    if (allowed_ >= limits_.template_steps_per_message)
        return fmt::format("the templates of one message took more than {} steps",
                           limits_.template_steps_per_message);
    return fmt::format("the templates that read its messages took more than {} steps a second",
                       limits_.template_steps_per_s);
}

} // namespace hearth::mqtt_discovery
