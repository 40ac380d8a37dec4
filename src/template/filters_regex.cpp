#include "template/builtin.h"
#include "template/convert.h"
#include "template/operators.h"
#include "template/python_text.h"
#include "template/regex.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace hearth::templating {
namespace {

constexpr std::size_t npos = std::string_view::npos;

std::string_view text_argument(Call& call, std::size_t i) {
    return call.has(i) ? str_view(call.run, call[i]) : std::string_view();
}

bool ignores_case(Call& call, std::size_t i) {
    return call.has(i) && truth(call.run, call[i]);
}

Item filter_regex_match(Call& call) {
    return Item::of(regex_matches(call.run, str_view(call.run, call.subject),
                                  text_argument(call, 0), ignores_case(call, 1), true));
}

Item filter_regex_search(Call& call) {
    return Item::of(regex_matches(call.run, str_view(call.run, call.subject),
                                  text_argument(call, 0), ignores_case(call, 1), false));
}

/// Calls `found` with each match, from left to right, as re.finditer() finds them.
template <class Found>
void each_match(Run& run, const RegexProgram& program, std::string_view text, Found found) {
    RegexGroups groups;
    bool must_advance = false;
    for (std::size_t from = 0;
         from <= text.size() && regex_search(run, program, text, from, must_advance, groups);) {
        found(groups);
        from = groups[1];
        must_advance = groups[0] == groups[1];
    }
}

/// The group that a replacement names: \1, \12, \g<1>, \g<name>. Takes it from the text.
std::size_t replacement_group(Run& run, const RegexProgram& program, std::string_view& rest) {
    std::string_view name = rest.substr(0, 1);
    if (rest.starts_with("g<")) {
        const std::size_t end = rest.find('>');
        name = rest.substr(2, end == npos ? npos : end - 2);
        rest.remove_prefix(end == npos ? rest.size() : end + 1);
        for (const auto& [present, group] : program.names)
            if (present == name) return group;
    } else {
        if (rest.size() > 1 && rest[1] >= '0' && rest[1] <= '9') name = rest.substr(0, 2);
        rest.remove_prefix(name.size());
    }
    std::size_t group = program.groups;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), group);
    if (error == std::errc() && end == name.data() + name.size() && group < program.groups)
        return group;
    run.invalid("regex_replace: the pattern has no group \"{}\"", name);
    return 0;
}

void append_replacement(Run& run, Text& out, const RegexProgram& program,
                        std::string_view replacement, std::string_view text,
                        const RegexGroups& groups) {
    while (!replacement.empty() && run.spend()) {
        const std::size_t slash = replacement.find('\\');
        out.append(replacement.substr(0, slash));
        if (slash == npos || slash + 1 >= replacement.size()) return;
        replacement.remove_prefix(slash + 1);
        const char c = replacement[0];
        if ((c >= '1' && c <= '9') || replacement.starts_with("g<")) {
            const std::size_t group = replacement_group(run, program, replacement);
            if (!run.failed()) out.append(group_text(text, groups, group));
            continue;
        }
        if (c == 'n' || c == 't' || c == 'r')
            out.append(1, c == 'n' ? '\n' : c == 't' ? '\t' : '\r');
        else if (c == '\\')
            out.append("\\");
        else
            out.append(std::string{'\\', c});
        replacement.remove_prefix(1);
    }
}

Item filter_regex_replace(Call& call) {
    const std::string_view text = str_view(call.run, call.subject);
    const std::string_view replacement = text_argument(call, 1);
    const auto program = compile_regex(call.run, text_argument(call, 0), ignores_case(call, 2));
    if (!program) return {};
    Text out(call.run);
    std::size_t done = 0;
    each_match(call.run, *program, text, [&](const RegexGroups& groups) {
        out.append(text.substr(done, groups[0] - done));
        append_replacement(call.run, out, *program, replacement, text, groups);
        done = groups[1];
    });
    out.append(text.substr(done));
    return out.item();
}

/// re.findall(): the whole matches, or the only group, or tuples of the groups.
Item find_all(Call& call, bool ignore_case) {
    const Item subject = str(call.run, call.subject);
    if (!subject.is_string()) return {};
    const std::string_view text = subject.text();
    const auto program = compile_regex(call.run, text_argument(call, 0), ignore_case);
    if (!program) return {};
    List& list = call.run.make_list();
    each_match(call.run, *program, text, [&](const RegexGroups& groups) {
        if (program->groups <= 2) {
            const std::size_t group = program->groups - 1;
            call.run.append(list, Item::of(group_text(text, groups, group)));
            return;
        }
        List& parts = call.run.make_list(true);
        for (std::size_t i = 1; i < program->groups; ++i)
            call.run.append(parts, Item::of(group_text(text, groups, i)));
        call.run.append(list, Item::of(&parts));
    });
    return Item::of(&list);
}

Item filter_regex_findall(Call& call) {
    return find_all(call, ignores_case(call, 1));
}

Item filter_regex_findall_index(Call& call) {
    const std::int64_t index = integer_argument(call, 1, 0);
    const Item all = find_all(call, ignores_case(call, 2));
    if (call.run.failed()) return {};
    const Item found = subscript(call.run, all, Item::of(index));
    if (found.is_undefined())
        return call.run.invalid("regex_findall_index: there is no match number {}", index);
    return found;
}

constexpr std::array<Builtin, 5> table = {{
    {"regex_match", filter_regex_match, {"find", "ignorecase"}},
    {"regex_search", filter_regex_search, {"find", "ignorecase"}},
    {"regex_replace", filter_regex_replace, {"find", "replace", "ignorecase"}},
    {"regex_findall", filter_regex_findall, {"find", "ignorecase"}},
    {"regex_findall_index", filter_regex_findall_index, {"find", "index", "ignorecase"}},
}};

} // namespace

std::span<const Builtin> regex_filters() {
    return table;
}

} // namespace hearth::templating
