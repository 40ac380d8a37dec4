#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

/// Expected failures are values: a function that can fail returns a Result. Bugs are assertions.
/// No exception crosses the edge of a room: who calls a library that throws catches it there.
namespace hearth {

/// Why something did not happen. A caller decides by the code; a person reads the detail.
enum class Code {
    invalid,     ///< what was handed in makes no sense: malformed, out of range, of the wrong type
    not_found,   ///< it names something that does not exist
    refused,     ///< it makes sense, but is not allowed or not possible here
    conflict,    ///< it contradicts what is there already
    limit,       ///< a named limit is reached
    timed_out,   ///< no answer in time
    io,          ///< the operating system said no
    damaged,     ///< stored bytes are not what was written
    newer,       ///< written by a newer version of hearth
    unavailable, ///< not now: full disk, stopping, not connected
    internal,    ///< a bug of hearth
};

std::string_view to_string(Code code);

/// One line for a person: what is wrong, with which value, and what to do about it.
struct [[nodiscard]] Error {
    Code code = Code::internal;
    std::string detail;

    bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

/// `return fail(Code::limit, "packet of {} bytes; at most {} are allowed", size, limit);`
template <class... Args>
std::unexpected<Error> fail(Code code, fmt::format_string<Args...> format, Args&&... args) {
    return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

/// Hands an error upward unchanged: `if (!parsed) return fail(parsed);`
template <class T>
std::unexpected<Error> fail(Result<T>& failed) {
    return std::unexpected(std::move(failed.error()));
}

/// Hands an error upward with what was being done: "config: homes/demo.yaml: line 3: …".
template <class T>
std::unexpected<Error> fail_in(std::string_view context, const Result<T>& failed) {
    return std::unexpected(
        Error{failed.error().code, fmt::format("{}: {}", context, failed.error().detail)});
}

} // namespace hearth
