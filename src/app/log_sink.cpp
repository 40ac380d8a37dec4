#include "app/log_sink.h"

#include "base/log.h"
#include "base/text.h"
#include "net/shard.h"

#include <array>
#include <cstdio>

namespace hearth::app {
namespace {

constexpr std::array<std::string_view, 4> levels{"debug", "info", "warn", "error"};

void write_to_stderr(log::Level level, std::string_view event, std::string_view text) {
    const net::SystemClock clock;
    const Micros whole_second = clock.utc() / seconds * seconds;
    fmt::print(stderr, "{} {:<5} {}  {}\n", to_rfc3339(whole_second),
               levels[static_cast<std::size_t>(level)], event, text);
}

} // namespace

Result<void> start_logging(std::string_view level) {
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if (levels[i] != level) continue;
        log::set_level(static_cast<log::Level>(i));
        log::set_sink(write_to_stderr);
        return {};
    }
    return fail(Code::invalid, "log.level is \"{}\"; it can be debug, info, warn or error",
                printable(level, 40));
}

} // namespace hearth::app
