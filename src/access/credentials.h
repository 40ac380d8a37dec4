#pragma once

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

#include <string>
#include <string_view>
#include <vector>

/// Who may speak MQTT with the home. Pure values and rules; home/credential_book.h keeps them in
/// the journal.
namespace hearth::access {

/// An MQTT user. Its key is 256 random bits and is shown once; kept is only its SHA-256, which for
/// a key of that size needs no slow hash.
struct Credential {
    std::string name;
    std::string key_hash; ///< 32 bytes
    /// Filters that it may publish and subscribe to beyond its own (see own_topics()).
    std::vector<std::string> topics;
    Micros created_at = 0;

    bool operator==(const Credential&) const = default;
};

/// Letters, digits, "-", "_" and "."; 1 to 64 of them: a name is part of topics.
Result<void> check_credential_name(std::string_view name);

/// 43 characters of base64url (RFC 4648, section 5).
std::string make_key(Random& random);
/// Whether a text may be such a key: it has their length and their letters.
bool is_key(std::string_view text);
/// What is kept of a key.
std::string hash_key(std::string_view key);
bool key_matches(const Credential& credential, std::string_view key);

/// The filters under which a client of this name may publish and subscribe without being told so:
/// NAME/#, what Tasmota (cmnd, stat, tele) and Shelly call their own, and homeassistant/+/NAME/#,
/// where many scripts keep their states beside their announcement.
std::vector<std::string> own_topics(std::string_view name);
/// What every client may publish: announcements of Home Assistant's discovery, of which each
/// belongs to the credential that made it (adapters/mqtt_discovery). Nothing else below
/// homeassistant/: there hearth says that it is there, and a device may keep its state there.
std::vector<std::string> shared_publish_topics();
/// What every client may subscribe to: homeassistant/status.
std::vector<std::string> shared_subscribe_topics();

} // namespace hearth::access
