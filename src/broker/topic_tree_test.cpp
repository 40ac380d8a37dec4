#include "base/random.h"
#include "broker/topic_tree.h"
#include "codec/mqtt/topic.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::broker {
namespace {

std::string random_topic(SeededRandom& random, bool filter) {
    std::string topic = random.next() % 8 == 0 ? "$" : "";
    const std::size_t levels = 1 + random.next() % 4;
    for (std::size_t i = 0; i < levels; ++i) {
        if (i > 0) topic += '/';
        const std::uint64_t draw = random.next() % 8;
        const bool wild = filter && (i > 0 || topic.empty());
        if (wild && draw == 0) return topic + "#";
        if (wild && draw == 1)
            topic += '+';
        else
            topic += std::string(draw % 4 == 3 ? 0 : 1, static_cast<char>('a' + draw % 3));
    }
    return topic.empty() ? "a" : topic;
}

std::set<std::string> paths(const TopicTree& tree, const std::vector<NodeId>& nodes) {
    std::set<std::string> found;
    for (const NodeId node : nodes)
        EXPECT_TRUE(found.insert(tree.path(node)).second) << "twice: " << tree.path(node);
    return found;
}

TEST(TopicTreeTest, FindsTheFiltersThatTheStandardMatches) { // 4.7, by comparison with matches()
    SeededRandom random(1);
    TopicTree tree;
    std::set<std::string> filters;
    for (int i = 0; i < 400; ++i) {
        const std::string filter = random_topic(random, true);
        tree.set_value(tree.add(filter), 1);
        filters.insert(filter);
    }
    for (int i = 0; i < 1'000; ++i) {
        const std::string topic = random_topic(random, false);
        std::set<std::string> expected;
        for (const std::string& filter : filters)
            if (mqtt::matches(filter, topic)) expected.insert(filter);
        std::vector<NodeId> nodes;
        tree.match_filters(topic, nodes);
        ASSERT_EQ(paths(tree, nodes), expected) << topic;
    }
}

TEST(TopicTreeTest, FindsTheTopicsThatAFilterMatches) {
    SeededRandom random(2);
    TopicTree tree;
    std::set<std::string> topics;
    for (int i = 0; i < 400; ++i) {
        const std::string topic = random_topic(random, false);
        tree.set_value(tree.add(topic), 1);
        topics.insert(topic);
    }
    for (int i = 0; i < 1'000; ++i) {
        const std::string filter = random_topic(random, true);
        std::set<std::string> expected;
        for (const std::string& topic : topics)
            if (mqtt::matches(filter, topic)) expected.insert(topic);
        std::vector<NodeId> nodes;
        tree.match_topics(filter, nodes);
        ASSERT_EQ(paths(tree, nodes), expected) << filter;
    }
}

TEST(TopicTreeTest, PruningLeavesNothingBehind) {
    SeededRandom random(3);
    TopicTree tree;
    std::set<std::string> topics;
    for (int i = 0; i < 2'000; ++i) {
        const std::string topic = random_topic(random, false);
        if (topics.erase(topic) != 0) {
            const NodeId node = tree.find(topic);
            ASSERT_NE(node, none);
            tree.set_value(node, none);
            tree.prune(node);
        } else {
            tree.set_value(tree.add(topic), 1);
            topics.insert(topic);
        }
    }
    std::vector<NodeId> nodes;
    tree.all(nodes);
    EXPECT_EQ(paths(tree, nodes), topics);
    for (const std::string& topic : topics) {
        const NodeId node = tree.find(topic);
        tree.set_value(node, none);
        tree.prune(node);
    }
    EXPECT_EQ(tree.size(), 1U); // the root
}

TEST(IndexTableTest, ErasingKeepsEveryOtherEntryFindable) {
    SeededRandom random(4);
    IndexTable table;
    std::set<std::uint32_t> there;
    const auto hash = [](std::uint32_t index) { return index % 37; }; // many collisions
    for (int i = 0; i < 5'000; ++i) {
        const auto index = static_cast<std::uint32_t>(random.next() % 200);
        if (there.erase(index) != 0) {
            table.erase(hash(index), index);
        } else {
            table.insert(hash(index), index);
            there.insert(index);
        }
        const auto other = static_cast<std::uint32_t>(random.next() % 200);
        const auto found = table.find(hash(other), [&](std::uint32_t at) { return at == other; });
        ASSERT_EQ(found != none, there.contains(other));
    }
    EXPECT_EQ(table.size(), there.size());
}

} // namespace
} // namespace hearth::broker
