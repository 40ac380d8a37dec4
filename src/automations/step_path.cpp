#include "automations/step_path.h"

#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace hearth::automations {
namespace {

using Place = StepPath::Place;

/// 0 where it is none: they count from 1, and 01 would be a second spelling.
std::uint32_t number_of(std::string_view part) {
    long long number = 0;
    const bool good = !part.starts_with('0') && parse_integer(part, number) && number > 0 &&
                      number <= StepPath::max_number;
    return good ? static_cast<std::uint32_t>(number) : 0;
}

bool is_branch(std::string_view part) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    return !part.empty() && part.size() <= StepPath::max_branch &&
           std::ranges::all_of(part, is_letter);
}

/// Empty where the text is no path.
std::vector<Place> read(std::string_view text) {
    const std::vector<std::string_view> parts = split(text, '.');
    const auto number = [&](std::size_t at) {
        return at < parts.size() ? number_of(parts[at]) : 0;
    };
    std::vector<Place> places;
    for (std::size_t at = 0; at < parts.size();) {
        Place place;
        if (!places.empty()) {
            if (!is_branch(parts[at])) return {};
            place.branch = parts[at++];
        }
        place.number = number(at++);
        if (place.number == 0) return {};
        if (const std::uint32_t second = number(at); second != 0 && !places.empty()) {
            place.turn = std::exchange(place.number, second);
            ++at;
        }
        places.push_back(place);
    }
    return places;
}

template <class T>
std::optional<T> optional(Result<T> result) {
    return result ? std::optional<T>(std::move(*result)) : std::nullopt;
}

} // namespace

Result<StepPath> StepPath::parse(std::string_view text) {
    if (text.size() > max_bytes)
        return fail(Code::limit, "the path of a step has {} bytes; at most {} are allowed",
                    text.size(), max_bytes);
    const std::size_t depth = read(text).size();
    if (depth == 0)
        return fail(Code::invalid, "\"{}\" is no path of a step, such as 1 or 2.then.1",
                    printable(text));
    if (depth > max_depth)
        return fail(Code::limit, "the step {} is in {} lists; at most {} are allowed", text, depth,
                    max_depth);
    return StepPath(std::string(text));
}

std::optional<StepPath> StepPath::of_index(std::uint64_t index) {
    if (index >= max_number) return std::nullopt;
    return StepPath(std::to_string(index + 1));
}

std::optional<StepPath> StepPath::next() const {
    const std::size_t number = text_.rfind('.') + 1; // 0 where there is no point
    const std::string_view whole = text_;
    return optional(
        parse(fmt::format("{}{}", whole.substr(0, number), number_of(whole.substr(number)) + 1)));
}

std::optional<StepPath> StepPath::first_in(std::string_view branch, std::uint32_t turn) const {
    if (!is_branch(branch)) return std::nullopt;
    return optional(parse(turn == 0 ? fmt::format("{}.{}.1", text_, branch)
                                    : fmt::format("{}.{}.{}.1", text_, branch, turn)));
}

std::vector<Place> StepPath::places() const& {
    return read(text_);
}

std::strong_ordering StepPath::operator<=>(const StepPath& other) const {
    return places() <=> other.places();
}

} // namespace hearth::automations
