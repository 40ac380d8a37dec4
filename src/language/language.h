#pragma once

#include "base/result.h"
#include "base/value.h"
#include "home/home.h"
#include "language/names.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// From a sentence to what it means in this home, and from what became of it to a sentence.
///
///     auto languages = Languages::make();                       // once
///     auto meant = languages->understand(home, "fr", "éteins la lumière de la cuisine", here);
///     // meant->frame: {kitchen light: on_off.on = false}; who may, issues it as commands
///     auto text = languages->reply(home, *meant, {Outcome::Kind::done, ""});
///
/// It matches whole sentences against the templates of a language (language/*.yaml, written as
/// docs/language.md says) and never guesses: what no template matches is not understood, what two
/// things are called is asked back, and neither has a frame. A question is answered or asked back,
/// and moves nothing unless it is a way to ask for that ("can you …?"). It reads the home and
/// changes nothing.
///
/// Intents, slots and domains have Home Assistant's names (HassTurnOn; name, area, domain), as the
/// published sentence packages have them; the frame has hearth's (on_off.on).
namespace hearth::language {

/// What a sentence came to.
enum class Verdict : std::uint8_t {
    understood,     ///< the frame says what to do or to answer
    not_understood, ///< no template of the language matches it
    nothing_found,  ///< understood, but this home has nothing of that name or kind there
    ambiguous,      ///< understood, but several things are called so
    cannot,         ///< understood, but what it names cannot do that
    confirm,        ///< understood; the frame waits for a yes: reply() asks for it
};
std::string_view to_string(Verdict verdict);

/// One thing that the sentence said: slot "brightness", value 50, said "fifty".
struct Slot {
    std::string name;
    Value value; ///< names as the home spells them, never ids; numbers as numbers
    std::string said;

    bool operator==(const Slot&) const = default;
};

/// To be asked of devices; each device comes once.
struct Action {
    struct Device {
        home::DeviceId device;
        std::vector<home::Ask> asks; ///< never empty, each fits the device
    };
    std::vector<Device> devices; ///< never empty, in the order of their ids
};

/// To be read from twins.
struct Query {
    struct Reading {
        home::DeviceId device;
        home::Path path;
    };
    std::vector<Reading> readings; ///< never empty
    /// The state that was asked about, as state_of() names it; empty for "how is it".
    std::string wanted;
};

using Frame = std::variant<std::monostate, Action, Query>;

/// Why a sentence is to be confirmed.
enum class Doubt : std::uint8_t {
    none,
    question, ///< it was said as a question: "turn off the lamp?"
    risk,     ///< it opens, unlocks, disarms or heats (AttributeInfo::ask_first)
    many,     ///< it moves the whole house, or limits::devices_at_once devices in several rooms
};
std::string_view to_string(Doubt doubt);

/// The answer to one sentence. Data: it may be kept, compared and shown.
struct Understanding {
    std::string language; ///< the package's: "zh-CN" where "zh" was asked for
    Verdict verdict = Verdict::not_understood;
    std::string intent; ///< "HassTurnOn"; empty where not understood
    std::vector<Slot> slots;
    Frame frame; ///< only where understood, or to be confirmed

    Doubt doubt = Doubt::none; ///< where to be confirmed

    /// Where ambiguous: the devices that could be meant, in the order of their ids.
    std::vector<home::DeviceId> candidates;

    std::string response; ///< which of the intent's replies, or which error's
    ValueMap words;       ///< what an error's reply speaks of: entity, area, domain, names
};

/// What became of a frame. For a query it is done; its values are read when the reply is made.
struct Outcome {
    enum class Kind : std::uint8_t {
        done,      ///< the devices have confirmed, or a query is answered
        sent,      ///< no answer yet
        under_way, ///< the devices have begun: a lock is locking, a curtain moves
        failed,    ///< refused or timed out
    };
    Kind kind = Kind::done;
    std::string detail; ///< of a failure, as the device or its adapter told it
};

/// The state of an attribute in the words of the packages: "on", "off", "open", "closed", "locked",
/// a number as text; "unknown" where nothing was reported.
std::string state_of(const home::Device& device, const home::Path& path);

/// All languages that this program knows. Immutable once made, safe from any thread; understand()
/// and reply() read a home and belong to its shard. No I/O, no clock.
class Languages {
public:
    /// A package as it lies in a file, for others than the built-in ones.
    struct Source {
        std::string_view file; ///< "fr.yaml", for error messages
        std::string_view language;
        std::string_view yaml;
    };

    /// The packages that this program was built with: en, fr, zh-CN. Once a process.
    static Result<Languages> make();
    /// Of these files; several may belong to one language. Errors name file, line and column.
    static Result<Languages> make(const std::vector<Source>& sources);

    Languages(Languages&&) noexcept;
    Languages& operator=(Languages&&) noexcept;
    ~Languages();

    /// Names of the packages, sorted.
    std::vector<std::string> known() const;

    /// The package for a tag, whatever its case: "en", "EN_us" → "en"; "zh" → "zh-CN". Traditional
    /// Chinese (zh-TW, zh-HK, zh-Hant) is not taken for simplified. Errors: not_found, with the
    /// names that are known.
    Result<std::string> resolve(std::string_view tag) const;

    /// What a sentence means here. `here` is the area in which it was said, where that is known.
    /// Errors: not_found (language, area); invalid (empty, control characters, no UTF-8); limit
    /// (more than limits::sentence_characters, or one of the matcher's).
    Result<Understanding> understand(const home::Home& home, std::string_view language,
                                     std::string_view sentence,
                                     std::optional<home::AreaId> here = std::nullopt) const;
    /// The same for a hub that keeps the names of its home ready: this is the fast way.
    Result<Understanding> understand(const home::Home& home, const HomeNames& names,
                                     std::string_view language, std::string_view sentence,
                                     std::optional<home::AreaId> here = std::nullopt) const;

    /// Whether a sentence is a yes or a no and nothing else. Errors: not_found (language).
    Result<std::optional<bool>> answer(std::string_view language, std::string_view sentence) const;

    /// One of the errors' texts of a language, for what became of a question: "withdrawn",
    /// "changed". Errors: as those of reply().
    Result<std::string> remark(std::string_view language, std::string_view key) const;

    /// What to say to it, in its language. Never empty for what was not understood. Errors: those
    /// of the reply's template.
    Result<std::string> reply(const home::Home& home, const Understanding& understanding,
                              const Outcome& outcome = {}) const;

private:
    struct Language;
    explicit Languages(std::vector<std::unique_ptr<const Language>> languages);
    const Language* find(std::string_view name) const;

    std::vector<std::unique_ptr<const Language>> languages_; ///< sorted by name
};

} // namespace hearth::language
