#include "access/credentials.h"

#include "base/crypto.h"
#include "base/text.h"

#include <algorithm>

namespace hearth::access {
namespace {

constexpr std::size_t max_name_bytes = 64;
constexpr std::size_t key_characters = 43; // 43 · 6 bits hold 256
constexpr std::string_view key_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

Result<void> check_credential_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    };
    if (name.empty() || name.size() > max_name_bytes || !std::ranges::all_of(name, allowed))
        return fail(Code::invalid,
                    "\"{}\" cannot be a credential's name: 1 to {} letters, digits, \"-\", \"_\" "
                    "or \".\"",
                    printable(name, 80), max_name_bytes);
    return {};
}

std::string make_key(Random& random) {
    std::string key;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < key_characters; ++i, bits >>= 6) {
        if (i % 10 == 0) bits = random.next();
        key += key_alphabet[bits & 63];
    }
    return key;
}

bool is_key(std::string_view text) {
    return text.size() == key_characters &&
           text.find_first_not_of(key_alphabet) == std::string_view::npos;
}

std::string hash_key(std::string_view key) {
    return sha256(key);
}

bool key_matches(const Credential& credential, std::string_view key) {
    return equal_secret(credential.key_hash, hash_key(key));
}

std::vector<std::string> own_topics(std::string_view name) {
    std::vector<std::string> topics;
    for (const char* pattern :
         {"{}/#", "cmnd/{}/#", "stat/{}/#", "tele/{}/#", "shellies/{}/#", "homeassistant/+/{}/#"})
        topics.push_back(fmt::format(fmt::runtime(pattern), name));
    return topics;
}

std::vector<std::string> shared_publish_topics() {
    return {"homeassistant/+/+/config", "homeassistant/+/+/+/config"};
}

std::vector<std::string> shared_subscribe_topics() {
    return {"homeassistant/status"};
}

} // namespace hearth::access
