#include "template/json_text.h"

#include "template/python_numbers.h"
#include "template/python_text.h"
#include "template/time_text.h"
#include "template/unicode.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hearth::templating {
namespace {

void append_escape(std::string& out, char32_t c) {
    if (c >= 0x10000) {
        out += fmt::format("\\u{:04x}\\u{:04x}",
                           0xD800U + ((static_cast<unsigned>(c) - 0x10000U) >> 10),
                           0xDC00U + (static_cast<unsigned>(c) & 0x3FFU));
    } else {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    }
}

void append_character(std::string& out, std::string_view character, const JsonStyle& style) {
    const char32_t c = decode(character);
    if (c == '"' || c == '\\') {
        out += '\\';
        out += character;
    } else if (c == '\n') {
        out += "\\n";
    } else if (c == '\r') {
        out += "\\r";
    } else if (c == '\t') {
        out += "\\t";
    } else if (c == '\b') {
        out += "\\b";
    } else if (c == '\f') {
        out += "\\f";
    } else if (c < 0x20 || (style.ascii && c >= 0x7f && c != 0x7f) ||
               (style.html && (c == '<' || c == '>' || c == '&' || c == '\''))) {
        append_escape(out, c);
    } else {
        out += character;
    }
}

void append_string(Text& out, std::string_view text, const JsonStyle& style) {
    std::string quoted = "\"";
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        append_character(quoted, text.substr(0, length), style);
        text.remove_prefix(length);
    }
    out.append(quoted + "\"");
}

void append_list(Run& run, Text& out, const Item& item, const JsonStyle& style) {
    const Elements elements = elements_of(item);
    out.append("[");
    for (std::size_t i = 0; i < elements.size() && run.spend(); ++i) {
        if (i > 0) out.append(style.item_separator);
        append_json(run, out, elements[i], style);
    }
    out.append("]");
}

std::string key_of(Run& run, const Item& key) {
    if (key.is_none()) return "null";
    if (key.is(Item::Kind::boolean)) return key.boolean ? "true" : "false";
    if (key.is_list()) run.invalid("a tuple is no key of JSON");
    return std::string(str_view(run, key));
}

void append_map(Run& run, Text& out, const Item& item, const JsonStyle& style) {
    const Entries entries = entries_of(item);
    std::vector<std::pair<std::string, std::size_t>> keys;
    for (std::size_t i = 0; i < entries.size() && run.spend_bytes(64); ++i)
        keys.emplace_back(key_of(run, entries.key(i)), i);
    if (style.sorted) std::ranges::sort(keys);
    out.append("{");
    bool first = true;
    for (const auto& [key, i] : keys) {
        if (!run.spend()) return;
        if (!std::exchange(first, false)) out.append(style.item_separator);
        append_string(out, key, style);
        out.append(style.key_separator);
        append_json(run, out, entries.value(i), style);
    }
    out.append("}");
}

} // namespace

void append_json(Run& run, Text& out, const Item& item, const JsonStyle& style) {
    const Depth depth(run);
    if (!depth || !run.usable(item, true)) return;
    switch (item.kind) {
    case Item::Kind::none:
        out.append("null");
        break;
    case Item::Kind::boolean:
        out.append(item.boolean ? "true" : "false");
        break;
    case Item::Kind::integer:
        append_str(run, out, item);
        break;
    case Item::Kind::real:
        out.append(std::isfinite(item.real) ? real_repr(item.real) : std::string("null"));
        break;
    case Item::Kind::string:
        append_string(out, item.text(), style);
        break;
    case Item::Kind::list:
    case Item::Kind::json_list:
        append_list(run, out, item, style);
        break;
    case Item::Kind::dict:
    case Item::Kind::json_map:
        append_map(run, out, item, style);
        break;
    case Item::Kind::datetime:
        append_string(out, iso_text(item), style);
        break;
    default:
        run.invalid("a {} has no JSON", type_name(item));
        break;
    }
}

} // namespace hearth::templating
