#include "language/spelling.h"

#include "language/normalize.h"

#include <algorithm>
#include <array>
#include <utility>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

namespace hearth::language {
namespace {

std::string bare_of_accents(std::string_view name) {
    std::string out;
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t begin = at;
        const std::string base = without_accents(next_character(name, at));
        out += base.empty() ? name.substr(begin, at - begin) : std::string_view(base);
    }
    return out;
}

std::string without_symbols(std::string_view name) {
    std::string out;
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t begin = at;
        const auto c = static_cast<UChar32>(next_character(name, at));
        const bool symbol = c >= 0x80 && (U_GET_GC_MASK(c) & U_GC_S_MASK) != 0 && c != U'°';
        out += symbol ? std::string_view(" ") : name.substr(begin, at - begin);
    }
    return normalize_name(out);
}

/// What Unicode calls them: "christmas tree" for a name that is nothing but that.
std::string names_of_symbols(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::array<char, 128> name{};
        UErrorCode status = U_ZERO_ERROR;
        const auto length =
            u_charName(static_cast<UChar32>(next_character(text, at)), U_UNICODE_CHAR_NAME,
                       name.data(), static_cast<std::int32_t>(name.size()), &status);
        if (U_SUCCESS(status) && length > 0) (out += ' ') += name.data();
    }
    return normalize_name(out);
}

/// "lamp2" as "lamp 2", or the other way round.
std::string with_number(std::string_view text, bool spaced) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char before = out.empty() ? ' ' : out.back();
        const char after = i + 1 < text.size() ? text[i + 1] : ' ';
        if (!spaced && text[i] == ' ' && is_letter(before) && is_digit(after)) continue;
        if (spaced && is_letter(before) && is_digit(text[i])) out += ' ';
        out += text[i];
    }
    return out;
}

} // namespace

bool has_unspaced(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (is_unspaced(next_character(text, at))) return true;
    return false;
}

std::string without_accents(char32_t c) {
    // Letters of their own for Unicode that people leave the stroke or the second half off.
    constexpr std::array<std::pair<char32_t, std::string_view>, 7> ligatures{{{U'œ', "oe"},
                                                                              {U'æ', "ae"},
                                                                              {U'ø', "o"},
                                                                              {U'ł', "l"},
                                                                              {U'đ', "d"},
                                                                              {U'ð', "d"},
                                                                              {U'ı', "i"}}};
    if (c < 0x80) return "";
    const auto known =
        std::ranges::find(ligatures, c, &std::pair<char32_t, std::string_view>::first);
    if (known != ligatures.end()) return std::string(known->second);
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &status);
    if (script != USCRIPT_LATIN && script != USCRIPT_GREEK) return "";
    icu::UnicodeString parts;
    const icu::Normalizer2* const canonical = icu::Normalizer2::getNFDInstance(status);
    if (U_FAILURE(status) || !canonical->getDecomposition(static_cast<UChar32>(c), parts))
        return "";
    std::string base;
    for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
        const UChar32 part = parts.char32At(i);
        if ((U_GET_GC_MASK(part) & U_GC_M_MASK) == 0) append(base, static_cast<char32_t>(part));
    }
    return base;
}

std::vector<std::string> other_spellings(const std::string& name) {
    std::string plain = without_symbols(name);
    if (plain.empty()) plain = names_of_symbols(name);
    if (plain.empty()) return {};
    std::vector<std::string> all{bare_of_accents(name), plain, bare_of_accents(plain)};
    for (std::size_t i = 0, count = all.size(); i < count; ++i)
        for (const bool spaced : {false, true})
            all.push_back(with_number(all[i], spaced));
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    std::erase(all, name);
    return all;
}

} // namespace hearth::language
