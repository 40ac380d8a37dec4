#include "language/sentence.h"

#include "base/text.h"
#include "language/limits.h"
#include "language/normalize.h"

#include <cmath>

namespace hearth::language {
namespace {

using Kind = Expression::Kind;

/// Left by a throw-free parser at the first thing that is wrong.
class Parser {
public:
    explicit Parser(std::string_view text)
        : text_(text) {}

    std::expected<Expression, SentenceError> parse() {
        if (text_.size() > limits::template_bytes) {
            fail_at(0, Code::limit,
                    fmt::format("a template of {} bytes; at most {} are allowed (template_bytes)",
                                text_.size(), limits::template_bytes));
        } else if (!is_utf8(text_)) {
            fail_at(0, Code::invalid, "not UTF-8 text");
        }
        Expression whole;
        if (!error_) whole = group('\0', 0, 0);
        if (error_) return std::unexpected(std::move(*error_));
        return whole;
    }

private:
    /// The inside of a group up to its closing bracket (or the end, at the top).
    Expression group(char close, std::size_t opened, std::size_t depth) {
        std::vector<Expression> members;
        char separator = '\0';
        if (depth > limits::template_depth)
            fail_at(opened, Code::limit,
                    fmt::format("brackets nested more than {} deep (template_depth)",
                                limits::template_depth));
        while (!error_) {
            members.push_back(sequence(depth));
            if (error_) break;
            if (at_ == text_.size()) {
                if (close != '\0')
                    fail_at(opened, Code::invalid,
                            fmt::format("\"{}\" is never closed", text_[opened]));
                break;
            }
            const char c = text_[at_];
            if (c == close) {
                ++at_;
                break;
            }
            if (c != '|' && c != ';') {
                fail_at(at_, Code::invalid, fmt::format("\"{}\" was not opened", c));
                break;
            }
            if (separator != '\0' && c != separator) {
                fail_at(at_, Code::invalid, "| and ; in one group; put one of them in brackets");
                break;
            }
            separator = c;
            ++at_;
        }
        return joined(std::move(members), separator, close == ']', opened);
    }

    Expression joined(std::vector<Expression> members, char separator, bool optional,
                      std::size_t opened) {
        Expression made;
        if (error_) return made;
        if (members.size() == 1) {
            made = std::move(members.front());
        } else if (separator == ';') {
            if (members.size() > limits::permutation_members)
                fail_at(opened, Code::limit,
                        fmt::format("a permutation of {} members; at most {} are allowed "
                                    "(permutation_members)",
                                    members.size(), limits::permutation_members));
            made = {.kind = Kind::permutation, .items = std::move(members)};
            for (Expression& member : made.items)
                trim_ends(member);
        } else {
            made = {.kind = Kind::alternatives, .items = std::move(members)};
        }
        made.column = column(opened);
        if (!optional) return made;
        if (made.kind != Kind::alternatives) {
            Expression choice{.kind = Kind::alternatives, .column = made.column};
            choice.items.push_back(std::move(made));
            made = std::move(choice);
        }
        made.items.push_back({.kind = Kind::sequence, .column = made.column});
        return made;
    }

    /// Spaces around ; say nothing: a permutation has its own.
    static void trim_ends(Expression& member) {
        if (member.kind != Kind::sequence || member.items.empty()) return;
        auto& first = member.items.front();
        if (first.kind == Kind::text) first.text.erase(0, first.text.find_first_not_of(' '));
        auto& last = member.items.back();
        if (last.kind == Kind::text) last.text.resize(last.text.find_last_not_of(' ') + 1);
    }

    Expression sequence(std::size_t depth) {
        Expression made{.kind = Kind::sequence, .column = column(at_)};
        while (!error_ && at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '|' || c == ';' || c == ')' || c == ']') break;
            if (++items_ > limits::template_items) {
                fail_at(at_, Code::limit,
                        fmt::format("a template of more than {} parts (template_items)",
                                    limits::template_items));
                break;
            }
            made.items.push_back(part(c, depth));
        }
        return made;
    }

    Expression part(char c, std::size_t depth) {
        const std::size_t begin = at_;
        if (c == '(' || c == '[') {
            ++at_;
            Expression inner = group(c == '(' ? ')' : ']', begin, depth + 1);
            inner.column = column(begin);
            return inner;
        }
        if (c == '<') return reference('>', Kind::rule);
        if (c == '{') return reference('}', Kind::list);
        if (c == '>' || c == '}') {
            fail_at(at_, Code::invalid, fmt::format("\"{}\" was not opened", c));
            return {};
        }
        return literal();
    }

    Expression literal() {
        Expression made{.kind = Kind::text, .column = column(at_)};
        while (at_ < text_.size()) {
            char c = text_[at_];
            if (std::string_view("|;()[]<>{}").find(c) != std::string_view::npos) break;
            if (c == '\\') {
                if (++at_ == text_.size()) {
                    fail_at(at_ - 1, Code::invalid, "\\ stands before nothing");
                    break;
                }
                c = text_[at_];
            }
            made.text += c;
            ++at_;
        }
        return made;
    }

    /// {…} or <…>
    Expression reference(char close, Kind kind) {
        const std::size_t begin = at_;
        const std::size_t end = text_.find(close, at_);
        Expression made{.kind = kind, .column = column(begin)};
        if (end == text_.npos) {
            fail_at(begin, Code::invalid, fmt::format("\"{}\" is never closed", text_[begin]));
            return made;
        }
        std::string_view inside = text_.substr(begin + 1, end - begin - 1);
        at_ = end + 1;
        if (const std::size_t wrong = inside.find_first_of("{}<>[]()|;"); wrong != inside.npos) {
            fail_at(begin + 1 + wrong, Code::invalid,
                    fmt::format("\"{}\" inside a name", inside[wrong]));
            return made;
        }
        const std::size_t colon = inside.find(':');
        const bool has_slot = colon != inside.npos;
        std::string_view slot = has_slot ? trim(inside.substr(colon + 1)) : "";
        std::string_view name = trim(inside.substr(0, colon));
        made.capture = take_at(has_slot ? slot : name);
        made.text = name;
        made.slot = has_slot ? slot : name;
        if (kind == Kind::rule && !has_slot) made.slot.clear();
        if (name.empty() || (has_slot && slot.empty()) || (has_slot && slot.contains(':')))
            fail_at(begin, Code::invalid, "a name is missing, or there is one \":\" too many");
        else if (kind == Kind::list && name.contains(".."))
            read_range(made, name, has_slot, begin);
        return made;
    }

    /// Takes the @ of a capture away.
    static bool take_at(std::string_view& name) {
        if (!name.starts_with('@')) return false;
        name.remove_prefix(1);
        return true;
    }

    /// "0..100,5"
    void read_range(Expression& made, std::string_view text, bool has_slot, std::size_t begin) {
        made.kind = Kind::range;
        made.text.clear();
        if (!has_slot) made.slot.clear();
        const std::size_t dots = text.find("..");
        const std::size_t comma = text.find(',', dots);
        const auto until = comma == text.npos ? text.npos : comma - dots - 2;
        const bool good =
            parse_number(trim(text.substr(0, dots)), made.range.from) &&
            parse_number(trim(text.substr(dots + 2, until)), made.range.to) &&
            (comma == text.npos || parse_number(trim(text.substr(comma + 1)), made.range.step));
        if (!good || made.range.from > made.range.to || !(made.range.step > 0))
            fail_at(begin, Code::invalid,
                    "a range is written {from..to} or {from..to,step}, from the lower number to "
                    "the higher");
    }

    std::size_t column(std::size_t offset) const {
        std::size_t count = 1;
        for (std::size_t at = 0; at < offset && at < text_.size(); ++count)
            next_character(text_, at);
        return count;
    }

    void fail_at(std::size_t offset, Code code, std::string what) {
        if (!error_) error_ = SentenceError{code, column(offset), std::move(what)};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t items_ = 0;
    std::optional<SentenceError> error_;
};

bool is_whole(double number) {
    return std::abs(number - std::round(number)) < 1e-6;
}

} // namespace

bool NumberRange::takes(double said) const {
    if (!(said >= from && said <= to)) return false;
    switch (fractions) {
    case Fractions::halves:
        return is_whole(said * 2);
    case Fractions::tenths:
        return is_whole(said * 10);
    case Fractions::none:
        break;
    }
    return is_whole((said - from) / step) && (is_whole(said) || !is_whole(step));
}

std::expected<Expression, SentenceError> parse_sentence(std::string_view text) {
    return Parser(text).parse();
}

} // namespace hearth::language
