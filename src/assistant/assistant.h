#pragma once

#include "home/home.h"
#include "language/language.h"

#include <functional>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hearth::assistant {

struct AssistantOptions {
    /// How long a reply waits for the devices; then it says that there is no answer yet.
    Micros reply_wait = 1'500 * milliseconds;
    std::string language = "en"; ///< of sentences that come without one
    std::size_t waiting = 1'000; ///< sentences whose commands are under way
};

/// A sentence and who said it where.
struct Said {
    std::string text;
    std::string language; ///< "en", "zh-CN"…; empty for AssistantOptions::language
    std::string area;     ///< id, name or alias of the room it was said in; may be empty
    std::string key;      ///< saying it twice with the same key does it once; may be empty
};

/// What came of it.
struct Answer {
    language::Understanding meant;
    std::string reply;
    std::vector<home::CommandId> commands;
    std::optional<language::Outcome> outcome; ///< nothing where there was nothing to do

    bool is_done() const;
};

/// {"understood", "verdict", "outcome", "reply", "lang", "intent", "slots", "commands",
///  "candidates"}.
Value to_value(const Answer& answer);

/// From a sentence to commands and from what became of them to a reply: asks the language room what
/// was meant, issues it with the sentence as cause, and replies once every device has answered, or
/// after reply_wait. What was not understood does nothing.
///
/// Belongs to the home's shard. The home, the languages and `after` outlive it. Keeps the home's
/// names ready, and makes them anew when one has changed.
class Assistant {
public:
    using After = std::function<void(Micros delay, std::function<void()> task)>;
    using Reply = std::function<void(Result<Answer>)>;

    Assistant(home::Home& home, const language::Languages& languages, After after,
              AssistantOptions options = {});
    Assistant(const Assistant&) = delete;
    Assistant& operator=(const Assistant&) = delete;

    /// Calls `reply` once: at once, or from a later turn. Errors: not_found (language, area),
    /// invalid (what is no sentence), limit.
    void say(const Said& said, Reply reply);

private:
    struct Waiting {
        std::uint64_t number = 0;
        Answer answer;
        std::set<home::CommandId> open;
        std::string failure; ///< the first one's
        Reply reply;
    };

    Result<Answer> understand(const Said& said);
    void act(const Said& said, const language::Action& action, Waiting& waiting);
    void hear(const home::Event& event);
    void settled(const home::CommandSettled& settled);
    static void settle(Waiting& waiting, const home::CommandSettled& settled);
    void give_up(std::uint64_t number);
    void finish(Waiting waiting);

    home::Home& home_;
    const language::Languages& languages_;
    After after_;
    AssistantOptions options_;
    language::HomeNames names_;
    bool names_are_old_ = true;
    std::list<Waiting> waiting_;
    /// What is settled while the commands of a sentence are still being issued.
    std::vector<home::CommandSettled> early_;
    bool issuing_ = false;
    std::uint64_t last_number_ = 0;
};

} // namespace hearth::assistant
