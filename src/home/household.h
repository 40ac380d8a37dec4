#pragma once

#include "home/authority.h"
#include "home/person_book.h"

#include <functional>
#include <string_view>

namespace hearth::home {

/// The authority of a household: people by their rights; tokens by those of the person who made
/// them; automations by those of their author, whoever they run for; hearth itself, and who holds
/// its data folder's token, without limit. Devices and agents may ask for nothing.
///
/// Belongs to the home's shard; the clock and the people outlive it.
class Household final : public Authority {
public:
    /// Who wrote an automation, by its id; nobody where it is not known.
    using AuthorOf = std::function<Subject(std::string_view automation)>;

    Household(const Clock& clock, const PersonBook& persons, AuthorOf author_of);

    Result<void> may(const Subject& subject, access::Verb verb,
                     const Device& device) const override;
    Result<void> may(const Subject& subject, access::Verb verb) const override;

private:
    struct Standing {
        bool without_limit = false;
        const access::Person* person = nullptr; ///< else whose rights count
    };
    Result<Standing> standing_of(const Subject& subject) const;
    Result<Standing> standing_of_token(std::string_view name) const;

    const Clock& clock_;
    const PersonBook& persons_;
    AuthorOf author_of_;
};

} // namespace hearth::home
