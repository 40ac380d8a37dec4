#pragma once

#include "automations/run.h"

#include <optional>
#include <string>
#include <string_view>

namespace hearth::automations {

/// Which step of which run a command belongs to. Its text is the command's idempotency key, by
/// which a replay knows the step again where its own record is missing.
///
/// It is "step:RUN:PATH". Older journals have "run:RUN:INDEX" with an index from 0, and paths begin
/// at 1: under one word "run:5:1" would be two steps, so that after an upgrade in the middle of run
/// 5 one of them is done twice or never. The word in front tells which of the two it is, for ever;
/// the older one is read only.
struct StepKey {
    RunId run = 0;
    StepPath path;

    bool operator==(const StepKey&) const = default;
};

std::string to_string(const StepKey& key);
/// Both kinds; nothing for any other text.
std::optional<StepKey> parse_step_key(std::string_view text);

} // namespace hearth::automations
