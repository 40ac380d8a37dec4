#include "base/json.h"
#include "template/builtin.h"
#include "template/json_text.h"
#include "template/operators.h"
#include "template/python_text.h"

#include <array>

namespace hearth::templating {
namespace {

Item filter_tojson(Call& call) {
    JsonStyle style{
        .ascii = true, .html = true, .sorted = true, .item_separator = ", ", .key_separator = ": "};
    if (call.has(0) && call[0].is_int() && call[0].int_value() >= 0)
        return call.run.invalid("tojson with an indent is not supported");
    Text out(call.run);
    append_json(call.run, out, call.subject, style);
    return out.item();
}

Item filter_to_json(Call& call) {
    const auto flag = [&](std::size_t i) { return call.has(i) && truth(call.run, call[i]); };
    if (flag(1)) return call.run.invalid("to_json(pretty_print=True) is not supported");
    const JsonStyle style{.ascii = flag(0),
                          .html = false,
                          .sorted = flag(2),
                          .item_separator = ",",
                          .key_separator = ":"};
    Text out(call.run);
    append_json(call.run, out, call.subject, style);
    return out.item();
}

Item filter_from_json(Call& call) {
    if (!call.run.usable(call.subject, true)) return {};
    const std::string_view text =
        call.subject.is_string() ? call.subject.text() : std::string_view();
    if (!call.run.spend(text.size())) return {};
    JsonLimits limits;
    limits.depth = std::min(limits.depth, call.run.limits().depth);
    limits.values = call.run.limits().items;
    Result<Value> parsed = parse_json(text, limits);
    if (parsed) return Item::of(call.run.keep(std::move(*parsed)));
    if (call.has(0)) return call[0];
    if (parsed.error().code == Code::limit)
        return call.run.fail(Code::limit, "from_json: {} (templates.items, templates.depth)",
                             parsed.error().detail);
    return call.run.invalid("from_json: {}", parsed.error().detail);
}

constexpr std::array<Builtin, 3> table = {{
    {"tojson", filter_tojson, {"indent"}},
    {"to_json", filter_to_json, {"ensure_ascii", "pretty_print", "sort_keys"}},
    {"from_json", filter_from_json, {"default"}},
}};

} // namespace

std::span<const Builtin> json_filters() {
    return table;
}

} // namespace hearth::templating
