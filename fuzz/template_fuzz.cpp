#include "base/json.h"
#include "template/template.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// Takes the input as three parts: one line with the profile's first letter, one line of JSON whose
/// keys are the names of the scope, and the source. Parses, renders and evaluates it. Whatever it
/// is handed, it ends within its limits, says what is wrong, and says the same when asked again.
namespace {

using namespace hearth;
using namespace hearth::templating;

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

Profile profile_of(std::string_view line) {
    if (line.starts_with('r')) return Profile::reply;
    return line.starts_with('e') ? Profile::expression : Profile::discovery;
}

void check_error(const Error& error) {
    require(error.code == Code::invalid || error.code == Code::limit, "invalid or limit");
    require(!error.detail.empty(), "an error says what is wrong");
}

Scope scope_of(const Value& names, const TimeZone& zone, const Template* reader) {
    Scope scope;
    scope.set_now(1'764'252'000'000'000, &zone);
    if (const ValueMap* map = names.as_map())
        for (const auto& [name, value] : *map)
            if (reader == nullptr || reader->reads(name)) scope.set(name, value);
    return scope;
}

void try_render(const Template& made, const Value& names, const Limits& limits) {
    const FixedZone zone(90 * minutes); // no whole number of hours
    const Scope scope = scope_of(names, zone, nullptr);
    const Result<std::string> text = made.render(scope, limits);
    require(text == made.render(scope, limits), "rendering again gives the same");
    require(text == made.render(scope_of(names, zone, &made), limits),
            "reads() names all it reads");
    if (!text)
        check_error(text.error());
    else
        require(text->size() <= limits.output_bytes, "the text is within its limit");

    const Result<Value> value = made.evaluate(scope, limits);
    if (!value)
        check_error(value.error());
    else
        require(made.is_expression() || (text && *value == Value(*text)), "no expression is text");
    if (made.is_constant()) require(text == made.render({}, limits), "constant without names");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const Profile profile = profile_of(take_line(rest));
    const Result<Value> names = parse_json(take_line(rest));
    const Result<Template> made = Template::parse(rest, profile);
    if (!made) {
        check_error(made.error());
        return 0;
    }
    const Value none;
    try_render(*made, names ? *names : none, Limits{});
    const Limits tight{
        .depth = 12, .steps = 500, .output_bytes = 64, .working_bytes = 4'096, .items = 16};
    try_render(*made, names ? *names : none, tight);
    return 0;
}
