#include "base/document.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(DocumentTest, AnUnknownKeyIsNamedWithItsPlaceAndThoseThatAreKnown) {
    const Value map = ValueMap{{"name", "Hall"}, {"nmae", "x"}};
    EXPECT_EQ(map_with(map, "areas[1]", {"name", "aliases"}).error().detail,
              "areas[1]: unknown key \"nmae\"; known are name, aliases");
    EXPECT_TRUE(map_with(map, "areas[1]", {"name", "nmae"}));
    EXPECT_EQ(map_with(Value(true), "areas[1]", {}).error().code, Code::invalid);
}

TEST(DocumentTest, AListThatIsAbsentIsEmptyAndOneThatIsTooLongNamesTheLimit) {
    const ValueMap map{{"none", nullptr}, {"text", "x"}, {"two", ValueList{1, 2}}};
    EXPECT_TRUE(list_in(map, "absent", "home", 1).value()->empty());
    EXPECT_TRUE(list_in(map, "none", "home", 1).value()->empty());
    EXPECT_EQ(list_in(map, "two", "home", 2).value()->size(), 2U);
    EXPECT_EQ(list_in(map, "two", "home", 1).error().code, Code::limit);
    EXPECT_EQ(list_in(map, "text", "home", 1).error().code, Code::invalid);
}

} // namespace
} // namespace hearth
