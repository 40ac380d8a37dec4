#pragma once

#include "net/shard.h"

#include <functional>
#include <memory>

namespace hearth::app {

/// Calls `stop` on the shard when SIGINT or SIGTERM comes; a second one ends the program at once.
/// Lives as long as the returned handle. Also has SIGPIPE ignored.
std::shared_ptr<void> on_termination(net::Shard& shard, std::function<void()> stop);

} // namespace hearth::app
