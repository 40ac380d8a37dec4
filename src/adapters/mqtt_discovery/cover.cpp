#include "adapters/mqtt_discovery/channels.h"
#include "adapters/mqtt_discovery/components.h"
#include "adapters/mqtt_discovery/naming.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <optional>

/// https://www.home-assistant.io/integrations/cover.mqtt/
namespace hearth::mqtt_discovery {
namespace {

/// A range of the device, closed to open; 0 to 100 % in hearth. It may run backwards.
struct Range {
    double closed = 0;
    double open = 100;

    double to_percent(double native) const {
        return std::clamp((native - closed) / (open - closed) * 100, 0.0, 100.0);
    }
    double from_percent(double percent) const {
        return std::round(closed + percent / 100 * (open - closed));
    }
};

struct CoverConfig {
    std::string state_topic;
    SharedTemplate value_template;
    std::string command_topic;
    std::string position_topic;
    SharedTemplate position_template;
    std::string set_position_topic;
    SharedTemplate set_position_template;
    std::string tilt_topic;
    SharedTemplate tilt_template;
    std::string tilt_command_topic;
    SharedTemplate tilt_command_template;
    WordsCodec states; ///< device, motion; the two ends are "open" and "closed"
    std::string payload_open, payload_close, payload_stop; ///< empty: it cannot
    Range position;
    Range tilt;
    bool optimistic = false;

    bool tells_position() const { return !position_topic.empty() || !state_topic.empty(); }
    bool sets_position() const { return !set_position_topic.empty() || !command_topic.empty(); }
};

enum class Part { state, position, tilt };

class Cover final : public Entity {
public:
    Cover(CoverConfig config, Claim claim);

    std::vector<Offer> offers() const override;
    std::vector<Reading> readings() const override;
    void decode(std::size_t reading, const Value& value, Report& report) const override;
    Result<void> encode(const Asked& asked, Outbox& outbox) const override;

private:
    // Which offer is which: a cover always has its motion first.
    static constexpr std::size_t motion = 0;
    std::size_t position_offer() const { return 1; }
    std::size_t tilt_offer() const { return has_position_ ? 2 : 1; }

    Offer motion_offer() const;
    Offer place_offer() const;
    Offer tilting_offer() const;
    void take_back(Part part, Report& report) const;
    void decode_state(const Value& value, Report& report) const;
    void decode_number(const Value& value, const Range& range, std::size_t offer,
                       Report& report) const;
    Result<void> move(std::string_view how, Outbox& outbox) const;
    Result<void> go_to(double percent, Outbox& outbox) const;
    Result<void> tilt_to(double percent, Outbox& outbox) const;
    ValueMap ranges() const;

    CoverConfig config_;
    Claim claim_;
    std::vector<Part> read_;
    bool has_position_;
    bool has_tilt_;
};

Cover::Cover(CoverConfig config, Claim claim)
    : config_(std::move(config))
    , claim_(claim)
    , has_position_(config_.tells_position() || config_.sets_position())
    , has_tilt_(!config_.tilt_topic.empty() || !config_.tilt_command_topic.empty()) {
    if (!config_.state_topic.empty()) read_.push_back(Part::state);
    if (!config_.position_topic.empty()) read_.push_back(Part::position);
    if (!config_.tilt_topic.empty()) read_.push_back(Part::tilt);
}

Offer Cover::motion_offer() const {
    Offer offer = catalog_offer("cover.motion");
    offer.topic = config_.state_topic;
    if (config_.value_template != nullptr) offer.source = config_.value_template->source();
    offer.command_topic = config_.command_topic;
    offer.spec.writable = !config_.command_topic.empty();
    // "Opening" is over before many covers tell it, and one that is open never starts.
    offer.spec.answers = false;
    return offer;
}

Offer Cover::place_offer() const {
    Offer offer = catalog_offer("cover.position");
    const bool by_state = config_.position_topic.empty();
    offer.topic = by_state ? config_.state_topic : config_.position_topic;
    const SharedTemplate& source = by_state ? config_.value_template : config_.position_template;
    if (source != nullptr) offer.source = source->source();
    offer.command_topic =
        config_.set_position_topic.empty() ? config_.command_topic : config_.set_position_topic;
    offer.spec.writable = config_.sets_position();
    offer.spec.answers = config_.tells_position() && !config_.optimistic;
    offer.spec.tolerance = half_step(100 / (config_.position.open - config_.position.closed)) + 0.1;
    return offer;
}

Offer Cover::tilting_offer() const {
    Offer offer = catalog_offer("cover.tilt");
    offer.topic = config_.tilt_topic;
    if (config_.tilt_template != nullptr) offer.source = config_.tilt_template->source();
    offer.command_topic = config_.tilt_command_topic;
    offer.spec.writable = !config_.tilt_command_topic.empty();
    offer.spec.answers = !config_.tilt_topic.empty() && !config_.optimistic;
    offer.spec.tolerance = half_step(100 / (config_.tilt.open - config_.tilt.closed)) + 0.1;
    return offer;
}

std::vector<Offer> Cover::offers() const {
    std::vector<Offer> offers{motion_offer()};
    if (has_position_) offers.push_back(place_offer());
    if (has_tilt_) offers.push_back(tilting_offer());
    for (Offer& offer : offers)
        offer.claim = claim_;
    return offers;
}

std::vector<Reading> Cover::readings() const {
    std::vector<Reading> readings;
    for (const Part part : read_) {
        if (part == Part::state)
            readings.push_back({config_.state_topic, config_.value_template});
        else if (part == Part::position)
            readings.push_back({config_.position_topic, config_.position_template});
        else
            readings.push_back({config_.tilt_topic, config_.tilt_template});
    }
    return readings;
}

void Cover::decode(std::size_t reading, const Value& value, Report& report) const {
    if (takes_back(value)) return take_back(read_[reading], report);
    if (is_nothing(value)) return;
    switch (read_[reading]) {
    case Part::state:
        return decode_state(value, report);
    case Part::position:
        return decode_number(value, config_.position, position_offer(), report);
    case Part::tilt:
        return decode_number(value, config_.tilt, tilt_offer(), report);
    }
}

void Cover::take_back(Part part, Report& report) const {
    if (part == Part::tilt) return report.put(tilt_offer(), Value());
    const bool is_place = part == Part::position || config_.position_topic.empty();
    if (part == Part::state) report.put(motion, Value());
    if (is_place) report.put(position_offer(), Value());
}

void Cover::decode_state(const Value& value, Report& report) const {
    const Value trimmed(trim(python_text(value)));
    const auto state = from_device(config_.states, trimmed);
    if (!state) return report.problem("state " + state.error().detail);
    if (state->is_null()) return;
    const std::string_view word = state->string_or("");
    const bool at_end = word == "open" || word == "closed";
    report.put(motion, at_end ? Value("stopped") : *state);
    // Without a position the ends are all that is known.
    if (at_end && config_.position_topic.empty())
        report.put(position_offer(), Value(word == "open" ? 100 : 0));
}

void Cover::decode_number(const Value& value, const Range& range, std::size_t offer,
                          Report& report) const {
    double number = value.number_or(0);
    // Some tell more than the number: {"position": 40}.
    if (value.is_map()) number = value.at("position").number_or(NAN);
    if (value.is_string() && !parse_number(trim(*value.as_string()), number)) number = NAN;
    if (!std::isfinite(number))
        return report.problem("\"" + printable(python_text(value), 40) + "\" is no number");
    report.put(offer, number_value(std::round(range.to_percent(number) * 10) / 10));
}

ValueMap Cover::ranges() const {
    return {{"position_open", number_value(config_.position.open)},
            {"position_closed", number_value(config_.position.closed)},
            {"tilt_min", number_value(std::min(config_.tilt.closed, config_.tilt.open))},
            {"tilt_max", number_value(std::max(config_.tilt.closed, config_.tilt.open))}};
}

Result<void> Cover::move(std::string_view how, Outbox& outbox) const {
    const std::string& payload = how == "opening"   ? config_.payload_open
                                 : how == "closing" ? config_.payload_close
                                                    : config_.payload_stop;
    if (payload.empty() || config_.command_topic.empty())
        return fail(Code::refused, "this cover has no command for \"{}\"", how);
    outbox.publish(config_.command_topic, payload);
    return {};
}

Result<void> Cover::go_to(double percent, Outbox& outbox) const {
    if (config_.set_position_topic.empty()) {
        if (percent == 100) return move("opening", outbox);
        if (percent == 0) return move("closing", outbox);
        return fail(Code::refused, "this cover opens (100) and closes (0), nothing between");
    }
    const Value native = number_value(config_.position.from_percent(percent));
    ValueMap names = ranges();
    names.set("value", native);
    names.set("position", number_value(percent));
    return outbox.publish(config_.set_position_topic, config_.set_position_template, names,
                          python_text(native));
}

Result<void> Cover::tilt_to(double percent, Outbox& outbox) const {
    const Value native = number_value(config_.tilt.from_percent(percent));
    ValueMap names = ranges();
    names.set("value", native);
    names.set("tilt_position", number_value(percent));
    return outbox.publish(config_.tilt_command_topic, config_.tilt_command_template, names,
                          python_text(native));
}

Result<void> Cover::encode(const Asked& asked, Outbox& outbox) const {
    for (const auto& [offer, value] : asked.asks) {
        Result<void> sent;
        if (offer == motion)
            sent = move(value.string_or(""), outbox);
        else if (has_position_ && offer == position_offer())
            sent = go_to(value.number_or(0), outbox);
        else
            sent = tilt_to(value.number_or(0), outbox);
        if (!sent) return sent;
    }
    return {};
}

Range read_range(ConfigReader& config, std::string_view closed, std::string_view open,
                 double closed_default, double open_default) {
    Range range{config.number(closed, closed_default), config.number(open, open_default)};
    if (range.closed == range.open)
        config.refuse({Code::invalid, std::string(open) + " equals " + std::string(closed)});
    return range;
}

/// `payload_stop: null` means that it cannot stop.
std::string payload(ConfigReader& config, std::string_view key, std::string_view otherwise) {
    return config.is_null(key) ? std::string() : config.text(key, otherwise);
}

CoverConfig read_cover(ConfigReader& config) {
    CoverConfig cover;
    cover.state_topic = config.filter("state_topic");
    cover.value_template = config.compiled("value_template");
    cover.command_topic = config.topic("command_topic");
    cover.position_topic = config.filter("position_topic");
    cover.position_template = config.compiled("position_template");
    cover.set_position_topic = config.topic("set_position_topic");
    cover.set_position_template = config.compiled("set_position_template");
    cover.tilt_topic = config.filter("tilt_status_topic");
    cover.tilt_template = config.compiled("tilt_status_template");
    cover.tilt_command_topic = config.topic("tilt_command_topic");
    cover.tilt_command_template = config.compiled("tilt_command_template");
    cover.states.words = {{config.text("state_open", "open"), "open"},
                          {config.text("state_closed", "closed"), "closed"},
                          {config.text("state_opening", "opening"), "opening"},
                          {config.text("state_closing", "closing"), "closing"},
                          {config.text("state_stopped", "stopped"), "stopped"}};
    cover.payload_open = payload(config, "payload_open", "OPEN");
    cover.payload_close = payload(config, "payload_close", "CLOSE");
    cover.payload_stop = payload(config, "payload_stop", "STOP");
    cover.position = read_range(config, "position_closed", "position_open", 0, 100);
    const double tilt_min = config.number("tilt_min", 0);
    const double tilt_max = config.number("tilt_max", 100);
    cover.tilt = read_range(config, "tilt_closed_value", "tilt_opened_value", tilt_min, tilt_max);
    cover.optimistic = config.flag("optimistic", false);
    return cover;
}

} // namespace

MadeEntity make_cover(const Identity& identity, ConfigReader& config) {
    CoverConfig cover = read_cover(config);
    config.require(cover.tells_position() || cover.sets_position() || !cover.tilt_topic.empty() ||
                       !cover.tilt_command_topic.empty(),
                   "command_topic or state_topic");
    const Claim claim = identity.main ? Claim::likely : claim_of(identity.object, "cover.position");
    return std::make_unique<Cover>(std::move(cover), claim);
}

} // namespace hearth::mqtt_discovery
