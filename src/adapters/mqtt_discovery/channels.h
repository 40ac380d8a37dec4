#pragma once

#include "adapters/mqtt_discovery/codec.h"
#include "adapters/mqtt_discovery/config_reader.h"
#include "adapters/mqtt_discovery/entity.h"

#include <string>
#include <string_view>
#include <vector>

namespace hearth::mqtt_discovery {

/// One attribute with a topic to read it, a topic to set it, or both. Most components are a handful
/// of these.
struct Channel {
    Offer offer;
    std::string state_topic;
    SharedTemplate value_template;
    std::string command_topic;
    SharedTemplate command_template;
    Codec codec;
    bool ignore_kept = false;
};

/// An offer of a word of the catalogue, with its type, unit and range.
Offer catalog_offer(std::string_view path);
Offer untyped_offer(std::string_view key, catalog::AttributeType type);

/// The entity of most components: channels, each read and written on its own.
class ChannelEntity : public Entity {
public:
    explicit ChannelEntity(std::vector<Channel> channels);

    std::vector<Offer> offers() const override;
    std::vector<Reading> readings() const override;
    void decode(std::size_t reading, const Value& value, Report& report) const override;
    Result<void> encode(const Asked& asked, Outbox& outbox) const override;

protected:
    const Channel& channel(std::size_t offer) const { return channels_[offer]; }
    /// Sends one ask on its channel's topic.
    Result<void> send(std::size_t offer, const Value& value, Outbox& outbox) const;

private:
    std::vector<Channel> channels_;
    std::vector<std::size_t> read_; ///< by reading: its channel
};

/// Gathers a component's channels from its options, which name their topics and templates alike:
/// `STEM_state_topic`, `STEM_command_topic`…
class ChannelBuilder {
public:
    ChannelBuilder(const Identity& identity, ConfigReader& config);

    struct Names {
        std::string_view state_topic;
        std::string_view value_template;
        std::string_view command_topic;
        std::string_view command_template;
    };

    /// Adds a channel if the device can tell or set it. Whether it is writable and answers follows
    /// from its topics. Returns it to be refined, or nullptr.
    Channel* add(Offer offer, Codec codec, const Names& names);

    std::vector<Channel> take() { return std::move(channels_); }
    bool empty() const { return channels_.empty(); }
    ConfigReader& config() { return config_; }
    const Identity& identity() const { return identity_; }

private:
    const Identity& identity_;
    ConfigReader& config_;
    bool optimistic_;
    std::vector<Channel> channels_;
};

/// `PATH` as hearth's words for a device's list of words: an enumeration with these options.
void narrow_to(Offer& offer, const WordsCodec& codec);

/// How far a number that comes back may be from the one asked for, with one device step of `step`.
double half_step(double step);

} // namespace hearth::mqtt_discovery
