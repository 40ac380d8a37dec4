#pragma once

#include "base/random.h"
#include "base/time.h"
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
    std::string language = "en";          ///< of sentences that come without one
    std::size_t waiting = 1'000;          ///< sentences whose commands are under way
    Micros confirm_within = 60 * seconds; ///< a question is open for so long
    std::size_t questions = 1'000;        ///< open ones; then the oldest is withdrawn
};

/// A sentence and who said it where; or the answer to a question.
struct Said {
    std::string text;
    std::string language;       ///< "en", "zh-CN"…; empty for AssistantOptions::language
    std::string area;           ///< id, name or alias of the room it was said in; may be empty
    std::string key;            ///< saying it twice with the same key does it once; may be empty
    std::string key_owner = {}; ///< whose key it is; as home::CommandRequest::caller
    home::Subject caller;
    /// What belongs together: an answer is one to the last question of its conversation. Empty for
    /// a new one. At most conversation_bytes.
    std::string conversation;
    /// Yes or no to the conversation's question, instead of a text.
    std::optional<bool> confirm;
    std::string question; ///< with `confirm`: the id of that question; empty for whichever is open
};

constexpr std::size_t conversation_bytes = 64;

/// A question that is open: what will be done after a yes, and nothing else.
struct Question {
    std::string id;
    Micros expires_at = 0; ///< wall clock
};

/// What came of it.
struct Answer {
    language::Understanding meant;
    std::string reply;
    std::vector<home::CommandId> commands;
    std::optional<language::Outcome> outcome; ///< nothing where there was nothing to do
    std::string conversation;
    std::optional<Question> question; ///< where meant.verdict is confirm

    bool is_done() const;
};

/// {"understood", "verdict", "outcome", "reply", "lang", "intent", "slots", "commands",
///  "candidates", "conversation", "confirm"}; `confirm` is null, or the open question: {"id",
///  "why", "expires_at", "devices": [{"device", "name", "set"}]}.
Value to_value(const Answer& answer, const home::Home& home);

/// From a sentence to commands and from what became of them to a reply: asks the language room what
/// was meant, issues it with the sentence as cause, and replies once every device has answered, or
/// after reply_wait. What was not understood does nothing.
///
/// What opens, unlocks or moves the whole house is asked about first. What will be done is settled
/// with the question: those devices and those values. A yes counts once, within confirm_within,
/// from who was asked, in the same conversation, and not after a device or room was renamed, added
/// or removed. Whatever else is said there withdraws the question. A question does not outlive the
/// process.
///
/// Whoever speaks is judged (home::Authority): what they may not see is not there for them, and
/// what they may not do is refused before anything is asked back or done.
///
/// Belongs to the home's shard. The home, the languages, the clock and `after` outlive it. Keeps
/// the home's names ready, and makes them anew when one has changed.
class Assistant {
public:
    using After = std::function<void(Micros delay, std::function<void()> task)>;
    using Reply = std::function<void(Result<Answer>)>;

    Assistant(home::Home& home, const language::Languages& languages, const Clock& clock,
              Random& random, After after, AssistantOptions options = {});
    Assistant(const Assistant&) = delete;
    Assistant& operator=(const Assistant&) = delete;

    /// Calls `reply` once: at once, or from a later turn. Errors: not_found (language, area),
    /// invalid (what is no sentence), limit, conflict (the key was used for another request, or a
    /// `confirm` without an open question).
    void say(const Said& said, Reply reply);

private:
    struct Waiting {
        std::uint64_t number = 0;
        Answer answer;
        std::set<home::CommandId> open;
        std::string failure; ///< the first one's
        Reply reply;
    };

    /// A question that waits for its yes.
    struct Open {
        Said said; ///< the sentence that led to it
        Answer answer;
        Micros due = 0;          ///< steady clock
        std::uint64_t names = 0; ///< which generation of the home's names it speaks of
    };

    Result<Answer> understand(const Said& said);
    Result<language::Understanding> understand(const Said& said, std::optional<home::AreaId> here);
    Result<void> may_do(const home::Subject& caller, const language::Understanding& meant) const;
    void refuse(Answer answer, std::string why, Reply reply);
    void start(const Said& said, Answer answer, Reply reply);
    void ask(const Said& said, Answer answer, const Reply& reply);
    std::optional<Open> take_question(const Said& said);
    void decide(const Said& said, Open open, bool yes, Reply reply);
    void remark(const Open& open, language::Verdict verdict, std::string_view key,
                const Reply& reply);
    void act(const Said& said, const language::Action& action, Waiting& waiting);
    void hear(const home::Event& event);
    void settled(const home::CommandSettled& settled);
    static void settle(Waiting& waiting, const home::CommandSettled& settled);
    void give_up(std::uint64_t number);
    void finish(Waiting waiting);

    home::Home& home_;
    const language::Languages& languages_;
    const Clock& clock_;
    Random& random_;
    After after_;
    AssistantOptions options_;
    language::HomeNames names_;
    bool names_are_old_ = true;
    std::uint64_t names_generation_ = 0;
    std::list<Open> questions_; ///< oldest first; one of each speaker and conversation
    std::list<Waiting> waiting_;
    /// What is settled while the commands of a sentence are still being issued.
    std::vector<home::CommandSettled> early_;
    bool issuing_ = false;
    std::uint64_t last_number_ = 0;
};

} // namespace hearth::assistant
