#pragma once

#include "access/people.h"
#include "journal/journal.h"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace hearth::home {

/// The people of a home, their sessions and the tokens that they made for programs, kept in the
/// home's journal. Belongs to the home's shard. It hashes no password: that is slow and the
/// workers' (see access/password.h).
class PersonBook final : public journal::Owner {
public:
    static constexpr std::size_t max_persons = 100;
    static constexpr std::size_t max_sessions = 100; ///< of one person; the longest unused one goes
    static constexpr std::size_t max_tokens = 1'000;
    /// A session's use is journaled once in so long, so that looking wears no flash.
    static constexpr Micros use_interval = hours;
    /// What a clock that was never set dated has no date: such a home is claimed before it has
    /// heard of the time.
    static constexpr Micros clock_was_set = access::clock_was_set;

    PersonBook(const Clock& clock, Random& random, journal::Journal& journal);

    /// Whether the hub belongs to somebody.
    bool claimed() const { return !persons_.empty(); }

    /// A new person. Errors: invalid (the name, the rights; the first one is an owner), conflict
    /// (somebody has that name, whatever the case), limit.
    Result<access::Person> add_person(std::string_view name, std::string password_hash,
                                      access::Rights rights = {});
    /// Gives one another name or other rights; what they have open is asked again about. Errors:
    /// not_found, invalid, conflict (the name; a home keeps an owner).
    Result<void> change_person(std::string_view id, std::string_view name, access::Rights rights);
    /// Gives one another password, and ends their sessions but the one of that id, if any.
    Result<void> set_password(std::string_view id, std::string password_hash,
                              std::string_view kept_session = {});
    /// Forgets one, with their sessions and tokens. Errors: not_found, conflict (a home keeps an
    /// owner).
    Result<void> forget_person(std::string_view id);
    /// Whether this is somebody whose time here is not over.
    bool is_here(std::string_view person) const;
    const access::Person* find_person(std::string_view id) const;
    /// By name, whatever the case of its ASCII letters.
    const access::Person* find_named(std::string_view name) const;
    const std::map<std::string, access::Person, std::less<>>& persons() const { return persons_; }

    /// A new session and its token (43 characters of base64url), which is not kept. The person
    /// exists.
    struct Opened {
        std::string id;
        std::string token;
    };
    Opened open_session(std::string_view person, std::string_view client);
    /// Code::not_found where there is none of that id.
    Result<void> close_session(std::string_view id);
    const access::Session* find_session(std::string_view id) const;
    /// Those that are not expired, by id.
    std::vector<const access::Session*> sessions() const;

    /// A new token for a program, which is not kept. Errors: invalid (the name), conflict, limit.
    Result<std::string> add_token(std::string_view name, std::string_view person);
    /// Code::not_found where there is none of that name.
    Result<void> revoke_token(std::string_view name);
    const access::ApiToken* find_token(std::string_view name) const;
    const std::map<std::string, access::ApiToken, std::less<>>& tokens() const { return tokens_; }

    /// Whose token this is: one of the two, or neither for a token that is unknown, revoked or
    /// expired, or whose person's time here is over. Prolongs a session. The pointers live until
    /// the book changes.
    struct Known {
        const access::Session* session = nullptr;
        const access::ApiToken* token = nullptr;
    };
    Known authenticate(std::string_view token);

    /// Called after a session was closed, a token revoked or somebody's rights changed, so that
    /// what they opened is shut.
    void on_revoked(std::function<void()> listener);

    /// Its share of journal::access_kinds.
    static constexpr journal::KindRange own_kinds{320, 339};

    journal::KindRange kinds() const override { return own_kinds; }
    Result<void> replay(const journal::Record& record) override;
    void reset() override;
    void snapshot(journal::SnapshotSink& sink) const override;

    static Result<Value> describe(const journal::Record& record);

private:
    void keep(access::Person person);
    bool is_last_owner(const access::Person& person) const;
    void forget(const std::string& person);
    void end_sessions_of(std::string_view person, std::string_view but);
    void put(access::Session session);
    void put(access::ApiToken token);
    void forget_session(std::string_view id);
    void forget_token(std::string_view name);
    void end_session(const std::string& id);
    void make_room(std::string_view person);
    bool expired(const access::Session& session) const;
    void use(access::Session& session);
    void date_sessions();
    void tell() const;

    const Clock& clock_;
    Random& random_;
    journal::Journal& journal_;
    std::map<std::string, access::Person, std::less<>> persons_;
    std::map<std::string, access::Session, std::less<>> sessions_;
    std::map<std::string, access::ApiToken, std::less<>> tokens_;
    std::map<std::string, std::string, std::less<>> session_of_hash_; ///< token hash → id
    std::map<std::string, std::string, std::less<>> token_of_hash_;   ///< token hash → name
    /// When a session was last used in this life, on the steady clock: steps of the wall clock
    /// neither end it nor prolong it.
    std::map<std::string, Micros, std::less<>> used_here_;
    bool some_undated_ = false;
    std::vector<std::function<void()>> listeners_;
};

} // namespace hearth::home
