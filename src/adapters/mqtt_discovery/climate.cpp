#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/measures.h"
#include "adapters/mqtt_discovery/naming.h"

#include <algorithm>
#include <array>
#include <cmath>

/// https://www.home-assistant.io/integrations/climate.mqtt/ and, as far as the options are the
/// same, water_heater.mqtt.
namespace hearth::mqtt_discovery {
namespace {

constexpr double fahrenheit = 5.0 / 9.0;

struct Names {
    std::string_view path;
    ChannelBuilder::Names options;
};

constexpr auto targets = std::to_array<Names>(
    {{"thermostat.target",
      {"temperature_state_topic", "temperature_state_template", "temperature_command_topic",
       "temperature_command_template"}},
     {"thermostat.target_low",
      {"temperature_low_state_topic", "temperature_low_state_template",
       "temperature_low_command_topic", "temperature_low_command_template"}},
     {"thermostat.target_high",
      {"temperature_high_state_topic", "temperature_high_state_template",
       "temperature_high_command_topic", "temperature_high_command_template"}}});

/// Whether the device speaks Fahrenheit, and how that converts.
NumberCodec temperature_codec(ConfigReader& config) {
    NumberCodec codec;
    if (!is_fahrenheit(config.text("temperature_unit", "C"))) return codec;
    codec.factor = fahrenheit;
    codec.offset = -32 * fahrenheit;
    codec.decimals = 2;
    return codec;
}

double in_celsius(const NumberCodec& codec, double native) {
    return std::round((native * codec.factor + codec.offset) * 100) / 100;
}

/// What can be set where the device announces no range, in its own unit: of water 110 to 140 °F, as
/// Home Assistant has it.
struct Range {
    double lowest = 0;
    double highest = 0;
};

Range usual_range(const Identity& identity, bool fahrenheit_given) {
    if (identity.platform == "water_heater")
        return fahrenheit_given ? Range{110, 140} : Range{43.3, 60};
    return fahrenheit_given ? Range{44.6, 95} : Range{7, 35};
}

void add_targets(ChannelBuilder& channels) {
    ConfigReader& config = channels.config();
    NumberCodec codec = temperature_codec(config);
    const bool foreign = codec.factor != 1;
    const Range usual = usual_range(channels.identity(), foreign);
    const double lowest = config.number("min_temp", usual.lowest);
    const double highest = config.number("max_temp", usual.highest);
    if (lowest > highest) config.refuse({Code::invalid, "min_temp is greater than max_temp"});
    codec.step = config.number("temp_step", config.number("precision", foreign ? 1 : 0.1));
    if (codec.step <= 0) config.refuse({Code::invalid, "temp_step must be greater than 0"});
    codec.reset = config.text("payload_reset", "None");
    for (const Names& target : targets) {
        Offer offer = catalog_offer(target.path);
        offer.spec.min = in_celsius(codec, lowest);
        offer.spec.max = in_celsius(codec, highest);
        offer.spec.tolerance = half_step(codec.step * codec.factor) + 0.01;
        offer.claim = Claim::likely;
        channels.add(std::move(offer), codec, target.options);
    }
}

/// hearth's words for the modes that the device offers; what hearth has no word for is left out. A
/// water heater's modes are not a thermostat's, but its own words.
WordsCodec modes(const Identity& identity, ConfigReader& config) {
    WordsCodec codec;
    if (identity.platform == "water_heater") {
        const std::vector<std::string> own = config.texts("modes");
        return own.empty() ? same_words({"off", "eco", "electric", "gas", "heat_pump",
                                         "high_demand", "performance"})
                           : same_words(own);
    }
    const Offer mode = catalog_offer("thermostat.mode");
    std::vector<std::string> offered = config.texts("modes");
    if (offered.empty()) offered = {"auto", "off", "cool", "heat", "dry", "fan_only"};
    for (const std::string& word : offered)
        if (std::ranges::find(mode.spec.options, word) != mode.spec.options.end())
            codec.words.emplace_back(word, word);
    return codec;
}

void add_mode(ChannelBuilder& channels) {
    ConfigReader& config = channels.config();
    Offer offer = catalog_offer("thermostat.mode");
    offer.claim = Claim::likely;
    WordsCodec codec = modes(channels.identity(), config);
    // A thermostat that goes off by a topic of its own may still tell "off" as its mode.
    codec.reset = config.text("payload_reset", "None");
    if (codec.words.empty()) return;
    narrow_to(offer, codec);
    channels.add(
        std::move(offer), std::move(codec),
        {"mode_state_topic", "mode_state_template", "mode_command_topic", "mode_command_template"});
}

void add_action(ChannelBuilder& channels) {
    Offer offer = catalog_offer("thermostat.action");
    offer.claim = Claim::likely;
    const WordsCodec codec = same_words(offer.spec.options);
    channels.add(std::move(offer), codec, {"action_topic", "action_template", "", ""});
}

/// A list of the device's own words: presets, fan modes, swings.
void add_words(ChannelBuilder& channels, Offer offer, const std::vector<std::string>& words,
               const ChannelBuilder::Names& names) {
    offer.claim = Claim::likely;
    if (words.empty()) {
        offer.spec.type = catalog::AttributeType::text;
        channels.add(std::move(offer), TextCodec{}, names);
        return;
    }
    const WordsCodec codec = same_words(words);
    narrow_to(offer, codec);
    channels.add(std::move(offer), codec, names);
}

void add_word_lists(ChannelBuilder& channels) {
    ConfigReader& config = channels.config();
    std::vector<std::string> presets = config.texts("preset_modes");
    // "none" is always one of them, and is how a device tells that none is chosen.
    if (!presets.empty() && std::ranges::find(presets, "none") == presets.end())
        presets.emplace_back("none");
    add_words(channels, catalog_offer("thermostat.preset"), presets,
              {"preset_mode_state_topic", "preset_mode_value_template", "preset_mode_command_topic",
               "preset_mode_command_template"});
    add_words(channels, catalog_offer("fan.mode"), config.texts("fan_modes"),
              {"fan_mode_state_topic", "fan_mode_state_template", "fan_mode_command_topic",
               "fan_mode_command_template"});
    add_words(channels, untyped_offer("swing_mode", catalog::AttributeType::enumeration),
              config.texts("swing_modes"),
              {"swing_mode_state_topic", "swing_mode_state_template", "swing_mode_command_topic",
               "swing_mode_command_template"});
    add_words(channels, untyped_offer("swing_horizontal_mode", catalog::AttributeType::enumeration),
              config.texts("swing_horizontal_modes"),
              {"swing_horizontal_mode_state_topic", "swing_horizontal_mode_state_template",
               "swing_horizontal_mode_command_topic", "swing_horizontal_mode_command_template"});
}

/// What it measures stands for itself: where another sensor of the device measures the same, the
/// thermostat keeps its own endpoint and only the measurement moves.
void add_measured(ChannelBuilder& channels, std::string_view path, NumberCodec codec,
                  const ChannelBuilder::Names& names) {
    Offer offer = catalog_offer(path);
    offer.claim = Claim::likely;
    Channel* channel = channels.add(std::move(offer), std::move(codec), names);
    if (channel == nullptr) return;
    const std::vector<std::string> places = channel->value_template != nullptr
                                                ? json_places(channel->value_template->source())
                                                : std::vector<std::string>();
    const std::string key = places.size() == 1 ? short_slug(places.front()) : "climate";
    channel->offer.key = endpoint_of(key, path, "climate");
    if (claim_of(key, path) == Claim::own) channel->offer.claim = Claim::own;
}

void add_power(ChannelBuilder& channels) {
    ConfigReader& config = channels.config();
    Offer offer = catalog_offer("on_off.on");
    offer.claim = Claim::likely;
    SwitchCodec codec;
    codec.send_on = codec.on = config.text("payload_on", "ON");
    codec.send_off = codec.off = config.text("payload_off", "OFF");
    channels.add(std::move(offer), std::move(codec),
                 {"power_state_topic", "power_state_template", "power_command_topic",
                  "power_command_template"});
}

void add_target_humidity(ChannelBuilder& channels) {
    ConfigReader& config = channels.config();
    Offer offer = catalog_offer("thermostat.target_humidity");
    offer.spec.min = config.number("min_humidity", 30);
    offer.spec.max = config.number("max_humidity", 99);
    offer.spec.tolerance = half_step(1);
    offer.claim = Claim::likely;
    channels.add(std::move(offer), NumberCodec{.step = 1},
                 {"target_humidity_state_topic", "target_humidity_state_template",
                  "target_humidity_command_topic", "target_humidity_command_template"});
}

} // namespace

MadeEntity make_climate(const Identity& identity, ConfigReader& config) {
    ChannelBuilder channels(identity, config);
    add_mode(channels);
    add_targets(channels);
    add_action(channels);
    add_word_lists(channels);
    add_power(channels);
    add_target_humidity(channels);
    NumberCodec temperature = temperature_codec(config);
    temperature.reset = "None";
    add_measured(channels, "temperature.celsius", std::move(temperature),
                 {"current_temperature_topic", "current_temperature_template", "", ""});
    add_measured(channels, "humidity.percent", NumberCodec{},
                 {"current_humidity_topic", "current_humidity_template", "", ""});
    config.require(!channels.empty(), "a topic to read or to set something");
    return std::make_unique<ChannelEntity>(channels.take());
}

} // namespace hearth::mqtt_discovery
