#include "language/language.h"

#include "base/text.h"
#include "language/bind.h"
#include "language/builtin_en.h"
#include "language/builtin_fr.h"
#include "language/builtin_zh_cn.h"
#include "language/limits.h"
#include "language/loaded.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace hearth::language {

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
    case Verdict::understood:
        return "understood";
    case Verdict::not_understood:
        return "not_understood";
    case Verdict::nothing_found:
        return "nothing_found";
    case Verdict::ambiguous:
        return "ambiguous";
    case Verdict::cannot:
        return "cannot";
    }
    return "?";
}

struct Languages::Language : Loaded {};

Languages::Languages(std::vector<std::unique_ptr<const Language>> languages)
    : languages_(std::move(languages)) {}
Languages::Languages(Languages&&) noexcept = default;
Languages& Languages::operator=(Languages&&) noexcept = default;
Languages::~Languages() = default;

Result<Languages> Languages::make() {
    return make({{"en.yaml", "en", builtin_en},
                 {"fr.yaml", "fr", builtin_fr},
                 {"zh-CN.yaml", "zh-CN", builtin_zh_cn}});
}

Result<Languages> Languages::make(const std::vector<Source>& sources) {
    std::map<std::string, std::unique_ptr<Language>, std::less<>> loading;
    for (const Source& source : sources) {
        auto& language = loading[std::string(source.language)];
        if (!language) {
            language = std::make_unique<Language>();
            language->package.language = source.language;
        }
        if (auto done = language->package.add(source.file, source.yaml); !done) return fail(done);
    }
    std::vector<std::unique_ptr<const Language>> languages;
    for (auto& [name, language] : loading) {
        if (auto done = language->finish(); !done) return fail(done);
        languages.push_back(std::move(language));
    }
    return Languages(std::move(languages));
}

std::vector<std::string> Languages::known() const {
    std::vector<std::string> names;
    for (const auto& language : languages_)
        names.push_back(language->package.language);
    return names;
}

Result<std::string> Languages::resolve(std::string_view tag) const {
    std::string wanted(trim(tag));
    std::ranges::replace(wanted, '_', '-');
    const auto find_fold = [&](std::string_view name) -> const Language* {
        const auto found = std::ranges::find_if(languages_, [&](const auto& language) {
            return equal_fold(language->package.language, name);
        });
        return found == languages_.end() ? nullptr : found->get();
    };
    const Language* found = find_fold(wanted);
    const std::string lower = to_lower(wanted);
    const bool traditional =
        lower.starts_with("zh-tw") || lower.starts_with("zh-hk") || lower.starts_with("zh-hant");
    const std::string bare = lower.substr(0, lower.find('-'));
    if (!found && !traditional) found = find_fold(bare == "zh" ? "zh-CN" : bare);
    if (found) return found->package.language;
    return fail(Code::not_found, "the language \"{}\" is not known; known are {}",
                printable(tag, 40), fmt::join(known(), ", "));
}

const Languages::Language* Languages::find(std::string_view name) const {
    const auto found = std::ranges::find_if(
        languages_, [&](const auto& language) { return language->package.language == name; });
    return found == languages_.end() ? nullptr : found->get();
}

Result<Understanding> Languages::understand(const home::Home& home, std::string_view language,
                                            std::string_view sentence,
                                            std::optional<home::AreaId> here) const {
    return understand(home, HomeNames(home), language, sentence, std::move(here));
}

Result<Understanding> Languages::understand(const home::Home& home, const HomeNames& names,
                                            std::string_view language, std::string_view sentence,
                                            std::optional<home::AreaId> here) const {
    const auto name = resolve(language);
    if (!name) return std::unexpected(name.error());
    const Language& known = *find(*name);
    const home::Area* area = nullptr;
    Context context;
    if (here) {
        const auto found = home.areas().find(*here);
        if (found == home.areas().end())
            return fail(Code::not_found, "there is no area \"{}\"", printable(*here, 60));
        area = &found->second;
        context.set("area", area->name);
    }
    const auto normal = normalize(sentence);
    if (!normal) return std::unexpected(normal.error());

    Understanding made;
    for (const Strictness strictness : {Strictness::known, Strictness::unknown}) {
        auto found = match(known.package, known.grammar, names, *normal, context, strictness);
        if (!found) return fail(found);
        if (!*found) continue;
        made = bind(home, **found, area);
        break;
    }
    if (made.intent.empty()) made.response = "no_intent";
    made.language = *name;
    return made;
}

Result<std::string> Languages::reply(const home::Home& home, const Understanding& understanding,
                                     const Outcome& outcome) const {
    const Language* language = find(understanding.language);
    if (!language)
        return fail(Code::not_found, "the language \"{}\" is not known; known are {}",
                    printable(understanding.language, 40), fmt::join(known(), ", "));
    return language->reply(home, understanding, outcome);
}

} // namespace hearth::language
