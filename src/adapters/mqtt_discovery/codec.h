#pragma once

#include "base/result.h"
#include "base/value.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// How one value stands in a device's messages and how in hearth, both ways.
namespace hearth::mqtt_discovery {

/// Two texts, compared as Python prints values ("True", "ON").
struct SwitchCodec {
    std::string on; ///< as it is reported
    std::string off;
    std::string send_on; ///< as it is asked for
    std::string send_off;
};

/// hearth = device * factor + offset, or hearth = factor / device where it is reciprocal.
struct NumberCodec {
    double factor = 1;
    double offset = 0;
    bool reciprocal = false;
    int decimals = 6;          ///< of what hearth is told
    std::optional<double> min; ///< in hearth's unit: what lies beyond is moved to it
    std::optional<double> max;
    double step = 0;        ///< in the device's unit: what is sent is a multiple of it
    double step_from = 0;   ///< counted from here
    bool skip_text = false; ///< text that is no number says nothing
    std::string reset;      ///< a text of its own that takes the value back
};

/// Words of the device and what hearth calls them. Several of the device's may mean the same; the
/// first is what is sent.
struct WordsCodec {
    std::vector<std::pair<std::string, std::string>> words; ///< device, hearth
    std::string reset;
};

/// Text as it is; or, where `typed`, whatever the device tells: number, truth or text.
struct TextCodec {
    bool typed = false;
    std::string reset;
};

using Codec = std::variant<SwitchCodec, NumberCodec, WordsCodec, TextCodec>;

/// What a device told of one value: nothing, that it is unknown from now on (null), or the value.
using Told = std::optional<Value>;

/// Errors: invalid, with the value.
Result<Told> read_told(const Codec& codec, const Value& value);
/// The same, null where nothing was told. Errors: invalid, with the value.
Result<Value> from_device(const Codec& codec, const Value& value);
/// Errors: invalid.
Result<Value> to_device(const Codec& codec, const Value& value);

/// A codec for words that mean themselves.
WordsCodec same_words(const std::vector<std::string>& words);

} // namespace hearth::mqtt_discovery
