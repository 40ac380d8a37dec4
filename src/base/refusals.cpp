#include "base/refusals.h"

#include "base/text.h"

namespace hearth {

void Refusals::add(std::string_view source, std::string_view from, const Error& error,
                   std::string_view excerpt) {
    ++total_;
    metrics_
        .counter("hearth_refused_total", "What came from outside and was not accepted",
                 fmt::format("source=\"{}\",code=\"{}\"", source, to_string(error.code)))
        .add();
    Refusal refusal{.number = total_,
                    .at = clock_.utc(),
                    .source = std::string(source),
                    .from = printable(from, 100),
                    .code = error.code,
                    .why = printable(error.detail, 400),
                    .excerpt = printable(excerpt, 200)};
    const auto repeats = [&](const Refusal& earlier) {
        return earlier.source == refusal.source && earlier.from == refusal.from &&
               earlier.why == refusal.why;
    };
    if (!list_.empty() && repeats(list_.back())) {
        list_.back() = std::move(refusal);
        return;
    }
    list_.push_back(std::move(refusal));
    if (list_.size() > limit_) list_.pop_front();
}

} // namespace hearth
