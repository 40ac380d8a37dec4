#include "template/regex.h"
#include "template/unicode.h"

#include <algorithm>

namespace hearth::templating {
namespace {

using Op = RegexInstruction::Op;
constexpr std::size_t npos = std::string_view::npos;

bool is_word(char32_t c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

bool has_escape(char escape, char32_t c) {
    switch (escape) {
    case 'd':
        return c >= '0' && c <= '9';
    case 'D':
        return !(c >= '0' && c <= '9');
    case 'w':
        return is_word(c);
    case 'W':
        return !is_word(c);
    case 's':
        return is_space(c);
    default:
        return !is_space(c);
    }
}

class Machine {
public:
    Machine(Run& run, const RegexProgram& program, std::string_view text, RegexGroups& slots)
        : run_(run)
        , program_(program)
        , text_(text)
        , slots_(slots) {}

    bool run(std::size_t at, bool must_advance) {
        slots_.assign(program_.slots, npos);
        start_ = at;
        must_advance_ = must_advance;
        return run_from(0, at, 0);
    }

private:
    /// What to return to: another branch, or the former content of a slot.
    struct Saved {
        std::size_t pc;
        std::size_t at;
        std::int32_t slot; // -1 for a branch
    };

    bool run_from(std::size_t pc, std::size_t at, std::size_t depth) {
        const std::size_t base = stack_.size();
        while (run_.spend()) {
            const RegexInstruction& instruction = program_.code[pc];
            if (instruction.op == Op::accept) {
                if (depth > 0 || !must_advance_ || at != start_) return true;
            } else if (step(instruction, pc, at, depth)) {
                continue;
            }
            if (!back(base, pc, at)) return false;
        }
        return false;
    }

    /// To the last branch that is still open.
    bool back(std::size_t base, std::size_t& pc, std::size_t& at) {
        while (stack_.size() > base) {
            const Saved saved = stack_.back();
            stack_.pop_back();
            if (saved.slot >= 0) {
                slots_[static_cast<std::size_t>(saved.slot)] = saved.at;
                continue;
            }
            pc = saved.pc;
            at = saved.at;
            return true;
        }
        return false;
    }

    static std::size_t moved(std::size_t pc, std::int32_t by) {
        return static_cast<std::size_t>(static_cast<std::int64_t>(pc) + by);
    }

    /// One instruction; false where it does not match.
    bool step(const RegexInstruction& instruction, std::size_t& pc, std::size_t& at,
              std::size_t depth) {
        switch (instruction.op) {
        case Op::split:
            stack_.push_back({moved(pc, instruction.b), at, -1});
            pc = moved(pc, instruction.a);
            return true;
        case Op::jump:
            pc = moved(pc, instruction.a);
            return true;
        case Op::save: {
            std::size_t& slot = slots_[static_cast<std::size_t>(instruction.a)];
            stack_.push_back({0, slot, instruction.a});
            slot = at;
            break;
        }
        case Op::look:
        case Op::look_not: {
            const std::size_t base = stack_.size();
            const bool found = run_from(pc + 1, at, depth + 1);
            // A look is decided once: its branches go, but what it captured can still be undone.
            std::erase_if(stack_, [&, i = std::size_t{0}](const Saved& saved) mutable {
                return i++ >= base && saved.slot < 0;
            });
            if (found != (instruction.op == Op::look)) return false;
            pc += static_cast<std::size_t>(instruction.a);
            break;
        }
        case Op::character:
        case Op::any:
        case Op::set:
            if (!consume(instruction, at)) return false;
            break;
        case Op::backreference:
            if (!repeat(static_cast<std::size_t>(instruction.a), at)) return false;
            break;
        default:
            if (!holds(instruction, at)) return false;
        }
        ++pc;
        return true;
    }

    bool consume(const RegexInstruction& instruction, std::size_t& at) const {
        if (at >= text_.size()) return false;
        const std::string_view rest = text_.substr(at);
        const char32_t c = decode(rest);
        const bool matches = instruction.op == Op::any ? c != '\n' || program_.dot_all
                             : instruction.op == Op::character
                                 ? c == instruction.c || (program_.ignore_case &&
                                                          to_lower(c) == to_lower(instruction.c))
                                 : in_class(instruction, c);
        if (matches) at += character_length(rest);
        return matches;
    }

    bool in_class(const RegexInstruction& instruction, char32_t c) const {
        const RegexClass& set = program_.classes[static_cast<std::size_t>(instruction.a)];
        const auto has = [&](char32_t wanted) {
            return std::ranges::any_of(set.ranges, [&](const auto& range) {
                return wanted >= range.first && wanted <= range.second;
            });
        };
        bool found = has(c) || std::ranges::any_of(
                                   set.escapes, [&](char escape) { return has_escape(escape, c); });
        if (!found && program_.ignore_case) found = has(to_lower(c)) || has(to_upper(c));
        return found != set.negated;
    }

    bool repeat(std::size_t group, std::size_t& at) {
        if (slots_[2 * group] == npos || slots_[2 * group + 1] == npos) return false;
        const std::string_view part = group_text(text_, slots_, group);
        if (!run_.spend(part.size() / 32) || !text_.substr(at).starts_with(part)) return false;
        at += part.size();
        return true;
    }

    bool word_at(std::size_t at) const {
        return at < text_.size() && is_word(decode(text_.substr(at)));
    }
    bool word_before(std::size_t at) const {
        if (at == 0) return false;
        std::size_t begin = at - 1;
        while (begin > 0 && at - begin < 4 &&
               (static_cast<unsigned char>(text_[begin]) & 0xC0U) == 0x80U)
            --begin;
        return is_word(decode(text_.substr(begin)));
    }

    /// The assertions.
    bool holds(const RegexInstruction& instruction, std::size_t at) const {
        switch (instruction.op) {
        case Op::no_progress:
            return slots_[static_cast<std::size_t>(instruction.a)] != at;
        case Op::text_begin:
            return at == 0;
        case Op::text_end:
            return at == text_.size();
        case Op::begin:
            return at == 0 || (program_.multiline && text_[at - 1] == '\n');
        case Op::end:
            return at == text_.size() || (at + 1 == text_.size() && text_[at] == '\n') ||
                   (program_.multiline && text_[at] == '\n');
        case Op::word_boundary:
            return word_before(at) != word_at(at);
        case Op::no_word_boundary:
            return word_before(at) == word_at(at);
        default:
            return false;
        }
    }

    Run& run_;
    const RegexProgram& program_;
    std::string_view text_;
    RegexGroups& slots_;
    std::vector<Saved> stack_;
    std::size_t start_ = 0;
    bool must_advance_ = false;
};

} // namespace

std::string_view group_text(std::string_view text, const RegexGroups& groups, std::size_t group) {
    const std::size_t begin = groups[2 * group];
    const std::size_t end = groups[2 * group + 1];
    if (begin == npos || end == npos || end < begin) return {};
    return text.substr(begin, end - begin);
}

bool regex_match_at(Run& run, const RegexProgram& program, std::string_view text, std::size_t at,
                    bool must_advance, RegexGroups& groups) {
    return Machine(run, program, text, groups).run(at, must_advance) && !run.failed();
}

bool regex_search(Run& run, const RegexProgram& program, std::string_view text, std::size_t from,
                  bool must_advance, RegexGroups& groups) {
    Machine machine(run, program, text, groups);
    for (std::size_t at = from; run.spend(); at += character_length(text.substr(at))) {
        if (machine.run(at, must_advance)) return !run.failed();
        must_advance = false;
        if (at >= text.size()) return false;
    }
    return false;
}

bool regex_matches(Run& run, std::string_view text, std::string_view pattern, bool ignore_case,
                   bool at_start) {
    const std::optional<RegexProgram> program = compile_regex(run, pattern, ignore_case);
    if (!program) return false;
    RegexGroups groups;
    return at_start ? regex_match_at(run, *program, text, 0, false, groups)
                    : regex_search(run, *program, text, 0, false, groups);
}

} // namespace hearth::templating
