#pragma once

#include "base/result.h"
#include "base/value.h"
#include "language/normalize.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The words around a command that are no part of it: "please", "can you …?", "yes".
///
/// They stand before a sentence or after it and are passed over there, never inside of it: "turn on
/// the just lamp" is not "turn on the lamp", and 打开吧台灯 is not 打开台灯. What may stand in the
/// middle (开一下灯) is the templates' to say.
namespace hearth::language {

/// Words that may stand before a sentence, or after it.
struct Phrase {
    std::string text; ///< normalised
    bool before = true;
    bool after = true;
};

/// A question that asks for something to be done: a command between one of each. An empty list asks
/// for nothing on its side.
struct Request {
    std::vector<std::string> start;
    std::vector<std::string> end;
};

struct Manners {
    std::vector<Phrase> fillers;   ///< mean nothing
    std::vector<Phrase> questions; ///< make a question of it, as the question mark does
    std::vector<Request> requests;
    std::vector<std::string> yes;
    std::vector<std::string> no;
};

/// One section of a package: "skip_words", "questions", "requests" or "answers". Errors: invalid,
/// without the file's name.
Result<void> read_manners(Manners& manners, std::string_view section, const Value& value);

/// Where a sentence proper may begin.
struct Begin {
    std::uint32_t at = 0;
    /// Only a template's own text may begin here: words were passed over and no punctuation parts
    /// them from what follows, so that a name could begin with them.
    bool literal = false;
};

/// The places between which a sentence proper may stand.
struct Edges {
    std::vector<Begin> begins;
    std::vector<std::uint32_t> ends;
};

/// The whole sentence.
Edges whole(const Normal& sentence);
/// The whole, and all that is left of it without fillers; with `question` also without the words
/// that make it one.
Edges polite(const Manners& manners, const Normal& sentence, bool question);
/// What is asked for, for each way of asking that the sentence has.
std::vector<Edges> requested(const Manners& manners, const Normal& sentence);

/// Whether it has a question mark or words that make it a question.
bool is_question(const Manners& manners, const Normal& sentence);
/// Whether it says yes or no and nothing else.
std::optional<bool> answer_of(const Manners& manners, const Normal& sentence);

} // namespace hearth::language
