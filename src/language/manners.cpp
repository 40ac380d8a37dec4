#include "language/manners.h"

#include "language/limits.h"

#include <algorithm>
#include <utility>

namespace hearth::language {
namespace {

Result<std::vector<std::string>> read_texts(const Value& value) {
    std::vector<std::string> texts;
    const ValueList one{value};
    const ValueList* list = value.is_list() ? value.as_list() : &one;
    for (const Value& text : *list) {
        if (!text.is_string() || text.as_string()->empty())
            return fail(Code::invalid, "a text is wanted, or a list of texts");
        std::string normal = normalize_name(*text.as_string());
        if (!normal.empty())
            texts.push_back(std::move(normal)); // punctuation is passed over anyway
    }
    return texts;
}

/// "please", or {in: [hi, hello], at: start}.
Result<void> read_phrases(std::vector<Phrase>& phrases, const Value& value) {
    if (!value.is_list()) return fail(Code::invalid, "a list of words is wanted");
    for (const Value& entry : *value.as_list()) {
        const bool has_place = entry.is_map();
        const std::string_view place = has_place ? entry.at("at").string_or("") : "anywhere";
        if (has_place && place != "start" && place != "end")
            return fail(Code::invalid, "\"at\" is start or end");
        auto texts = read_texts(has_place ? entry.at("in") : entry);
        if (!texts) return fail(texts);
        for (const std::string& text : *texts)
            phrases.push_back({text, place != "end", place != "start"});
    }
    return {};
}

Result<void> read_requests(std::vector<Request>& requests, const Value& value) {
    if (!value.is_list()) return fail(Code::invalid, "a list of maps with start, end or both");
    for (const Value& entry : *value.as_list()) {
        Request request;
        for (const auto& [part, list] : {std::pair(&request.start, entry.find("start")),
                                         std::pair(&request.end, entry.find("end"))}) {
            if (list == nullptr) continue;
            auto texts = read_texts(*list);
            if (!texts) return fail(texts);
            *part = std::move(*texts);
        }
        if (request.start.empty() && request.end.empty())
            return fail(Code::invalid, "a request has start, end or both");
        requests.push_back(std::move(request));
    }
    return {};
}

Result<void> read_answers(Manners& manners, const Value& value) {
    for (const auto& [texts, key] :
         {std::pair(&manners.yes, "yes"), std::pair(&manners.no, "no")}) {
        auto read = read_texts(value.at(key));
        if (!read) return fail_in(key, read);
        *texts = std::move(*read);
    }
    return {};
}

bool stands_at(const Normal& sentence, std::uint32_t at, std::string_view words) {
    return std::string_view(sentence.text).substr(at).starts_with(words) &&
           sentence.is_word_end(at) && sentence.is_word_end(at + words.size());
}

/// Where it goes on after words that stand at a place.
std::uint32_t after(const Normal& sentence, std::uint32_t at, std::string_view words) {
    at += static_cast<std::uint32_t>(words.size());
    return at < sentence.text.size() && sentence.text[at] == ' ' ? at + 1 : at;
}

/// Where the sentence ends before words that end at a place, or nothing.
std::optional<std::uint32_t> before(const Normal& sentence, std::uint32_t end,
                                    std::string_view words) {
    if (words.size() >= end) return std::nullopt;
    auto at = end - static_cast<std::uint32_t>(words.size());
    if (!stands_at(sentence, at, words)) return std::nullopt;
    if (sentence.text[at - 1] == ' ') --at;
    return at == 0 ? std::nullopt : std::optional(at);
}

using Lists = std::vector<const std::vector<Phrase>*>;

/// All places that one comes to from some by passing over phrases, themselves first.
std::vector<Begin> begins_after(std::vector<Begin> begins, const Lists& lists,
                                const Normal& sentence) {
    for (std::size_t i = 0; i < begins.size(); ++i) {
        for (const auto* phrases : lists)
            for (const Phrase& phrase : *phrases) {
                const std::uint32_t at = begins[i].at;
                if (!phrase.before || !stands_at(sentence, at, phrase.text)) continue;
                const std::uint32_t next = after(sentence, at, phrase.text);
                const bool known = std::ranges::find(begins, next, &Begin::at) != begins.end();
                if (known || next >= sentence.text.size() || begins.size() >= limits::edges)
                    continue;
                begins.push_back({next, !sentence.is_pause(next)});
            }
    }
    return begins;
}

std::vector<std::uint32_t> ends_before(std::vector<std::uint32_t> ends, const Lists& lists,
                                       const Normal& sentence) {
    for (std::size_t i = 0; i < ends.size(); ++i) {
        for (const auto* phrases : lists)
            for (const Phrase& phrase : *phrases) {
                if (!phrase.after) continue;
                const auto next = before(sentence, ends[i], phrase.text);
                if (!next || std::ranges::find(ends, *next) != ends.end() ||
                    ends.size() >= limits::edges)
                    continue;
                ends.push_back(*next);
            }
    }
    return ends;
}

/// Those of `whole` that are left after one of the words, as places of their own.
std::vector<Begin> begins_behind(const std::vector<Begin>& begins,
                                 const std::vector<std::string>& words, const Normal& sentence) {
    if (words.empty()) return begins;
    std::vector<Begin> found;
    for (const Begin& begin : begins)
        for (const std::string& one : words) {
            if (!stands_at(sentence, begin.at, one)) continue;
            const std::uint32_t next = after(sentence, begin.at, one);
            if (next < sentence.text.size()) found.push_back({next, !sentence.is_pause(next)});
        }
    return found;
}

std::vector<std::uint32_t> ends_ahead(const std::vector<std::uint32_t>& ends,
                                      const std::vector<std::string>& words,
                                      const Normal& sentence) {
    if (words.empty()) return ends;
    std::vector<std::uint32_t> found;
    for (const std::uint32_t end : ends)
        for (const std::string& one : words)
            if (const auto next = before(sentence, end, one)) found.push_back(*next);
    return found;
}

} // namespace

Result<void> read_manners(Manners& manners, std::string_view section, const Value& value) {
    if (section == "skip_words") return read_phrases(manners.fillers, value);
    if (section == "questions") return read_phrases(manners.questions, value);
    if (section == "requests") return read_requests(manners.requests, value);
    return read_answers(manners, value);
}

Edges whole(const Normal& sentence) {
    return {{Begin{}}, {static_cast<std::uint32_t>(sentence.text.size())}};
}

Edges polite(const Manners& manners, const Normal& sentence, bool question) {
    Edges edges = whole(sentence);
    Lists lists{&manners.fillers};
    if (question) lists.push_back(&manners.questions);
    return {begins_after(std::move(edges.begins), lists, sentence),
            ends_before(std::move(edges.ends), lists, sentence)};
}

std::vector<Edges> requested(const Manners& manners, const Normal& sentence) {
    std::vector<Edges> found;
    if (manners.requests.empty()) return found;
    const Edges around = polite(manners, sentence, false);
    const Lists fillers{&manners.fillers};
    for (const Request& request : manners.requests) {
        Edges edges{begins_behind(around.begins, request.start, sentence),
                    ends_ahead(around.ends, request.end, sentence)};
        if (edges.begins.empty() || edges.ends.empty()) continue;
        // "can you please", "…, please, will you"
        edges.begins = begins_after(std::move(edges.begins), fillers, sentence);
        edges.ends = ends_before(std::move(edges.ends), fillers, sentence);
        found.push_back(std::move(edges));
    }
    return found;
}

bool is_question(const Manners& manners, const Normal& sentence) {
    if (sentence.question) return true;
    const Edges around = polite(manners, sentence, false);
    return std::ranges::any_of(manners.questions, [&](const Phrase& phrase) {
        return (phrase.before && std::ranges::any_of(around.begins,
                                                     [&](const Begin& begin) {
                                                         return stands_at(sentence, begin.at,
                                                                          phrase.text);
                                                     })) ||
               (phrase.after && std::ranges::any_of(around.ends, [&](std::uint32_t end) {
                    return before(sentence, end, phrase.text).has_value();
                }));
    });
}

std::optional<bool> answer_of(const Manners& manners, const Normal& sentence) {
    if (sentence.question) return std::nullopt;
    const Edges edges = polite(manners, sentence, false);
    const auto says = [&](const std::vector<std::string>& words) {
        for (const Begin& begin : edges.begins)
            for (const std::uint32_t end : edges.ends)
                if (begin.at < end &&
                    std::ranges::find(words, sentence.text.substr(begin.at, end - begin.at)) !=
                        words.end())
                    return true;
        return false;
    };
    if (says(manners.no)) return false;
    if (says(manners.yes)) return true;
    return std::nullopt;
}

} // namespace hearth::language
