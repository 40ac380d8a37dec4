#include "net/system_zone.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace hearth::net {
namespace {

TEST(SystemZoneTest, KnowsSummerTimeOfTheZoneChosen) {
    ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1); // POSIX rules need no zone files
    ASSERT_TRUE(SystemZone::choose(""));
    const SystemZone zone;
    EXPECT_EQ(zone.offset_at(1'767'225'600 * seconds), 1 * hours); // 2026-01-01
    EXPECT_EQ(zone.offset_at(1'782'864'000 * seconds), 2 * hours); // 2026-07-01
    ::unsetenv("TZ");
    ASSERT_TRUE(SystemZone::choose(""));
}

TEST(SystemZoneTest, RefusesWhatIsNotInstalled) {
    for (const char* name : {"Europe/Nowhere", "../../etc/passwd", "Europe"})
        EXPECT_EQ(SystemZone::choose(name).error().code, Code::not_found) << name;
}

} // namespace
} // namespace hearth::net
