#include "template/format.h"
#include "template/operators.h"
#include "template/python_numbers.h"
#include "template/python_text.h"
#include "template/unicode.h"

#include <algorithm>
#include <charconv>

namespace hearth::templating {
namespace {

class PercentFormatter {
public:
    PercentFormatter(Run& run, std::string_view format, const Item& values)
        : run_(run)
        , rest_(format)
        , values_(values)
        , out_(run) {}

    Item run() {
        while (!rest_.empty() && run_.spend()) {
            const std::size_t percent = rest_.find('%');
            out_.append(rest_.substr(0, percent));
            if (percent == std::string_view::npos) break;
            rest_.remove_prefix(percent + 1);
            conversion();
        }
        // Python leaves lists and dictionaries unused without complaint.
        const bool counts = values_.is_tuple() ||
                            !(values_.is_map() || values_.is_list() || values_.is_undefined());
        const std::size_t given = values_.is_tuple() ? elements_of(values_).size() : 1;
        if (counts && used_ < given) return run_.invalid("more values than the format has places");
        return out_.item();
    }

private:
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    int number() {
        if (take('*')) {
            const Item value = next();
            return value.is_int() ? static_cast<int>(std::clamp<std::int64_t>(value.int_value(), 0,
                                                                              max_format_width + 1))
                                  : 0;
        }
        int number = 0;
        const auto [end, error] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
        if (rest_.starts_with('-') || error == std::errc::invalid_argument) return 0;
        if (error != std::errc()) number = max_format_width + 1;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return number;
    }

    Item next() {
        if (named_) return *named_;
        if (values_.is_tuple()) {
            const Elements elements = elements_of(values_);
            if (used_ < elements.size()) return elements[used_++];
            return run_.invalid("fewer values than the format has places");
        }
        if (used_++ > 0) return run_.invalid("fewer values than the format has places");
        return values_;
    }

    void key() {
        named_.reset();
        if (!take('(')) return;
        const std::size_t end = rest_.find(')');
        if (end == std::string_view::npos || !values_.is_map()) {
            run_.invalid("%(name) needs a dictionary and a closing bracket");
            return;
        }
        named_ = subscript(run_, values_, Item::of(rest_.substr(0, end)));
        rest_.remove_prefix(end + 1);
    }

    FormatSpec flags() {
        FormatSpec spec;
        spec.align = '>';
        for (; !rest_.empty(); rest_.remove_prefix(1)) {
            const char c = rest_[0];
            if (c == '-') {
                spec.align = '<';
                spec.fill = " ";
            } else if (c == '0' && spec.align != '<') {
                spec.align = '=';
                spec.fill = "0";
            } else if (c == '+' || (c == ' ' && spec.sign != '+')) {
                spec.sign = c;
            } else if (c == '#') {
                spec.alternative = true;
            } else if (c != '0' && c != ' ') {
                break;
            }
        }
        return spec;
    }

    void conversion() {
        key();
        FormatSpec spec = flags();
        spec.width = static_cast<std::size_t>(number());
        if (take('.')) spec.precision = number();
        while (rest_.starts_with('l') || rest_.starts_with('h') || rest_.starts_with('L'))
            rest_.remove_prefix(1);
        if (run_.failed()) return;
        if (rest_.empty()) {
            run_.invalid("a format ends within \"%\"");
            return;
        }
        spec.type = rest_[0];
        rest_.remove_prefix(1);
        if (spec.type == '%')
            out_.append("%");
        else
            value(spec);
    }

    void value(FormatSpec& spec) {
        const Item item = next();
        if (run_.failed()) return;
        if (spec.type == 's' || spec.type == 'r') {
            if (spec.align == '=') spec.align = '>';
            Text text(run_);
            spec.type == 's' ? append_str(run_, text, item) : append_repr(run_, text, item);
            spec.type = 's';
            append_formatted(run_, out_, Item::of(text.view()), spec);
        } else if (spec.type == 'c' && item.is_string()) {
            spec.type = 's';
            append_formatted(run_, out_, item, spec);
        } else if (spec.type == 'c' && item.is_int()) {
            character(item.int_value(), spec);
        } else {
            number_value(item, spec);
        }
    }

    void character(std::int64_t code, FormatSpec& spec) {
        const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        if (code < 0 || code > 0x10FFFF || surrogate) {
            run_.invalid("%c: {} is no character", code);
            return;
        }
        std::string text;
        append_utf8(text, static_cast<char32_t>(code));
        spec.type = 's';
        append_formatted(run_, out_, Item::of(std::string_view(text)), spec);
    }

    void number_value(const Item& item, FormatSpec& spec) {
        if (!item.is_number()) {
            run_.invalid("%{} needs a number, not a {}", spec.type, type_name(item));
            return;
        }
        const bool integer = std::string_view("diuxXo").find(spec.type) != std::string_view::npos;
        if (!integer) return append_formatted(run_, out_, real(item), spec);
        const std::optional<std::int64_t> whole =
            item.is_int() ? item.int_value() : truncate(item.real);
        if (!whole) {
            run_.invalid("%{} needs an integer", spec.type);
            return;
        }
        if (spec.type == 'i' || spec.type == 'u') spec.type = 'd';
        spec.precision = -1;
        append_formatted(run_, out_, Item::of(*whole), spec);
    }

    static Item real(const Item& item) { return Item::of(item.number()); }

    Run& run_;
    std::string_view rest_;
    const Item& values_;
    Text out_;
    std::size_t used_ = 0;
    std::optional<Item> named_;
};

} // namespace

Item format_percent(Run& run, std::string_view format, const Item& values) {
    return PercentFormatter(run, format, values).run();
}

} // namespace hearth::templating
