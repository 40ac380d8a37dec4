#include "app/commands.h"
#include "app/output.h"
#include "base/json.h"
#include "base/text.h"
#include "base/yaml.h"
#include "store/data_folder.h"

/// Automations over the API: list, run, trace, add and the rest.
namespace hearth::app {
namespace {

std::string automation_path(const std::string& name) {
    return "/api/v1/automations/" + HubClient::part(name);
}

std::string text_of(const Value& map, std::string_view key) {
    return std::string(map.at(key).string_or(""));
}

/// "failed: 1 of 2 steps", "waiting for 1 answer", else the state alone.
std::string outcome_text(const Value& run) {
    std::string state = text_of(run, "state");
    const auto failed = run.at("steps_failed").integer_or(0);
    const auto unanswered = run.at("steps_unanswered").integer_or(0);
    if (state == "waiting")
        state += fmt::format(" for {} {}", unanswered, unanswered == 1 ? "answer" : "answers");
    if (failed != 0)
        state += fmt::format("{} {} of {} steps{}", state == "failed" ? ":" : ",", failed,
                             plain(run.at("steps_total")), state == "failed" ? "" : " failed");
    return state;
}

std::vector<std::string> automation_row(const Value& automation) {
    const Value& last = automation.at("last_run");
    std::string ran = "never";
    if (last.is_map()) ran = text_of(last, "started") + "  " + outcome_text(last);
    std::string state = text_of(automation, "state");
    if (const std::string detail = text_of(automation, "detail"); !detail.empty())
        state += ": " + printable(detail);
    if (const ValueList* silent = automation.at("waits_for").as_list(); silent != nullptr)
        state += ", waits for a word of " + printable(silent->front().string_or(""));
    return {text_of(automation, "id"), text_of(automation, "name"), std::move(ran),
            std::move(state)};
}

std::string operands_of(const Value& condition) {
    const ValueMap* operands = condition.at("operands").as_map();
    std::string text;
    if (operands == nullptr) return text;
    for (const auto& [name, value] : *operands)
        text += (text.empty() ? "  (" : ", ") + name + " = " + plain(value);
    return text.empty() ? text : text + ")";
}

/// With those inside of all, any and not below it, and why one could not be known.
void print_condition(const Value& condition, std::size_t depth) {
    std::string line = fmt::format("{}  if {}: {}{}", std::string(depth * 2, ' '),
                                   printable(text_of(condition, "text")),
                                   plain(condition.at("result")), operands_of(condition));
    if (const std::string why = text_of(condition, "error"); !why.empty())
        line += ": " + printable(why);
    print_line(line);
    if (const ValueList* parts = condition.at("parts").as_list())
        for (const Value& part : *parts)
            print_condition(part, depth + 1);
}

void print_step(const Value& step) {
    std::string line =
        fmt::format("  {}  {}  {}  {}", printable(text_of(step, "step")), text_of(step, "time"),
                    text_of(step, "state"), printable(text_of(step, "text")));
    if (const std::string fate = text_of(step, "settlement"); !fate.empty()) line += ": " + fate;
    if (const std::string why = text_of(step, "detail"); !why.empty())
        line += ": " + printable(why);
    if (const std::string until = text_of(step, "until"); !until.empty())
        line += "  (until " + until + ")";
    print_line(line);
}

void print_trace(const Value& run) {
    print_line(fmt::format("run {} of {}  {}  {}", plain(run.at("run")),
                           printable(text_of(run, "name")), text_of(run, "started"),
                           outcome_text(run)));
    const std::string trigger = text_of(run.at("trigger"), "text");
    print_line("  because: " + (trigger.empty() ? "run by hand" : printable(trigger)));
    if (const ValueList* conditions = run.at("conditions").as_list())
        for (const Value& condition : *conditions)
            print_condition(condition, 0);
    if (const ValueList* steps = run.at("steps").as_list())
        for (const Value& step : *steps)
            print_step(step);
    if (const std::string detail = text_of(run, "detail"); !detail.empty())
        print_line("  " + printable(detail));
}

/// A file that holds one automation, a list of them, or a home file's `automations:`.
Result<ValueList> read_automations(const std::string& file) {
    const auto text = store::read_file(file);
    if (!text) return std::unexpected(text.error());
    auto value = parse_yaml(*text); // JSON is YAML
    if (!value) return fail(value.error().code, "{}: {}", file, value.error().detail);
    if (value->at("automations").is_list()) return *value->at("automations").as_list();
    if (value->is_list()) return *value->as_list();
    return ValueList{std::move(*value)};
}

int send_and_print(const CommonOptions& options, std::string_view method, const std::string& path,
                   const Value& body, std::string_view done) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto answer = hub->send(method, path, body);
    if (!answer) return failed(answer.error());
    if (options.json)
        print_json(*answer);
    else
        print_line(done);
    return exit_done;
}

} // namespace

int list_automations(const CommonOptions& options) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto automations = hub->get("/api/v1/automations");
    if (!automations) return failed(automations.error());
    if (options.json) {
        print_json(*automations);
        return exit_done;
    }
    std::vector<std::vector<std::string>> rows{{"ID", "NAME", "LAST RUN", "STATE"}};
    for (const Value& automation : *automations->as_list())
        rows.push_back(automation_row(automation));
    print_table(rows);
    return exit_done;
}

int add_automations(const CommonOptions& options, const std::string& file) {
    const auto definitions = read_automations(file);
    if (!definitions) return failed(definitions.error());
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    ValueList added;
    for (const Value& definition : *definitions) {
        const auto answer =
            definition.is_map()
                ? hub->send("POST", "/api/v1/automations", definition)
                : Result<Value>(fail(Code::invalid, "no automation: a map with a name, triggers "
                                                    "and actions is wanted"));
        if (!answer) {
            const std::string place = definitions->size() > 1
                                          ? fmt::format("{}: number {}", file, added.size() + 1)
                                          : file;
            return failed({answer.error().code, place + ": " + answer.error().detail});
        }
        if (!options.json)
            print_line("added " + text_of(*answer, "id") + ": " + text_of(*answer, "name"));
        added.push_back(*answer);
    }
    if (options.json) print_json(added);
    return exit_done;
}

int remove_automation(const CommonOptions& options, const std::string& name) {
    return send_and_print(options, "DELETE", automation_path(name), ValueMap(), "removed");
}

int enable_automation(const CommonOptions& options, const std::string& name, bool enabled) {
    return send_and_print(options, "PATCH", automation_path(name), ValueMap{{"enabled", enabled}},
                          enabled ? "enabled" : "disabled");
}

int run_automation(const CommonOptions& options, const std::string& name) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto answer = hub->send("POST", automation_path(name) + "/run", ValueMap());
    if (!answer) return failed(answer.error());
    if (options.json)
        print_json(*answer);
    else
        print_line(fmt::format("run {} begins; `hearth trace \"{}\"` shows it",
                               plain(answer->at("run")), printable(name)));
    return exit_done;
}

int trace_automation(const CommonOptions& options, const std::string& name, std::uint64_t count) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    const auto runs = hub->get(automation_path(name) + "/runs?limit=" + std::to_string(count));
    if (!runs) return failed(runs.error());
    if (options.json) {
        print_json(*runs);
        return exit_done;
    }
    if (runs->as_list()->empty()) print_line("it has not run yet");
    for (const Value& run : *runs->as_list())
        print_trace(run);
    return exit_done;
}

} // namespace hearth::app
