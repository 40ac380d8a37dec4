// Writes a header with the simplified form of every Han character that has another one, by ICU's
// Traditional-Simplified. Run by the build: ICU takes tens of milliseconds to read these rules, and
// a start should not wait for it.
#include <cstdio>
#include <memory>

#include <unicode/translit.h>

namespace {

constexpr char32_t first_han = 0x3400;
constexpr char32_t last_han = 0x9FFF;

void write_forms(const icu::Transliterator& simplify) {
    for (char32_t c = first_han; c <= last_han; ++c) {
        icu::UnicodeString text(static_cast<UChar32>(c));
        simplify.transliterate(text);
        if (text.countChar32() != 1) continue;
        const auto form = static_cast<char32_t>(text.char32At(0));
        if (form != c)
            std::printf("    {0x%X, 0x%X},\n", static_cast<unsigned>(c),
                        static_cast<unsigned>(form));
    }
}

} // namespace

int main() {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> simplify(
        icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
    if (U_FAILURE(status)) {
        std::fprintf(stderr, "simple_han: ICU has no Traditional-Simplified: %s\n",
                     u_errorName(status));
        return 1;
    }
    std::puts("#pragma once\n\n// Made by cmake/simple_han.cpp.\nnamespace hearth::language {\n"
              "struct SimpleHan {\n    char32_t traditional;\n    char32_t simple;\n};\n"
              "/// Sorted by `traditional`.\n"
              "inline constexpr SimpleHan simple_han[] = {");
    write_forms(*simplify);
    std::puts("};\n} // namespace hearth::language");
    return 0;
}
