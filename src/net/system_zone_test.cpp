#include "net/system_zone.h"

#include <cstdlib>
#include <ctime>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace hearth::net {
namespace {

constexpr Micros january = 1'767'225'600 * seconds; // 2026-01-01
constexpr Micros july = 1'782'864'000 * seconds;    // 2026-07-01

/// What $TZ is for the C library and for system_zone(""); as before at the end.
class Environment {
public:
    explicit Environment(const char* zone) {
        if (const char* before = std::getenv("TZ")) before_ = before;
        set(zone);
    }
    ~Environment() { set(before_ ? before_->c_str() : nullptr); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    static void set(const char* zone) {
        if (zone != nullptr)
            ::setenv("TZ", zone, 1);
        else
            ::unsetenv("TZ");
        ::tzset();
    }

    std::optional<std::string> before_;
};

Micros offset_of_c_library(Micros utc) {
    const std::time_t moment = utc / seconds - (utc % seconds < 0 ? 1 : 0);
    std::tm local{};
    EXPECT_NE(::localtime_r(&moment, &local), nullptr);
    return static_cast<Micros>(local.tm_gmtoff) * seconds;
}

/// The second at which an offset has changed between two moments.
template <class Offset>
Micros change_between(Micros before, Micros after, Offset offset) {
    const Micros then = offset(after);
    while (after - before > seconds) {
        const Micros middle = (before + after) / 2 / seconds * seconds;
        (offset(middle) == then ? after : before) = middle;
    }
    return after;
}

TEST(SystemZone, TwoZonesStandBesideEachOther) {
    const auto paris = system_zone("Europe/Paris");
    const auto tokyo = system_zone("Asia/Tokyo");
    ASSERT_TRUE(paris && tokyo);
    EXPECT_EQ(paris->offset_at(january), 1 * hours);
    EXPECT_EQ(tokyo->offset_at(january), 9 * hours);
    EXPECT_EQ(paris->offset_at(july), 2 * hours);
    EXPECT_EQ(tokyo->offset_at(july), 9 * hours);
}

TEST(SystemZone, ATimeLeftOutAndATimeThatComesTwiceAreTheFileS) {
    const auto paris = system_zone("Europe/Paris");
    ASSERT_TRUE(paris);
    const Micros spring = 1'774'746'000 * seconds; // 2026-03-29T01:00Z
    EXPECT_EQ(paris->to_local(spring - 1), spring - 1 + 1 * hours);
    EXPECT_EQ(paris->to_local(spring), spring + 2 * hours);
    // 02:30 is left out: it comes as long after the change as it would have.
    EXPECT_EQ(paris->to_utc(spring + 1 * hours + 30 * minutes), spring + 30 * minutes);
    const Micros autumn = 1'792'890'000 * seconds; // 2026-10-25T01:00Z
    // 02:30 comes twice: the first counts.
    EXPECT_EQ(paris->to_utc(autumn + 1 * hours + 30 * minutes), autumn - 30 * minutes);
}

TEST(SystemZone, IsTheCLibrarySToTheSecond) {
    constexpr Micros step = 12 * hours;
    for (const char* name : {"Europe/Paris", "Europe/Dublin", "America/New_York", "America/Nuuk",
                             "Asia/Gaza", "Asia/Tehran", "Asia/Kathmandu", "Africa/Casablanca",
                             "Australia/Lord_Howe", "Pacific/Apia", "Antarctica/Troll", "UTC"}) {
        const Environment environment(name);
        const auto zone = system_zone(name);
        ASSERT_TRUE(zone) << name;
        const auto ours = [&](Micros utc) { return zone->offset_at(utc); };
        // 1970 to 2079: what the file lists, and the rules behind it.
        for (Micros at = 0; at < 40'000 * days; at += step) {
            ASSERT_EQ(ours(at), offset_of_c_library(at)) << name << " " << at / seconds;
            if (ours(at) == ours(at + step)) continue;
            ASSERT_EQ(change_between(at, at + step, ours),
                      change_between(at, at + step, offset_of_c_library))
                << name << " " << at / seconds;
        }
    }
}

TEST(SystemZone, IsTheMachineSWhereNoneIsNamed) {
    for (const char* said : {"Europe/Paris", ":Europe/Paris", "/usr/share/zoneinfo/Europe/Paris",
                             "CET-1CEST,M3.5.0,M10.5.0/3"}) {
        const Environment environment(said);
        const auto zone = system_zone("");
        ASSERT_TRUE(zone) << said;
        EXPECT_EQ(zone->offset_at(january), 1 * hours) << said;
        EXPECT_EQ(zone->offset_at(july), 2 * hours) << said;
    }
    for (const char* said : {"", "Nowhere/At all"}) {
        const Environment environment(said);
        EXPECT_EQ(system_zone("")->offset_at(july), 0) << said;
    }
    const Environment environment(nullptr);
    EXPECT_EQ(system_zone("")->offset_at(july), offset_of_c_library(july));
}

TEST(SystemZone, LeavesTheProcessAlone) {
    const Environment environment("Asia/Tokyo");
    ASSERT_TRUE(system_zone("Europe/Paris"));
    EXPECT_STREQ(std::getenv("TZ"), "Asia/Tokyo");
    EXPECT_EQ(offset_of_c_library(january), 9 * hours);
}

TEST(SystemZone, RefusesWhatIsNotInstalled) {
    for (const char* name : {"Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "Europe"}) {
        const auto zone = system_zone(name);
        ASSERT_FALSE(zone) << name;
        EXPECT_EQ(zone.error().code, Code::not_found) << name;
        EXPECT_NE(zone.error().detail.find("names are like Europe/Paris"), std::string::npos);
    }
    EXPECT_EQ(system_zone("zone.tab").error().code, Code::damaged);
}

} // namespace
} // namespace hearth::net
