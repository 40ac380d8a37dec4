#include "home/household.h"

#include "base/text.h"
#include "home/device.h"

#include <utility>

namespace hearth::home {

Household::Household(const Clock& clock, const PersonBook& persons, AuthorOf author_of)
    : clock_(clock)
    , persons_(persons)
    , author_of_(std::move(author_of)) {}

Result<Household::Standing> Household::standing_of_token(std::string_view name) const {
    const access::ApiToken* token = persons_.find_token(name);
    if (token == nullptr)
        return fail(Code::refused, "the token \"{}\" is no more", printable(name, 80));
    if (token->person.empty()) return Standing{.without_limit = true};
    return standing_of({Subject::Kind::person, token->person});
}

Result<Household::Standing> Household::standing_of(const Subject& subject) const {
    switch (subject.kind) {
    case Subject::Kind::hub:
        return Standing{.without_limit = true};
    case Subject::Kind::person: {
        const access::Person* person = persons_.find_person(subject.id);
        if (person == nullptr) return fail(Code::refused, "whoever asks lives here no more");
        if (access::has_ended(person->rights, clock_.utc()))
            return fail(Code::refused, "the time of {} here is over", person->name);
        return Standing{.person = person};
    }
    case Subject::Kind::token:
        return standing_of_token(subject.id);
    case Subject::Kind::automation: {
        const Subject author = author_of_(subject.id);
        // Its author is somebody who came in, never another automation.
        if (author.kind == Subject::Kind::nobody || author.kind == Subject::Kind::automation)
            return fail(Code::refused, "nobody knows who wrote this automation; save it again");
        auto standing = standing_of(author);
        if (!standing)
            return fail(Code::refused,
                        "its author may do nothing here: {}; whoever saves the automation again "
                        "takes it over",
                        standing.error().detail);
        return standing;
    }
    default:
        return fail(Code::refused, "{} may ask for nothing", to_string(subject.kind));
    }
}

Result<void> Household::may(const Subject& subject, access::Verb verb, const Device& device) const {
    const auto standing = standing_of(subject);
    if (!standing) return std::unexpected(standing.error());
    if (standing->without_limit) return {};
    const access::Person& person = *standing->person;
    if (access::allows(person.rights, clock_.utc(), verb, device.area, device.type)) return {};
    return fail(Code::refused, "{} may not {} {}", person.name, access::to_string(verb),
                device.name());
}

Result<void> Household::may(const Subject& subject, access::Verb verb) const {
    const auto standing = standing_of(subject);
    if (!standing) return std::unexpected(standing.error());
    if (standing->without_limit) return {};
    const access::Person& person = *standing->person;
    if (access::allows(person.rights, clock_.utc(), verb)) return {};
    return fail(Code::refused, "{} may not {} the home as a whole", person.name,
                access::to_string(verb));
}

} // namespace hearth::home
