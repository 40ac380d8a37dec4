#include "app/commands.h"
#include "app/output.h"

namespace hearth::app {

int say(const CommonOptions& options, const SayOptions& said) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    ValueMap body{{"text", said.text}};
    if (!said.language.empty()) body.append("lang", said.language);
    if (!said.area.empty()) body.append("area", said.area);
    const auto answer = hub->send("POST", "/api/v1/conversation", std::move(body));
    if (!answer) return failed(answer.error());
    if (options.json)
        print_json(*answer);
    else
        print_line(answer->at("reply").string_or(""));
    const std::string_view outcome = answer->at("outcome").string_or("failed");
    return outcome == "failed" ? exit_failed : exit_done;
}

} // namespace hearth::app
