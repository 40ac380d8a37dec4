#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// A number that only grows. Adding is safe from any thread.
class Counter {
public:
    void add(std::uint64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// Numbers that hearth tells about itself, in the Prometheus text format 0.0.4: a home's, or those
/// of the process that it lives in.
///
/// A room asks for its counters once, keeps the references (they live as long as the registry) and
/// adds to them. Registering and rendering belong to the shard's thread.
class Metrics {
public:
    /// `labels` is Prometheus text such as `reason="malformed"`, or empty. The same name and labels
    /// give the same counter.
    Counter& counter(std::string_view name, std::string_view help, std::string_view labels = {});

    /// A number that is asked for when the page is rendered. What it reads must outlive this.
    void gauge(std::string_view name, std::string_view help, std::function<double()> read);

    /// Shows another registry's numbers on the same page: a home's page has those of its process
    /// too. `other` must outlive this, and may not show this one. One name in both is one family,
    /// with the help of this one; a gauge then is this one's.
    void show_also(const Metrics& other) { others_.push_back(&other); }

    /// The page for GET /metrics.
    std::string render() const;

private:
    struct Family {
        std::string help;
        std::map<std::string, std::unique_ptr<Counter>, std::less<>> counters;
        std::function<double()> gauge;
    };

    using Shown = std::map<std::string_view, std::vector<const Family*>>;

    Family& family(std::string_view name, std::string_view help);
    void add_to(Shown& shown) const;

    std::map<std::string, Family, std::less<>> families_;
    std::vector<const Metrics*> others_;
};

} // namespace hearth
