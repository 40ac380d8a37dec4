#pragma once

#include "base/result.h"
#include "home/fact.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace hearth::home {

/// Which idempotency keys were used, by whom, for what, and which command each one led to. A caller
/// has its keys for itself; the same key for another request is a conflict, never an answer.
///
/// Remembers the newest keys of each caller, and of all callers together, up to its limits; what is
/// older is forgotten and may be asked anew. Belongs to Home.
class KeyBook {
public:
    struct Limits {
        std::size_t of_caller = 1'000;
        std::size_t in_all = 10'000;
    };

    /// What is remembered of one command.
    struct Entry {
        KeyUse use;
        CommandId command = 0;
        /// What became of it, once it is settled.
        std::optional<Settlement> settlement;
        std::string detail;
    };

    explicit KeyBook(const Limits& limits)
        : limits_(limits) {}

    /// The command that this use of a key has led to already, or nothing where the key is new, or
    /// new for this part of the request. Errors: conflict where the key stands for another request.
    Result<std::optional<CommandId>> find(const KeyUse& use) const;

    void remember(Entry entry);
    void settled(const CommandSettled& fact);
    /// What a key of before there were callers was used for, where that becomes known later.
    void learn(const Command& command);
    const Entry* find_command(CommandId command) const;

    /// By the numbers of their commands: oldest first.
    const std::map<CommandId, Entry>& entries() const { return entries_; }
    void clear();

private:
    using Name = std::pair<std::string, std::string>; ///< caller, key

    void forget(CommandId command);
    std::vector<const Entry*> named(const Name& name) const;

    Limits limits_;
    std::map<CommandId, Entry> entries_;
    std::multimap<Name, CommandId> by_name_;
    std::map<std::string, std::set<CommandId>, std::less<>> by_caller_;
};

/// What a command's device and asks are, as a few bytes that differ where they differ. The order of
/// the asks and how a number is written do not matter.
std::string fingerprint(std::string_view device, const std::vector<Ask>& asks);

} // namespace hearth::home
