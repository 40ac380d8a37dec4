#include "base/json.h"
#include "template/template.h"

#include <cstdlib>
#include <string_view>

#include <benchmark/benchmark.h>

/// What a template costs: compiling it once, rendering it with every message. The templates are of
/// the kinds that MQTT discovery messages and sentence packages have.
namespace {

using namespace hearth;
using namespace hearth::templating;

constexpr std::string_view path = "{{ value_json.temperature }}";
constexpr std::string_view rounded = "{{ value_json.temperature | float | round(1) }}";
constexpr std::string_view choice =
    R"({% if "position" in value_json and value_json["position"] == 0 %}closed)"
    R"({% elif "state" in value_json and value_json["state"] == "ON" %}on{% else %}off{% endif %})";
constexpr std::string_view table =
    "{% set values = {'schedule': 'auto', 'manual': 'heat', 'pause': 'off'} %}"
    "{% set value = value_json.mode %}"
    "{{ values[value] if value in values.keys() else 'off' }}";
constexpr std::string_view object =
    R"({"latest":"{{ value_json['update']['latest'] }}","progress":)"
    R"({{ value_json['update'].get('progress', 'null') }},"running":)"
    R"({{ (value_json['update']['state'] == 'updating') | lower }}})";
constexpr std::string_view list =
    "{% for name in names | sort %}{{ name }}{% if not loop.last %}, {% endif %}{% endfor %}";

const Value& message() {
    static const Value value = *parse_json(
        R"({"temperature": 21.456, "position": 40, "state": "ON", "mode": "manual",
            "update": {"state": "idle", "latest": 4}, "linkquality": 120})");
    return value;
}

Template compiled(std::string_view source) {
    Result<Template> made = Template::parse(source, Profile::discovery);
    if (!made) std::abort();
    return std::move(*made);
}

void parse(benchmark::State& state, std::string_view source) {
    for (auto _ : state) {
        auto made = Template::parse(source, Profile::discovery);
        benchmark::DoNotOptimize(made);
    }
}

void render(benchmark::State& state, std::string_view source) {
    static const Value names(ValueList{"Kitchen", "bath", "Attic", "hall"});
    const Template made = compiled(source);
    for (auto _ : state) {
        auto text = made.render(Scope{{"value_json", message()}, {"names", names}});
        if (!text) std::abort();
        benchmark::DoNotOptimize(text);
    }
}

BENCHMARK_CAPTURE(parse, path, path);
BENCHMARK_CAPTURE(parse, rounded, rounded);
BENCHMARK_CAPTURE(parse, choice, choice);
BENCHMARK_CAPTURE(parse, table, table);
BENCHMARK_CAPTURE(parse, object, object);
BENCHMARK_CAPTURE(parse, list, list);
BENCHMARK_CAPTURE(render, path, path);
BENCHMARK_CAPTURE(render, rounded, rounded);
BENCHMARK_CAPTURE(render, choice, choice);
BENCHMARK_CAPTURE(render, table, table);
BENCHMARK_CAPTURE(render, object, object);
BENCHMARK_CAPTURE(render, list, list);

} // namespace

BENCHMARK_MAIN();
