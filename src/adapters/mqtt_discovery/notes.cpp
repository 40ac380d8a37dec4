#include "adapters/mqtt_discovery/notes.h"

#include "base/bytes.h"

namespace hearth::mqtt_discovery {
namespace {

/// No announcement begins with it: those are JSON.
constexpr char with_owner = 1;

/// No discovery topic begins like that. (At first only of devices that had left.)
constexpr std::string_view of_device = "left ";

} // namespace

std::string encode_announcement(std::string_view owner, std::string_view payload) {
    std::string bytes(1, with_owner);
    ByteWriter out(bytes);
    out.string(owner);
    out.raw(payload);
    return bytes;
}

AnnouncementNote decode_announcement(std::string_view bytes) {
    if (bytes.empty() || bytes.front() != with_owner) return {{}, std::string(bytes), true};
    ByteReader in(bytes.substr(1));
    AnnouncementNote note;
    note.owner = in.string();
    note.payload = bytes.substr(bytes.size() - in.left());
    return note;
}

std::string owner_key(std::string_view external_id) {
    return std::string(of_device) + std::string(external_id);
}

bool is_owner_key(std::string_view key) {
    return key.starts_with(of_device);
}

std::string_view owned_id(std::string_view key) {
    return key.substr(of_device.size());
}

} // namespace hearth::mqtt_discovery
