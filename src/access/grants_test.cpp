#include "access/grants.h"
#include "base/json.h"

#include <gtest/gtest.h>

namespace hearth::access {
namespace {

constexpr Micros now = 1'800'000'000 * seconds;

Rights of(Role role, std::vector<Grant> grants = {}, Micros until = 0) {
    return {.role = role, .until = until, .grants = std::move(grants)};
}

TEST(GrantsTest, ARoleGivesWhatItSays) {
    EXPECT_TRUE(allows(of(Role::owner), now, Verb::manage));
    EXPECT_TRUE(allows(of(Role::member), now, Verb::arrange));
    EXPECT_TRUE(allows(of(Role::member), now, Verb::open, "hall", "lock"));
    EXPECT_FALSE(allows(of(Role::member), now, Verb::manage));
    EXPECT_TRUE(allows(of(Role::child), now, Verb::use, "hall", "light"));
    EXPECT_FALSE(allows(of(Role::child), now, Verb::open, "hall", "lock"));
    EXPECT_FALSE(allows(of(Role::child), now, Verb::arrange));
    EXPECT_FALSE(allows(of(Role::guest), now, Verb::see, "hall", "light"));
}

TEST(GrantsTest, GrantsTakeThePlaceOfWhatTheRoleGives) {
    const Rights rights =
        of(Role::member, {{.areas = {"kitchen"}, .types = {}, .verbs = {Verb::use}},
                          {.areas = {}, .types = {"lock"}, .verbs = {Verb::open}}});
    EXPECT_TRUE(allows(rights, now, Verb::use, "kitchen", "light"));
    EXPECT_FALSE(allows(rights, now, Verb::use, "hall", "light"));
    EXPECT_FALSE(allows(rights, now, Verb::use, "", "light"));
    EXPECT_TRUE(allows(rights, now, Verb::open, "hall", "lock"));
    EXPECT_FALSE(allows(rights, now, Verb::open, "kitchen", "light"));
    EXPECT_FALSE(allows(rights, now, Verb::see)) << "the home as a whole";
    EXPECT_TRUE(allows(of(Role::guest, {{.areas = {}, .types = {}, .verbs = {Verb::use}}}), now,
                       Verb::see));
}

TEST(GrantsTest, WhoMayDoAnythingWithADeviceMaySeeIt) {
    const Rights rights =
        of(Role::guest, {{.areas = {}, .types = {"lock"}, .verbs = {Verb::open}}});
    EXPECT_TRUE(allows(rights, now, Verb::see, "hall", "lock"));
    EXPECT_FALSE(allows(rights, now, Verb::use, "hall", "lock"));
}

TEST(GrantsTest, AfterItsEndNothingIsAllowed) {
    const Rights rights = of(Role::member, {}, now);
    EXPECT_TRUE(allows(rights, now - 1, Verb::use, "hall", "light"));
    EXPECT_FALSE(allows(rights, now, Verb::use, "hall", "light"));
    EXPECT_FALSE(allows(rights, now, Verb::see));
}

TEST(GrantsTest, AClockThatWasNeverSetCountsAsPastTheEnd) {
    EXPECT_FALSE(allows(of(Role::member, {}, now), 5 * seconds, Verb::see));
    EXPECT_TRUE(allows(of(Role::member), 5 * seconds, Verb::see));
}

TEST(GrantsTest, RightsThatMakeNoSenseAreRefused) {
    const auto code = [](const Rights& rights) { return check_rights(rights).error().code; };
    const Grant use{.areas = {}, .types = {}, .verbs = {Verb::use}};
    EXPECT_EQ(code(of(Role::owner, {use})), Code::invalid);
    EXPECT_EQ(code(of(Role::owner, {}, now)), Code::invalid);
    EXPECT_EQ(code(of(Role::guest, {{}})), Code::invalid);
    EXPECT_EQ(code(of(Role::guest, {{.areas = {}, .types = {}, .verbs = {Verb::manage}}})),
              Code::invalid);
    EXPECT_EQ(code(of(Role::guest, {{.areas = {""}, .types = {}, .verbs = {Verb::use}}})),
              Code::invalid);
    EXPECT_EQ(code(of(Role::guest, std::vector<Grant>(Rights::max_grants + 1, use))), Code::limit);
    EXPECT_EQ(code(of(Role::guest, {{.areas = std::vector<std::string>(Grant::max_words + 1, "a"),
                                     .types = {},
                                     .verbs = {Verb::use}}})),
              Code::limit);
    EXPECT_TRUE(check_rights(of(Role::guest, {use}, now)));
}

TEST(GrantsTest, TheyAreShownAsTheyAreRead) {
    const Rights rights =
        of(Role::guest, {{.areas = {"hall"}, .types = {"lock"}, .verbs = {Verb::use, Verb::open}}},
           now);
    const Value shown = to_value(rights);
    EXPECT_EQ(to_json(shown),
              R"({"role":"guest","until":"2027-01-15T08:00:00Z","grants":[{"areas":["hall"],)"
              R"("types":["lock"],"verbs":["see","use","open"]}]})");
    EXPECT_EQ(read_rights(*shown.as_map(), {}).value(), rights);
}

TEST(GrantsTest, WhatIsNotSaidStays) {
    const Rights guest = of(Role::guest, {{.areas = {}, .types = {}, .verbs = {Verb::use}}}, now);
    const auto read = [&](std::string_view json) {
        return read_rights(*parse_json(json)->as_map(), guest);
    };
    EXPECT_EQ(read("{}").value(), guest);
    EXPECT_EQ(read(R"({"until":null})")->until, 0);
    EXPECT_EQ(read(R"({"until":null})")->grants, guest.grants);
    EXPECT_EQ(read(R"({"role":"owner"})").value(), of(Role::owner));
    EXPECT_EQ(read(R"({"role":"king"})").error().code, Code::invalid);
    EXPECT_EQ(read(R"({"grants":[{"verbs":["fly"]}]})").error().code, Code::invalid);
    EXPECT_EQ(read(R"({"grants":[{"verb":["use"]}]})").error().code, Code::invalid);
    EXPECT_EQ(read(R"({"grants":[{"verbs":"use"}]})").error().code, Code::invalid);
    EXPECT_EQ(read(R"({"grants":[7]})").error().code, Code::invalid);
    EXPECT_EQ(read(R"({"grants":7})").error().code, Code::invalid);
    EXPECT_EQ(read(R"({"until":"tomorrow"})").error().code, Code::invalid);
}

} // namespace
} // namespace hearth::access
