#include "home/household.h"
#include "home/test_home.h"

namespace hearth::home {
namespace {

using access::Role;
using access::Verb;
using testing::HasSubstr;
using Kind = Subject::Kind;

struct HouseholdRightsTest : HomeTest {
    HouseholdRightsTest() { home.judge_by(household); }

    std::string person(std::string_view name, access::Rights rights) {
        return persons.add_person(name, "hash", std::move(rights)).value().id;
    }
    Result<CommandId> switch_on(const Subject& subject) {
        return home.issue({.subject = subject, .via = Via::api},
                          {lamp, {{{"on_off.on"}, true}}, {}});
    }

    std::map<std::string, Subject, std::less<>> authors;
    PersonBook persons{clock, random, journal};
    Household household{clock, persons, [this](std::string_view id) {
                            const auto found = authors.find(id);
                            return found != authors.end() ? found->second : Subject();
                        }};
    DeviceId lamp = add();
    std::string ann = person("Ann", {});
    std::string ben = person("Ben", {.role = Role::guest, .until = 0, .grants = {}});
};

TEST_F(HouseholdRightsTest, APersonMayWhatTheirRightsSay) {
    EXPECT_TRUE(switch_on({Kind::person, ann}));
    EXPECT_EQ(switch_on({Kind::person, ben}).error().code, Code::not_found)
        << "what one may not see is not there";
    ASSERT_TRUE(persons.change_person(
        ben, "Ben", {.role = Role::guest, .until = 0, .grants = {{{}, {"light"}, {Verb::see}}}}));
    const auto refused = switch_on({Kind::person, ben});
    EXPECT_EQ(refused.error().code, Code::refused);
    EXPECT_THAT(refused.error().detail, HasSubstr("Ben may not use"));
    ASSERT_TRUE(persons.change_person(
        ben, "Ben", {.role = Role::guest, .until = 0, .grants = {{{}, {"light"}, {Verb::use}}}}));
    EXPECT_TRUE(switch_on({Kind::person, ben}));
}

TEST_F(HouseholdRightsTest, ARefusedCommandLeavesNoTrace) {
    const EventId before = home.last_event();
    ASSERT_FALSE(switch_on({Kind::person, ben}));
    EXPECT_EQ(home.last_event(), before);
    EXPECT_TRUE(sender.sent.empty());
}

TEST_F(HouseholdRightsTest, WhoIsUnknownOrMayNotAskIsRefused) {
    for (const Subject& subject :
         {Subject{}, Subject{Kind::person, "nobody"}, Subject{Kind::token, "none"},
          Subject{Kind::agent, "helper"}, Subject{Kind::device, lamp},
          Subject{Kind::automation, "unknown"}})
        EXPECT_FALSE(switch_on(subject)) << to_string(subject.kind);
    EXPECT_TRUE(switch_on({Kind::hub, std::string(admin_part)}));
}

TEST_F(HouseholdRightsTest, ATokenHasTheRightsOfWhoMadeItAsTheyAreNow) {
    ASSERT_TRUE(persons.add_token("script", ann));
    ASSERT_TRUE(persons.add_token("machine", ""));
    EXPECT_TRUE(switch_on({Kind::token, "script"}));
    EXPECT_TRUE(switch_on({Kind::token, "machine"}));
    ASSERT_TRUE(persons.change_person(ben, "Ben", {}));
    ASSERT_TRUE(persons.change_person(ann, "Ann", {.role = Role::guest, .until = 0, .grants = {}}));
    EXPECT_FALSE(switch_on({Kind::token, "script"}));
    ASSERT_TRUE(persons.revoke_token("machine"));
    EXPECT_FALSE(switch_on({Kind::token, "machine"}));
}

TEST_F(HouseholdRightsTest, AnAutomationHasThoseOfItsAuthor) {
    authors["walk"] = {Kind::person, ann};
    authors["sneak"] = {Kind::person, ben};
    authors["file"] = {Kind::hub, "home file"};
    authors["loop"] = {Kind::automation, "walk"};
    EXPECT_TRUE(switch_on({Kind::automation, "walk"}));
    EXPECT_TRUE(switch_on({Kind::automation, "file"}));
    EXPECT_FALSE(switch_on({Kind::automation, "sneak"}));
    EXPECT_FALSE(switch_on({Kind::automation, "loop"}));
    authors["walk"] = {Kind::person, "gone"};
    const auto refused = household.may({Kind::automation, "walk"}, Verb::use, *home.find(lamp));
    EXPECT_THAT(refused.error().detail, HasSubstr("saves the automation again"));
}

TEST_F(HouseholdRightsTest, AGuestsTimeEnds) {
    const access::Grant all{{}, {}, {Verb::use}};
    clock.turn(PersonBook::clock_was_set);
    ASSERT_TRUE(persons.change_person(
        ben, "Ben", {.role = Role::guest, .until = clock.utc() + hours, .grants = {all}}));
    EXPECT_TRUE(switch_on({Kind::person, ben}));
    clock.turn(hours);
    EXPECT_FALSE(switch_on({Kind::person, ben}));
    EXPECT_THAT(household.may({Kind::person, ben}, Verb::see).error().detail, HasSubstr("is over"));
}

TEST_F(HouseholdRightsTest, WhatLetsSomebodyInNeedsMoreThanUse) {
    DeviceDescription lock;
    lock.adapter = "test";
    lock.external_id = "door";
    lock.name = "Front door";
    lock.type = "lock";
    lock.attributes = {{.path = {"lock.state"},
                        .type = catalog::AttributeType::enumeration,
                        .options = {"locked", "unlocked"},
                        .writable = true}};
    const DeviceId door = home.announce({}, lock).value();
    const auto set = [&](const char* state) {
        return home.issue({.subject = {Kind::person, ben}}, {door, {{{"lock.state"}, state}}, {}});
    };
    ASSERT_TRUE(persons.change_person(ben, "Ben", {.role = Role::child, .until = 0, .grants = {}}));
    EXPECT_TRUE(set("locked"));
    EXPECT_EQ(set("unlocked").error().code, Code::refused);
    ASSERT_TRUE(
        persons.change_person(ben, "Ben", {.role = Role::member, .until = 0, .grants = {}}));
    EXPECT_TRUE(set("unlocked"));
}

} // namespace
} // namespace hearth::home
