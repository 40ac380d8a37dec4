#pragma once

#include <string>
#include <string_view>

/// How the adapter's notes are written (home/home.h keeps them). For ever: what one hearth wrote,
/// every later one reads.
///
/// There are two kinds. The key of an announcement's is its discovery topic; that of a device,
/// there or left, is made by owner_key(), and its bytes are the credential whose it is.
namespace hearth::mqtt_discovery {

/// What is remembered of an announcement that was accepted.
struct AnnouncementNote {
    std::string owner;   ///< the credential that made it
    std::string payload; ///< empty where the broker retains it
    /// A note of hearth 0.1 is the payload alone and does not say whose it is. It is read as that
    /// of clients without a name: where those are let in it counts as before; where they are not,
    /// it moves nothing until the device announces itself again, which most do when the hub says
    /// that it is there.
    bool is_old = false;
};
std::string encode_announcement(std::string_view owner, std::string_view payload);
AnnouncementNote decode_announcement(std::string_view bytes);

std::string owner_key(std::string_view external_id);
bool is_owner_key(std::string_view key);
/// The external id in a key of owner_key().
std::string_view owned_id(std::string_view key);

} // namespace hearth::mqtt_discovery
