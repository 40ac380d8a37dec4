#include "adapters/mqtt_discovery/channels.h"

#include "catalog/catalog.h"

#include <algorithm>
#include <cmath>

namespace hearth::mqtt_discovery {

Offer catalog_offer(std::string_view path) {
    Offer offer;
    offer.spec.path.text = path;
    if (const catalog::AttributeInfo* info = catalog::Catalog::builtin().find(path)) {
        offer.spec.type = info->type;
        offer.spec.unit = info->unit;
        offer.spec.min = info->min;
        offer.spec.max = info->max;
        offer.spec.options = info->options;
        offer.spec.command = info->command;
    }
    return offer;
}

Offer untyped_offer(std::string_view key, catalog::AttributeType type) {
    Offer offer;
    offer.spec.path = home::make_path({}, home::untyped_capability, key);
    offer.spec.type = type;
    return offer;
}

void narrow_to(Offer& offer, const WordsCodec& codec) {
    offer.spec.type = catalog::AttributeType::enumeration;
    offer.spec.options.clear();
    for (const auto& [device, ours] : codec.words)
        if (std::ranges::find(offer.spec.options, ours) == offer.spec.options.end())
            offer.spec.options.push_back(ours);
}

double half_step(double step) {
    return std::abs(step) / 2 * 1.0001;
}

// --- ChannelEntity -----------------------------------------------------------------------------

ChannelEntity::ChannelEntity(std::vector<Channel> channels)
    : channels_(std::move(channels)) {
    for (std::size_t i = 0; i < channels_.size(); ++i)
        if (!channels_[i].state_topic.empty()) read_.push_back(i);
}

std::vector<Offer> ChannelEntity::offers() const {
    std::vector<Offer> offers;
    for (const Channel& channel : channels_) {
        Offer& offer = offers.emplace_back(channel.offer);
        offer.topic = channel.state_topic;
        if (channel.value_template != nullptr) offer.source = channel.value_template->source();
        offer.command_topic = channel.command_topic;
    }
    return offers;
}

std::vector<Reading> ChannelEntity::readings() const {
    std::vector<Reading> readings;
    for (const std::size_t i : read_)
        readings.push_back({channels_[i].state_topic, channels_[i].value_template, false,
                            channels_[i].ignore_kept});
    return readings;
}

void ChannelEntity::decode(std::size_t reading, const Value& value, Report& report) const {
    const std::size_t offer = read_[reading];
    auto told = read_told(channels_[offer].codec, value);
    if (!told)
        report.problem(told.error().detail);
    else if (*told)
        report.put(offer, std::move(**told));
}

Result<void> ChannelEntity::encode(const Asked& asked, Outbox& outbox) const {
    for (const auto& [offer, value] : asked.asks) {
        const auto sent = send(offer, value, outbox);
        if (!sent) return sent;
    }
    return {};
}

Result<void> ChannelEntity::send(std::size_t offer, const Value& value, Outbox& outbox) const {
    const Channel& channel = channels_[offer];
    if (channel.command_topic.empty())
        return fail(Code::refused, "{} can be read, not set", channel.offer.spec.path.text);
    const auto native = to_device(channel.codec, value);
    if (!native)
        return fail(Code::invalid, "{}: {}", channel.offer.spec.path.text, native.error().detail);
    return outbox.publish(channel.command_topic, channel.command_template, {{"value", *native}},
                          python_text(*native));
}

// --- ChannelBuilder ----------------------------------------------------------------------------

ChannelBuilder::ChannelBuilder(const Identity& identity, ConfigReader& config)
    : identity_(identity)
    , config_(config)
    , optimistic_(config.flag("optimistic", false)) {}

Channel* ChannelBuilder::add(Offer offer, Codec codec, const Names& names) {
    Channel channel;
    channel.state_topic = config_.filter(names.state_topic);
    channel.value_template = config_.compiled(names.value_template);
    channel.command_topic = config_.topic(names.command_topic);
    channel.command_template = config_.compiled(names.command_template);
    if (channel.state_topic.empty() && channel.command_topic.empty()) return nullptr;
    offer.spec.writable = !channel.command_topic.empty();
    offer.spec.answers = !channel.state_topic.empty() && !optimistic_;
    if (identity_.main && offer.claim == Claim::plain) offer.claim = Claim::likely;
    channel.offer = std::move(offer);
    channel.codec = std::move(codec);
    return &channels_.emplace_back(std::move(channel));
}

} // namespace hearth::mqtt_discovery
