#pragma once

#include "access/grants.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

#include <string>
#include <string_view>

/// Who may use the home through its API. Pure values and rules; home/person_book.h keeps them in
/// the journal. Of every token only the SHA-256 is kept: at 256 random bits it needs no slow hash.
namespace hearth::access {

/// A member of the household.
struct Person {
    std::string id; ///< 8 random letters and digits
    std::string name;
    std::string password_hash; ///< see access/password.h
    Micros created_at = 0;     ///< UTC, as all times here
    Rights rights;

    bool operator==(const Person&) const = default;
};

/// One browser or app in which a person has logged in.
struct Session {
    /// Unused for so long, it ends. Each use prolongs it.
    static constexpr Micros good_for = 90 * days;

    std::string id; ///< names it in lists; not the token
    std::string token_hash;
    std::string person;
    std::string client; ///< what the browser calls itself, shortened
    Micros created_at = 0;
    Micros used_at = 0; ///< to the hour

    bool operator==(const Session&) const = default;
};

/// A token that a person made for a program of theirs. Lasts until it is revoked.
struct ApiToken {
    std::string name;
    std::string token_hash;
    std::string person; ///< who made it; empty for the command line
    Micros created_at = 0;

    bool operator==(const ApiToken&) const = default;
};

/// The name of a person or token: 1 to 80 characters (code points) of UTF-8 with no control
/// character, and no blank at either end. Code::invalid else.
Result<void> check_display_name(std::string_view name);

/// What a client says of itself, made fit to be kept: printable, at most 120 bytes.
std::string client_label(std::string_view user_agent);

} // namespace hearth::access
