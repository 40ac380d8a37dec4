#include "home/person_book.h"

#include "access/credentials.h"
#include "base/crypto.h"
#include "base/text.h"
#include "home/cause.h"
#include "home/person_records.h"

#include <algorithm>

namespace hearth::home {
namespace {

constexpr std::size_t id_length = 8;

} // namespace

PersonBook::PersonBook(const Clock& clock, Random& random, journal::Journal& journal)
    : clock_(clock)
    , random_(random)
    , journal_(journal) {}

// --- People -----------------------------------------------------------------------------------

Result<access::Person> PersonBook::add_person(std::string_view name, std::string password_hash,
                                              access::Rights rights) {
    for (const auto& good : {access::check_display_name(name), access::check_rights(rights)})
        if (!good) return std::unexpected(good.error());
    if (persons_.empty() && rights.role != access::Role::owner)
        return fail(Code::invalid, "the first person of a home is its owner");
    if (find_named(name) != nullptr)
        return fail(Code::conflict, "somebody here is called {} already", name);
    if (persons_.size() >= max_persons)
        return fail(Code::limit, "a home has at most {} people", max_persons);
    access::Person person{random_id(random_, id_length), std::string(name),
                          std::move(password_hash), clock_.utc(), std::move(rights)};
    while (persons_.contains(person.id))
        person.id = random_id(random_, id_length);
    keep(person);
    return person;
}

/// Journaled whole, as a new one is.
void PersonBook::keep(access::Person person) {
    journal_.append(person_added, person_record_version, encode(person));
    std::string id = person.id;
    persons_.insert_or_assign(std::move(id), std::move(person));
}

bool PersonBook::is_last_owner(const access::Person& person) const {
    const auto owns = [](const auto& one) { return one.second.rights.role == access::Role::owner; };
    return person.rights.role == access::Role::owner && std::ranges::count_if(persons_, owns) == 1;
}

Result<void> PersonBook::change_person(std::string_view id, std::string_view name,
                                       access::Rights rights) {
    const access::Person* known = find_person(id);
    if (known == nullptr) return fail(Code::not_found, "there is no person {}", printable(id, 40));
    for (const auto& good : {access::check_display_name(name), access::check_rights(rights)})
        if (!good) return good;
    const access::Person* namesake = find_named(name);
    if (namesake != nullptr && namesake != known)
        return fail(Code::conflict, "somebody here is called {} already", name);
    if (rights.role != access::Role::owner && is_last_owner(*known))
        return fail(Code::conflict, "{} is the only owner; make somebody else one first",
                    known->name);
    access::Person changed = *known;
    changed.name = name;
    changed.rights = std::move(rights);
    if (changed == *known) return {};
    keep(std::move(changed));
    tell();
    return {};
}

Result<void> PersonBook::set_password(std::string_view id, std::string password_hash,
                                      std::string_view kept_session) {
    const access::Person* known = find_person(id);
    if (known == nullptr) return fail(Code::not_found, "there is no person {}", printable(id, 40));
    access::Person changed = *known;
    changed.password_hash = std::move(password_hash);
    keep(std::move(changed));
    end_sessions_of(id, kept_session);
    tell();
    return {};
}

Result<void> PersonBook::forget_person(std::string_view id) {
    const access::Person* known = find_person(id);
    if (known == nullptr) return fail(Code::not_found, "there is no person {}", printable(id, 40));
    if (is_last_owner(*known))
        return fail(Code::conflict, "{} is the only owner; make somebody else one first",
                    known->name);
    journal_.append(person_forgotten, person_record_version, encode_name(id));
    forget(std::string(id));
    tell();
    return {};
}

/// With what they opened and made: the record of it says no more than who it was.
void PersonBook::forget(const std::string& person) {
    std::erase_if(session_of_hash_,
                  [&](const auto& entry) { return sessions_.at(entry.second).person == person; });
    std::erase_if(sessions_, [&](const auto& entry) {
        if (entry.second.person != person) return false;
        used_here_.erase(entry.first);
        return true;
    });
    std::erase_if(token_of_hash_,
                  [&](const auto& entry) { return tokens_.at(entry.second).person == person; });
    std::erase_if(tokens_, [&](const auto& entry) { return entry.second.person == person; });
    persons_.erase(person);
}

void PersonBook::end_sessions_of(std::string_view person, std::string_view but) {
    std::vector<std::string> gone;
    for (const auto& [id, session] : sessions_)
        if (session.person == person && id != but) gone.push_back(id);
    for (const std::string& id : gone)
        end_session(id);
}

bool PersonBook::is_here(std::string_view person) const {
    const access::Person* known = find_person(person);
    return known != nullptr && !access::has_ended(known->rights, clock_.utc());
}

const access::Person* PersonBook::find_person(std::string_view id) const {
    const auto found = persons_.find(id);
    return found != persons_.end() ? &found->second : nullptr;
}

const access::Person* PersonBook::find_named(std::string_view name) const {
    for (const auto& [id, person] : persons_)
        if (equal_fold(person.name, name)) return &person;
    return nullptr;
}

// --- Sessions ---------------------------------------------------------------------------------

PersonBook::Opened PersonBook::open_session(std::string_view person, std::string_view client) {
    date_sessions();
    make_room(person);
    Opened opened{random_id(random_, id_length), access::make_key(random_)};
    while (sessions_.contains(opened.id))
        opened.id = random_id(random_, id_length);
    const Micros now = clock_.utc();
    access::Session session{
        opened.id, sha256(opened.token), std::string(person), access::client_label(client), now,
        now};
    journal_.append(session_opened, person_record_version, encode(session));
    used_here_[session.id] = clock_.steady();
    put(std::move(session));
    return opened;
}

/// Ends what is expired, and of this person's sessions the one unused for longest where there are
/// as many as may be.
void PersonBook::make_room(std::string_view person) {
    std::vector<std::string> gone;
    const access::Session* oldest = nullptr;
    std::size_t count = 0;
    for (const auto& [id, session] : sessions_) {
        if (expired(session)) {
            gone.push_back(id);
        } else if (session.person == person) {
            ++count;
            if (oldest == nullptr || session.used_at < oldest->used_at) oldest = &session;
        }
    }
    if (count >= max_sessions) gone.push_back(oldest->id);
    for (const std::string& id : gone)
        end_session(id);
    if (!gone.empty()) tell();
}

void PersonBook::end_session(const std::string& id) {
    journal_.append(session_closed, person_record_version, encode_name(id));
    forget_session(id);
}

Result<void> PersonBook::close_session(std::string_view id) {
    if (!sessions_.contains(id))
        return fail(Code::not_found, "there is no session \"{}\"", printable(id, 40));
    end_session(std::string(id));
    tell();
    return {};
}

const access::Session* PersonBook::find_session(std::string_view id) const {
    const auto found = sessions_.find(id);
    return found != sessions_.end() && !expired(found->second) ? &found->second : nullptr;
}

std::vector<const access::Session*> PersonBook::sessions() const {
    std::vector<const access::Session*> all;
    for (const auto& [id, session] : sessions_)
        if (!expired(session)) all.push_back(&session);
    return all;
}

bool PersonBook::expired(const access::Session& session) const {
    const auto here = used_here_.find(session.id);
    if (here != used_here_.end()) return clock_.steady() - here->second > access::Session::good_for;
    if (session.used_at < clock_was_set) return false;
    return clock_.utc() - session.used_at > access::Session::good_for;
}

/// Once the clock is right, sessions of before it was get a date, from which they age.
void PersonBook::date_sessions() {
    const Micros now = clock_.utc();
    if (!some_undated_ || now < clock_was_set) return;
    some_undated_ = false;
    for (auto& [id, session] : sessions_) {
        if (session.used_at >= clock_was_set) continue;
        session.used_at = now;
        journal_.append(session_used, person_record_version, encode_use(id, now));
    }
}

/// Journaled once in so long, or where it is dated in a future that a wrong clock once showed.
void PersonBook::use(access::Session& session) {
    used_here_[session.id] = clock_.steady();
    const Micros now = clock_.utc();
    const Micros age = now - session.used_at;
    if (age < use_interval && (age > -use_interval || now < clock_was_set)) return;
    session.used_at = now;
    journal_.append(session_used, person_record_version, encode_use(session.id, now));
}

// --- Tokens -----------------------------------------------------------------------------------

Result<std::string> PersonBook::add_token(std::string_view name, std::string_view person) {
    const auto good = access::check_display_name(name);
    if (!good) return std::unexpected(good.error());
    if (is_own_part(name))
        return fail(Code::invalid, "\"{}\" is what hearth calls a part of itself", name);
    if (tokens_.contains(name))
        return fail(Code::conflict, "there is a token \"{}\" already; revoke it first", name);
    if (tokens_.size() >= max_tokens)
        return fail(Code::limit, "a home has at most {} tokens", max_tokens);
    std::string key = access::make_key(random_);
    access::ApiToken token{std::string(name), sha256(key), std::string(person), clock_.utc()};
    journal_.append(token_added, person_record_version, encode(token));
    put(std::move(token));
    return key;
}

Result<void> PersonBook::revoke_token(std::string_view name) {
    if (!tokens_.contains(name))
        return fail(Code::not_found, "there is no token \"{}\"", printable(name, 80));
    journal_.append(token_revoked, person_record_version, encode_name(name));
    forget_token(name);
    tell();
    return {};
}

const access::ApiToken* PersonBook::find_token(std::string_view name) const {
    const auto found = tokens_.find(name);
    return found != tokens_.end() ? &found->second : nullptr;
}

PersonBook::Known PersonBook::authenticate(std::string_view token) {
    const std::string hash = sha256(token);
    if (const auto named = token_of_hash_.find(hash); named != token_of_hash_.end()) {
        const access::ApiToken* found = find_token(named->second);
        // One of the command line is nobody's.
        if (!found->person.empty() && !is_here(found->person)) return {};
        return {nullptr, found};
    }
    const auto known = session_of_hash_.find(hash);
    if (known == session_of_hash_.end()) return {};
    date_sessions();
    access::Session& session = sessions_.find(known->second)->second;
    if (expired(session) || !is_here(session.person)) return {};
    use(session);
    return {&session, nullptr};
}

void PersonBook::on_revoked(std::function<void()> listener) {
    listeners_.push_back(std::move(listener));
}

void PersonBook::tell() const {
    for (const auto& listener : listeners_)
        listener();
}

} // namespace hearth::home
