#include "codec/mqtt/reader.h"

namespace hearth::mqtt {
namespace {

using enum ReasonCode;

/// The options byte behind a filter (3.8.3.1; 3.1.1: 3.8.3).
void check_options(Reader& in, std::uint8_t options, std::string_view filter, Version version) {
    const unsigned qos = options & 0x03U;
    if (version == Version::v311) {
        if (qos == 3 || (options & 0xFCU) != 0)
            in.fail(malformed_packet, "asks for QoS {:#04x}; it must be 0, 1 or 2", options);
        return;
    }
    if ((options & 0xC0U) != 0) in.fail(malformed_packet, "reserved subscription options are set");
    if (qos == 3) in.fail(protocol_error, "asks for QoS 3");
    if ((options & 0x30U) == 0x30U) in.fail(protocol_error, "its retain handling is 3");
    if ((options & 0x04U) != 0 && shared_filter(filter))
        in.fail(protocol_error, "sets no-local on a shared subscription");
}

std::string_view read_filter(Reader& in, const DecodeLimits& limits) {
    const std::string_view filter = in.binary("topic filter");
    if (in.ok()) in.check(check_topic_filter(filter, limits.max_topic_levels));
    return filter;
}

/// Reads filters to the end, each followed by whatever `read_more` reads; returns their block.
template <class ReadMore>
std::string_view read_filters(Reader& in, const DecodeLimits& limits, ReadMore&& read_more) {
    const std::string_view block = in.rest();
    if (in.at_end()) in.fail(protocol_error, "has no topic filter");
    for (std::size_t count = 1; in.ok() && !in.at_end(); ++count) {
        read_more(read_filter(in, limits));
        if (count > limits.max_filters)
            in.fail(quota_exceeded, "has more than {} topic filters", limits.max_filters);
    }
    return block;
}

ReasonList read_reasons(Reader& in) {
    const ReasonList reasons(in.take_rest());
    if (reasons.empty()) in.fail(protocol_error, "has no reason code");
    for (const ReasonCode reason : reasons) {
        if (!reason_allowed(in.type(), reason))
            in.fail(protocol_error, "has the reason code {:#04x}, which it may not have",
                    static_cast<unsigned>(reason));
    }
    return reasons;
}

} // namespace

Checked<Subscribe> decode_subscribe(const Frame& frame, Version version,
                                    const DecodeLimits& limits) {
    Checked<Subscribe> result;
    Reader in(frame);
    result->packet_id = in.packet_id();
    if (version == Version::v5)
        read_properties(in, owner_of(PacketType::subscribe), limits, result->properties);
    result->subscriptions = SubscriptionList(read_filters(in, limits, [&](std::string_view filter) {
        check_options(in, in.u8("subscription options"), filter, version);
    }));
    in.finish(result);
    return result;
}

Checked<Suback> decode_suback(const Frame& frame, Version version, const DecodeLimits& limits) {
    Checked<Suback> result;
    Reader in(frame);
    result->packet_id = in.packet_id();
    if (version == Version::v5)
        read_properties(in, owner_of(PacketType::suback), limits, result->properties);
    result->reasons = read_reasons(in);
    if (version == Version::v311) {
        for (const ReasonCode reason : result->reasons) {
            if (is_failure(reason) && reason != unspecified_error)
                in.fail(protocol_error, "has the return code {:#04x}, which is reserved",
                        static_cast<unsigned>(reason));
        }
    }
    in.finish(result);
    return result;
}

Checked<Unsubscribe> decode_unsubscribe(const Frame& frame, Version version,
                                        const DecodeLimits& limits) {
    Checked<Unsubscribe> result;
    Reader in(frame);
    result->packet_id = in.packet_id();
    if (version == Version::v5)
        read_properties(in, owner_of(PacketType::unsubscribe), limits, result->properties);
    result->filters = FilterList(read_filters(in, limits, [](std::string_view) {}));
    in.finish(result);
    return result;
}

Checked<Unsuback> decode_unsuback(const Frame& frame, Version version, const DecodeLimits& limits) {
    Checked<Unsuback> result;
    Reader in(frame);
    result->packet_id = in.packet_id();
    if (version == Version::v5) {
        read_properties(in, owner_of(PacketType::unsuback), limits, result->properties);
        result->reasons = read_reasons(in);
    }
    in.end();
    in.finish(result);
    return result;
}

} // namespace hearth::mqtt
