#include "adapters/mqtt_discovery/codec.h"

#include "adapters/mqtt_discovery/config_reader.h"
#include "adapters/mqtt_discovery/entity.h"
#include "base/json.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace hearth::mqtt_discovery {
namespace {

std::string shown(const Value& value) {
    return printable(value.is_string() ? *value.as_string() : to_json(value), 60);
}

double rounded(double number, int decimals) {
    const double scale = std::pow(10.0, decimals);
    const double moved = number * scale;
    return std::abs(moved) < 1e15 ? std::round(moved) / scale : number;
}

/// A word of its own for taking a value back; in whatever case, as Home Assistant has "none" of a
/// select.
bool is_reset(const Codec& codec, const Value& value) {
    return std::visit(
        [&](const auto& which) {
            if constexpr (requires { which.reset; })
                return !which.reset.empty() && equal_fold(python_text(value), which.reset);
            else
                return false;
        },
        codec);
}

Result<Value> read(const SwitchCodec& codec, const Value& value) {
    const std::string text = python_text(value);
    if (text == codec.on) return Value(true);
    if (text == codec.off) return Value(false);
    if (is_nothing(value)) return Value();
    // What a template prints for a JSON truth is "True"; devices that say "true" mean the same.
    if (value.is_bool() && equal_fold(text, codec.on)) return Value(true);
    if (value.is_bool() && equal_fold(text, codec.off)) return Value(false);
    return fail(Code::invalid, "\"{}\" is neither \"{}\" nor \"{}\"", shown(value),
                printable(codec.on, 40), printable(codec.off, 40));
}

Result<Value> read(const NumberCodec& codec, const Value& value) {
    if (is_nothing(value)) return Value();
    double number = value.number_or(0);
    if (!value.is_number()) {
        const std::string text = python_text(value);
        if (is_reset(codec, value)) return Value();
        if (!parse_number(trim(text), number)) {
            if (codec.skip_text) return Value();
            return fail(Code::invalid, "\"{}\" is no number", shown(value));
        }
    }
    if (!std::isfinite(number)) return fail(Code::invalid, "\"{}\" is no number", shown(value));
    if (codec.reciprocal && number == 0) return Value();
    double ours = codec.reciprocal ? codec.factor / number : number * codec.factor + codec.offset;
    if (codec.min) ours = std::max(ours, *codec.min);
    if (codec.max) ours = std::min(ours, *codec.max);
    return number_value(rounded(ours, codec.decimals));
}

Result<Value> read(const WordsCodec& codec, const Value& value) {
    const std::string text = python_text(value);
    for (const auto& [device, ours] : codec.words)
        if (device == text) return Value(ours);
    // Devices announce "open" and tell "OPEN".
    for (const auto& [device, ours] : codec.words)
        if (equal_fold(device, text)) return Value(ours);
    if (is_nothing(value) || is_reset(codec, value)) return Value();
    std::string all;
    for (const auto& [device, ours] : codec.words)
        all += (all.empty() ? "" : ", ") + device;
    return fail(Code::invalid, "\"{}\" is none of: {}", shown(value), printable(all, 200));
}

Result<Value> read(const TextCodec& codec, const Value& value) {
    if (is_nothing(value)) return Value();
    const bool simple = value.is_string() || value.is_bool() || value.is_number();
    if (codec.typed) return simple ? value : Value(to_json(value));
    std::string text = value.is_list() || value.is_map() ? to_json(value) : python_text(value);
    if (is_reset(codec, value)) return Value();
    return Value(std::move(text));
}

Result<Value> write(const SwitchCodec& codec, const Value& value) {
    if (!value.is_bool()) return fail(Code::invalid, "{} is neither true nor false", shown(value));
    return Value(value.bool_or(false) ? codec.send_on : codec.send_off);
}

Result<Value> write(const NumberCodec& codec, const Value& value) {
    if (!value.is_number()) return fail(Code::invalid, "{} is no number", shown(value));
    const double ours = value.number_or(0);
    if (codec.reciprocal && ours == 0) return fail(Code::invalid, "0 is not possible");
    double device = codec.reciprocal ? codec.factor / ours : (ours - codec.offset) / codec.factor;
    if (codec.step > 0)
        device = codec.step_from + std::round((device - codec.step_from) / codec.step) * codec.step;
    return number_value(rounded(device, 6));
}

Result<Value> write(const WordsCodec& codec, const Value& value) {
    for (const auto& [device, ours] : codec.words)
        if (ours == value.string_or("")) return Value(device);
    return fail(Code::invalid, "the device has no word for \"{}\"", shown(value));
}

Result<Value> write(const TextCodec&, const Value& value) {
    return value;
}

} // namespace

Result<Value> from_device(const Codec& codec, const Value& value) {
    return std::visit([&](const auto& which) { return read(which, value); }, codec);
}

Result<Told> read_told(const Codec& codec, const Value& value) {
    auto ours = from_device(codec, value);
    if (!ours) return fail(ours);
    if (!ours->is_null() || takes_back(value) || is_reset(codec, value))
        return Told(std::move(*ours));
    return Told();
}

Result<Value> to_device(const Codec& codec, const Value& value) {
    return std::visit([&](const auto& which) { return write(which, value); }, codec);
}

WordsCodec same_words(const std::vector<std::string>& words) {
    WordsCodec codec;
    for (const std::string& word : words)
        codec.words.emplace_back(word, word);
    return codec;
}

} // namespace hearth::mqtt_discovery
