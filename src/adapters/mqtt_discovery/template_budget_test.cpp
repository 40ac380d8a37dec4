#include "adapters/mqtt_discovery/template_budget.h"
#include "adapters/mqtt_discovery/test_discovery.h"

/// What the templates of one message and of one publisher may take together.
namespace hearth::mqtt_discovery {
namespace {

using ::testing::HasSubstr;
using testing::TestHome;

struct Buckets : ::testing::Test {
    ManualClock clock;
    Limits limits{.template_steps_per_message = 100,
                  .template_free_steps = 10,
                  .template_steps_per_s = 50,
                  .template_steps_burst = 200,
                  .template_publishers = 2};
    TemplateBudget budget{limits};
};

TEST_F(Buckets, the_first_steps_of_a_message_are_on_nobodys_bill) {
    {
        MessageBudget one(budget, "plug", clock, limits);
        EXPECT_EQ(one.left(5), 10u);
        one.spend(10);
    }
    EXPECT_EQ(budget.publishers(), 0u);
    EXPECT_EQ(budget.available("plug", clock), 200u);
}

TEST_F(Buckets, what_goes_beyond_comes_out_of_the_publishers_bucket_which_fills_evenly) {
    {
        MessageBudget one(budget, "plug", clock, limits);
        EXPECT_EQ(one.left(60), 100u) << "a message has its own limit";
        one.spend(60);
    }
    EXPECT_EQ(budget.available("plug", clock), 150u);
    EXPECT_EQ(budget.available("lamp", clock), 200u) << "another's is its own";
    clock.turn(500 * milliseconds);
    EXPECT_EQ(budget.available("plug", clock), 175u);
    clock.turn(10'000'000 * seconds);
    EXPECT_EQ(budget.available("plug", clock), 200u);
}

TEST_F(Buckets, an_empty_bucket_leaves_a_message_its_free_steps) {
    budget.spend("plug", clock, 1'000);
    MessageBudget one(budget, "plug", clock, limits);
    EXPECT_EQ(one.left(60), 10u);
    EXPECT_THAT(one.reason(), HasSubstr("more than 50 steps a second"));
}

TEST_F(Buckets, what_is_set_aside_is_told_once_in_a_while_and_then_how_many_there_were) {
    EXPECT_EQ(budget.set_aside("plug", clock), 0u);
    EXPECT_EQ(budget.set_aside("plug", clock), std::nullopt);
    EXPECT_EQ(budget.set_aside("plug", clock), std::nullopt);
    EXPECT_EQ(budget.set_aside("lamp", clock), 0u);
    clock.turn(limits.template_refusal_interval);
    EXPECT_EQ(budget.set_aside("plug", clock), 2u);
}

TEST_F(Buckets, those_beyond_template_publishers_share_one) {
    for (const std::string name : {"a", "b", "c", "d"})
        budget.spend(name, clock, 150);
    EXPECT_EQ(budget.publishers(), 3u);
    EXPECT_EQ(budget.available("d", clock), 0u) << "c has taken from it";
    clock.turn(10 * seconds);
    budget.spend("e", clock, 1);
    EXPECT_EQ(budget.publishers(), 1u) << "those that are full again are forgotten";
}

// --- Messages ----------------------------------------------------------------------------------

/// Takes thousands of steps for fifty characters: it tries from each of them to the end.
constexpr std::string_view dear = "{{ value | regex_findall('(a|b)+x') | length }}";

struct Dear : ::testing::Test {
    std::unique_ptr<TestHome> hub;

    void start(const Limits& limits) {
        Options options;
        options.limits = limits;
        hub = std::make_unique<TestHome>(options);
        hub->start();
    }
    /// A device of so many sensors, each with a template of its own where `numbered`.
    void device(const std::string& name, int sensors, bool numbered, bool retain = false) {
        for (int i = 0; i < sensors; ++i) {
            std::string source(dear);
            if (numbered) source += fmt::format("{{# {} {} #}}", name, i);
            const ValueMap config{{"state_topic", "all"},
                                  {"value_template", source},
                                  {"device", ValueMap{{"identifiers", name}}}};
            hub->broker.send(fmt::format("homeassistant/sensor/{}/s{}/config", name, i),
                             to_json(config), retain);
        }
    }
    std::size_t told() const {
        std::size_t count = 0;
        for (const home::Device* one : hub->home.devices())
            for (const home::Attribute& attribute : one->attributes)
                count += attribute.reported.is_null() ? 0 : 1;
        return count;
    }
    std::string message = std::string(50, 'a');
};

TEST_F(Dear, templates_of_one_message_beyond_the_limit_are_not_read_and_the_refusal_says_whose) {
    start({.template_steps_per_message = 50'000});
    device("bomb", 200, true);
    hub->settle();
    hub->broker.send("all", message);
    EXPECT_GE(told(), 1u);
    EXPECT_LT(told(), 150u);
    ASSERT_EQ(hub->refusals.total(), 1u) << hub->last_refusal();
    EXPECT_THAT(hub->last_refusal(),
                HasSubstr("the templates of one message took more than 50000 steps"));
    EXPECT_THAT(hub->last_refusal(), HasSubstr("credential device"));
    EXPECT_EQ(hub->refusals.list().back().from, "all");
    EXPECT_EQ(hub->refusals.list().back().code, Code::limit);
}

TEST_F(Dear, one_template_that_many_listeners_share_is_evaluated_once) {
    start({.template_steps_per_message = 50'000});
    for (const std::string name : {"a", "b", "c", "d"})
        device(name, 50, false);
    hub->settle();
    hub->broker.send("all", message);
    EXPECT_EQ(told(), 200u);
    EXPECT_EQ(hub->refusals.total(), 0u) << hub->last_refusal();
}

TEST_F(Dear, many_messages_of_one_publisher_are_bounded_together_and_another_is_read) {
    start({.template_steps_per_s = 1'000, .template_steps_burst = 40'000});
    hub->broker.authorizer.add("other", {"quiet"});
    hub->broker.send_as("other", "homeassistant/sensor/quiet/config",
                        R"({"state_topic":"quiet","value_template":")" + std::string(dear) + "\"}",
                        {});
    device("bomb", 5, true);
    hub->settle();
    for (int i = 0; i < 300; ++i)
        hub->broker.send("all", message);
    ASSERT_EQ(hub->refusals.total(), 1u) << "not one for each message";
    EXPECT_THAT(hub->last_refusal(), HasSubstr("took more than 1000 steps a second"));
    const std::size_t before = told();
    hub->broker.send_as("other", "quiet", message, {});
    EXPECT_EQ(told(), before + 1);
    hub->pass(61 * seconds);
    for (int i = 0; i < 300; ++i)
        hub->broker.send("all", message);
    EXPECT_EQ(hub->refusals.total(), 2u);
    EXPECT_THAT(hub->last_refusal(), HasSubstr("more before it"));
}

TEST_F(Dear, messages_that_wait_and_what_is_retained_are_under_it_too) {
    for (const bool retained : {false, true}) {
        start({.template_steps_per_message = 50'000});
        if (retained) hub->broker.send("all", message, true);
        device("bomb", 200, true);
        if (!retained) hub->broker.send("all", message);
        EXPECT_EQ(told(), 0u);
        hub->settle();
        EXPECT_LT(told(), 150u) << retained;
        EXPECT_EQ(hub->refusals.total(), 1u) << retained;
    }
}

TEST_F(Dear, templates_of_availability_count) {
    start({.template_steps_per_message = 20'000});
    for (int i = 0; i < 100; ++i) {
        const ValueMap config{
            {"command_topic", "c"},
            {"availability_topic", "all"},
            {"availability_template", std::string(dear) + fmt::format("{{# {} #}}", i)},
            {"device", ValueMap{{"identifiers", fmt::format("d{}", i)}}}};
        hub->broker.send(fmt::format("homeassistant/switch/s{}/config", i), to_json(config));
    }
    hub->settle();
    hub->broker.send("all", message);
    EXPECT_EQ(hub->refusals.total(), 1u);
    EXPECT_THAT(hub->last_refusal(), HasSubstr("more than 20000 steps"));
}

TEST_F(Dear, long_texts_and_large_maps_that_many_read_count_as_well) {
    start({.template_steps_per_message = 20'000});
    for (int i = 0; i < 100; ++i)
        hub->broker.send(fmt::format("homeassistant/sensor/d{}/config", i),
                         R"({"state_topic":"all"})");
    hub->settle();
    hub->broker.send("all", std::string(20'000, 'a'));
    EXPECT_EQ(hub->refusals.list().back().code, Code::limit);
    EXPECT_THAT(hub->last_refusal(), HasSubstr("more than 20000 steps"));
}

TEST_F(Dear, a_large_bridge_of_plain_templates_is_far_from_the_limits) {
    start({});
    ValueMap message_of_all;
    for (int i = 0; i < 400; ++i) {
        hub->broker.send(fmt::format("homeassistant/sensor/bridge/s{}/config", i),
                         fmt::format(R"({{"state_topic":"all","device":{{"identifiers":"b"}},
                             "value_template":"{{{{ value_json.v{} | round(1) }}}}"}})",
                                     i));
        message_of_all.set(fmt::format("v{}", i), 1.5);
    }
    hub->settle();
    const std::string text = to_json(message_of_all);
    for (int i = 0; i < 20; ++i)
        hub->broker.send("all", text);
    EXPECT_EQ(told(), 400u);
    EXPECT_EQ(hub->refusals.total(), 0u) << hub->last_refusal();
}

} // namespace
} // namespace hearth::mqtt_discovery
