#include "access/grants.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace hearth::access {
namespace {

constexpr std::array<std::string_view, verb_count> verb_names{"see", "use", "open", "arrange",
                                                              "manage"};
constexpr std::array<std::string_view, 4> role_names{"owner", "member", "child", "guest"};

constexpr std::size_t max_word_bytes = 80;

template <class Enum, std::size_t size>
std::optional<Enum> parse(const std::array<std::string_view, size>& names, std::string_view text) {
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

Verbs own_verbs(Role role) {
    switch (role) {
    case Role::owner:
        return {Verb::see, Verb::use, Verb::open, Verb::arrange, Verb::manage};
    case Role::member:
        return {Verb::see, Verb::use, Verb::open, Verb::arrange};
    case Role::child:
        return {Verb::see, Verb::use};
    case Role::guest:
        return {};
    }
    return {};
}

bool is_among(const std::vector<std::string>& words, std::string_view word) {
    return words.empty() || std::ranges::find(words, word) != words.end();
}

Result<void> check_words(std::string_view what, const std::vector<std::string>& words) {
    if (words.size() > Grant::max_words)
        return fail(Code::limit, "a grant names at most {} {}", Grant::max_words, what);
    for (const std::string& word : words)
        if (word.empty() || word.size() > max_word_bytes)
            return fail(Code::invalid, "{} have 1 to {} bytes each", what, max_word_bytes);
    return {};
}

ValueList texts(const std::vector<std::string>& words) {
    return ValueList(words.begin(), words.end());
}

Value to_value(const Grant& grant) {
    ValueList verbs;
    for (std::size_t i = 0; i < verb_count; ++i)
        if (grant.verbs.has(static_cast<Verb>(i))) verbs.emplace_back(verb_names[i]);
    return ValueMap{
        {"areas", texts(grant.areas)}, {"types", texts(grant.types)}, {"verbs", std::move(verbs)}};
}

Result<std::vector<std::string>> read_words(std::string_view key, const Value& list) {
    std::vector<std::string> words;
    if (!list.is_list()) return fail(Code::invalid, "{} must be a list of texts", key);
    for (const Value& word : *list.as_list()) {
        if (!word.is_string()) return fail(Code::invalid, "{} must be a list of texts", key);
        words.push_back(*word.as_string());
    }
    return words;
}

Result<Grant> read_grant(const Value& value) {
    if (!value.is_map())
        return fail(Code::invalid, R"(a grant is {{"areas": […], "types": […], "verbs": […]}})");
    Grant grant;
    for (const auto& [key, list] : *value.as_map()) {
        auto words = read_words(key, list);
        if (!words) return fail(words);
        if (key == "areas") {
            grant.areas = std::move(*words);
        } else if (key == "types") {
            grant.types = std::move(*words);
        } else if (key == "verbs") {
            for (const std::string& word : *words) {
                const auto verb = parse_verb(word);
                if (!verb)
                    return fail(Code::invalid,
                                "\"{}\" is no verb; there are see, use, open and arrange",
                                printable(word, 40));
                grant.verbs.add(*verb);
            }
        } else {
            return fail(Code::invalid, "a grant has no \"{}\"; it has areas, types and verbs",
                        printable(key, 40));
        }
    }
    return grant;
}

Result<void> read_part(Rights& rights, std::string_view key, const Value& value) {
    if (key == "role") {
        const auto role = parse_role(value.string_or(""));
        if (!role) return fail(Code::invalid, "a role is owner, member, child or guest");
        rights.role = *role;
        return {};
    }
    if (key == "until") {
        if (value.is_null()) {
            rights.until = 0;
            return {};
        }
        const auto until = parse_rfc3339(value.string_or(""));
        if (!until) return fail(Code::invalid, "until: {}", until.error().detail);
        rights.until = *until;
        return {};
    }
    if (!value.is_list()) return fail(Code::invalid, "grants must be a list");
    rights.grants.clear();
    for (const Value& one : *value.as_list()) {
        auto grant = read_grant(one);
        if (!grant) return fail(grant);
        rights.grants.push_back(std::move(*grant));
    }
    return {};
}

} // namespace

std::string_view to_string(Verb verb) {
    return verb_names[static_cast<std::size_t>(verb)];
}

std::optional<Verb> parse_verb(std::string_view text) {
    return parse<Verb>(verb_names, text);
}

std::string_view to_string(Role role) {
    return role_names[static_cast<std::size_t>(role)];
}

std::optional<Role> parse_role(std::string_view text) {
    return parse<Role>(role_names, text);
}

Result<void> check_rights(const Rights& rights) {
    if (rights.role == Role::owner && (rights.until != 0 || !rights.grants.empty()))
        return fail(Code::invalid, "an owner may everything, without an end: there is nothing to "
                                   "grant; make it a member or guest");
    if (rights.grants.size() > Rights::max_grants)
        return fail(Code::limit, "a person has at most {} grants", Rights::max_grants);
    for (const Grant& grant : rights.grants) {
        if (grant.verbs.empty())
            return fail(Code::invalid, "a grant needs a verb: see, use, open or arrange");
        if (grant.verbs.has(Verb::manage))
            return fail(Code::invalid, "only an owner manages; it cannot be granted");
        if (const auto good = check_words("areas", grant.areas); !good) return good;
        if (const auto good = check_words("types", grant.types); !good) return good;
    }
    return {};
}

bool has_ended(const Rights& rights, Micros utc) {
    return rights.until != 0 && (utc >= rights.until || utc < clock_was_set);
}

bool allows(const Rights& rights, Micros utc, Verb verb, std::string_view area,
            std::string_view type) {
    if (has_ended(rights, utc)) return false;
    if (rights.grants.empty() || rights.role == Role::owner)
        return own_verbs(rights.role).has(verb);
    return std::ranges::any_of(rights.grants, [&](const Grant& grant) {
        return grant.verbs.has(verb) && is_among(grant.areas, area) && is_among(grant.types, type);
    });
}

bool allows(const Rights& rights, Micros utc, Verb verb) {
    if (has_ended(rights, utc)) return false;
    if (rights.grants.empty() || rights.role == Role::owner)
        return own_verbs(rights.role).has(verb);
    return std::ranges::any_of(rights.grants, [&](const Grant& grant) {
        return grant.verbs.has(verb) && grant.areas.empty() && grant.types.empty();
    });
}

Value to_value(const Rights& rights) {
    ValueList grants;
    for (const Grant& grant : rights.grants)
        grants.push_back(to_value(grant));
    return ValueMap{{"role", to_string(rights.role)},
                    {"until", rights.until == 0 ? Value() : Value(to_rfc3339(rights.until))},
                    {"grants", std::move(grants)}};
}

Result<Rights> read_rights(const ValueMap& map, Rights base) {
    for (const auto& [key, value] : map)
        if (key == "role" || key == "until" || key == "grants")
            if (const auto good = read_part(base, key, value); !good)
                return std::unexpected(good.error());
    // Whoever becomes an owner leaves behind what limited them, unless it is said in one breath.
    if (base.role == Role::owner && map.contains("role")) {
        if (!map.contains("until")) base.until = 0;
        if (!map.contains("grants")) base.grants.clear();
    }
    if (const auto good = check_rights(base); !good) return std::unexpected(good.error());
    return base;
}

} // namespace hearth::access
