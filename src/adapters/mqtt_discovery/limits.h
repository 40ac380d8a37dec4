#pragma once

#include "base/time.h"

#include <cstddef>

namespace hearth::mqtt_discovery {

/// Everything of this adapter that foreign software can make grow. Beyond a limit the message is
/// refused with Code::limit and a line that names it; what was there before stays.
struct Limits {
    std::size_t config_bytes = 256U << 10; ///< of one discovery message
    std::size_t state_bytes = 256U << 10;  ///< of one state message
    std::size_t components_per_device = 1'000;
    std::size_t devices = 20'000;
    std::size_t topics = 200'000;           ///< distinct topics listened to
    std::size_t template_bytes = 16U << 10; ///< of one template's source
    std::size_t pending_commands = 1'000;   ///< that wait for somebody to listen
    std::size_t waiting_messages = 20'000;  ///< states of devices not announced yet
    std::size_t waiting_bytes = 16U << 20;  ///< of those, all together
    /// A device is announced once nothing new was heard of it for announce_delay, at the latest
    /// announce_at_most after the first.
    Micros announce_delay = 50 * milliseconds;
    Micros announce_at_most = 1 * seconds;
    Micros retry_interval = 1 * seconds; ///< of commands that nobody was there to take
};

} // namespace hearth::mqtt_discovery
