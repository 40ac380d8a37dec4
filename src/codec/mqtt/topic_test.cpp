#include "codec/mqtt/topic.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hearth::mqtt {
namespace {

struct Match {
    std::string_view filter;
    std::string_view topic;
    bool matches;
};

TEST(Topic, filters_match_as_the_standards_examples_say) {
    const std::vector<Match> table = {
        // 4.7.1.2
        {"sport/tennis/player1/#", "sport/tennis/player1", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/ranking", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
        {"sport/tennis/player1/#", "sport/tennis/player10", false},
        {"sport/#", "sport", true},
        {"sport/#", "sport/", true},
        {"sport/#", "sports", false},
        {"#", "a", true},
        {"#", "/", true},
        {"#", "a/b/c", true},
        // 4.7.1.3
        {"sport/tennis/+", "sport/tennis/player1", true},
        {"sport/tennis/+", "sport/tennis/player2", true},
        {"sport/tennis/+", "sport/tennis/player1/ranking", false},
        {"sport/+", "sport", false},
        {"sport/+", "sport/", true},
        {"+/+", "/finance", true},
        {"/+", "/finance", true},
        {"+", "/finance", false},
        {"+/tennis/#", "sport/tennis", true},
        {"+/tennis/#", "sport/tennis/x/y", true},
        {"sport/+/player1", "sport/tennis/player1", true},
        {"sport/+/player1", "sport//player1", true},
        {"sport/+/player1", "sport/a/b/player1", false},
        {"+", "", false},
        // 4.7.2
        {"#", "$SYS/uptime", false},
        {"+/monitor/Clients", "$SYS/monitor/Clients", false},
        {"$SYS/#", "$SYS/", true},
        {"$SYS/#", "$SYS", true},
        {"$SYS/monitor/+", "$SYS/monitor/Clients", true},
        {"$SYS/#", "a", false},
        {"a/+", "a/$b", true},
        {"a/#", "a/$b/c", true},
        // 4.7.3: case counts, a leading or trailing slash is a level, nothing is normalised
        {"ACCOUNTS", "Accounts", false},
        {"Accounts payable", "Accounts payable", true},
        {"/finance", "finance", false},
        {"finance", "finance/", false},
        {"finance/", "finance", false},
        {"a//b", "a//b", true},
        {"a/b", "a//b", false},
        {"a/+/+", "a//", true},
        {"+/#", "a", true},
        {"+/+/#", "a", false},
        {"a/b/#", "a", false},
        {"K\xC3\xBC\x63he/+", "K\xC3\xBC\x63he/Licht", true},
        {"abc", "ab", false},
        {"ab", "abc", false},
    };
    for (const Match& row : table)
        EXPECT_EQ(matches(row.filter, row.topic), row.matches) << row.filter << " " << row.topic;
}

/// The rule level by level, slow and plain, to compare with.
bool matches_plainly(std::string_view filter, std::string_view topic) {
    std::vector<std::string> f;
    std::vector<std::string> t;
    for (const auto level : Levels(filter))
        f.emplace_back(level);
    for (const auto level : Levels(topic))
        t.emplace_back(level);
    if (topic.starts_with('$') && (f[0] == "+" || f[0] == "#")) return false;
    for (std::size_t i = 0; i < f.size(); ++i) {
        if (f[i] == "#") return true;
        if (i == t.size() || (f[i] != "+" && f[i] != t[i])) return false;
    }
    return f.size() == t.size();
}

TEST(Topic, matching_agrees_with_the_plain_rule_for_all_short_filters_and_topics) {
    std::vector<std::string> all = {""};
    for (std::size_t from = 0, round = 0; round < 5; ++round) {
        const std::size_t to = all.size();
        for (; from < to; ++from) {
            for (const char c : {'a', '/', '+', '#', '$'})
                all.push_back(all[from] + c);
        }
    }
    std::vector<std::string_view> filters;
    std::vector<std::string_view> topics;
    for (const std::string& text : all) {
        if (check_topic_filter(text)) filters.push_back(text);
        if (check_topic_name(text)) topics.push_back(text);
    }
    EXPECT_EQ(topics.size(), 3U + 9 + 27 + 81 + 243); // of 'a', '/' and '$' all but the empty one
    std::size_t matched = 0;
    for (const auto filter : filters) {
        for (const auto topic : topics) {
            ASSERT_EQ(matches(filter, topic), matches_plainly(filter, topic))
                << filter << " " << topic;
            matched += matches(filter, topic) ? 1 : 0;
        }
    }
    EXPECT_GT(matched, topics.size()); // at least each topic as its own filter
}

TEST(Topic, a_name_without_wildcards_is_valid) {
    for (const std::string_view topic :
         {"a", "/", "//", "a b", "$SYS/x", "\xE7\x81\xAF/\xF0\x9F\x92\xA1", "$share/g/x", "\x01"})
        EXPECT_TRUE(check_topic_name(topic)) << topic;
}

TEST(Topic, names_that_are_empty_or_have_wildcards_are_invalid) {
    for (const std::string_view topic : {"", "+", "#", "a/+", "a/#", "a+b", "a/b#"}) {
        const auto checked = check_topic_name(topic);
        ASSERT_FALSE(checked) << topic;
        EXPECT_EQ(checked.error().reason, ReasonCode::topic_name_invalid) << topic;
    }
}

TEST(Topic, what_is_no_text_is_malformed_in_names_and_filters) {
    const std::vector<std::string> texts = {std::string("a\0b", 3),
                                            "\x80",
                                            "a/\xC3",
                                            "\xED\xA0\x80",
                                            "\xC0\xAF",
                                            "\xF5\x80\x80\x80",
                                            "long enough to \xFF be vectorised ............."};
    for (const std::string& text : texts) {
        EXPECT_FALSE(is_text(text));
        ASSERT_FALSE(check_topic_name(text));
        EXPECT_EQ(check_topic_name(text).error().reason, ReasonCode::malformed_packet);
        ASSERT_FALSE(check_topic_filter(text));
        EXPECT_EQ(check_topic_filter(text).error().reason, ReasonCode::malformed_packet);
    }
}

TEST(Topic, wildcards_stand_for_whole_levels_and_hash_only_at_the_end) {
    for (const std::string_view filter :
         {"#", "+", "+/+", "/+", "+/", "a/#", "a/+/#", "+/a/#", "/#"})
        EXPECT_TRUE(check_topic_filter(filter)) << filter;
    for (const std::string_view filter : {"", "a#", "a/b#", "#/a", "a/#/b", "a+", "+a", "a/+b/c",
                                          "a/b+/c", "##", "++", "#+", "+#"}) {
        const auto checked = check_topic_filter(filter);
        ASSERT_FALSE(checked) << filter;
        EXPECT_EQ(checked.error().reason, ReasonCode::topic_filter_invalid) << filter;
    }
}

TEST(Topic, a_shared_subscription_has_a_group_and_a_filter) {
    EXPECT_EQ(shared_filter("$share/kitchen/lights/#"), (SharedFilter{"kitchen", "lights/#"}));
    EXPECT_EQ(shared_filter("$share/g//a"), (SharedFilter{"g", "/a"}));
    EXPECT_EQ(shared_filter("$share"), std::nullopt);
    EXPECT_EQ(shared_filter("$shared/g/a"), std::nullopt);
    EXPECT_EQ(shared_filter("a/$share/g/a"), std::nullopt);
    for (const std::string_view filter : {"$share/g/a", "$share/g/#", "$share/g//", "$share"})
        EXPECT_TRUE(check_topic_filter(filter)) << filter;
    for (const std::string_view filter :
         {"$share/", "$share/g", "$share/g/", "$share//a", "$share/+/a", "$share/#/a",
          "$share/g#/a", "$share/#", "$share/g/a#", "$share/g/#/a"}) {
        const auto checked = check_topic_filter(filter);
        ASSERT_FALSE(checked) << filter;
        EXPECT_EQ(checked.error().reason, ReasonCode::topic_filter_invalid) << filter;
    }
}

TEST(Topic, levels_beyond_the_limit_are_refused) {
    const std::string slashes(default_max_topic_levels - 1, '/');
    EXPECT_TRUE(check_topic_name(slashes));
    EXPECT_TRUE(check_topic_filter(slashes));
    EXPECT_TRUE(check_topic_filter("$share/g/" + slashes));
    EXPECT_FALSE(check_topic_name(slashes + "/"));
    EXPECT_FALSE(check_topic_filter(slashes + "/"));
    EXPECT_FALSE(check_topic_filter("$share/g/" + slashes + "/"));
    EXPECT_TRUE(check_topic_name("a/b/c", 3));
    EXPECT_EQ(check_topic_name("a/b/c", 2).error().detail,
              "topic \"a/b/c\" has 3 levels; at most 2 are allowed");
}

TEST(Topic, texts_beyond_the_format_are_refused) {
    EXPECT_TRUE(check_topic_name(std::string(max_field_bytes, 'a')));
    EXPECT_FALSE(check_topic_name(std::string(max_field_bytes + 1, 'a')));
    EXPECT_FALSE(check_topic_filter(std::string(max_field_bytes + 1, 'a')));
}

TEST(Topic, levels_are_what_lies_between_slashes) {
    const auto levels = [](std::string_view topic) {
        std::vector<std::string> made;
        for (const auto level : Levels(topic))
            made.emplace_back(level);
        EXPECT_EQ(Levels(topic).count(), made.size());
        return made;
    };
    using List = std::vector<std::string>;
    EXPECT_EQ(levels("a/b/c"), (List{"a", "b", "c"}));
    EXPECT_EQ(levels("a//b"), (List{"a", "", "b"}));
    EXPECT_EQ(levels("/"), (List{"", ""}));
    EXPECT_EQ(levels("/a"), (List{"", "a"}));
    EXPECT_EQ(levels("a/"), (List{"a", ""}));
    EXPECT_EQ(levels(""), (List{""}));
    auto level = Levels("a/b").begin();
    EXPECT_FALSE(level.last());
    EXPECT_TRUE((++level).last());
}

} // namespace
} // namespace hearth::mqtt
