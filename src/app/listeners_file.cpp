#include "app/listeners_file.h"

#include "base/json.h"
#include "base/log.h"
#include "store/files.h"

namespace hearth::app {
namespace {

constexpr std::string_view listeners_file = "hub.json";

} // namespace

Result<void> announce_listeners(const store::DataFolder& folder, Value listeners) {
    const std::string path = folder / listeners_file;
    listeners.as_map()->append("version", HEARTH_VERSION);
    const std::string text = to_json(listeners) + "\n";
    auto written = store::write_file(path, text);
    if (written || written.error().code != Code::unavailable) return written;
    (void)store::system_files().remove(path);
    written = store::write_file(path, text);
    if (!written)
        log::warn("hub.listeners", "{}; commands need --url http://{} and --token-file until then",
                  written.error().detail, *listeners.at("http").as_string());
    return {};
}

} // namespace hearth::app
