#include "language/numbers.h"

#include "base/text.h"
#include "language/limits.h"
#include "language/normalize.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <unicode/rbnf.h>
#include <unicode/ures.h>

namespace hearth::language {
namespace {

bool is_digit(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

/// What people say and the spellout rules do not have.
struct Colloquial {
    std::string_view language;
    std::string_view word;
    std::int32_t value;
};
constexpr Colloquial colloquial[] = {
    {"en", "a hundred", 100},
    {"en", "hundred", 100},
    {"zh", "两", 2},
    {"zh", "百", 100},
};

void add(std::vector<Trie::Entry>& out, std::string_view words, double value) {
    std::string normal = normalize_name(words);
    // A language without rules of its own gets digits.
    if (normal.find_first_of("0123456789") != normal.npos) return;
    const auto number = static_cast<std::uint32_t>(static_cast<std::int32_t>(2 * value));
    std::string together = normal;
    std::erase(together, ' ');
    if (together != normal) out.emplace_back(std::move(together), number);
    out.emplace_back(std::move(normal), number);
}

/// Whether ICU has spellout rules of this language. Without them it would take those of the
/// machine's own language.
bool has_rules(const icu::Locale& locale) {
    UErrorCode status = U_ZERO_ERROR;
    UResourceBundle* bundle = ures_open(U_ICUDATA_NAME "-rbnf", locale.getName(), &status);
    if (bundle) ures_close(bundle);
    return U_SUCCESS(status) && status != U_USING_DEFAULT_WARNING;
}

void add_rules(std::vector<Trie::Entry>& out, const icu::Locale& locale, std::int64_t from,
               std::int64_t to, bool halves) {
    if (!has_rules(locale)) return;
    UErrorCode status = U_ZERO_ERROR;
    icu::RuleBasedNumberFormat format(icu::URBNF_SPELLOUT, locale, status);
    if (U_FAILURE(status)) return;
    for (std::int32_t i = 0; i < format.getNumberOfRuleSetNames(); ++i) {
        const icu::UnicodeString name = format.getRuleSetName(i);
        if (name.indexOf("ordinal") >= 0 || name.indexOf("year") >= 0) continue;
        for (std::int64_t twice = 2 * from; twice <= 2 * to; twice += halves ? 1 : 2) {
            const double value = static_cast<double>(twice) / 2;
            icu::UnicodeString words;
            icu::FieldPosition nowhere(icu::FieldPosition::DONT_CARE);
            status = U_ZERO_ERROR;
            format.format(value, name, words, nowhere, status);
            std::string bytes;
            if (U_SUCCESS(status)) add(out, words.toUTF8String(bytes), value);
        }
    }
}

} // namespace

std::optional<Number> read_digits(std::string_view text, std::size_t at) {
    if (at > 0 &&
        (is_digit(text, at - 1) ||
         (at > 1 && (text[at - 1] == '.' || text[at - 1] == ',') && is_digit(text, at - 2))))
        return std::nullopt; // the middle of a number
    std::size_t end = at;
    if (end < text.size() && text[end] == '-') ++end;
    const std::size_t first = end;
    while (is_digit(text, end))
        ++end;
    if (end == first) return std::nullopt;
    if (end < text.size() && (text[end] == '.' || text[end] == ',') && is_digit(text, end + 1)) {
        ++end;
        while (is_digit(text, end))
            ++end;
    }
    std::string digits(text.substr(at, end - at));
    std::ranges::replace(digits, ',', '.');
    double value = 0;
    if (!parse_number(digits, value)) return std::nullopt; // 1.000.000
    return Number{value, end};
}

std::optional<std::int64_t> whole_number(double number) {
    constexpr double exact = 9007199254740992.0; // 2^53
    if (!(std::abs(number) < exact) || number != std::floor(number)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

const std::vector<std::string>& NumberWords::spelled(std::int64_t number) const {
    static const std::vector<std::string> none;
    const auto found = spellings_.find(number);
    return found == spellings_.end() ? none : found->second;
}

NumberWords::NumberWords(std::string_view language, std::int64_t from, std::int64_t to,
                         bool halves) {
    from = std::max(from, limits::spelled_from);
    to = std::min(to, limits::spelled_to);
    const std::string tag(language);
    const std::string_view bare = std::string_view(tag).substr(0, tag.find('-'));
    std::vector<std::string> tags{tag};
    // The numbers of Belgium and Switzerland: septante, nonante.
    if (bare == "fr") tags.insert(tags.end(), {"fr-BE", "fr-CH"});
    std::vector<Trie::Entry> entries;
    for (const std::string& one : tags) {
        UErrorCode status = U_ZERO_ERROR;
        const icu::Locale locale = icu::Locale::forLanguageTag(one, status);
        if (U_SUCCESS(status)) add_rules(entries, locale, from, to, halves);
    }
    for (const Colloquial& one : colloquial)
        if (one.language == bare && one.value >= from && one.value <= to)
            add(entries, one.word, one.value);
    for (const auto& [words, twice] : entries) {
        const auto value = static_cast<std::int32_t>(twice);
        auto& known = spellings_[value / 2];
        if (value % 2 == 0 && std::ranges::find(known, words) == known.end())
            known.push_back(words);
    }
    words_ = Trie(std::move(entries));
}

} // namespace hearth::language
