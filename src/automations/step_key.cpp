#include "automations/step_key.h"

#include "base/text.h"

#include <limits>
#include <vector>

#include <fmt/format.h>

namespace hearth::automations {
namespace {

constexpr std::string_view word = "step";
constexpr std::string_view older_word = "run";

static_assert(word.size() + 2 + std::numeric_limits<RunId>::digits10 + 1 + StepPath::max_bytes <=
              home::HomeLimits{}.key_bytes);

std::optional<StepPath> read_path(std::string_view word_in_front, std::string_view text) {
    if (word_in_front == word) {
        const auto path = StepPath::parse(text);
        return path ? std::optional(*path) : std::nullopt;
    }
    long long index = 0;
    if (word_in_front != older_word || !parse_integer(text, index) || index < 0)
        return std::nullopt;
    return StepPath::of_index(static_cast<std::uint64_t>(index));
}

} // namespace

std::string to_string(const StepKey& key) {
    return fmt::format("{}:{}:{}", word, key.run, key.path.text());
}

std::optional<StepKey> parse_step_key(std::string_view text) {
    const std::vector<std::string_view> parts = split(text, ':');
    long long run = 0;
    if (parts.size() != 3 || !parse_integer(parts[1], run) || run <= 0) return std::nullopt;
    auto path = read_path(parts[0], parts[2]);
    if (!path) return std::nullopt;
    return StepKey{static_cast<RunId>(run), std::move(*path)};
}

} // namespace hearth::automations
