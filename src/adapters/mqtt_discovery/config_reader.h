#pragma once

#include "adapters/mqtt_discovery/templates.h"
#include "base/result.h"
#include "base/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::mqtt_discovery {

/// What Python's str() makes of a value: "True", "None", "21.5". Home Assistant compares and sends
/// payloads in this form, so `payload_on: true` matches what `{{ value_json.on }}` gives.
std::string python_text(const Value& value);

/// Reads the options of one component, with their full names. Remembers the first one that makes no
/// sense, so that a reader can read all it needs and ask once at the end. Numbers and truths that
/// come as text are read as what they mean, as Home Assistant does.
class ConfigReader {
public:
    ConfigReader(const ValueMap& options, TemplateCache& templates)
        : options_(options)
        , templates_(templates) {}

    /// Whether an option is given and is not null.
    bool has(std::string_view key) const;
    bool is_null(std::string_view key) const;

    std::string text(std::string_view key, std::string_view fallback = {});
    bool flag(std::string_view key, bool fallback);
    double number(std::string_view key, double fallback);
    std::optional<double> maybe_number(std::string_view key);
    /// A list of texts; a single text is a list of one.
    std::vector<std::string> texts(std::string_view key);
    /// A topic to listen to (wildcards allowed) or to publish to; empty where it is not given.
    std::string filter(std::string_view key);
    std::string topic(std::string_view key);
    /// Null where it is not given.
    SharedTemplate compiled(std::string_view key);

    /// Records what is wrong, unless something was before.
    void refuse(Error error);
    /// Says that one of several options is needed.
    void require(bool given, std::string_view what);
    const std::optional<Error>& error() const { return error_; }

    const ValueMap& options() const { return options_; }

private:
    const Value* find(std::string_view key) const;
    void wrong(std::string_view key, std::string_view expected, const Value& value);

    const ValueMap& options_;
    TemplateCache& templates_;
    std::optional<Error> error_;
};

/// MQTT 5, sections 4.7.1 to 4.7.3: what a filter or a name of a topic may look like.
bool is_topic_filter(std::string_view text);
bool is_topic_name(std::string_view text);

} // namespace hearth::mqtt_discovery
