#pragma once

#include "base/result.h"
#include "base/time.h"
#include "base/value.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What somebody may do in a home. Pure values and rules: home/household.h asks them about people,
/// tokens and automations.
namespace hearth::access {

enum class Verb : std::uint8_t {
    see,     ///< a device and what happens with it
    use,     ///< ask something of it
    open,    ///< ask of it what lets somebody in: unlock, open a garage door, disarm
    arrange, ///< name and place it; of the whole home also its rooms and automations
    manage,  ///< people, credentials, other people's tokens, what is forgotten for ever
};
constexpr std::size_t verb_count = 5;
std::string_view to_string(Verb verb);
std::optional<Verb> parse_verb(std::string_view text);

/// A set of verbs. Whoever may do anything with a device may also see it.
class Verbs {
public:
    constexpr Verbs() = default;
    constexpr Verbs(std::initializer_list<Verb> verbs) {
        for (const Verb verb : verbs)
            add(verb);
    }
    constexpr void add(Verb verb) {
        bits_ = static_cast<std::uint8_t>(bits_ | (1U << static_cast<unsigned>(verb)) | 1U);
    }
    constexpr bool has(Verb verb) const { return (bits_ >> static_cast<unsigned>(verb) & 1U) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    /// For records: a bit a verb, in their order.
    constexpr std::uint8_t bits() const { return bits_; }
    static constexpr Verbs of_bits(std::uint8_t bits) {
        Verbs verbs;
        for (std::size_t i = 0; i < verb_count; ++i)
            if ((bits >> i & 1U) != 0) verbs.add(static_cast<Verb>(i));
        return verbs;
    }

    bool operator==(const Verbs&) const = default;

private:
    std::uint8_t bits_ = 0;
};

/// Some verbs for the devices of some areas and types.
struct Grant {
    static constexpr std::size_t max_words = 64; ///< areas, and types

    std::vector<std::string> areas; ///< their ids; everywhere where empty
    std::vector<std::string> types; ///< device types ("light"); of all where empty
    Verbs verbs;

    bool operator==(const Grant&) const = default;
};

enum class Role : std::uint8_t {
    owner,  ///< may everything
    member, ///< lives here: everything but to manage
    child,  ///< sees and uses, but opens and arranges nothing
    guest,  ///< only what is granted
};
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);

/// What a person may do. The grants of a member or child take the place of what the role gives by
/// itself: a member with a grant for the kitchen has the kitchen. Nobody but an owner manages.
struct Rights {
    static constexpr std::size_t max_grants = 32;

    Role role = Role::owner;
    Micros until = 0; ///< UTC: from then on nothing; 0 for no end
    std::vector<Grant> grants;

    bool operator==(const Rights&) const = default;
};

/// Errors: invalid (an owner with grants or an end, a grant without a verb or with manage, an empty
/// word), limit.
Result<void> check_rights(const Rights& rights);

/// A wall clock that shows less (2024-01-01) was never set: a board without a battery begins in
/// 1970.
constexpr Micros clock_was_set = 1'704'067'200 * seconds;

/// Whether they are over. A clock that was never set cannot tell, and so they are.
bool has_ended(const Rights& rights, Micros utc);

/// Whether one may do something with a device of such an area (its id, or empty) and type.
bool allows(const Rights& rights, Micros utc, Verb verb, std::string_view area,
            std::string_view type);
/// Whether one may do it everywhere, with everything: what asks about the home as a whole.
bool allows(const Rights& rights, Micros utc, Verb verb);

/// {"role", "until": "…" or null, "grants": [{"areas", "types", "verbs"}]}.
Value to_value(const Rights& rights);
/// The same keys, each of which may be left out and then stays as it is in `base`.
Result<Rights> read_rights(const ValueMap& map, Rights base);

} // namespace hearth::access
