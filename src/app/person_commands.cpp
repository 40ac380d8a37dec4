#include "app/commands.h"
#include "app/output.h"

#include <cstdio>
#include <iostream>

#include <termios.h>
#include <unistd.h>

/// `hearth person …`: who lives here, what they may do, their passwords.
namespace hearth::app {
namespace {

constexpr std::string_view persons_path = "/api/v1/persons";

std::string path_of(const std::string& person) {
    return fmt::format("{}/{}", persons_path, HubClient::part(person));
}

/// While it lives, a terminal shows nothing of what is typed.
class Unseen {
public:
    Unseen() {
        if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= static_cast<tcflag_t>(~ECHO);
        active_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    ~Unseen() {
        if (active_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;

private:
    termios before_{};
    bool active_ = false;
};

Result<std::string> read_line(std::string_view prompt) {
    const bool terminal = isatty(STDIN_FILENO) != 0;
    if (terminal) fmt::print(stderr, "{}: ", prompt);
    std::string line;
    {
        const Unseen unseen;
        if (!std::getline(std::cin, line))
            return fail(Code::invalid, "no password came; type it, or pass it on standard input");
    }
    if (terminal) fmt::print(stderr, "\n");
    return line;
}

/// From the terminal, typed twice; else the first line of standard input. Never an argument: others
/// on the machine can read those.
Result<std::string> read_password() {
    auto password = read_line("password");
    if (!password || isatty(STDIN_FILENO) == 0) return password;
    const auto again = read_line("once more");
    if (!again) return std::unexpected(again.error());
    if (*again != *password) return fail(Code::invalid, "the two are not the same");
    return password;
}

ValueList texts(const std::vector<std::string>& words) {
    return ValueList(words.begin(), words.end());
}

std::string words_of(const Value& list) {
    std::string out;
    if (const ValueList* words = list.as_list())
        for (const Value& word : *words)
            out += (out.empty() ? "" : " ") + plain(word);
    return out;
}

std::string grants_of(const Value& person) {
    std::string out;
    const ValueList* grants = person.at("grants").as_list();
    for (const Value& grant : grants != nullptr ? *grants : ValueList()) {
        const std::string areas = words_of(grant.at("areas"));
        const std::string types = words_of(grant.at("types"));
        out +=
            fmt::format("{}{} {}{}", out.empty() ? "" : "; ", words_of(grant.at("verbs")),
                        types.empty() ? "everything" : types, areas.empty() ? "" : " in " + areas);
    }
    return out;
}

int print_person(const CommonOptions& options, const Value& person, std::string_view what) {
    if (options.json)
        print_json(person);
    else
        print_line(fmt::format("{} {}", plain(person.at("name")), what));
    return exit_done;
}

Result<Value> find_person(HubClient& hub, const std::string& word) {
    const auto all = hub.get(persons_path);
    if (!all) return std::unexpected(all.error());
    for (const Value& person : *all->as_list())
        if (person.at("id").string_or("") == word || person.at("name").string_or("") == word)
            return person;
    return fail(Code::not_found, "there is no person \"{}\"; `hearth person list` lists them",
                word);
}

} // namespace

int list_persons(const CommonOptions& options) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto all = hub->get(persons_path);
    if (!all) return failed(all.error());
    if (options.json) {
        print_json(*all);
        return exit_done;
    }
    std::vector<std::vector<std::string>> rows{{"ID", "NAME", "ROLE", "UNTIL", "GRANTS"}};
    for (const Value& person : *all->as_list())
        rows.push_back({plain(person.at("id")), plain(person.at("name")), plain(person.at("role")),
                        person.at("until").is_null() ? "" : plain(person.at("until")),
                        grants_of(person)});
    print_table(rows);
    return exit_done;
}

int add_person(const CommonOptions& options, const PersonOptions& person) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto password = read_password();
    if (!password) return failed(password.error());
    ValueMap body{{"name", person.name}, {"password", *password}};
    if (!person.role.empty()) body.append("role", person.role);
    if (!person.until.empty()) body.append("until", person.until);
    const auto made = hub->send("POST", persons_path, body);
    if (!made) return failed(made.error());
    return print_person(options, *made,
                        fmt::format("is a {} here now", made->at("role").string_or("")));
}

int change_person(const CommonOptions& options, const PersonOptions& person) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    ValueMap body;
    if (!person.new_name.empty()) body.append("name", person.new_name);
    if (!person.role.empty()) body.append("role", person.role);
    if (person.until == "never")
        body.append("until", nullptr);
    else if (!person.until.empty())
        body.append("until", person.until);
    const auto changed = hub->send("PATCH", path_of(person.name), body);
    if (!changed) return failed(changed.error());
    return print_person(options, *changed, "is changed");
}

int grant_person(const CommonOptions& options, const PersonOptions& person) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto known = find_person(*hub, person.name);
    if (!known) return failed(known.error());
    ValueList grants;
    if (const ValueList* had = known->at("grants").as_list(); had != nullptr && !person.clear)
        grants = *had;
    if (!person.verbs.empty())
        grants.push_back(ValueMap{{"areas", texts(person.areas)},
                                  {"types", texts(person.types)},
                                  {"verbs", texts(person.verbs)}});
    const auto changed =
        hub->send("PATCH", path_of(person.name), ValueMap{{"grants", std::move(grants)}});
    if (!changed) return failed(changed.error());
    const std::string now = grants_of(*changed);
    return print_person(options, *changed,
                        now.empty() ? "has no grants: what the role gives" : "may " + now);
}

int set_password(const CommonOptions& options, const std::string& person) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto password = read_password();
    if (!password) return failed(password.error());
    const auto done =
        hub->send("PUT", path_of(person) + "/password", ValueMap{{"password", *password}});
    if (!done) return failed(done.error());
    if (!options.json)
        print_line(fmt::format("{} has a new password; all pages are logged out", person));
    return exit_done;
}

int forget_person(const CommonOptions& options, const std::string& person) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto done = hub->send("DELETE", path_of(person), {});
    if (!done) return failed(done.error());
    if (!options.json)
        print_line(fmt::format("{} is forgotten; their pages and tokens let nobody in", person));
    return exit_done;
}

} // namespace hearth::app
