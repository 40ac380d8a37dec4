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
    case Verdict::confirm:
        return "confirm";
    }
    return "?";
}

std::string_view to_string(Doubt doubt) {
    switch (doubt) {
    case Doubt::none:
        return "none";
    case Doubt::question:
        return "question";
    case Doubt::risk:
        return "risk";
    case Doubt::many:
        return "many";
    }
    return "?";
}

namespace {

/// Tries what a sentence may be, the likelier first, until something matches.
class Attempts {
public:
    Attempts(const Loaded& language, const home::Home& home, const HomeNames& names,
             const Normal& sentence, const home::Area* here)
        : language_(language)
        , home_(home)
        , names_(names)
        , sentence_(sentence)
        , here_(here)
        , is_question_(is_question(language.package.manners, sentence)) {
        if (here) context_.set("area", here->name);
    }

    Result<Understanding> run() {
        for (const Strictness strictness : {Strictness::known, Strictness::unknown}) {
            if (is_question_)
                as_question(strictness);
            else
                as_statement(strictness);
            if (error_) return std::unexpected(std::move(*error_));
            if (made_) break;
        }
        if (!made_) made_.emplace().response = "no_intent";
        tell_what_is_not_yet();
        return std::move(*made_);
    }

private:
    const Manners& manners() const { return language_.package.manners; }

    void as_statement(Strictness strictness) {
        const Wanted wanted{strictness, Sort::statement};
        if (strictness == Strictness::known) attempt(wanted, whole(sentence_), false);
        if (open()) attempt(wanted, polite(manners(), sentence_, false), false);
        as_request(strictness);
    }

    /// It is answered; done where it asks for that; else asked back.
    void as_question(Strictness strictness) {
        const Wanted query{strictness, Sort::question};
        if (strictness == Strictness::known) attempt(query, whole(sentence_), false);
        if (open()) {
            // What only asks may begin with a name: nothing moves by it.
            Edges edges = polite(manners(), sentence_, true);
            for (Begin& begin : edges.begins)
                begin.literal = false;
            attempt(query, edges, false);
        }
        as_request(strictness);
        if (open()) attempt({strictness, Sort::command}, polite(manners(), sentence_, true), true);
    }

    void as_request(Strictness strictness) {
        if (!open()) return;
        for (const Edges& edges : requested(manners(), sentence_))
            if (open()) attempt({strictness, Sort::command}, edges, false);
    }

    bool open() const { return !made_ && !error_; }

    void attempt(const Wanted& wanted, const Edges& edges, bool asked) {
        auto found =
            match(language_.package, language_.grammar, names_, sentence_, context_, wanted, edges);
        if (!found)
            error_ = found.error();
        else if (*found)
            made_ = bind(home_, names_, **found, here_, asked);
    }

    /// Nothing is called so: then it may speak of what hearth cannot do yet.
    void tell_what_is_not_yet() {
        const bool nothing = made_->verdict == Verdict::nothing_found;
        if (!nothing && made_->verdict != Verdict::not_understood) return;
        const std::string kind = not_yet_in(language_.grammar, names_, sentence_, nothing);
        if (kind.empty()) return;
        made_->verdict = Verdict::cannot;
        made_->response = "not_yet_" + kind;
    }

    const Loaded& language_;
    const home::Home& home_;
    const HomeNames& names_;
    const Normal& sentence_;
    const home::Area* here_;
    bool is_question_;
    Context context_;
    std::optional<Understanding> made_;
    std::optional<Error> error_;
};

} // namespace

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
    if (here) {
        const auto found = home.areas().find(*here);
        if (found == home.areas().end())
            return fail(Code::not_found, "there is no area \"{}\"", printable(*here, 60));
        area = &found->second;
    }
    const auto normal = normalize(sentence);
    if (!normal) return std::unexpected(normal.error());

    auto made = Attempts(known, home, names, *normal, area).run();
    if (made) made->language = *name;
    return made;
}

Result<std::optional<bool>> Languages::answer(std::string_view language,
                                              std::string_view sentence) const {
    const auto name = resolve(language);
    if (!name) return std::unexpected(name.error());
    const auto normal = normalize(sentence);
    if (!normal) return std::optional<bool>();
    return answer_of(find(*name)->package.manners, *normal);
}

Result<std::string> Languages::remark(std::string_view language, std::string_view key) const {
    const auto name = resolve(language);
    if (!name) return std::unexpected(name.error());
    return find(*name)->remark(key);
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
