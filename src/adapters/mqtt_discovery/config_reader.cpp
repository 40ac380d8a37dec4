#include "adapters/mqtt_discovery/config_reader.h"

#include "base/json.h"
#include "base/text.h"

#include <cmath>

namespace hearth::mqtt_discovery {
namespace {

constexpr std::size_t longest_topic = 65'535;

std::optional<double> as_number(const Value& value) {
    if (value.is_number()) return value.number_or(0);
    double number = 0;
    if (const std::string* text = value.as_string(); text != nullptr)
        if (parse_number(trim(*text), number) && std::isfinite(number)) return number;
    return std::nullopt;
}

/// As voluptuous' Boolean and Home Assistant's cv.boolean read it.
std::optional<bool> as_flag(const Value& value) {
    if (value.is_bool()) return value.bool_or(false);
    if (value.is_number()) return value.number_or(0) != 0;
    const std::string word = to_lower(trim(value.string_or("")));
    if (word == "true" || word == "yes" || word == "on" || word == "enable" || word == "1")
        return true;
    if (word == "false" || word == "no" || word == "off" || word == "disable" || word == "0")
        return false;
    return std::nullopt;
}

bool is_level_wildcard(std::string_view level) {
    return level == "+" || level == "#";
}

} // namespace

std::string python_text(const Value& value) {
    if (value.is_null()) return "None";
    if (const bool* flag = value.as_bool()) return *flag ? "True" : "False";
    if (const std::string* text = value.as_string()) return *text;
    return to_json(value);
}

bool is_topic_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_topic && is_utf8(text) &&
           text.find_first_of(std::string_view("+#\0", 3)) == text.npos;
}

bool is_topic_filter(std::string_view text) {
    if (text.empty() || text.size() > longest_topic || !is_utf8(text) || text.contains('\0'))
        return false;
    const std::vector<std::string_view> levels = split(text, '/');
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if (is_level_wildcard(levels[i]) ? levels[i] == "#" && i + 1 < levels.size()
                                         : levels[i].find_first_of("+#") != text.npos)
            return false;
    }
    return true;
}

const Value* ConfigReader::find(std::string_view key) const {
    if (key.empty()) return nullptr;
    const Value* value = options_.find(key);
    return value != nullptr && !value->is_null() ? value : nullptr;
}

bool ConfigReader::has(std::string_view key) const {
    return find(key) != nullptr;
}

bool ConfigReader::is_null(std::string_view key) const {
    const Value* value = options_.find(key);
    return value != nullptr && value->is_null();
}

std::string ConfigReader::text(std::string_view key, std::string_view fallback) {
    const Value* value = find(key);
    if (value == nullptr) return std::string(fallback);
    if (value->is_list() || value->is_map()) wrong(key, "text", *value);
    return python_text(*value);
}

bool ConfigReader::flag(std::string_view key, bool fallback) {
    const Value* value = find(key);
    if (value == nullptr) return fallback;
    const std::optional<bool> flag = as_flag(*value);
    if (!flag) wrong(key, "true or false", *value);
    return flag.value_or(fallback);
}

double ConfigReader::number(std::string_view key, double fallback) {
    return maybe_number(key).value_or(fallback);
}

std::optional<double> ConfigReader::maybe_number(std::string_view key) {
    const Value* value = find(key);
    if (value == nullptr) return std::nullopt;
    const std::optional<double> number = as_number(*value);
    if (!number) wrong(key, "a number", *value);
    return number;
}

std::vector<std::string> ConfigReader::texts(std::string_view key) {
    std::vector<std::string> texts;
    const Value* value = find(key);
    if (value == nullptr) return texts;
    if (const ValueList* list = value->as_list()) {
        for (const Value& entry : *list) {
            if (entry.is_list() || entry.is_map()) wrong(key, "a list of texts", *value);
            texts.push_back(python_text(entry));
        }
    } else if (value->is_map()) {
        wrong(key, "a list of texts", *value);
    } else {
        texts.push_back(python_text(*value));
    }
    return texts;
}

std::string ConfigReader::filter(std::string_view key) {
    const Value* value = find(key);
    if (value == nullptr) return {};
    if (!is_topic_filter(value->string_or(""))) wrong(key, "a topic", *value);
    return std::string(value->string_or(""));
}

std::string ConfigReader::topic(std::string_view key) {
    const Value* value = find(key);
    if (value == nullptr) return {};
    if (!is_topic_name(value->string_or(""))) wrong(key, "a topic without wildcards", *value);
    return std::string(value->string_or(""));
}

SharedTemplate ConfigReader::compiled(std::string_view key) {
    const Value* value = find(key);
    if (value == nullptr) return nullptr;
    if (value->is_list() || value->is_map()) {
        wrong(key, "a template", *value);
        return nullptr;
    }
    const std::string source = python_text(*value);
    if (source.empty()) return nullptr;
    auto parsed = templates_.get(source);
    if (parsed) return *parsed;
    refuse({parsed.error().code, std::string(key) + ": " + parsed.error().detail});
    return nullptr;
}

void ConfigReader::refuse(Error error) {
    if (!error_) error_ = std::move(error);
}

void ConfigReader::require(bool given, std::string_view what) {
    if (!given) refuse({Code::invalid, std::string(what) + " is missing"});
}

void ConfigReader::wrong(std::string_view key, std::string_view expected, const Value& value) {
    refuse({Code::invalid, std::string(key) + " must be " + std::string(expected) + ", not " +
                               printable(to_json(value), 60)});
}

} // namespace hearth::mqtt_discovery
