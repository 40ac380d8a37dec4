#pragma once

#include "language/grammar.h"
#include "language/language.h"
#include "language/package.h"
#include "template/template.h"

#include <map>
#include <string>
#include <string_view>

namespace hearth::language {

/// A language ready for use: its package, what it compiled to, and its replies.
struct Loaded {
    Package package;
    Grammar grammar;

    /// Compiles grammar and replies, once the package is read. Errors name the template.
    Result<void> finish();

    Result<std::string> reply(const home::Home& home, const Understanding& understanding,
                              const Outcome& outcome) const;
    /// One of the errors' texts.
    Result<std::string> remark(std::string_view key) const { return say_error(key, {}); }

private:
    using Replies = std::map<std::string, templating::Template, std::less<>>;

    Result<void> add_replies();
    Result<void> add_reply(Replies& replies, const std::string& key, const std::string& text);
    Result<std::string> say_error(std::string_view key, const ValueMap& words) const;
    Result<std::string> say_done(const home::Home& home, const Understanding& understanding) const;

    Result<std::string> say_under_way(const Understanding& understanding) const;
    Result<std::string> say_question(const home::Home& home,
                                     const Understanding& understanding) const;

    Value state(const home::Device& device, const home::Path& path,
                const Understanding& understanding) const;
    std::string moved_name(const home::Device& device, const Action::Device& action,
                           const Understanding& understanding) const;
    ValueList candidates(const home::Home& home, const Understanding& understanding) const;
    std::string word(std::string_view key) const;
    std::string spoken_name(const home::Device& device, const Understanding& understanding) const;

    using ByIntent = std::map<std::string, Replies, std::less<>>;
    ByIntent replies_;
    ByIntent questions_;
    ByIntent under_way_;
    Replies errors_;
};

} // namespace hearth::language
