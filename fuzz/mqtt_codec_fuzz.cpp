#include "codec/mqtt/decoder.h"
#include "codec/mqtt/encoder.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// Takes the input as what came over one connection: cuts it into frames, decodes each as both
/// versions and asks for both ends. What could be decoded must encode, and decode again to the
/// same.
namespace {

using namespace hearth::mqtt;

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

void try_topics(std::string_view filter, std::string_view topic) {
    std::size_t levels = 0;
    std::size_t length = 0;
    for (const auto level : Levels(topic)) {
        ++levels;
        length += level.size();
    }
    require(levels == Levels(topic).count(), "levels are counted as they are walked");
    require(length + levels - 1 == topic.size(), "levels and slashes are the whole topic");
    matches(filter, topic);
    if (check_topic_name(topic)) {
        require(matches(topic, topic), "a topic matches itself");
        require(matches("#", topic) == (topic.front() != '$'), "# matches all but $ topics");
    }
}

void try_again(const Packet& packet, Version version) {
    std::string encoded;
    require(encode(encoded, packet, version).has_value(), "what was decoded can be encoded");
    const FrameResult next = next_frame(encoded, max_packet_size);
    require(next.status == FrameResult::Status::frame, "what was encoded is one frame");
    require(next.frame.size == encoded.size(), "a frame is as long as it says");
    const auto again = decode(next.frame, version);
    require(again.has_value(), "what was encoded can be decoded");
    require(*again == packet, "decoding again gives the same");
    if (const auto* publish = std::get_if<Publish>(&packet)) {
        require(encoded_size(*publish, version) == encoded.size(), "encoded_size is the size");
        const std::size_t at = packet_id_offset(encoded);
        require((at != 0) == (publish->qos != Qos::at_most_once), "QoS 0 has no identifier");
        std::string block;
        require(encode_publish_properties(block, publish->properties).has_value(), "a block");
        const auto properties = decode_publish_properties(block);
        require(properties && *properties == publish->properties, "properties come back");
        try_topics(publish->topic, publish->topic);
    }
    if (const auto* subscribe = std::get_if<Subscribe>(&packet)) {
        for (const Subscription& one : subscribe->subscriptions) {
            require(check_topic_filter(one.filter).has_value(), "its filters are valid");
            try_topics(one.filter, one.filter);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input(reinterpret_cast<const char*>(data), size);
    try_topics(input.substr(0, size / 2), input.substr(size / 2));
    for (;;) {
        const FrameResult next = next_frame(input, 65'536);
        if (next.status != FrameResult::Status::frame) return 0;
        static_cast<void>(answer_version(next.frame));
        for (const Version version : {Version::v311, Version::v5}) {
            const auto packet = decode(next.frame, version);
            if (!packet) {
                require(is_failure(packet.error().reason), "an error has a reason");
                require(!packet.error().detail.empty(), "an error says why");
                continue;
            }
            for (const Sender sender : {Sender::client, Sender::server})
                static_cast<void>(check_sender(*packet, sender, version));
            try_again(*packet, version);
        }
        input.remove_prefix(next.frame.size);
    }
}
