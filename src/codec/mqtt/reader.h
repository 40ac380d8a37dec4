#pragma once

#include "codec/mqtt/decoder.h"
#include "codec/mqtt/property_fields.h"
#include "codec/mqtt/wire.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// Inside of this room: reading a packet's body field by field.
namespace hearth::mqtt {

/// After the first thing that is wrong every further read returns zero or empty: a decoder reads
/// all its fields, then asks once. `what` names the field in the error's line.
class Reader {
public:
    explicit Reader(const Frame& frame)
        : rest_(frame.body)
        , type_(frame.type()) {}
    /// For a block of its own inside of that packet.
    Reader(PacketType type, std::string_view block)
        : rest_(block)
        , type_(type) {}

    bool ok() const { return ok_; }
    PacketType type() const { return type_; }
    std::string_view rest() const { return rest_; }
    bool at_end() const { return rest_.empty(); }

    std::uint8_t u8(std::string_view what);
    std::uint16_t u16(std::string_view what);
    /// Never 0 (2.2.1).
    std::uint16_t packet_id();
    std::string_view binary(std::string_view what);
    std::string_view text(std::string_view what);
    /// The rest, whatever it is.
    std::string_view take_rest() { return std::exchange(rest_, {}); }
    /// A length and that many bytes (2.2.2.1).
    std::string_view property_block();
    /// The next property of such a block, which this reader reads; its identifier must be one of
    /// that owner's.
    bool next_property(PropertyOwner owner, PropertyToken& token);

    /// Bytes left over are an error.
    void end();

    /// Notes what is wrong, unless something was already; the packet's name comes before it.
    template <class... Args>
    void fail(ReasonCode reason, fmt::format_string<Args...> format, Args&&... args) {
        if (ok_) note(reason, fmt::format(format, std::forward<Args>(args)...));
    }
    /// The same with what a check of topic.h says.
    void check(const Checked<void>& checked) {
        if (!checked) fail(checked.error().reason, "{}", checked.error().detail);
    }
    /// Takes over what went wrong in a reader of a block inside.
    void adopt(Reader& inner);

    /// Puts the error, if there was one, in the place of what was read.
    template <class T>
    void finish(Checked<T>& result) {
        if (!ok_) result = std::unexpected(std::move(error_));
    }

private:
    void note(ReasonCode reason, std::string_view why);
    void cut_short(std::string_view what);

    std::string_view rest_;
    PacketType type_;
    bool ok_ = true;
    PacketError error_;
};

/// Refuses values that the standard forbids wherever that property stands.
void check_property(Reader& in, const PropertyToken& token, const DecodeLimits& limits);

namespace detail {

template <class T>
void assign(std::optional<T>& member, const PropertyToken& token, std::string_view) {
    if constexpr (std::is_same_v<T, std::string_view>)
        member = token.text;
    else
        member = static_cast<T>(token.number);
}
template <class Entry>
void assign(EncodedList<Entry>& member, const PropertyToken&, std::string_view block) {
    member = EncodedList<Entry>(block);
}

/// Only these may stand in a block more than once, and subscription identifiers only in a PUBLISH.
inline bool repeatable(PropertyId id, PropertyOwner owner) {
    return id == PropertyId::user_property ||
           (id == PropertyId::subscription_id && owner == owner_of(PacketType::publish));
}

} // namespace detail

/// Reads all that is left in `in`, a block of properties, into the members of `properties`.
template <class Properties>
void read_property_block(Reader& in, PropertyOwner owner, const DecodeLimits& limits,
                         Properties& properties) {
    const std::string_view block = in.rest();
    PropertyToken token;
    std::uint64_t seen = 0;
    std::size_t user_properties = 0;
    while (in.next_property(owner, token)) {
        const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(token.id);
        if ((seen & bit) != 0 && !detail::repeatable(token.id, owner))
            in.fail(ReasonCode::protocol_error, "has its {} twice", property_info(token.id).name);
        seen |= bit;
        if (token.id == PropertyId::user_property && ++user_properties > limits.max_user_properties)
            in.fail(ReasonCode::quota_exceeded, "has more than {} user properties",
                    limits.max_user_properties);
        check_property(in, token, limits);
        visit_fields(properties, [&](PropertyId id, auto& member) {
            if (id == token.id) detail::assign(member, token, block);
        });
    }
}

/// The same with its length before it, inside of a packet; returns the block.
template <class Properties>
std::string_view read_properties(Reader& in, PropertyOwner owner, const DecodeLimits& limits,
                                 Properties& properties) {
    const std::string_view block = in.property_block();
    if (block.empty()) return block;
    Reader inner(in.type(), block);
    read_property_block(inner, owner, limits, properties);
    in.adopt(inner);
    return block;
}

} // namespace hearth::mqtt
