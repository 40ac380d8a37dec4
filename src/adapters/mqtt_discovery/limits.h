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
    std::size_t owned_devices = 20'000;     ///< there or left, whose credential is remembered
    std::size_t pending_commands = 1'000;   ///< that wait for somebody to listen
    std::size_t waiting_messages = 20'000;  ///< states of devices not announced yet
    std::size_t waiting_bytes = 16U << 20;  ///< of those, all together
    /// What reading messages may take, in steps of their templates (about 30 ns each); see
    /// template_budget.h. One template alone is bounded by templating::Limits::steps.
    std::size_t template_steps_per_message = 200'000;
    std::size_t template_free_steps = 1'000;      ///< of each message: not on its publisher's bill
    std::size_t template_steps_per_s = 2'000'000; ///< of one publisher, evenly
    std::size_t template_steps_burst = 5'000'000; ///< and at once, where it was quiet before
    std::size_t template_publishers = 1'000;      ///< with a bill; those beyond share one
    Micros template_refusal_interval = 60 * seconds; ///< of one publisher's messages not read
    std::size_t value_timers = 200'000;              ///< values that wait for their time to be over
    /// A device is announced once nothing new was heard of it for announce_delay, at the latest
    /// announce_at_most after the first.
    Micros announce_delay = 50 * milliseconds;
    Micros announce_at_most = 1 * seconds;
    Micros retry_interval = 1 * seconds; ///< of commands that nobody was there to take
};

} // namespace hearth::mqtt_discovery
