#include "api/api.h"
#include "api/problem.h"
#include "base/text.h"

/// Automations: keeping them, running them by hand, and why they did what they did.
namespace hearth::api {

/// A route about the automation that its path names, by id or name.
Router::Route Api::on_automation(AutomationRoute route) {
    return [this, route = std::move(route)](const Request& request, const PathParts& parts,
                                            const Responder& respond) {
        const auto automation = context_.automations.find_by_word(parts.at(0));
        if (!automation) return respond(problem(automation.error()));
        route(request, **automation, respond);
    };
}

void Api::add_automation_routes() {
    using automations::Automation;
    router_.add("GET", "/api/v1/automations", access::Verb::see,
                [this](const Request&, const PathParts&, const Responder& respond) {
                    ValueList list;
                    for (const Automation* automation : context_.automations.list())
                        list.push_back(context_.automations.show_value(*automation));
                    respond(json(list));
                });
    router_.add("POST", "/api/v1/automations", access::Verb::arrange,
                [this](const Request& request, const PathParts&, const Responder& respond) {
                    add_automation(request, respond);
                });
    router_.add("GET", "/api/v1/automations/{}", access::Verb::see,
                on_automation(
                    [this](const Request&, const Automation& automation, const Responder& respond) {
                        respond(json(context_.automations.show_value(automation)));
                    }));
    router_.add("PUT", "/api/v1/automations/{}", access::Verb::arrange,
                on_automation([this](const Request& request, const Automation& automation,
                                     const Responder& respond) {
                    change_automation(request, automation.id, respond);
                }));
    router_.add("PATCH", "/api/v1/automations/{}", access::Verb::arrange,
                on_automation([this](const Request& request, const Automation& automation,
                                     const Responder& respond) {
                    enable_automation(request, automation.id, respond);
                }));
    router_.add("DELETE", "/api/v1/automations/{}", access::Verb::arrange,
                on_automation([this](const Request& request, const Automation& automation,
                                     const Responder& respond) {
                    const auto removed =
                        context_.automations.remove(cause_of(request), automation.id);
                    if (!removed) return respond(problem(removed.error()));
                    when_committed(respond, [] { return no_content(); });
                }));
    add_run_routes();
}

void Api::add_run_routes() {
    using automations::Automation;
    router_.add("GET", "/api/v1/automations/{}/versions", access::Verb::see,
                on_automation(
                    [this](const Request&, const Automation& automation, const Responder& respond) {
                        respond(json(context_.automations.versions_value(automation)));
                    }));
    router_.add("POST", "/api/v1/automations/{}/run", access::Verb::arrange,
                on_automation([this](const Request& request, const Automation& automation,
                                     const Responder& respond) {
                    const auto run = context_.automations.run(cause_of(request), automation.id);
                    if (!run) return respond(problem(run.error()));
                    when_committed(respond, [run = *run] {
                        return json(ValueMap{{"run", Value::of_unsigned(run)}}, 202);
                    });
                }));
    router_.add(
        "GET", "/api/v1/automations/{}/runs", access::Verb::see,
        on_automation([this](const Request& request, const Automation& automation,
                             const Responder& respond) {
            long long limit = 100;
            if (const auto given = request.query.find("limit");
                given != request.query.end() && (!parse_integer(given->second, limit) || limit < 1))
                return respond(problem({Code::invalid, "limit must be a whole number from 1"}));
            ValueList runs;
            for (const automations::Run* run : context_.automations.runs(automation.id))
                if (runs.size() < static_cast<std::size_t>(limit))
                    runs.push_back(context_.automations.trace_value(*run));
            respond(json(runs));
        }));
    router_.add("GET", "/api/v1/runs/{}", access::Verb::see,
                [this](const Request&, const PathParts& parts, const Responder& respond) {
                    long long number = 0;
                    const automations::Run* run =
                        parse_integer(parts.at(0), number) && number > 0
                            ? context_.automations.find_run(static_cast<automations::RunId>(number))
                            : nullptr;
                    if (run == nullptr)
                        return respond(problem(
                            {Code::not_found, "there is no run " + printable(parts.at(0), 40) +
                                                  ", or its trace is not kept any more"}));
                    respond(json(context_.automations.trace_value(*run)));
                });
}

void Api::add_automation(const Request& request, const Responder& respond) {
    const auto definition = read_object(request, respond);
    if (!definition) return;
    const auto id = context_.automations.add(cause_of(request), *definition);
    if (!id && id.error().code == Code::refused) return refuse(request, id.error(), respond);
    if (!id) return respond(problem(id.error()));
    if (!is_written(respond)) return void(context_.automations.remove(cause_of(request), *id));
    when_committed(respond, [this, id = *id] { return automation_response(id, 201); });
}

void Api::change_automation(const Request& request, const std::string& id,
                            const Responder& respond) {
    const auto definition = read_object(request, respond);
    if (!definition) return;
    const auto changed = context_.automations.change(cause_of(request), id, *definition);
    if (!changed && changed.error().code == Code::refused)
        return refuse(request, changed.error(), respond);
    if (!changed) return respond(problem(changed.error()));
    when_committed(respond, [this, id] { return automation_response(id, 200); });
}

void Api::enable_automation(const Request& request, const std::string& id,
                            const Responder& respond) {
    const auto body = read_object(request, respond);
    if (!body) return;
    const Value& enabled = body->at("enabled");
    if (!enabled.is_bool() || body->as_map()->size() != 1)
        return respond(problem({Code::invalid, R"(the body must be {"enabled": true} or false)"}));
    const auto done = context_.automations.enable(cause_of(request), id, enabled.bool_or(false));
    if (!done) return respond(problem(done.error()));
    when_committed(respond, [this, id] { return automation_response(id, 200); });
}

Response Api::automation_response(const std::string& id, int status) const {
    const automations::Automation* automation = context_.automations.find(id);
    if (automation == nullptr) return problem({Code::not_found, "it has been removed meanwhile"});
    return json(context_.automations.show_value(*automation), status);
}

} // namespace hearth::api
