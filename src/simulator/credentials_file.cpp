#include "simulator/credentials_file.h"

#include "base/json.h"
#include "base/text.h"
#include "base/yaml.h"

#include <algorithm>
#include <array>

namespace hearth::simulator {
namespace {

Result<Login> read_login(const Value& value, std::string_view place) {
    if (!value.is_map()) return fail(Code::invalid, "{}: a map is wanted", place);
    const Value* name = value.find("username");
    if (name == nullptr) name = value.find("name");
    const Value* password = value.find("password");
    if (name == nullptr || name->string_or("").empty())
        return fail(Code::invalid, "{}: username is missing (or no text: quote it)", place);
    if (password == nullptr || password->string_or("").empty())
        return fail(Code::invalid, "{}: password is missing (or no text: quote it)", place);
    return Login{std::string(name->string_or("")), std::string(password->string_or(""))};
}

Result<void> check_keys(const Value& file) {
    constexpr std::array<std::string_view, 7> known = {
        "username", "name", "password", "topics", "created", "created_at", "clients"};
    for (const auto& [key, value] : *file.as_map()) {
        if (std::ranges::find(known, key) == known.end())
            return fail(Code::invalid, "unknown key \"{}\"; known are username, password, clients",
                        printable(key, 60));
    }
    return {};
}

} // namespace

Result<Credentials> Credentials::parse(std::string_view text) {
    auto file = trim(text).starts_with('{') ? parse_json(text) : parse_yaml(text);
    if (!file) return fail(file);
    if (!file->is_map()) return fail(Code::invalid, "a map with username and password is wanted");
    if (auto checked = check_keys(*file); !checked) return fail(checked);
    Credentials credentials;
    const Value* clients = file->find("clients");
    if (clients == nullptr || file->find("password") != nullptr) {
        auto login = read_login(*file, "credentials");
        if (!login) return fail(login);
        credentials.for_all_ = std::move(*login);
    }
    if (clients == nullptr) return credentials;
    if (!clients->is_map()) return fail(Code::invalid, "clients: a map is wanted");
    for (const auto& [client, value] : *clients->as_map()) {
        auto login = read_login(value, fmt::format("clients: {}", printable(client, 60)));
        if (!login) return fail(login);
        credentials.by_client_[client] = std::move(*login);
    }
    return credentials;
}

std::optional<Login> Credentials::find(std::string_view client) const {
    const auto found = by_client_.find(client);
    return found != by_client_.end() ? std::optional(found->second) : for_all_;
}

} // namespace hearth::simulator
