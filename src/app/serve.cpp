#include "app/serve.h"

#include "app/hub_options.h"
#include "app/log_sink.h"
#include "app/output.h"
#include "app/process.h"

#include <cstdlib>
#include <string_view>

#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth::app {
namespace {

/// Blocks from this size on go back to the system when they are freed. The C library would learn
/// from the first hashed password (19 MiB) to keep such blocks for ever.
constexpr int returned_from_bytes = 1 << 20;

/// The number of the home in a process that serves one.
constexpr HomeNumber only_home = 1;

/// Whether standard output is the system log: others read that, and it is kept. systemd says of
/// which stream so in $JOURNAL_STREAM, "device:inode" (systemd.exec(5)); a shell below it inherits
/// the name.
bool writes_to_system_log() {
    const char* stream =
        std::getenv("JOURNAL_STREAM"); // NOLINT(concurrency-mt-unsafe): at the start
    struct stat output{};
    return stream != nullptr && ::fstat(STDOUT_FILENO, &output) == 0 &&
           fmt::format("{}:{}", output.st_dev, output.st_ino) == std::string_view(stream);
}

void print_claim_code(const std::string& code) {
    if (writes_to_system_log())
        print_line("this hub is nobody's yet: `hearth claim` prints the code that claims it");
    else
        print_line("claim code: " + code);
}

} // namespace

int serve(const ServeOptions& options) {
    const auto settings = read_settings(options);
    if (!settings) return failed(settings.error());
    if (const auto logging = start_logging(settings->text("log.level")); !logging)
        return failed(logging.error());
    mallopt(M_MMAP_THRESHOLD, returned_from_bytes);
    const auto process = Process::make(settings->integer("memory.budget_bytes"));
    if (!process) return failed(process.error());
    const auto home = (*process)->add(only_home, options);
    if (!home) return failed(home.error());
    const HomeDoors& doors = *(*home)->doors;
    if (const auto& code = (*home)->runtime->first_claim_code()) print_claim_code(*code);
    if (const auto& lan = doors.lan()) print_line(lan_text(*lan));
    print_line(
        fmt::format("ready http={} mqtt={}", doors.http().to_string(), doors.mqtt().to_string()));
    const auto ended = (*process)->run();
    return ended ? exit_done : failed(ended.error());
}

} // namespace hearth::app
