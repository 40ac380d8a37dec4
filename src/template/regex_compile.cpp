#include "template/regex.h"
#include "template/unicode.h"

#include <charconv>

namespace hearth::templating {
namespace {

using Op = RegexInstruction::Op;
/// Code with relative jumps, so that pieces can be put together and repeated freely.
using Piece = std::vector<RegexInstruction>;

std::int32_t size_of(const Piece& code) {
    return static_cast<std::int32_t>(code.size());
}

class Compiler {
public:
    Compiler(Run& run, std::string_view pattern)
        : run_(run)
        , rest_(pattern) {}

    std::optional<RegexProgram> compile(bool ignore_case) {
        program_.ignore_case = ignore_case;
        flags();
        program_.code = {{Op::save, 0}};
        append(program_.code, alternatives());
        append(program_.code, {{Op::save, 1}, {Op::accept}});
        if (!rest_.empty()) fail("a \")\" that closes nothing");
        program_.slots = 2 * program_.groups + progress_slots_;
        // The slots of loops come after those of groups, whose number is known only now.
        for (RegexInstruction& instruction : program_.code)
            if (instruction.b == progress_mark &&
                (instruction.op == Op::save || instruction.op == Op::no_progress))
                instruction.a += static_cast<std::int32_t>(2 * program_.groups);
        if (run_.failed()) return std::nullopt;
        return std::move(program_);
    }

private:
    static constexpr std::int32_t progress_mark = -1;

    void fail(std::string_view what) {
        run_.invalid("regular expression: {}", what);
        rest_ = {};
    }

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Appends a piece, within the limit.
    void append(Piece& code, const Piece& piece) {
        if (code.size() + piece.size() > max_regex_instructions) {
            run_.fail(limit_code, "a regular expression with more than {} instructions",
                      max_regex_instructions);
            rest_ = {};
            return;
        }
        if (run_.spend(piece.size())) code.insert(code.end(), piece.begin(), piece.end());
    }

    void flags() {
        while (rest_.starts_with("(?")) {
            const std::size_t end = rest_.find_first_not_of("aimsu", 2);
            if (end == 2 || end == std::string_view::npos || rest_[end] != ')') return;
            for (const char c : rest_.substr(2, end - 2)) {
                program_.ignore_case |= c == 'i';
                program_.multiline |= c == 'm';
                program_.dot_all |= c == 's';
            }
            rest_.remove_prefix(end + 1);
        }
    }

    Piece alternatives() {
        Piece code = sequence();
        while (take('|') && !run_.failed()) {
            const Piece other = sequence();
            Piece both = {{Op::split, 1, size_of(code) + 2}};
            append(both, code);
            append(both, {{Op::jump, size_of(other) + 1}});
            append(both, other);
            code = std::move(both);
        }
        return code;
    }

    Piece sequence() {
        Piece code;
        while (!rest_.empty() && rest_[0] != '|' && rest_[0] != ')' && !run_.failed())
            append(code, quantified());
        return code;
    }

    Piece quantified() {
        Piece piece = atom();
        while (!rest_.empty() && !run_.failed()) {
            std::size_t least = 0;
            std::size_t most = unlimited;
            if (take('+')) {
                least = 1;
            } else if (take('?')) {
                most = 1;
            } else if (!take('*') && !braces(least, most)) {
                break;
            }
            const bool lazy = take('?');
            piece = repeated(piece, least, most, lazy);
        }
        return piece;
    }

    static constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

    bool number(std::size_t& number) {
        const auto [end, error] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
        if (error == std::errc::result_out_of_range) number = max_regex_instructions + 1;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return error != std::errc::invalid_argument;
    }

    /// {m}, {m,}, {,n}, {m,n}; anything else is a plain brace.
    bool braces(std::size_t& least, std::size_t& most) {
        const std::string_view before = rest_;
        if (!take('{')) return false;
        const bool has_least = number(least);
        bool has_most = false;
        const bool comma = take(',');
        if (comma) has_most = number(most);
        if ((!has_least && !has_most) || !take('}')) {
            rest_ = before;
            return false;
        }
        if (!comma) most = least;
        if (least > most) fail("{m,n} with m above n");
        return true;
    }

    Piece repeated(const Piece& piece, std::size_t least, std::size_t most, bool lazy) {
        Piece code;
        for (std::size_t i = 0; i < least && !run_.failed() && !piece.empty(); ++i)
            append(code, piece);
        const auto split = [&](std::int32_t in, std::int32_t out) {
            return RegexInstruction{Op::split, lazy ? out : in, lazy ? in : out};
        };
        if (most == unlimited) {
            // A turn that takes no text must not be followed by another, or it would never end.
            const auto slot = static_cast<std::int32_t>(progress_slots_++);
            append(code, {split(1, size_of(piece) + 4), {Op::save, slot, progress_mark}});
            append(code, piece);
            append(code, {{Op::no_progress, slot, progress_mark}, {Op::jump, -size_of(piece) - 3}});
            return code;
        }
        for (std::size_t i = least; i < most && !run_.failed() && !piece.empty(); ++i) {
            append(code, {split(1, size_of(piece) + 1)});
            append(code, piece);
        }
        return code;
    }

    Piece atom() {
        const std::size_t length = character_length(rest_);
        const char32_t c = decode(rest_);
        rest_.remove_prefix(length);
        switch (c) {
        case '.':
            return {{Op::any}};
        case '^':
            return {{Op::begin}};
        case '$':
            return {{Op::end}};
        case '(':
            return group();
        case '[':
            return set();
        case '\\':
            return escape();
        case '*':
        case '+':
        case '?':
            fail("a repetition of nothing");
            return {};
        default:
            return {{Op::character, 0, 0, c}};
        }
    }

    Piece group() {
        if (++depth_ > max_regex_depth) {
            run_.fail(limit_code, "a regular expression nested deeper than {}", max_regex_depth);
            rest_ = {};
            return {};
        }
        Piece code = group_content();
        --depth_;
        if (!run_.failed() && !take(')')) fail("a \"(\" that is not closed");
        return code;
    }

    Piece group_content() {
        if (!take('?')) return captured();
        if (take(':')) return alternatives();
        if (rest_.starts_with("P<")) {
            const std::size_t end = rest_.find('>');
            if (end == std::string_view::npos) {
                fail("a name that is not closed");
                return {};
            }
            program_.names.emplace_back(rest_.substr(2, end - 2), program_.groups);
            rest_.remove_prefix(end + 1);
            return captured();
        }
        const bool ahead = rest_.starts_with('=') || rest_.starts_with('!');
        if (!ahead) {
            fail("this kind of group is not supported");
            return {};
        }
        const bool negated = rest_[0] == '!';
        rest_.remove_prefix(1);
        const Piece inner = alternatives();
        Piece code = {{negated ? Op::look_not : Op::look, size_of(inner) + 1}};
        append(code, inner);
        append(code, {{Op::accept}});
        return code;
    }

    Piece captured() {
        if (program_.groups >= max_regex_groups) {
            run_.fail(limit_code, "a regular expression with more than {} groups",
                      max_regex_groups);
            rest_ = {};
            return {};
        }
        const auto group = static_cast<std::int32_t>(program_.groups++);
        Piece code = {{Op::save, 2 * group}};
        append(code, alternatives());
        append(code, {{Op::save, 2 * group + 1}});
        return code;
    }

    Piece add_class(RegexClass set) {
        program_.classes.push_back(std::move(set));
        return {{Op::set, static_cast<std::int32_t>(program_.classes.size() - 1)}};
    }

    Piece escape() {
        if (rest_.empty()) {
            fail("a \"\\\" at the end");
            return {};
        }
        const char c = rest_[0];
        if (c >= '1' && c <= '9') return backreference();
        rest_.remove_prefix(1);
        switch (c) {
        case 'A':
            return {{Op::text_begin}};
        case 'Z':
            return {{Op::text_end}};
        case 'b':
            return {{Op::word_boundary}};
        case 'B':
            return {{Op::no_word_boundary}};
        case 'd':
        case 'D':
        case 'w':
        case 'W':
        case 's':
        case 'S':
            return add_class({false, {}, {c}});
        default:
            rest_ = {rest_.data() - 1, rest_.size() + 1};
            return {{Op::character, 0, 0, escaped()}};
        }
    }

    Piece backreference() {
        std::size_t group = 0;
        for (int i = 0; i < 2 && !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; ++i) {
            group = group * 10 + static_cast<std::size_t>(rest_[0] - '0');
            rest_.remove_prefix(1);
        }
        if (group >= program_.groups) fail("a reference to a group that is not there");
        return {{Op::backreference, static_cast<std::int32_t>(group)}};
    }

    char32_t hex(std::size_t digits) {
        const std::string_view number = rest_.substr(0, digits);
        unsigned code = 0;
        const auto [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), code, 16);
        if (error != std::errc() || end != number.data() + digits) {
            fail("an escape without its hexadecimal digits");
            return 0;
        }
        rest_.remove_prefix(digits);
        return code;
    }

    /// A character after a backslash, in or outside of a class.
    char32_t escaped() {
        const char32_t c = decode(rest_);
        rest_.remove_prefix(character_length(rest_));
        switch (c) {
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        case 'f':
            return '\f';
        case 'v':
            return '\v';
        case 'a':
            return '\a';
        case '0':
            return 0;
        case 'x':
            return hex(2);
        case 'u':
            return hex(4);
        default:
            break;
        }
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter) fail("an unknown escape");
        return c;
    }

    Piece set() {
        RegexClass set;
        set.negated = take('^');
        bool first = true;
        while (!run_.failed()) {
            if (rest_.empty()) {
                fail("a \"[\" that is not closed");
                return {};
            }
            if (!std::exchange(first, false) && take(']')) break;
            class_member(set);
        }
        return add_class(std::move(set));
    }

    void class_member(RegexClass& set) {
        char32_t from = 0;
        if (!class_character(set, from)) return;
        const bool range = rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']';
        if (!range) {
            set.ranges.emplace_back(from, from);
            return;
        }
        rest_.remove_prefix(1);
        char32_t to = 0;
        if (!class_character(set, to) || to < from) {
            fail("a range in brackets that makes no sense");
            return;
        }
        set.ranges.emplace_back(from, to);
    }

    /// False where it was \d and the like, which it adds.
    bool class_character(RegexClass& set, char32_t& c) {
        if (!take('\\')) {
            c = decode(rest_);
            rest_.remove_prefix(character_length(rest_));
            return true;
        }
        if (rest_.empty()) {
            fail("a \"[\" that is not closed");
            return false;
        }
        if (std::string_view("dDwWsS").find(rest_[0]) != std::string_view::npos) {
            set.escapes.push_back(rest_[0]);
            rest_.remove_prefix(1);
            return false;
        }
        if (take('b')) {
            c = '\b';
            return true;
        }
        c = escaped();
        return true;
    }

    static constexpr hearth::Code limit_code = hearth::Code::limit;

    Run& run_;
    std::string_view rest_;
    RegexProgram program_;
    std::size_t progress_slots_ = 0;
    std::size_t depth_ = 0;
};

} // namespace

std::optional<RegexProgram> compile_regex(Run& run, std::string_view pattern, bool ignore_case) {
    return Compiler(run, pattern).compile(ignore_case);
}

} // namespace hearth::templating
