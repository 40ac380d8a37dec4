#include "broker/route_cache.h"

#include <gtest/gtest.h>

namespace hearth::broker {
namespace {

TEST(RouteCacheTest, IsBoundedInBytesToo) {
    RouteCache cache(1'000, 100'000);
    std::size_t most = 0;
    for (int i = 0; i < 1'000; ++i) {
        cache.of(std::string(4'000, 'x') + std::to_string(i));
        most = std::max(most, cache.bytes());
    }
    EXPECT_LT(most, 110'000U);
    EXPECT_GT(cache.size(), 0U);
    Route& route = cache.of("fan");
    route.targets.resize(10'000);
    cache.measure(route);
    EXPECT_GT(cache.bytes(), 160'000U);
    EXPECT_EQ(cache.find("fan"), &route);
    cache.of("next");
    EXPECT_EQ(cache.find("fan"), nullptr) << "all is forgotten";
    EXPECT_EQ(cache.size(), 1U);
    EXPECT_LT(cache.bytes(), 1'000U);
}

} // namespace
} // namespace hearth::broker
