#include "home/recent_events.h"
#include "home/records.h"

#include <gtest/gtest.h>

namespace hearth::home {
namespace {

Event report(EventId id, std::string text) {
    return {id, static_cast<Micros>(id) * seconds, Cause::of_device("thermometer"),
            AttributeReported{"thermometer", {{Path{"untyped.note"}, Value(std::move(text))}}}};
}

void add(RecentEvents& events, const Event& event) {
    const journal::Kind kind = record_kind(event.fact);
    events.add(event.id, event.at, kind, version_of(static_cast<RecordKind>(kind)), encode(event));
}

TEST(RecentEvents, come_back_as_they_were_oldest_first) {
    RecentEvents events;
    EXPECT_TRUE(events.empty());
    for (EventId id = 1; id <= 3; ++id)
        add(events, report(id, fmt::format("note {}", id)));
    EXPECT_EQ(events.size(), 3u);
    EventId next = 1;
    for (const Event& event : events) {
        EXPECT_EQ(to_value(event), to_value(report(next, fmt::format("note {}", next))));
        ++next;
    }
    EXPECT_EQ(next, 4u);
    EXPECT_EQ(events[1].id, 2u);
    EXPECT_EQ(events.back().at, 3 * seconds);
    EXPECT_TRUE(events.entries().front().mentions("thermometer"));
    EXPECT_FALSE(events.entries().front().mentions("lamp"));
}

TEST(RecentEvents, are_found_by_their_numbers) {
    RecentEvents events;
    for (const EventId id : {4, 5, 9})
        add(events, report(id, ""));
    EXPECT_EQ(events.first_after(0), 0u);
    EXPECT_EQ(events.first_after(4), 1u);
    EXPECT_EQ(events.first_after(7), 2u);
    EXPECT_EQ(events.first_after(9), 3u);
}

TEST(RecentEvents, the_oldest_ones_go_and_give_their_memory_back_whatever_their_size) {
    RecentEvents events;
    std::size_t kept = 0;
    for (EventId id = 1; id <= 5'000; ++id) {
        add(events, report(id, std::string(id % 50 == 0 ? 100'000 : id % 200, 'x')));
        if (++kept > 100) {
            events.drop_oldest();
            --kept;
        }
        ASSERT_EQ(events.size(), kept);
        ASSERT_EQ(events.entries().front().id, id + 1 - kept);
    }
    std::size_t bytes = 0;
    EventId next = 4'901;
    for (const Event& event : events) {
        ASSERT_EQ(event.id, next);
        ASSERT_EQ(encode(event),
                  encode(report(next, std::string(next % 50 == 0 ? 100'000 : next % 200, 'x'))));
        bytes += encode(event).size();
        ++next;
    }
    EXPECT_EQ(events.bytes(), bytes);
    while (!events.empty())
        events.drop_oldest();
    EXPECT_EQ(events.bytes(), 0u);
    add(events, report(1, "again"));
    EXPECT_EQ(events.back().id, 1u);
}

} // namespace
} // namespace hearth::home
