#include "home/credential_book.h"

#include "base/bytes.h"
#include "base/text.h"

namespace hearth::home {
namespace {

constexpr std::uint8_t record_version = 1;
constexpr journal::Kind credential_added = 300;
constexpr journal::Kind credential_revoked = 301;

std::string encode(const access::Credential& credential) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(credential.name);
    out.string(credential.key_hash);
    out.zigzag(credential.created_at);
    out.varint(credential.topics.size());
    for (const std::string& topic : credential.topics)
        out.string(topic);
    return bytes;
}

Result<access::Credential> decode(std::string_view payload) {
    ByteReader in(payload);
    access::Credential credential;
    credential.name = in.string();
    credential.key_hash = in.string();
    credential.created_at = in.zigzag();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left)
        credential.topics.emplace_back(in.string());
    const auto finished = in.finish("credential_added");
    if (!finished) return std::unexpected(finished.error());
    return credential;
}

} // namespace

CredentialBook::CredentialBook(const Clock& clock, Random& random, journal::Journal& journal)
    : clock_(clock)
    , random_(random)
    , journal_(journal) {}

Result<std::string> CredentialBook::add(std::string_view name, std::vector<std::string> topics) {
    const auto good = access::check_credential_name(name);
    if (!good) return std::unexpected(good.error());
    if (all_.contains(name))
        return fail(Code::conflict,
                    "there is a credential {0} already; `hearth credential revoke {0}` first",
                    name);
    if (all_.size() >= max_credentials || topics.size() > max_topics)
        return fail(Code::limit, "at most {} credentials with {} topics each", max_credentials,
                    max_topics);
    std::string key = access::make_key(random_);
    access::Credential credential{std::string(name), access::hash_key(key), std::move(topics),
                                  clock_.utc()};
    journal_.append(credential_added, record_version, encode(credential));
    all_.emplace(name, std::move(credential));
    for (const auto& listener : listeners_)
        listener(name);
    return key;
}

Result<void> CredentialBook::revoke(std::string_view name) {
    const auto found = all_.find(name);
    if (found == all_.end())
        return fail(Code::not_found,
                    "there is no credential \"{}\"; `hearth credential list` shows those there are",
                    printable(name, 60));
    std::string payload;
    ByteWriter(payload).string(name);
    journal_.append(credential_revoked, record_version, payload);
    all_.erase(found);
    for (const auto& listener : listeners_)
        listener(name);
    return {};
}

const access::Credential* CredentialBook::authenticate(std::string_view name,
                                                       std::string_view key) const {
    static const access::Credential nobody{"", std::string(32, '\0'), {}, 0};
    const access::Credential* found = find(name);
    const bool matches = access::key_matches(found != nullptr ? *found : nobody, key);
    return matches ? found : nullptr;
}

const access::Credential* CredentialBook::find(std::string_view name) const {
    const auto found = all_.find(name);
    return found != all_.end() ? &found->second : nullptr;
}

void CredentialBook::on_change(std::function<void(std::string_view)> listener) {
    listeners_.push_back(std::move(listener));
}

Result<void> CredentialBook::replay(const journal::Record& record) {
    if (record.version > record_version || record.kind > credential_revoked)
        return fail(Code::newer, "record {} is of a newer kind of credential", record.sequence);
    if (record.kind == credential_revoked) {
        ByteReader in(record.payload);
        if (const auto found = all_.find(in.string()); found != all_.end()) all_.erase(found);
        return in.finish("credential_revoked");
    }
    auto credential = decode(record.payload);
    if (!credential) return std::unexpected(credential.error());
    all_.insert_or_assign(credential->name, std::move(*credential));
    return {};
}

void CredentialBook::snapshot(journal::SnapshotSink& sink) const {
    for (const auto& [name, credential] : all_)
        sink.put(credential_added, record_version, encode(credential));
}

Result<Value> CredentialBook::describe(const journal::Record& record) {
    if (record.kind == credential_revoked) {
        ByteReader in(record.payload);
        return ValueMap{{"kind", "credential_revoked"}, {"name", in.string()}};
    }
    const auto credential = decode(record.payload);
    if (!credential) return std::unexpected(credential.error());
    ValueList topics(credential->topics.begin(), credential->topics.end());
    return ValueMap{
        {"kind", "credential_added"}, {"name", credential->name}, {"topics", std::move(topics)}};
}

} // namespace hearth::home
