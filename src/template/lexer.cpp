#include "template/lexer.h"

#include "base/text.h"
#include "template/unicode.h"

#include <algorithm>
#include <array>
#include <optional>

namespace hearth::templating {
namespace {

using Kind = Token::Kind;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

class Lexer {
public:
    explicit Lexer(std::string_view source)
        : source_(source) {}

    Result<std::vector<Token>> run() {
        while (!error_ && at_ < source_.size())
            text();
        if (error_) return std::unexpected(*error_);
        push(Kind::end, source_.size(), {});
        return std::move(tokens_);
    }

private:
    template <class... Args>
    void fail(std::size_t at, fmt::format_string<Args...> format, Args&&... args) {
        if (error_) return;
        error_ = Error{Code::invalid, position(source_, at) + ": " +
                                          fmt::format(format, std::forward<Args>(args)...)};
    }

    void push(Kind kind, std::size_t at, std::string_view token) {
        tokens_.push_back({kind, static_cast<std::uint32_t>(at), token});
    }

    bool starts(std::string_view prefix) const { return source_.substr(at_).starts_with(prefix); }

    /// Text up to the next tag, then that tag.
    void text() {
        const std::size_t begin = at_;
        std::size_t tag = begin;
        do {
            tag = source_.find('{', tag);
            if (tag == std::string_view::npos || tag + 1 >= source_.size()) {
                tag = source_.size();
                break;
            }
            const char next = source_[tag + 1];
            if (next == '{' || next == '%' || next == '#') break;
            ++tag;
        } while (true);
        std::string_view data = source_.substr(begin, tag - begin);
        at_ = tag;
        if (strip_next_) strip_front(data);
        strip_next_ = false;
        const bool strip = tag + 2 < source_.size() && source_[tag + 2] == '-';
        if (strip) strip_back(data);
        if (!data.empty()) push(Kind::data, begin, data);
        if (tag < source_.size()) open_tag(source_[tag + 1]);
    }

    static void strip_front(std::string_view& data) {
        while (!data.empty() && is_space(data.front()))
            data.remove_prefix(1);
    }
    static void strip_back(std::string_view& data) {
        while (!data.empty() && is_space(data.back()))
            data.remove_suffix(1);
    }

    void open_tag(char type) {
        const std::size_t begin = at_;
        at_ += 2;
        if (at_ < source_.size() && (source_[at_] == '-' || source_[at_] == '+')) ++at_;
        if (type == '#') {
            comment(begin);
        } else if (type == '{') {
            push(Kind::variable_begin, begin, source_.substr(begin, 2));
            code("}}", Kind::variable_end, begin);
        } else if (raw_tag("raw")) {
            raw(begin);
        } else {
            push(Kind::block_begin, begin, source_.substr(begin, 2));
            code("%}", Kind::block_end, begin);
        }
    }

    void comment(std::size_t begin) {
        const std::size_t end = source_.find("#}", at_);
        if (end == std::string_view::npos) {
            fail(begin, "the comment that begins here does not end: \"#}}\" is missing");
            return;
        }
        strip_next_ = source_[end - 1] == '-' && end > begin + 2;
        at_ = end + 2;
    }

    /// Whether `WORD %}` follows; consumes it if so.
    bool raw_tag(std::string_view word) {
        std::size_t at = at_;
        const auto spaces = [&] {
            while (at < source_.size() && is_space(source_[at]))
                ++at;
        };
        spaces();
        if (!source_.substr(at).starts_with(word)) return false;
        at += word.size();
        spaces();
        const bool strip = at < source_.size() && source_[at] == '-';
        if (strip || (at < source_.size() && source_[at] == '+')) ++at;
        if (!source_.substr(at).starts_with("%}")) return false;
        strip_next_ = strip;
        at_ = at + 2;
        return true;
    }

    void raw(std::size_t begin) {
        const std::size_t from = at_;
        const bool strip_begin = strip_next_;
        for (std::size_t tag = at_; (tag = source_.find("{%", tag)) != std::string_view::npos;
             tag += 2) {
            at_ = tag + 2;
            const bool strip = at_ < source_.size() && source_[at_] == '-';
            if (strip || (at_ < source_.size() && source_[at_] == '+')) ++at_;
            if (!raw_tag("endraw")) continue;
            std::string_view data = source_.substr(from, tag - from);
            if (strip_begin) strip_front(data);
            if (strip) strip_back(data);
            if (!data.empty()) push(Kind::data, from, data);
            return;
        }
        fail(begin, "the raw block that begins here does not end: {{% endraw %}} is missing");
        at_ = source_.size();
    }

    /// The tokens of one tag, up to its end.
    void code(std::string_view end, Kind end_kind, std::size_t begin) {
        brackets_.clear();
        while (!error_) {
            while (at_ < source_.size() && is_space(source_[at_]))
                ++at_;
            if (at_ >= source_.size()) {
                fail(begin, "the tag that begins here does not end: \"{}\" is missing", end);
                return;
            }
            if (brackets_.empty() && tag_end(end, end_kind)) return;
            token();
        }
    }

    bool tag_end(std::string_view end, Kind kind) {
        const std::size_t begin = at_;
        const bool strip = starts("-") && source_.substr(at_ + 1).starts_with(end);
        const bool keep = starts("+") && source_.substr(at_ + 1).starts_with(end);
        if (!strip && !keep && !starts(end)) return false;
        at_ += end.size() + (strip || keep ? 1 : 0);
        strip_next_ = strip;
        push(kind, begin, end);
        return true;
    }

    void token() {
        const char c = source_[at_];
        if (is_name_start(c)) {
            name();
        } else if (is_digit(c)) {
            number();
        } else if (c == '"' || c == '\'') {
            string(c);
        } else {
            symbol();
        }
    }

    void name() {
        const std::size_t begin = at_;
        while (at_ < source_.size() && (is_name_start(source_[at_]) || is_digit(source_[at_])))
            ++at_;
        push(Kind::name, begin, source_.substr(begin, at_ - begin));
    }

    std::size_t digits(std::size_t at) const {
        while (at < source_.size() && (is_digit(source_[at]) || source_[at] == '_'))
            ++at;
        return at;
    }
    bool digit_at(std::size_t at) const { return at < source_.size() && is_digit(source_[at]); }

    void number() {
        const std::size_t begin = at_;
        const std::string_view rest = source_.substr(at_);
        if (rest.size() > 2 && rest[0] == '0' &&
            std::string_view("xXbBoO").find(rest[1]) != std::string_view::npos) {
            at_ += 2;
            while (at_ < source_.size() && (is_name_start(source_[at_]) || is_digit(source_[at_])))
                ++at_;
            push(Kind::integer, begin, source_.substr(begin, at_ - begin));
            return;
        }
        at_ = digits(at_);
        Kind kind = Kind::integer;
        // After a dot, as in `list.0.1`, the digits are an attribute and no fraction begins.
        const bool after_dot = begin > 0 && source_[begin - 1] == '.';
        if (!after_dot && at_ < source_.size() && source_[at_] == '.' && digit_at(at_ + 1)) {
            at_ = digits(at_ + 1);
            kind = Kind::real;
        }
        if (!after_dot && at_ < source_.size() && (source_[at_] == 'e' || source_[at_] == 'E')) {
            const bool sign =
                at_ + 1 < source_.size() && (source_[at_ + 1] == '+' || source_[at_ + 1] == '-');
            if (digit_at(at_ + (sign ? 2 : 1))) {
                at_ = digits(at_ + (sign ? 2 : 1));
                kind = Kind::real;
            }
        }
        push(kind, begin, source_.substr(begin, at_ - begin));
    }

    void string(char quote) {
        const std::size_t begin = at_++;
        while (at_ < source_.size() && source_[at_] != quote)
            at_ += source_[at_] == '\\' ? 2 : 1;
        if (at_ >= source_.size()) {
            at_ = source_.size();
            fail(begin, "the string that begins here does not end: {} is missing", quote);
            return;
        }
        push(Kind::string, begin, source_.substr(begin + 1, at_ - begin - 1));
        ++at_;
    }

    void symbol() {
        static constexpr std::array<std::string_view, 30> symbols = {
            "**", "//", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[", "]", "(",
            ")",  "{",  "}",  ">",  "<",  "=",  ".", ":", "|", ",", ";", "?", "!", "&", "@"};
        const auto* found =
            std::ranges::find_if(symbols, [&](std::string_view s) { return starts(s); });
        if (found == symbols.end()) {
            fail(at_, "\"{}\" has no meaning here",
                 printable(source_.substr(at_, character_length(source_.substr(at_)))));
            return;
        }
        if (!balance(found->front())) return;
        push(Kind::op, at_, source_.substr(at_, found->size()));
        at_ += found->size();
    }

    /// Keeps the open brackets; false where one is closed that was not opened.
    bool balance(char c) {
        if (c == '(' || c == '[' || c == '{') {
            brackets_.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
        } else if (c == ')' || c == ']' || c == '}') {
            if (brackets_.empty() || brackets_.back() != c) {
                if (brackets_.empty())
                    fail(at_, "\"{}\" closes nothing", c);
                else
                    fail(at_, "\"{}\" where \"{}\" is due", c, brackets_.back());
                return false;
            }
            brackets_.pop_back();
        }
        return true;
    }

    std::string_view source_;
    std::size_t at_ = 0;
    bool strip_next_ = false;
    std::string brackets_;
    std::vector<Token> tokens_;
    std::optional<Error> error_;
};

} // namespace

Result<std::vector<Token>> tokenize(std::string_view source) {
    return Lexer(source).run();
}

std::string position(std::string_view source, std::size_t at) {
    const std::string_view before = source.substr(0, std::min(at, source.size()));
    const std::size_t line_start = before.rfind('\n') + 1; // npos + 1 is 0
    return fmt::format("line {} column {}", 1 + std::ranges::count(before, '\n'),
                       1 + count_characters(before.substr(line_start)));
}

} // namespace hearth::templating
