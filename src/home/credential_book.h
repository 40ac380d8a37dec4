#pragma once

#include "access/credentials.h"
#include "journal/journal.h"

#include <functional>
#include <map>

namespace hearth::home {

/// The MQTT credentials of a home, kept in its journal. Belongs to the home's shard.
class CredentialBook final : public journal::Owner {
public:
    static constexpr std::size_t max_credentials = 10'000;
    static constexpr std::size_t max_topics = 100; ///< of one credential

    CredentialBook(const Clock& clock, Random& random, journal::Journal& journal);

    /// Makes a credential and returns its key, which is not kept. A name that exists is refused
    /// (Code::conflict): revoke it first. `topics` have been checked by the caller to be filters.
    Result<std::string> add(std::string_view name, std::vector<std::string> topics);
    /// Code::not_found where there is none of that name.
    Result<void> revoke(std::string_view name);

    /// The credential, or nullptr for an unknown name or a wrong key (which take equally long).
    const access::Credential* authenticate(std::string_view name, std::string_view key) const;
    const access::Credential* find(std::string_view name) const;
    const std::map<std::string, access::Credential, std::less<>>& all() const { return all_; }

    /// Called after each change, so that the broker drops sessions and cached verdicts.
    void on_change(std::function<void(std::string_view name)> listener);

    /// Its share of journal::access_kinds; those of people are person_book.h's.
    static constexpr journal::KindRange own_kinds{300, 319};

    journal::KindRange kinds() const override { return own_kinds; }
    Result<void> replay(const journal::Record& record) override;
    void reset() override { all_.clear(); }
    void snapshot(journal::SnapshotSink& sink) const override;

    static Result<Value> describe(const journal::Record& record);

private:
    const Clock& clock_;
    Random& random_;
    journal::Journal& journal_;
    std::map<std::string, access::Credential, std::less<>> all_;
    std::vector<std::function<void(std::string_view)>> listeners_;
};

} // namespace hearth::home
