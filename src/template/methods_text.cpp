#include "template/builtin.h"
#include "template/convert.h"
#include "template/format.h"
#include "template/operators.h"
#include "template/text_tools.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>

/// Python's methods of str.
namespace hearth::templating {
namespace {

/// An argument that must be a text.
std::string_view text_argument(Call& call, std::size_t i) {
    if (call[i].is_string()) return call[i].text();
    call.run.invalid("{}() needs a text, not a {}", call.builtin.name, type_name(call[i]));
    return {};
}

std::string_view subject(Call& call) {
    call.run.spend(call.subject.text().size() / 8);
    return call.subject.text();
}

template <std::string (*map)(std::string_view)>
Item mapped(Call& call) {
    return call.run.text(map(subject(call)));
}

template <bool left, bool right>
Item stripped(Call& call) {
    if (!call.has(0) || call[0].is_none()) return Item::of(strip(subject(call), left, right));
    return Item::of(strip_characters(subject(call), text_argument(call, 0), left, right));
}

Item method_split(Call& call) {
    return split_text(call.run, subject(call), call.value_or(0, Item::none()),
                      integer_argument(call, 1, -1));
}

Item method_rsplit(Call& call) {
    return split_text_from_right(call.run, subject(call), call.value_or(0, Item::none()),
                                 integer_argument(call, 1, -1));
}

Item method_splitlines(Call& call) {
    List& lines = call.run.make_list();
    for (std::string_view rest = subject(call); !rest.empty() && !call.run.failed();) {
        const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
        call.run.append(lines, Item::of(rest.substr(0, end)));
        rest.remove_prefix(end);
        if (rest.starts_with("\r\n")) rest.remove_prefix(1);
        if (!rest.empty()) rest.remove_prefix(1);
    }
    return Item::of(&lines);
}

Item method_replace(Call& call) {
    return replaced(call.run, subject(call), text_argument(call, 0), text_argument(call, 1),
                    integer_argument(call, 2, -1));
}

/// startswith and endswith take one text or a tuple of them.
Item affix(Call& call, bool at_start) {
    const std::string_view text = subject(call);
    const auto fits = [&](const Item& part) {
        if (!part.is_string()) {
            call.run.invalid("{}() needs a text, not a {}", call.builtin.name, type_name(part));
            return false;
        }
        return at_start ? text.starts_with(part.text()) : text.ends_with(part.text());
    };
    if (!call[0].is_list()) return Item::of(fits(call[0]));
    const Elements elements = elements_of(call[0]);
    for (std::size_t i = 0; i < elements.size() && call.run.spend(); ++i)
        if (fits(elements[i])) return Item::of(true);
    return Item::of(false);
}

Item method_startswith(Call& call) {
    return affix(call, true);
}
Item method_endswith(Call& call) {
    return affix(call, false);
}

Item method_removeprefix(Call& call) {
    std::string_view text = subject(call);
    const std::string_view prefix = text_argument(call, 0);
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    return Item::of(text);
}

Item method_removesuffix(Call& call) {
    std::string_view text = subject(call);
    const std::string_view suffix = text_argument(call, 0);
    if (text.ends_with(suffix)) text.remove_suffix(suffix.size());
    return Item::of(text);
}

Item method_join(Call& call) {
    const Item list = iterable(call.run, call[0]);
    if (call.run.failed()) return {};
    const Elements elements = elements_of(list);
    Text out(call.run);
    for (std::size_t i = 0; i < elements.size() && call.run.spend(); ++i) {
        if (!elements[i].is_string())
            return call.run.invalid("join() needs texts, not a {}", type_name(elements[i]));
        if (i > 0) out.append(call.subject.text());
        out.append(elements[i].text());
    }
    return out.item();
}

/// Whether there are characters and all are of a kind.
template <bool (*accepts)(char32_t)>
Item all_are(Call& call) {
    std::string_view rest = subject(call);
    if (rest.empty()) return Item::of(false);
    for (; !rest.empty(); rest.remove_prefix(character_length(rest)))
        if (!accepts(decode(rest))) return Item::of(false);
    return Item::of(true);
}

bool is_digit(char32_t c) {
    return c >= '0' && c <= '9';
}
bool is_letter_or_digit(char32_t c) {
    return is_letter(c) || is_digit(c);
}

Item method_islower(Call& call) {
    const std::string_view text = subject(call);
    return Item::of(text == lower_case(text) && text != upper_case(text));
}
Item method_isupper(Call& call) {
    const std::string_view text = subject(call);
    return Item::of(text == upper_case(text) && text != lower_case(text));
}

Item method_format(Call& call) {
    return format_braces(call.run, subject(call), call.positional, call.named);
}

/// The character index of a text within another, or -1.
std::int64_t found_at(Call& call, bool from_right) {
    const std::string_view text = subject(call);
    const std::string_view part = text_argument(call, 0);
    const std::size_t at = from_right ? text.rfind(part) : text.find(part);
    if (at == std::string_view::npos) return -1;
    return static_cast<std::int64_t>(count_characters(text.substr(0, at)));
}

Item method_find(Call& call) {
    return Item::of(found_at(call, false));
}
Item method_rfind(Call& call) {
    return Item::of(found_at(call, true));
}
Item method_index(Call& call) {
    const std::int64_t at = found_at(call, false);
    return at < 0 ? call.run.invalid("index(): the text is not in there") : Item::of(at);
}

Item method_count(Call& call) {
    std::string_view rest = subject(call);
    const std::string_view part = text_argument(call, 0);
    if (part.empty()) return Item::of_size(count_characters(rest) + 1);
    std::int64_t count = 0;
    for (std::size_t at = 0; (at = rest.find(part)) != std::string_view::npos; ++count)
        rest.remove_prefix(at + part.size());
    return Item::of(count);
}

Item padded(Call& call, char align) {
    FormatSpec spec;
    spec.align = align;
    spec.width = static_cast<std::size_t>(integer_argument(call, 0, 0, 0, max_format_width));
    if (call.has(1)) spec.fill = text_argument(call, 1);
    if (call.run.failed()) return {};
    Text out(call.run);
    append_formatted(call.run, out, call.subject, spec);
    return out.item();
}

Item method_ljust(Call& call) {
    return padded(call, '<');
}
Item method_rjust(Call& call) {
    return padded(call, '>');
}
/// An odd place goes to the left where the width is odd: Python's rule, which is not that of
/// format().
Item method_center(Call& call) {
    const std::int64_t width = integer_argument(call, 0, 0, 0, max_format_width);
    const auto size = static_cast<std::int64_t>(count_characters(subject(call)));
    const std::int64_t room = std::max<std::int64_t>(width - size, 0);
    const std::string_view fill = call.has(1) ? text_argument(call, 1) : std::string_view(" ");
    const std::int64_t left = room / 2 + (room & width & 1);
    Text out(call.run);
    for (std::int64_t i = 0; i < left && !call.run.failed(); ++i)
        out.append(fill);
    out.append(subject(call));
    for (std::int64_t i = left; i < room && !call.run.failed(); ++i)
        out.append(fill);
    return out.item();
}

Item method_zfill(Call& call) {
    const std::int64_t width = integer_argument(call, 0, 0, 0, max_format_width);
    const std::string_view text = subject(call);
    const auto size = static_cast<std::int64_t>(count_characters(text));
    const bool sign = text.starts_with('-') || text.starts_with('+');
    Text out(call.run);
    out.append(text.substr(0, sign ? 1 : 0));
    if (width > size) out.append(static_cast<std::size_t>(width - size), '0');
    out.append(text.substr(sign ? 1 : 0));
    return out.item();
}

constexpr Builtin on(std::string_view name, Item (*call)(Call&),
                     std::array<std::string_view, max_parameters> parameters = {},
                     std::uint8_t required = 0) {
    return {.name = name,
            .call = call,
            .parameters = parameters,
            .required = required,
            .subjects = on_text};
}

constexpr std::array<Builtin, 34> table = {{
    on("lower", mapped<lower_case>),
    on("casefold", mapped<lower_case>),
    on("upper", mapped<upper_case>),
    on("capitalize", mapped<capitalized>),
    on("title", mapped<titled>),
    on("strip", stripped<true, true>, {"chars"}),
    on("lstrip", stripped<true, false>, {"chars"}),
    on("rstrip", stripped<false, true>, {"chars"}),
    on("split", method_split, {"sep", "maxsplit"}),
    on("rsplit", method_rsplit, {"sep", "maxsplit"}),
    on("splitlines", method_splitlines),
    on("replace", method_replace, {"old", "new", "count"}, 2),
    on("startswith", method_startswith, {"prefix"}, 1),
    on("endswith", method_endswith, {"suffix"}, 1),
    on("removeprefix", method_removeprefix, {"prefix"}, 1),
    on("removesuffix", method_removesuffix, {"suffix"}, 1),
    on("join", method_join, {"iterable"}, 1),
    on("isdigit", all_are<is_digit>),
    on("isdecimal", all_are<is_digit>),
    on("isnumeric", all_are<is_digit>),
    on("isalpha", all_are<is_letter>),
    on("isalnum", all_are<is_letter_or_digit>),
    on("isspace", all_are<is_space>),
    on("islower", method_islower),
    on("isupper", method_isupper),
    {.name = "format", .call = method_format, .variadic = true, .subjects = on_text},
    on("find", method_find, {"sub"}, 1),
    on("rfind", method_rfind, {"sub"}, 1),
    on("index", method_index, {"sub"}, 1),
    on("count", method_count, {"sub"}, 1),
    on("ljust", method_ljust, {"width", "fillchar"}, 1),
    on("rjust", method_rjust, {"width", "fillchar"}, 1),
    on("center", method_center, {"width", "fillchar"}, 1),
    on("zfill", method_zfill, {"width"}, 1),
}};

} // namespace

std::span<const Builtin> text_methods() {
    return table;
}

} // namespace hearth::templating
