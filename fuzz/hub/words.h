#pragma once

#include "codec/mqtt/protocol.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

/// The few names, topics and payloads that an input is made of: few, so that they meet.
namespace hearth::hub_fuzz {

/// Ends the program, and says which property does not hold.
void require(bool holds, std::string_view what, std::string_view detail = {});
/// Says what happens, where the environment has HEARTH_FUZZ_TRACE.
bool is_traced();
template <class... Args>
void trace(fmt::format_string<Args...> format, Args&&... args) {
    if (is_traced()) fmt::print(stderr, "{}\n", fmt::format(format, std::forward<Args>(args)...));
}

struct CredentialWords {
    std::string name;
    std::vector<std::string> topics; ///< beyond its own
};
const std::vector<CredentialWords>& credentials();

struct ClientWords {
    std::string_view id;
    std::string_view credential;
    mqtt::Version version;
};
constexpr std::array<ClientWords, 4> clients{{{"lamp-1", "lamp", mqtt::Version::v311},
                                              {"z2m", "z2m", mqtt::Version::v5},
                                              {"spy", "spy", mqtt::Version::v5},
                                              {"lamp-2", "lamp", mqtt::Version::v5}}};

/// Of states, commands and notes first, then of announcements.
const std::vector<std::string>& topics();
const std::vector<std::string>& filters();

/// What is published on a topic: `kind` chooses, `number` makes it the only one of its kind where
/// that leaves its meaning.
std::string payload_of(const std::string& topic, std::uint8_t kind, std::uint64_t number);
bool is_announcement(std::string_view topic);

/// What a switch with that value template reads from a payload of payload_of(), or nothing.
std::optional<bool> switch_state(std::string_view value_template, std::string_view payload);

/// Whether all topics that a filter (or topic) matches are matched by `allowed` (MQTT 5.0, 4.7).
bool covers(std::string_view allowed, std::string_view asked);

} // namespace hearth::hub_fuzz
