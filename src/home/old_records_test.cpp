#include "base/bytes.h"
#include "home/test_home.h"

#include <functional>
#include <map>
#include <utility>

/// What earlier hearths wrote is read. The bytes are spelt out here, as they were then; whoever
/// gives a kind another version adds the one before.
namespace hearth::home {
namespace {

using Bytes = std::function<void(ByteWriter&)>;

std::string bytes_of(const Bytes& write) {
    std::string bytes;
    ByteWriter out(bytes);
    write(out);
    return bytes;
}

/// An event of number 9 that Ada caused.
std::string event(const Bytes& fact) {
    return bytes_of([&](ByteWriter& out) {
        out.varint(9);
        out.zigzag(1'000'000);
        out.u8(1); // a person
        out.string("ada");
        out.varint(0);
        fact(out);
    });
}

/// The same of version 2 of most kinds: Ada said a sentence.
std::string said(const Bytes& fact) {
    return bytes_of([&](ByteWriter& out) {
        out.varint(9);
        out.zigzag(1'000'000);
        out.u8(3 | 0x40); // a sentence, and who said it
        out.string("lights on");
        out.varint(0);
        out.u8(1); // a person
        out.string("ada");
        fact(out);
    });
}

void texts(ByteWriter& out, const std::vector<std::string>& all) {
    out.varint(all.size());
    for (const std::string& text : all)
        out.string(text);
}

/// A switch; before there were labels, without.
void spec(ByteWriter& out, std::string_view label = {}) {
    out.string("on_off.on");
    out.u8(0); // boolean
    out.string("");
    out.boolean(false);
    out.boolean(false);
    texts(out, {});
    out.u8(label.empty() ? 1 | 4 : 1 | 4 | 8); // writable, answers, has a label
    out.real(0);
    if (!label.empty()) out.string(label);
}

void description(ByteWriter& out, std::string_view label = {}) {
    for (const char* text : {"test", "lamp-1", "Lamp", "light", "maker", "model", "1.0", "Hall"})
        out.string(text);
    out.varint(1);
    spec(out, label);
}

void command(ByteWriter& out, int version) {
    out.varint(7);
    out.string("lamp");
    out.zigzag(2'000'000);
    out.string("key");
    out.varint(1);
    out.string("on_off.on");
    out.value(true);
    if (version < 2) return;
    out.string("token a");
    out.string("part");
    out.string("asked");
}

void open_command(ByteWriter& out, int version) {
    command(out, version);
    out.u8(3); // a sentence
    out.string("lights on");
    out.varint(0);
    out.varint(9);
    if (version >= 3) out.boolean(true); // on the way
}

void area(ByteWriter& out) {
    out.string("hall");
    out.string("Hall");
    out.string("ground");
    texts(out, {"entrance"});
}

void device(ByteWriter& out, int version) {
    for (const char* text : {"lamp", "test", "lamp-1", "Lamp", "My lamp"})
        out.string(text);
    texts(out, {"alias"});
    for (const char* text : {"hall", "light", "maker", "model", "1.0"})
        out.string(text);
    out.boolean(true);
    out.boolean(true);
    out.zigzag(5);
    out.varint(1);
    spec(out);
    out.value(true);
    out.zigzag(6);
    out.varint(8);
    out.varint(1);
    out.string("on_off.on");
    out.value(false);
    out.varint(7);
    out.boolean(true);
    if (version < 2) return;
    out.boolean(true);
    out.varint(0);
}

using Old = std::map<std::pair<RecordKind, int>, std::string>;

Bytes strings(std::vector<std::string> all) {
    return [all = std::move(all)](ByteWriter& out) {
        for (const std::string& text : all)
            out.string(text);
    };
}

void join(ByteWriter& out) {
    out.string("lamp");
    out.string("hall");
    description(out);
}

void change(ByteWriter& out) {
    out.string("lamp");
    description(out);
}

void labelled_join(ByteWriter& out) {
    out.string("lamp");
    out.string("hall");
    description(out, "Bulb");
}

void labelled_change(ByteWriter& out) {
    out.string("lamp");
    description(out, "Bulb");
}

void edit(ByteWriter& out) {
    for (const char* text : {"lamp", "My lamp", "hall"})
        out.string(text);
    texts(out, {"alias"});
}

void settle(ByteWriter& out) {
    out.varint(7);
    out.string("lamp");
    out.u8(3); // timed out
    out.string("why");
}

void withdraw(ByteWriter& out) {
    out.string("lamp");
    texts(out, {"on_off.on"});
}

void run(ByteWriter& out) {
    out.string("walk");
    out.varint(3);
    for (const char* text : {"Walk", "started", ""})
        out.string(text);
}

void flag(ByteWriter& out) {
    out.string("lamp");
    out.boolean(true);
}

void report(ByteWriter& out) {
    out.string("lamp");
    out.zigzag(5);
    out.varint(1);
    out.string("on_off.on");
    out.value(true);
}

void notification(ByteWriter& out) {
    out.string("Good night");
    out.string("walk");
    out.varint(3);
    out.varint(1); // the second step
}

void under_way(ByteWriter& out) {
    out.varint(7);
    out.string("lamp");
    out.boolean(true);
}

Old old_events() {
    using enum RecordKind;
    return {{{area_added, 1}, event(area)},
            {{device_left, 1}, event(strings({"lamp"}))},
            {{availability_changed, 1}, event(flag)},
            {{attribute_reported, 1}, event(report)},
            {{notified, 1}, event(notification)},
            {{command_under_way, 1}, event(under_way)},
            {{device_joined, 1}, event(join)},
            {{device_changed, 1}, event(change)},
            {{device_edited, 1}, event(edit)},
            {{device_handed, 1}, event(strings({"lamp", "old", "new"}))},
            {{device_forgotten, 1}, event(strings({"lamp"}))},
            {{area_removed, 1}, event(strings({"hall", "Hall"}))},
            {{command_issued, 1}, event([](ByteWriter& out) { command(out, 1); })},
            {{command_issued, 2}, event([](ByteWriter& out) { command(out, 2); })},
            {{command_settled, 1}, event(settle)},
            {{desired_withdrawn, 1}, event(withdraw)},
            {{automation_ran, 1}, event(run)},
            {{automation_edited, 1}, event(strings({"walk", "Walk", "added"}))}};
}

/// Since sentences tell who said them.
Old events_with_speakers() {
    using enum RecordKind;
    return {{{area_added, 2}, said(area)},
            {{device_joined, 2}, said(labelled_join)},
            {{device_changed, 2}, said(labelled_change)},
            {{device_edited, 2}, said(edit)},
            {{device_handed, 2}, said(strings({"lamp", "old", "new"}))},
            {{device_forgotten, 2}, said(strings({"lamp"}))},
            {{area_removed, 2}, said(strings({"hall", "Hall"}))},
            {{command_issued, 3}, said([](ByteWriter& out) { command(out, 3); })},
            {{command_settled, 2}, said(settle)},
            {{desired_withdrawn, 2}, said(withdraw)},
            {{automation_ran, 2}, said(run)},
            {{automation_edited, 2}, said(strings({"walk", "Walk", "added"}))}};
}

Old old_states() {
    using enum RecordKind;
    const auto key = [](ByteWriter& out) {
        out.string("key");
        out.varint(7);
    };
    return {{{area_state, 1}, bytes_of(area)},
            {{device_state, 1}, bytes_of([](ByteWriter& out) { device(out, 1); })},
            {{device_state, 2}, bytes_of([](ByteWriter& out) { device(out, 2); })},
            {{command_state, 1}, bytes_of([](ByteWriter& out) { open_command(out, 1); })},
            {{command_state, 2}, bytes_of([](ByteWriter& out) { open_command(out, 2); })},
            {{command_state, 3}, bytes_of([](ByteWriter& out) { open_command(out, 3); })},
            {{key_state, 1}, bytes_of(key)}};
}

Old all_old() {
    Old all = old_events();
    all.merge(events_with_speakers());
    all.merge(old_states());
    return all;
}

TEST(OldRecordsTest, EachEarlierVersionHasItsExampleHere) {
    const Old all = all_old();
    for (int kind = 100; kind < 200; ++kind)
        for (int version = 1; version < version_of(static_cast<RecordKind>(kind)); ++version)
            EXPECT_TRUE(all.contains({static_cast<RecordKind>(kind), version}))
                << "kind " << kind << ", version " << version;
}

TEST(OldRecordsTest, EachIsReadAndDescribed) {
    for (const auto& [which, payload] : all_old()) {
        const auto& [kind, version] = which;
        const bool state = static_cast<int>(kind) >= 150;
        const journal::Record record{1, static_cast<journal::Kind>(kind),
                                     static_cast<std::uint8_t>(version), state, payload};
        SCOPED_TRACE(fmt::format("kind {}, version {}", static_cast<int>(kind), version));
        const auto described = describe(record);
        EXPECT_TRUE(described) << (described ? "" : described.error().detail);
        ManualClock clock;
        SeededRandom random{1};
        journal::MemoryJournal journal;
        RecordingSender sender;
        Home home(clock, random, journal, sender, {});
        const auto replayed = home.replay(record);
        EXPECT_TRUE(replayed) << (replayed ? "" : replayed.error().detail);
    }
}

TEST(OldRecordsTest, TheyMeanWhatTheyMeant) {
    const Old all = all_old();
    const auto issued = decode_event({1, static_cast<journal::Kind>(RecordKind::command_issued), 2,
                                      false, all.at({RecordKind::command_issued, 2})});
    ASSERT_TRUE(issued);
    EXPECT_EQ(issued->cause, (Cause{.subject = {Subject::Kind::person, "ada"}}));
    EXPECT_EQ(std::get<CommandIssued>(issued->fact).command.asked, "asked");
    const auto told = decode_event({1, static_cast<journal::Kind>(RecordKind::notified), 1, false,
                                    all.at({RecordKind::notified, 1})});
    ASSERT_TRUE(told);
    EXPECT_EQ(std::get<Notified>(told->fact).step, "2");
    const auto open = decode_open_command(all.at({RecordKind::command_state, 2}), 2);
    ASSERT_TRUE(open);
    EXPECT_EQ(open->cause, (Cause{.via = Via::sentence, .said = "lights on"}));
    EXPECT_EQ(open->issued_in, 9U);
    const auto lamp = decode_device(all.at({RecordKind::device_state, 1}), 1);
    ASSERT_TRUE(lamp);
    EXPECT_TRUE(lamp->placed);
    EXPECT_EQ(lamp->name(), "My lamp");
    EXPECT_EQ(lamp->attributes.at(0).reported, Value(true));
}

} // namespace
} // namespace hearth::home
