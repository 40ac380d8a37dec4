#include "template/format.h"
#include "template/operators.h"
#include "template/python_text.h"
#include "template/unicode.h"

#include <algorithm>
#include <charconv>

namespace hearth::templating {
namespace {

bool is_align(char c) {
    return c == '<' || c == '>' || c == '^' || c == '=';
}

class BraceFormatter {
public:
    BraceFormatter(Run& run, std::string_view format, std::span<const Item> positional,
                   std::span<const NamedItem> named)
        : run_(run)
        , rest_(format)
        , positional_(positional)
        , named_(named)
        , out_(run) {}

    Item run() {
        while (!rest_.empty() && run_.spend()) {
            const std::size_t brace = rest_.find_first_of("{}");
            out_.append(rest_.substr(0, brace));
            if (brace == std::string_view::npos) break;
            const char c = rest_[brace];
            const bool doubled = brace + 1 < rest_.size() && rest_[brace + 1] == c;
            rest_.remove_prefix(brace + (doubled ? 2 : 1));
            if (doubled)
                out_.append(1, c);
            else if (c == '}')
                run_.invalid("a format has a \"}}\" that closes nothing");
            else
                field();
        }
        return out_.item();
    }

private:
    void field() {
        const std::size_t end = rest_.find('}');
        if (end == std::string_view::npos) {
            run_.invalid("a format has a \"{{\" that is not closed");
            return;
        }
        std::string_view inner = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        const std::size_t colon = inner.find(':');
        std::string_view spec = colon == std::string_view::npos ? "" : inner.substr(colon + 1);
        inner = inner.substr(0, colon);
        char conversion = 0;
        if (const std::size_t mark = inner.find('!'); mark != std::string_view::npos) {
            conversion = mark + 2 == inner.size() ? inner[mark + 1] : '?';
            inner = inner.substr(0, mark);
        }
        const Item value = member(inner);
        if (!run_.failed()) append(value, conversion, spec);
    }

    void append(Item value, char conversion, std::string_view spec) {
        if (spec.find('{') != std::string_view::npos ||
            (conversion != 0 && conversion != 's' && conversion != 'r')) {
            run_.invalid("this form of a format's field is not part of hearth's templates");
            return;
        }
        Text text(run_);
        if (conversion == 'r') {
            append_repr(run_, text, value);
            value = text.item();
        } else if (conversion == 's') {
            value = str(run_, value);
        }
        if (spec.empty()) return append_str(run_, out_, value);
        if (value.is(Item::Kind::datetime)) {
            run_.invalid("use strftime() to format a time");
            return;
        }
        FormatSpec parsed;
        if (parse(spec, parsed)) append_formatted(run_, out_, value, parsed);
    }

    /// "", "0", "name", "0.attribute", "name[key]"
    Item member(std::string_view path) {
        const std::size_t end = path.find_first_of(".[");
        const std::string_view first = path.substr(0, end);
        Item value = argument(first);
        path = end == std::string_view::npos ? "" : path.substr(end);
        while (!path.empty() && run_.spend()) {
            const bool bracket = path[0] == '[';
            path.remove_prefix(1);
            const std::size_t stop = bracket ? path.find(']') : path.find_first_of(".[");
            if (bracket && stop == std::string_view::npos)
                return run_.invalid("a format has a \"[\" that is not closed");
            value = dotted(run_, value, path.substr(0, stop));
            path = stop == std::string_view::npos ? "" : path.substr(stop + (bracket ? 1 : 0));
        }
        return value;
    }

    Item argument(std::string_view name) {
        std::size_t index = next_;
        if (name.empty()) {
            ++next_;
            automatic_ = true;
        } else {
            const auto [end, error] =
                std::from_chars(name.data(), name.data() + name.size(), index);
            if (error != std::errc() || end != name.data() + name.size()) {
                for (const NamedItem& named : named_)
                    if (named.name == name) return named.value;
                return run_.invalid("the format wants a value for '{}'", name);
            }
            manual_ = true;
        }
        if (automatic_ && manual_)
            return run_.invalid("a format has fields with and without numbers");
        if (index < positional_.size()) return positional_[index];
        return run_.invalid("the format wants {} values, {} are given", index + 1,
                            positional_.size());
    }

    bool parse(std::string_view spec, FormatSpec& out) {
        const auto take = [&](std::string_view set) {
            if (spec.empty() || set.find(spec[0]) == std::string_view::npos) return char{0};
            const char c = spec[0];
            spec.remove_prefix(1);
            return c;
        };
        const std::size_t fill = character_length(spec);
        if (spec.size() > fill && is_align(spec[fill])) {
            out.fill = spec.substr(0, fill);
            spec.remove_prefix(fill);
        }
        out.align = take("<>^=");
        if (const char sign = take("+- ")) out.sign = sign;
        out.alternative = take("#") != 0;
        if (spec.starts_with('0') && out.align == 0) {
            out.fill = "0";
            out.align = '=';
        }
        out.width = static_cast<std::size_t>(number(spec));
        out.grouping = take(",_");
        if (take(".") != 0) out.precision = number(spec);
        out.type = take("sdxXobneEfFgG%");
        if (spec.empty()) return true;
        run_.invalid("\"{}\" is no format of Python's mini-language", spec);
        return false;
    }

    static int number(std::string_view& spec) {
        int number = 0;
        while (!spec.empty() && spec[0] >= '0' && spec[0] <= '9') {
            number = std::min(number * 10 + (spec[0] - '0'), 100'000);
            spec.remove_prefix(1);
        }
        return number;
    }

    Run& run_;
    std::string_view rest_;
    std::span<const Item> positional_;
    std::span<const NamedItem> named_;
    Text out_;
    std::size_t next_ = 0;
    bool automatic_ = false; // has a field {}
    bool manual_ = false;    // has a field {0}
};

} // namespace

Item format_braces(Run& run, std::string_view format, std::span<const Item> positional,
                   std::span<const NamedItem> named) {
    return BraceFormatter(run, format, positional, named).run();
}

} // namespace hearth::templating
