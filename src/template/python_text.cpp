#include "template/python_text.h"

#include "template/python_numbers.h"
#include "template/time_text.h"
#include "template/unicode.h"

#include <array>
#include <charconv>

namespace hearth::templating {
namespace {

std::string_view integer_text(std::array<char, 24>& buffer, std::int64_t number) {
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return {buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())};
}

/// A text in quotes: single ones, unless it holds such and no double ones.
void append_quoted(Text& out, std::string_view text) {
    const bool single =
        text.find('\'') == std::string_view::npos || text.find('"') != std::string_view::npos;
    const char quote = single ? '\'' : '"';
    std::string quoted(1, quote);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\\' || c == quote) {
            quoted += '\\';
            quoted += c;
        } else if (c == '\n') {
            quoted += "\\n";
        } else if (c == '\r') {
            quoted += "\\r";
        } else if (c == '\t') {
            quoted += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            quoted += fmt::format("\\x{:02x}", byte);
        } else {
            quoted += c;
        }
    }
    out.append(quoted + quote);
}

void append_list(Run& run, Text& out, const Item& item) {
    const Elements elements = elements_of(item);
    const bool tuple = item.is_tuple();
    out.append(tuple ? "(" : "[");
    for (std::size_t i = 0; i < elements.size() && run.spend(); ++i) {
        if (i > 0) out.append(", ");
        append_repr(run, out, elements[i]);
    }
    if (tuple && elements.size() == 1) out.append(",");
    out.append(tuple ? ")" : "]");
}

void append_map(Run& run, Text& out, const Item& item) {
    const Entries entries = entries_of(item);
    out.append("{");
    for (std::size_t i = 0; i < entries.size() && run.spend(); ++i) {
        if (i > 0) out.append(", ");
        append_repr(run, out, entries.key(i));
        out.append(": ");
        append_repr(run, out, entries.value(i));
    }
    out.append("}");
}

} // namespace

void append_str(Run& run, Text& out, const Item& item) {
    if (item.is_string())
        out.append(item.text());
    else if (item.is(Item::Kind::datetime) || item.is(Item::Kind::timedelta))
        out.append(time_text(item));
    else if (item.is_undefined())
        run.usable(item);
    else
        append_repr(run, out, item);
}

void append_repr(Run& run, Text& out, const Item& item) {
    const Depth depth(run);
    if (!depth) return;
    std::array<char, 24> buffer{};
    switch (item.kind) {
    case Item::Kind::undefined:
        if (run.usable(item)) out.append("Undefined");
        break;
    case Item::Kind::none:
        out.append("None");
        break;
    case Item::Kind::boolean:
        out.append(item.boolean ? "True" : "False");
        break;
    case Item::Kind::integer:
        out.append(integer_text(buffer, item.integer));
        break;
    case Item::Kind::real:
        out.append(real_repr(item.real));
        break;
    case Item::Kind::string:
        append_quoted(out, item.text());
        break;
    case Item::Kind::list:
    case Item::Kind::json_list:
        append_list(run, out, item);
        break;
    case Item::Kind::dict:
    case Item::Kind::json_map:
        append_map(run, out, item);
        break;
    case Item::Kind::datetime:
    case Item::Kind::timedelta:
        append_quoted(out, time_text(item));
        break;
    case Item::Kind::space:
    case Item::Kind::macro:
    case Item::Kind::function:
    case Item::Kind::loop:
        run.invalid("a {} has no text", type_name(item));
        break;
    }
}

Item str(Run& run, const Item& item) {
    if (item.is_string()) return item;
    Text out(run);
    append_str(run, out, item);
    return out.item();
}

std::string_view str_view(Run& run, const Item& item) {
    const Item text = str(run, item);
    return text.is_string() ? text.text() : std::string_view();
}

bool append_simple_str(std::string& out, const Value& value) {
    std::array<char, 24> buffer{};
    switch (value.type()) {
    case Value::Type::null:
        out += "None";
        return true;
    case Value::Type::boolean:
        out += *value.as_bool() ? "True" : "False";
        return true;
    case Value::Type::integer:
        out += integer_text(buffer, *value.as_integer());
        return true;
    case Value::Type::real:
        out += real_repr(*value.as_real());
        return true;
    case Value::Type::string:
        out += *value.as_string();
        return true;
    case Value::Type::list:
    case Value::Type::map:
        return false;
    }
    return false;
}

} // namespace hearth::templating
