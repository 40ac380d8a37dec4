#include "base/metrics.h"

#include <fmt/core.h>

namespace hearth {

Metrics::Family& Metrics::family(std::string_view name, std::string_view help) {
    auto found = families_.find(name);
    if (found == families_.end()) {
        found = families_.emplace(std::string(name), Family()).first;
        found->second.help = help;
    }
    return found->second;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, std::string_view labels) {
    auto& counters = family(name, help).counters;
    auto found = counters.find(labels);
    if (found == counters.end())
        found = counters.emplace(std::string(labels), std::make_unique<Counter>()).first;
    return *found->second;
}

void Metrics::gauge(std::string_view name, std::string_view help, std::function<double()> read) {
    family(name, help).gauge = std::move(read);
}

void Metrics::add_to(Shown& shown) const {
    for (const auto& [name, family] : families_)
        shown[name].push_back(&family);
    for (const Metrics* other : others_)
        other->add_to(shown);
}

std::string Metrics::render() const {
    Shown shown;
    add_to(shown);
    std::string out;
    for (const auto& [name, families] : shown) {
        const Family& first = *families.front();
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, first.help, name,
                           first.gauge ? "gauge" : "counter");
        if (first.gauge) out += fmt::format("{} {}\n", name, first.gauge());
        for (const Family* family : families)
            for (const auto& [labels, counter] : family->counters)
                out += labels.empty()
                           ? fmt::format("{} {}\n", name, counter->value())
                           : fmt::format("{}{{{}}} {}\n", name, labels, counter->value());
    }
    return out;
}

} // namespace hearth
