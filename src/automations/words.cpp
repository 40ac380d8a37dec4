#include "automations/definition.h"
#include "base/text.h"

#include <array>
#include <cmath>

/// Lengths and times of day, as people write them.
namespace hearth::automations {
namespace {

struct Unit {
    std::string_view name;
    Micros length;
};

/// Those that length_text() prints come first, the longest before the others.
constexpr std::array units{
    Unit{"d", days},      Unit{"h", hours},         Unit{"min", minutes},
    Unit{"s", seconds},   Unit{"ms", milliseconds}, Unit{"day", days},
    Unit{"days", days},   Unit{"hour", hours},      Unit{"hours", hours},
    Unit{"m", minutes},   Unit{"minute", minutes},  Unit{"minutes", minutes},
    Unit{"sec", seconds}, Unit{"second", seconds},  Unit{"seconds", seconds},
};
constexpr std::size_t printed_units = 5;

bool is_number_part(char c) {
    return (c >= '0' && c <= '9') || c == '.';
}

std::string_view take(std::string_view& rest, auto&& wanted) {
    std::size_t length = 0;
    while (length < rest.size() && wanted(rest[length]))
        ++length;
    const std::string_view taken = rest.substr(0, length);
    rest.remove_prefix(length);
    return taken;
}

const Unit* find_unit(std::string_view name) {
    for (const Unit& unit : units)
        if (unit.name == name) return &unit;
    return nullptr;
}

/// Two digits, or nothing.
std::optional<int> two_digits(std::string_view text) {
    long long number = 0;
    if (text.size() != 2 || text[0] == '+' || text[0] == '-' || !parse_integer(text, number))
        return std::nullopt;
    return static_cast<int>(number);
}

} // namespace

Result<Micros> parse_length(std::string_view text) {
    constexpr double most = 1e15; // microseconds: 31 years; the sum stays far from overflowing
    const auto wrong = [&] {
        return fail(Code::invalid, "\"{}\" is no length of time like 90s, 5min or 1h 30min",
                    printable(text, 40));
    };
    std::string_view rest = trim(text);
    if (rest.empty()) return wrong();
    double sum = 0;
    while (!rest.empty()) {
        double number = 0;
        if (!parse_number(take(rest, is_number_part), number)) return wrong();
        rest = trim(rest);
        const Unit* unit =
            find_unit(take(rest, [](char c) { return c != ' ' && !is_number_part(c); }));
        if (unit == nullptr) return wrong();
        sum += number * static_cast<double>(unit->length);
        if (!(sum <= most)) return wrong();
        rest = trim(rest);
    }
    return static_cast<Micros>(std::llround(sum));
}

std::string length_text(Micros length) {
    std::string text = length < 0 ? "-" : "";
    length = std::abs(length);
    if (length == 0) return "0s";
    bool first = true;
    for (std::size_t i = 0; i < printed_units; ++i) {
        const Micros count = length / units[i].length;
        if (count == 0) continue;
        text += fmt::format("{}{}{}", first ? "" : " ", count, units[i].name);
        first = false;
        length -= count * units[i].length;
    }
    // What is finer than a millisecond: only a definition with such a fraction has it.
    if (length != 0)
        text += fmt::format("{}{:.3f}ms", first ? "" : " ", static_cast<double>(length) / 1000);
    return text;
}

Result<Micros> parse_time_of_day(std::string_view text) {
    const std::vector<std::string_view> parts = split(trim(text), ':');
    std::array<int, 3> numbers{};
    bool good = parts.size() == 2 || parts.size() == 3;
    for (std::size_t i = 0; good && i < parts.size(); ++i) {
        const auto number = two_digits(parts[i]);
        good = number && *number < (i == 0 ? 24 : 60);
        if (good) numbers[i] = *number;
    }
    if (!good)
        return fail(Code::invalid,
                    "\"{}\" is no time of day like \"07:30\" (write it in quotes, with two digits)",
                    printable(text, 40));
    return numbers[0] * hours + numbers[1] * minutes + numbers[2] * seconds;
}

std::string time_of_day_text(Micros time) {
    const Micros second = time / seconds % 60;
    std::string text = fmt::format("{:02}:{:02}", time / hours, time / minutes % 60);
    return second == 0 ? text : fmt::format("{}:{:02}", text, second);
}

} // namespace hearth::automations
