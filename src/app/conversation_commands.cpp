#include "app/commands.h"
#include "app/output.h"
#include "base/text.h"

#include <cstdio>
#include <iostream>
#include <string>

#include <unistd.h>

namespace hearth::app {
namespace {

constexpr const char* path = "/api/v1/conversation";

bool is_asked(const Value& answer) {
    return answer.at("verdict").string_or("") == "confirm";
}

Result<Value> decide(HubClient& hub, const Value& answer, bool yes) {
    return hub.send("POST", path,
                    ValueMap{{"conversation", answer.at("conversation")},
                             {"question", answer.at("confirm").at("id")},
                             {"confirm", yes}});
}

/// Asks on the terminal. Any other word than y and n is said to the hub, which knows "oui" too.
Result<Value> ask(HubClient& hub, const SayOptions& said, const Value& answer) {
    std::cout << answer.at("reply").string_or("") << " [y/N] " << std::flush;
    std::string line;
    std::getline(std::cin, line);
    const std::string word = to_lower(trim(line));
    if (word.empty() || word == "n" || word == "y") return decide(hub, answer, word == "y");
    ValueMap body{{"text", word}, {"conversation", answer.at("conversation")}};
    if (!said.language.empty()) body.append("lang", said.language);
    return hub.send("POST", path, std::move(body));
}

void print_answer(const CommonOptions& options, const Value& answer) {
    if (options.json)
        print_json(answer);
    else
        print_line(answer.at("reply").string_or(""));
}

/// A no is obeyed, which is what was wanted; nothing to say beside it.
int exit_of(const Value& answer) {
    const bool withdrawn = answer.at("outcome").is_null() && answer.at("understood").bool_or(false);
    const std::string_view outcome = answer.at("outcome").string_or(withdrawn ? "done" : "failed");
    return outcome == "failed" ? exit_failed : exit_done;
}

} // namespace

int say(const CommonOptions& options, const SayOptions& said) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    ValueMap body{{"text", said.text}};
    if (!said.language.empty()) body.append("lang", said.language);
    if (!said.area.empty()) body.append("area", said.area);
    auto answer = hub->send("POST", path, std::move(body));
    if (!answer) return failed(answer.error());
    if (is_asked(*answer)) {
        if (said.yes) {
            answer = decide(*hub, *answer, true);
        } else if (!options.json && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {
            answer = ask(*hub, said, *answer);
        } else {
            print_answer(options, *answer);
            std::fputs("hearth: nothing was done; --yes says yes beforehand\n", stderr);
            return exit_asked;
        }
        if (!answer) return failed(answer.error());
    }
    print_answer(options, *answer);
    return exit_of(*answer);
}

} // namespace hearth::app
