#include "codec/mqtt/lists.h"

#include "codec/mqtt/property_table.h"
#include "codec/mqtt/sink.h"
#include "codec/mqtt/wire.h"

namespace hearth::mqtt {
namespace {

/// Passes over properties until one has that id.
bool take_property_of(std::string_view& rest, PropertyId id, PropertyToken& token) {
    while (take_property(rest, token)) {
        if (token.id == id) return true;
    }
    return false;
}

template <class Write>
bool append_with(std::string& block, Write&& write) {
    CountingSink count;
    write(count);
    if (!count.encodable()) return false;
    append_bytes(block, count.size(), write);
    return true;
}

} // namespace

bool take_entry(std::string_view& rest, UserProperty& property) {
    PropertyToken token;
    if (!take_property_of(rest, PropertyId::user_property, token)) return false;
    property = {token.text, token.value};
    return true;
}

bool take_entry(std::string_view& rest, std::uint32_t& subscription_id) {
    PropertyToken token;
    if (!take_property_of(rest, PropertyId::subscription_id, token)) return false;
    subscription_id = token.number;
    return true;
}

bool take_entry(std::string_view& rest, Subscription& subscription) {
    std::uint8_t options = 0;
    if (!wire::take_field(rest, subscription.filter)) return false;
    if (!wire::take_u8(rest, options)) return false;
    if ((options & 0x03U) == 3 || (options & 0x30U) == 0x30U) return false;
    subscription.qos = static_cast<Qos>(options & 0x03U);
    subscription.no_local = (options & 0x04U) != 0;
    subscription.retain_as_published = (options & 0x08U) != 0;
    subscription.retain_handling = static_cast<RetainHandling>((options >> 4) & 0x03U);
    return true;
}

bool take_entry(std::string_view& rest, std::string_view& filter) {
    return wire::take_field(rest, filter);
}

bool take_entry(std::string_view& rest, ReasonCode& reason) {
    std::uint8_t byte = 0;
    if (!wire::take_u8(rest, byte)) return false;
    reason = static_cast<ReasonCode>(byte);
    return true;
}

bool append_user_property(std::string& block, std::string_view name, std::string_view value) {
    return append_with(block, [&](auto& sink) {
        sink.u8(static_cast<std::uint8_t>(PropertyId::user_property));
        sink.field(name);
        sink.field(value);
    });
}

bool append_subscription_id(std::string& block, std::uint32_t id) {
    if (id == 0 || id > max_remaining_length) return false;
    return append_with(block, [&](auto& sink) {
        sink.u8(static_cast<std::uint8_t>(PropertyId::subscription_id));
        sink.varint(id);
    });
}

bool append_subscription(std::string& block, const Subscription& subscription) {
    return append_with(block, [&](auto& sink) {
        sink.field(subscription.filter);
        sink.u8(subscription_options(subscription));
    });
}

bool append_filter(std::string& block, std::string_view filter) {
    return append_with(block, [&](auto& sink) { sink.field(filter); });
}

void append_reason(std::string& block, ReasonCode reason) {
    block += static_cast<char>(reason);
}

std::uint8_t subscription_options(const Subscription& subscription) {
    return static_cast<std::uint8_t>(static_cast<unsigned>(subscription.qos) |
                                     (subscription.no_local ? 0x04U : 0U) |
                                     (subscription.retain_as_published ? 0x08U : 0U) |
                                     static_cast<unsigned>(subscription.retain_handling) << 4);
}

} // namespace hearth::mqtt
