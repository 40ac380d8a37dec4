#include "template/builtin.h"
#include "template/convert.h"
#include "template/format.h"
#include "template/operators.h"
#include "template/python_text.h"
#include "template/text_tools.h"
#include "template/unicode.h"

#include <array>

/// Filters on texts. What is no text is written as one first, as Jinja2 does.
namespace hearth::templating {
namespace {

std::string_view subject_text(Call& call) {
    const std::string_view text = str_view(call.run, call.subject);
    call.run.spend(text.size() / 8);
    return text;
}

std::string_view argument_text(Call& call, std::size_t i, std::string_view otherwise) {
    return call.has(i) ? str_view(call.run, call[i]) : otherwise;
}

Item filter_string(Call& call) {
    return str(call.run, call.subject);
}

Item filter_lower(Call& call) {
    return call.run.text(lower_case(subject_text(call)));
}

Item filter_upper(Call& call) {
    return call.run.text(upper_case(subject_text(call)));
}

Item filter_capitalize(Call& call) {
    return call.run.text(capitalized(subject_text(call)));
}

/// Jinja2's title, unlike Python's, leaves the s of "it's" small: words begin after white space and
/// any of - ( { [ <.
Item filter_title(Call& call) {
    std::string out;
    bool begins = true;
    for (std::string_view rest = subject_text(call); !rest.empty();) {
        const std::size_t length = character_length(rest);
        const char32_t c = decode(rest);
        const bool separates =
            is_space(c) || c == '-' || c == '(' || c == '{' || c == '[' || c == '<';
        const std::string character =
            begins ? upper_case(rest.substr(0, length)) : lower_case(rest.substr(0, length));
        out += character;
        begins = separates;
        rest.remove_prefix(length);
    }
    return call.run.text(out);
}

Item filter_trim(Call& call) {
    const std::string_view text = subject_text(call);
    if (!call.has(0) || call[0].is_none()) return Item::of(strip(text));
    return Item::of(strip_characters(text, argument_text(call, 0, ""), true, true));
}

Item filter_replace(Call& call) {
    const std::int64_t count =
        call.has(2) && call[2].is_none() ? -1 : integer_argument(call, 2, -1);
    return replaced(call.run, subject_text(call), argument_text(call, 0, ""),
                    argument_text(call, 1, ""), count);
}

Item filter_truncate(Call& call) {
    if (!call.subject.is_string() && !call.subject.is_undefined())
        return call.run.invalid("truncate needs a text, not a {}: put `| string` before it",
                                type_name(call.subject));
    const std::string_view text = subject_text(call);
    const std::int64_t length = integer_argument(call, 0, 255, 0, 1 << 30);
    const bool kill_words = call.has(1) && truth(call.run, call[1]);
    const std::string_view end = argument_text(call, 2, "...");
    const std::int64_t leeway =
        call.has(3) && call[3].is_none() ? 5 : integer_argument(call, 3, 5, 0, 1 << 30);
    const auto end_length = static_cast<std::int64_t>(count_characters(end));
    if (length < end_length)
        return call.run.invalid("truncate to {} characters leaves no room for \"{}\"", length, end);
    if (static_cast<std::int64_t>(count_characters(text)) <= length + leeway) return Item::of(text);
    std::string_view kept =
        text.substr(0, byte_offset(text, static_cast<std::size_t>(length - end_length)));
    if (!kill_words) kept = kept.substr(0, kept.rfind(' '));
    Text out(call.run);
    out.append(kept);
    out.append(end);
    return out.item();
}

Item filter_format(Call& call) {
    const std::string_view format = subject_text(call);
    if (!call.named.empty()) {
        Dict& values = call.run.make_dict();
        for (const NamedItem& named : call.named)
            call.run.put(values, Item::of(named.name), named.value);
        return format_percent(call.run, format, Item::of(&values));
    }
    List& values = call.run.make_list(true);
    for (const Item& value : call.positional)
        call.run.append(values, value);
    return format_percent(call.run, format, Item::of(&values));
}

Item filter_wordcount(Call& call) {
    std::int64_t words = 0;
    bool inside = false;
    for (std::string_view rest = subject_text(call); !rest.empty();) {
        const char32_t c = decode(rest);
        const bool word = is_letter(c) || (c >= '0' && c <= '9') || c == '_';
        words += word && !inside ? 1 : 0;
        inside = word;
        rest.remove_prefix(character_length(rest));
    }
    return Item::of(words);
}

Item filter_ord(Call& call) {
    const std::string_view text = subject_text(call);
    if (text.empty() || character_length(text) != text.size())
        return call.run.invalid("ord needs one character");
    return Item::of(static_cast<std::int64_t>(decode(text)));
}

constexpr std::array<Builtin, 11> table = {{
    {"string", filter_string},
    {"lower", filter_lower},
    {"upper", filter_upper},
    {"capitalize", filter_capitalize},
    {"title", filter_title},
    {"trim", filter_trim, {"chars"}},
    {"replace", filter_replace, {"old", "new", "count"}, 2},
    {"truncate", filter_truncate, {"length", "killwords", "end", "leeway"}},
    {.name = "format", .call = filter_format, .variadic = true},
    {"wordcount", filter_wordcount},
    {"ord", filter_ord},
}};

} // namespace

std::span<const Builtin> text_filters() {
    return table;
}

} // namespace hearth::templating
