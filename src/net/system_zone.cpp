#include "net/system_zone.h"

#include "base/text.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace hearth::net {
namespace {

constexpr const char* zone_files = "/usr/share/zoneinfo";

} // namespace

Result<void> SystemZone::choose(const std::string& name) {
    if (!name.empty()) {
        std::error_code ignored;
        if (name.find("..") != std::string::npos ||
            !std::filesystem::is_regular_file(std::filesystem::path(zone_files) / name, ignored))
            return fail(Code::not_found,
                        "there is no time zone \"{}\" in {}; names are like Europe/Paris, and the "
                        "package tzdata brings them",
                        printable(name, 80), zone_files);
        ::setenv("TZ", name.c_str(), 1);
    }
    ::tzset();
    return {};
}

Micros SystemZone::offset_at(Micros utc) const {
    const std::time_t moment = utc / seconds - (utc % seconds < 0 ? 1 : 0);
    std::tm local{};
    if (::localtime_r(&moment, &local) == nullptr) return 0;
    return static_cast<Micros>(local.tm_gmtoff) * seconds;
}

} // namespace hearth::net
