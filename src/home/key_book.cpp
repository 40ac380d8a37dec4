#include "home/key_book.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"

#include <algorithm>

namespace hearth::home {
namespace {

constexpr std::size_t fingerprint_bytes = 16;

/// Whether an earlier use asked for the same; nothing where it is not known what it asked for.
std::optional<bool> is_same_request(const KeyUse& earlier, const KeyUse& now) {
    if (earlier.asked.empty()) return std::nullopt;
    return earlier.asked == now.asked;
}

} // namespace

std::string fingerprint(std::string_view device, const std::vector<Ask>& asks) {
    std::vector<std::string> lines;
    for (const Ask& ask : asks) {
        const bool number = ask.value.is_number();
        lines.push_back(
            fmt::format("{}={}", ask.path.text,
                        number ? fmt::format("{}", ask.value.number_or(0)) : to_json(ask.value)));
    }
    std::ranges::sort(lines);
    std::string whole(device);
    for (const std::string& line : lines)
        whole += "\n" + line;
    return sha256(whole).substr(0, fingerprint_bytes);
}

std::vector<const KeyBook::Entry*> KeyBook::named(const Name& name) const {
    std::vector<const Entry*> found;
    const auto [first, last] = by_name_.equal_range(name);
    for (auto entry = first; entry != last; ++entry)
        found.push_back(&entries_.at(entry->second));
    return found;
}

Result<std::optional<CommandId>> KeyBook::find(const KeyUse& use) const {
    if (use.key.empty()) return std::optional<CommandId>();
    const auto own = named({use.caller, use.key});
    for (const Entry* entry : own) {
        if (is_same_request(entry->use, use) == true) continue;
        return fail(Code::conflict,
                    "the idempotency key \"{}\" was used for another request already (command "
                    "{}); nothing was done: send a new key with a new request",
                    printable(use.key, 80), entry->command);
    }
    for (const Entry* entry : own)
        if (entry->use.part == use.part) return entry->command;
    if (!own.empty()) return std::optional<CommandId>();
    // Once, keys were everybody's: such a one answers whoever asks for the very same.
    for (const Entry* entry : named({"", use.key}))
        if (is_same_request(entry->use, use) == true && entry->use.part == use.part)
            return entry->command;
    return std::optional<CommandId>();
}

void KeyBook::remember(Entry entry) {
    if (entry.use.key.empty()) return;
    const CommandId command = entry.command;
    forget(command);
    by_name_.emplace(Name{entry.use.caller, entry.use.key}, command);
    std::set<CommandId>& of_caller = by_caller_[entry.use.caller];
    of_caller.insert(command);
    entries_.emplace(command, std::move(entry));
    if (of_caller.size() > limits_.of_caller) forget(*of_caller.begin());
    if (entries_.size() > limits_.in_all) forget(entries_.begin()->first);
}

void KeyBook::forget(CommandId command) {
    const auto found = entries_.find(command);
    if (found == entries_.end()) return;
    const KeyUse& use = found->second.use;
    const auto [first, last] = by_name_.equal_range(Name{use.caller, use.key});
    for (auto entry = first; entry != last; ++entry)
        if (entry->second == command) {
            by_name_.erase(entry);
            break;
        }
    const auto caller = by_caller_.find(use.caller);
    caller->second.erase(command);
    if (caller->second.empty()) by_caller_.erase(caller);
    entries_.erase(found);
}

void KeyBook::settled(const CommandSettled& fact) {
    const auto found = entries_.find(fact.command);
    if (found == entries_.end()) return;
    found->second.settlement = fact.settlement;
    found->second.detail = fact.detail;
}

void KeyBook::learn(const Command& command) {
    const auto found = entries_.find(command.id);
    if (found == entries_.end() || !found->second.use.asked.empty()) return;
    found->second.use.asked = fingerprint(command.device, command.asks);
}

const KeyBook::Entry* KeyBook::find_command(CommandId command) const {
    const auto found = entries_.find(command);
    return found != entries_.end() ? &found->second : nullptr;
}

void KeyBook::clear() {
    entries_.clear();
    by_name_.clear();
    by_caller_.clear();
}

} // namespace hearth::home
