#include "net/system_zone.h"

#include "base/log.h"
#include "base/text.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace hearth::net {
namespace {

constexpr const char* machine_file = "/etc/localtime";

std::filesystem::path zone_folder() {
    const char* folder = std::getenv("TZDIR"); // NOLINT(concurrency-mt-unsafe): at the start
    return folder != nullptr && *folder != '\0' ? folder : "/usr/share/zoneinfo";
}

Result<ZoneRules> read_zone_file(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored))
        return fail(Code::not_found, "there is no file {}", path.string());
    std::ifstream file(path, std::ios::binary);
    std::string bytes(ZoneRules::most_bytes + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    auto rules = ZoneRules::read(bytes);
    if (!rules) return fail_in(path.string(), rules);
    return rules;
}

/// A name never leads out of the folder.
Result<ZoneRules> named_zone(const std::string& name) {
    const std::filesystem::path folder = zone_folder();
    if (name.starts_with('/') || name.find("..") != std::string::npos)
        return fail(Code::not_found, "it is no name");
    return read_zone_file(folder / name);
}

/// $TZ may be a name, a file or rules; what is none of them is UTC to the C library.
ZoneRules zone_of_environment(std::string_view said) {
    if (said.starts_with(':')) said.remove_prefix(1);
    if (said.empty()) return {};
    auto rules = read_zone_file(zone_folder() / said);
    if (rules) return std::move(*rules);
    if (const auto line = PosixZone::parse(said)) return ZoneRules(*line);
    log::warn("zone.unknown", "TZ=\"{}\" is no time zone: local time is UTC; {}",
              printable(said, 80), rules.error().detail);
    return {};
}

ZoneRules zone_of_machine() {
    const char* said = std::getenv("TZ"); // NOLINT(concurrency-mt-unsafe): at the start
    if (said != nullptr) return zone_of_environment(said);
    auto rules = read_zone_file(machine_file);
    if (rules) return std::move(*rules);
    if (rules.error().code != Code::not_found)
        log::warn("zone.unknown", "local time is UTC: {}", rules.error().detail);
    return {};
}

} // namespace

Result<ZoneRules> system_zone(const std::string& name) {
    if (name.empty()) return zone_of_machine();
    auto rules = named_zone(name);
    if (rules) return rules;
    if (rules.error().code != Code::not_found) return fail_in("home.time_zone", rules);
    return fail(Code::not_found,
                "there is no time zone \"{}\" in {}; names are like Europe/Paris, and the package "
                "tzdata brings them",
                printable(name, 80), zone_folder().string());
}

} // namespace hearth::net
