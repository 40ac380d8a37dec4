#pragma once

#include "base/result.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::automations {

/// The address of a step in a run: where its action stands in the automation's list, and in which
/// list inside which action where lists are in each other.
///
///     PATH = NUMBER { "." BRANCH [ "." TURN ] "." NUMBER }
///
///     "1"             the first action of the automation
///     "2.then.1"      the first one of the list "then" of the second action
///     "3.repeat.4.1"  the first one of the list "repeat" of the third, in its fourth turn
///
/// Numbers and turns count from 1, as people do; branches are words of a-z and "_". Each step has
/// one path, and each path one spelling, so equal texts are equal steps.
///
/// It is written down as text: in the records run_step, run_began and run_kept (records.h) and
/// `notified` (home/records.h), in the keys of commands (step_key.h), as "step" in traces and
/// events. So it is for ever: what a path means never changes. Records of before there were paths
/// have the index from 0 in the one list; of_index() reads it.
///
/// A value; it always holds a path.
class StepPath {
public:
    /// "step:RUN:PATH" fits into HomeLimits::key_bytes.
    static constexpr std::size_t max_bytes = 100;
    static constexpr std::size_t max_depth = 8;              ///< lists on the way, with the first
    static constexpr std::size_t max_branch = 16;            ///< bytes of its word
    static constexpr std::uint32_t max_number = 999'999'999; ///< of a place and of a turn

    /// A list on the way to the step, and the place in it.
    struct Place {
        std::string_view branch;  ///< which list of the action before; empty for the automation's
        std::uint32_t turn = 0;   ///< from 1; 0 where the list has no turns
        std::uint32_t number = 0; ///< from 1

        auto operator<=>(const Place&) const = default;
    };

    /// "1": where each run begins.
    static StepPath first() { return StepPath("1"); }
    /// Errors: invalid, limit.
    static Result<StepPath> parse(std::string_view text);
    /// The path of what older journals call by its index, from 0; nothing where that is too large.
    static std::optional<StepPath> of_index(std::uint64_t index);

    /// The next place in the same list; nothing beyond the limits. Whether an action stands there
    /// is the definition's matter.
    std::optional<StepPath> next() const;
    /// The first place of a list inside this step's action; nothing where that is no branch or
    /// beyond the limits.
    std::optional<StepPath> first_in(std::string_view branch, std::uint32_t turn = 0) const;

    const std::string& text() const { return text_; }
    /// From the automation's list inward, at least one. They refer to this path's text.
    std::vector<Place> places() const&;
    std::vector<Place> places() && = delete;

    bool operator==(const StepPath&) const = default;
    /// The order in which a run comes by: 2, 2.then.1, 2.then.10, 3. Branches, of which a run takes
    /// one or all at once, go by the alphabet.
    std::strong_ordering operator<=>(const StepPath& other) const;

private:
    explicit StepPath(std::string text)
        : text_(std::move(text)) {}

    std::string text_;
};

} // namespace hearth::automations
