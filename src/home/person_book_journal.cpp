#include "home/person_book.h"
#include "home/person_records.h"

/// How records become the person book, in a replay, and the book records, in a checkpoint.
namespace hearth::home {

void PersonBook::put(access::Session session) {
    some_undated_ = some_undated_ || session.used_at < clock_was_set;
    session_of_hash_.insert_or_assign(session.token_hash, session.id);
    std::string id = session.id;
    sessions_.insert_or_assign(std::move(id), std::move(session));
}

void PersonBook::put(access::ApiToken token) {
    token_of_hash_.insert_or_assign(token.token_hash, token.name);
    std::string name = token.name;
    tokens_.insert_or_assign(std::move(name), std::move(token));
}

void PersonBook::forget_session(std::string_view id) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    session_of_hash_.erase(found->second.token_hash);
    used_here_.erase(found->second.id);
    sessions_.erase(found);
}

void PersonBook::forget_token(std::string_view name) {
    const auto found = tokens_.find(name);
    if (found == tokens_.end()) return;
    token_of_hash_.erase(found->second.token_hash);
    tokens_.erase(found);
}

void PersonBook::reset() {
    persons_.clear();
    sessions_.clear();
    tokens_.clear();
    session_of_hash_.clear();
    used_here_.clear();
    some_undated_ = false;
    token_of_hash_.clear();
}

Result<void> PersonBook::replay(const journal::Record& record) {
    if (record.version > person_record_version)
        return fail(Code::newer, "record {} is of a newer kind of person book", record.sequence);
    const auto take = [](auto decoded, auto&& apply) -> Result<void> {
        if (!decoded) return std::unexpected(decoded.error());
        apply(std::move(*decoded));
        return {};
    };
    switch (record.kind) {
    case person_added:
        return take(decode_person(record.payload, record.version), [&](access::Person person) {
            std::string id = person.id;
            persons_.insert_or_assign(std::move(id), std::move(person));
        });
    case person_forgotten:
        return take(decode_name(record.payload), [&](const std::string& id) { forget(id); });
    case session_opened:
        return take(decode_session(record.payload),
                    [&](access::Session session) { put(std::move(session)); });
    case session_used:
        return take(decode_use(record.payload), [&](const auto& use) {
            if (const auto found = sessions_.find(use.first); found != sessions_.end())
                found->second.used_at = use.second;
            some_undated_ = some_undated_ || use.second < clock_was_set;
        });
    case session_closed:
        return take(decode_name(record.payload),
                    [&](const std::string& id) { forget_session(id); });
    case token_added:
        return take(decode_token(record.payload),
                    [&](access::ApiToken token) { put(std::move(token)); });
    case token_revoked:
        return take(decode_name(record.payload),
                    [&](const std::string& name) { forget_token(name); });
    default:
        return fail(Code::newer, "record {} is of a newer kind of person book", record.sequence);
    }
}

void PersonBook::snapshot(journal::SnapshotSink& sink) const {
    for (const auto& [id, person] : persons_)
        sink.put(person_added, person_record_version, encode(person));
    for (const auto& [id, session] : sessions_)
        sink.put(session_opened, person_record_version, encode(session));
    for (const auto& [name, token] : tokens_)
        sink.put(token_added, person_record_version, encode(token));
}

/// No hash is shown: a person's would let others guess the password at leisure.
Result<Value> PersonBook::describe(const journal::Record& record) {
    const auto shown = [](auto decoded, auto&& show) -> Result<Value> {
        if (!decoded) return std::unexpected(decoded.error());
        return Value(show(*decoded));
    };
    switch (record.kind) {
    case person_added:
        return shown(decode_person(record.payload, record.version),
                     [](const access::Person& person) {
                         return ValueMap{{"kind", "person_added"},
                                         {"id", person.id},
                                         {"name", person.name},
                                         {"rights", access::to_value(person.rights)}};
                     });
    case person_forgotten:
        return shown(decode_name(record.payload), [](const std::string& id) {
            return ValueMap{{"kind", "person_forgotten"}, {"id", id}};
        });
    case session_opened:
        return shown(decode_session(record.payload), [](const access::Session& session) {
            return ValueMap{{"kind", "session_opened"},
                            {"id", session.id},
                            {"person", session.person},
                            {"client", session.client}};
        });
    case session_used:
        return shown(decode_use(record.payload), [](const auto& use) {
            return ValueMap{
                {"kind", "session_used"}, {"id", use.first}, {"time", to_rfc3339(use.second)}};
        });
    case session_closed:
        return shown(decode_name(record.payload), [](const std::string& id) {
            return ValueMap{{"kind", "session_closed"}, {"id", id}};
        });
    case token_added:
        return shown(decode_token(record.payload), [](const access::ApiToken& token) {
            return ValueMap{
                {"kind", "token_added"}, {"name", token.name}, {"person", token.person}};
        });
    case token_revoked:
        return shown(decode_name(record.payload), [](const std::string& name) {
            return ValueMap{{"kind", "token_revoked"}, {"name", name}};
        });
    default:
        return fail(Code::newer, "record kind {} is not known", record.kind);
    }
}

} // namespace hearth::home
