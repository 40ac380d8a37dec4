#pragma once

#include "base/result.h"
#include "base/value.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// What can be set, told once: the table from which files and --set are checked and help is
/// printed.
struct SettingInfo {
    enum class Kind { boolean, integer, duration, text };

    std::string_view key; ///< "broker.receive_maximum"
    Kind kind = Kind::integer;
    Value fallback;       ///< the value where nothing is set; durations are in microseconds
    std::int64_t min = 0; ///< for integers and durations
    std::int64_t max = 0;
    std::string_view help; ///< one line, with the unit
};

/// The settings of one hub. Unknown keys, wrong types and values out of range are errors that name
/// the key, what was given and what is allowed. Filled before the program starts; read-only after.
class Settings {
public:
    /// `table` must outlive this.
    explicit Settings(std::span<const SettingInfo> table)
        : table_(table) {}

    /// A whole file: maps within maps (`broker: {receive_maximum: 20}`) or dotted keys.
    Result<void> load(const Value& file);
    /// `broker.receive_maximum=20` from the command line.
    Result<void> set(std::string_view assignment);

    bool boolean(std::string_view key) const;
    std::int64_t integer(std::string_view key) const;
    /// Microseconds. Written as "5 s", "250 ms", "7 d", or a plain number of seconds.
    std::int64_t duration(std::string_view key) const;
    std::string text(std::string_view key) const;

    std::span<const SettingInfo> table() const { return table_; }

private:
    const SettingInfo* info(std::string_view key) const;
    const Value& value(std::string_view key) const;
    Result<void> load(const std::string& prefix, const Value& file);
    Result<void> put(std::string_view key, const Value& value);

    std::span<const SettingInfo> table_;
    std::map<std::string, Value, std::less<>> values_;
};

/// "5 s", "250ms", "1.5 h", "7 d" or a plain number of seconds → microseconds.
Result<std::int64_t> parse_duration(std::string_view text);

} // namespace hearth
