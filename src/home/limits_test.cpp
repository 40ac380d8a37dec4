#include "home/test_home.h"

namespace hearth::home {
namespace {

using testing::HasSubstr;

struct LimitsTest : HomeTest {
    static AttributeSpec text(int number) {
        return {.path = {fmt::format("untyped.t{:04}", number)}, .writable = true};
    }
    Error refusal(DeviceDescription description) {
        const auto announced = home.announce(itself, std::move(description));
        return announced ? Error{Code::internal, "was taken"} : announced.error();
    }
    static constexpr std::size_t record_bytes = journal::max_payload;

    std::size_t longest_record() {
        std::size_t longest = 0;
        for (const auto& record : journal.records())
            longest = std::max(longest, record.payload.size());
        return longest;
    }
};

TEST_F(LimitsTest, WhatADeviceSaysOfItselfHasASizeAndTheRefusalNamesIt) {
    const auto with = [&](auto change) {
        DeviceDescription odd = lamp();
        change(odd);
        return refusal(std::move(odd));
    };
    const Error options = with([&](DeviceDescription& d) {
        d.attributes.push_back(
            {.path = {"untyped.select"},
             .type = catalog::AttributeType::enumeration,
             .options = std::vector<std::string>(limits.options_per_attribute + 1, "a")});
    });
    EXPECT_EQ(options.code, Code::limit);
    EXPECT_THAT(options.detail, HasSubstr("untyped.select has 1001 options; at most 1000"));
    const Error option = with([&](DeviceDescription& d) {
        d.attributes.push_back({.path = {"untyped.select"},
                                .type = catalog::AttributeType::enumeration,
                                .options = {std::string(limits.option_bytes + 1, 'a')}});
    });
    EXPECT_THAT(option.detail, HasSubstr("an option of untyped.select has 201 bytes"));
    const Error unit = with([&](DeviceDescription& d) {
        d.attributes[0].unit = std::string(limits.unit_bytes + 1, 'V');
    });
    EXPECT_THAT(unit.detail, HasSubstr("the unit of on_off.on has 65 bytes"));
    const Error called = with([&](DeviceDescription& d) {
        d.attributes[0].label = std::string(limits.name_bytes + 1, 'W');
    });
    EXPECT_THAT(called.detail, HasSubstr("the name of on_off.on has"));
    for (const auto member : {&DeviceDescription::manufacturer, &DeviceDescription::model,
                              &DeviceDescription::version, &DeviceDescription::type}) {
        const Error label = with([&](DeviceDescription& d) { d.*member = std::string(201, 'x'); });
        EXPECT_EQ(label.code, Code::limit) << label.detail;
    }
    EXPECT_EQ(with([](DeviceDescription& d) { d.model = "\xff"; }).code, Code::invalid);
    EXPECT_TRUE(home.devices().empty());
}

TEST_F(LimitsTest, AWholeDescriptionHasASizeToo) {
    DeviceDescription large = lamp();
    for (int i = 0; i < 998; ++i)
        large.attributes.push_back(
            {.path = {fmt::format("untyped.s{}", i)},
             .type = catalog::AttributeType::enumeration,
             .options = std::vector<std::string>(100, std::string(150, 'o'))});
    const Error refused = refusal(large);
    EXPECT_EQ(refused.code, Code::limit);
    EXPECT_THAT(refused.detail, HasSubstr("at most 1048576 are allowed"));
}

TEST_F(LimitsTest, ATwinNeverGrowsBeyondWhatTheJournalTakes) {
    DeviceDescription talker = lamp();
    talker.attributes.clear();
    for (int i = 0; i < 1'000; ++i)
        talker.attributes.push_back(text(i));
    const DeviceId id = add(talker);
    const std::string longest(limits.text_value_bytes, 'x');
    bool refused = false;
    for (int i = 0; i < 1'000; ++i) {
        const Path path = text(i).path;
        const auto told =
            home.record(Cause::of_device(id), AttributeReported{id, {{path, longest}}});
        refused = refused || !told;
        if (!told) EXPECT_THAT(told.error().detail, HasSubstr("at most 4194304 are kept"));
        (void)home.issue(somebody, {id, {{path, longest + "y"}}, {}});
        (void)home.issue(somebody, {id, {{path, longest.substr(1) + "y"}}, {}});
    }
    EXPECT_TRUE(refused);
    EXPECT_LE(home.find(id)->text_bytes, limits.twin_bytes);
    journal.checkpoint({&home});
    EXPECT_LT(longest_record(), record_bytes);
    EXPECT_TRUE(home.record(Cause::of_device(id), AttributeReported{id, {{text(0).path, "short"}}}))
        << "less than before always fits";
}

TEST_F(LimitsTest, OneReportAndOneCommandHaveASizeToo) {
    DeviceDescription talker = lamp();
    talker.attributes.clear();
    for (int i = 0; i < 100; ++i)
        talker.attributes.push_back(text(i));
    const DeviceId id = add(talker);
    AttributeReported report{id, {}};
    for (int i = 0; i < 100; ++i)
        report.values.emplace_back(text(i).path, std::string(limits.text_value_bytes, 'x'));
    const auto told = home.record(Cause::of_device(id), report);
    EXPECT_EQ(told.error().code, Code::limit);
    EXPECT_THAT(told.error().detail, HasSubstr("at most 1048576 are taken"));
    AttributeReported many{id, {}};
    for (std::size_t i = 0; i <= limits.attributes_per_device; ++i)
        many.values.emplace_back(text(0).path, "x");
    EXPECT_EQ(home.record(Cause::of_device(id), many).error().code, Code::limit);
}

TEST_F(LimitsTest, APathThatComesTwiceMakesRoomOnce) {
    limits.twin_bytes = 10'000;
    Home small(clock, random, journal, sender, limits);
    DeviceDescription talker = lamp();
    talker.attributes = {text(0), text(1), text(2)};
    const DeviceId id = small.announce(itself, talker).value();
    const auto tell = [&](std::vector<std::pair<Path, Value>> values) {
        return small.record(Cause::of_device(id), AttributeReported{id, std::move(values)});
    };
    ASSERT_TRUE(tell({{text(0).path, std::string(6'000, 'x')}}));
    EXPECT_FALSE(tell({{text(0).path, ""},
                       {text(0).path, ""},
                       {text(1).path, std::string(6'000, 'x')},
                       {text(2).path, std::string(6'000, 'x')}}));
    EXPECT_TRUE(tell({{text(0).path, ""}, {text(1).path, std::string(6'000, 'x')}}));
}

TEST_F(LimitsTest, RecentEventsHaveASizeInMemory) {
    limits.recent_event_bytes = 100'000;
    Home small(clock, random, journal, sender, limits);
    DeviceDescription talker = lamp();
    talker.attributes.push_back(text(0));
    const DeviceId id = small.announce(itself, talker).value();
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(
            small.record(Cause::of_device(id),
                         AttributeReported{id, {{text(0).path, std::string(10'000, 'x')}}}));
    EXPECT_LE(small.recent_events().size(), 10U);
    EXPECT_GE(small.recent_events().size(), 9U);
    EXPECT_EQ(small.recent_events().back().id, small.last_event());
}

TEST_F(LimitsTest, TheKeyOfANoteCountsToo) {
    limits.notes_bytes = 100;
    Home small(clock, random, journal, sender, limits);
    EXPECT_FALSE(small.keep_note("test", std::string(100, 'k'), "v"));
    ASSERT_TRUE(small.keep_note("test", std::string(50, 'k'), std::string(50, 'v')));
    EXPECT_FALSE(small.keep_note("test", "k", "v"));
    ASSERT_TRUE(small.keep_note("test", std::string(50, 'k'), ""));
    EXPECT_TRUE(small.keep_note("test", "k", "v"));
}

TEST_F(LimitsTest, WhatAnAdapterSaysOfASettlementIsOneShortLine) {
    const DeviceId id = add();
    const CommandId command = ask(id, "on_off.on", true);
    home.settle(command, Settlement::refused, std::string(100'000, 'x'));
    EXPECT_LE(settled(command)->detail.size(), limits.detail_bytes + 3);
}

TEST_F(LimitsTest, AreasHaveLimitsInAllThatTheySay) {
    EXPECT_FALSE(home.add_area(somebody, {{}, "A", std::string(300, 'f'), {}}));
    EXPECT_FALSE(home.add_area(somebody, {{}, "A", {}, {std::string(300, 'a')}}));
    EXPECT_FALSE(home.add_area(
        somebody, {{}, "A", {}, std::vector<std::string>(limits.aliases_per_area + 1, "a")}));
    EXPECT_TRUE(home.add_area(somebody, {{}, "A", "Ground", {"a"}}));
}

} // namespace
} // namespace hearth::home
