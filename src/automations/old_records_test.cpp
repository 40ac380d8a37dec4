#include "automations/records.h"
#include "automations/test_house.h"
#include "base/bytes.h"
#include "home/records.h"

/// What earlier hearths wrote is read. The layouts are spelt out here, as they were then; whoever
/// gives the records another version adds the one before.
namespace hearth::automations {
namespace {

using namespace testing;
using journal::MemoryJournal;

template <class Write>
std::string bytes_of(Write&& write) {
    std::string bytes;
    ByteWriter out(bytes);
    write(out);
    return bytes;
}

/// Of a step in the automation's own list.
std::size_t index_of(const StepPath& path) {
    EXPECT_EQ(path.places().size(), 1U) << path.text();
    return path.places().front().number - 1;
}

/// Before there was who said it, and by which way.
void cause(ByteWriter& out, const home::Cause& cause) {
    using Kind = home::Subject::Kind;
    const Kind kind = cause.subject.kind;
    EXPECT_TRUE(kind == Kind::device || kind == Kind::person || kind == Kind::automation);
    out.u8(kind == Kind::device ? 0 : kind == Kind::person ? 1 : 2);
    out.string(cause.subject.id);
    out.varint(cause.event);
}

/// Before there were paths.
void step(ByteWriter& out, const Step& step) {
    out.u8(static_cast<std::uint8_t>(step.state));
    out.zigzag(step.at);
    out.string(step.text);
    out.string(step.detail);
    out.varint(step.command);
    out.u8(step.settlement ? static_cast<std::uint8_t>(*step.settlement) + 1 : 0);
    out.zigzag(step.until);
}

void run(ByteWriter& out, const automations::Run& run) {
    out.varint(run.id);
    out.string(run.automation);
    out.varint(run.version);
    out.u8(static_cast<std::uint8_t>(run.state));
    out.string(run.detail);
    cause(out, run.cause);
    out.varint(run.event);
    out.zigzag(run.started);
    out.zigzag(run.ended);
    out.varint(run.depth);
    out.value(run.trigger);
    out.value(run.conditions);
    out.varint(run.steps.size());
    for (const Step& each : run.steps)
        step(out, each);
    out.varint(run.ignored);
    out.zigzag(run.last_ignored);
    out.boolean(run.told);
}

void match(ByteWriter& out, const Match& match) {
    out.string(match.automation);
    out.varint(match.trigger);
    out.varint(match.event);
    out.zigzag(match.at);
    out.varint(match.depth);
    out.string(match.device);
    out.value(match.from);
    out.value(match.to);
}

std::string old_step(RunId of, std::size_t index, const Step& of_step) {
    return bytes_of([&](ByteWriter& out) {
        out.varint(of);
        out.varint(index);
        step(out, of_step);
    });
}

/// How a hearth of version 1 or 2 wrote a record of this room that we have written.
std::string older(const journal::Record& record) {
    switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::run_began: {
        const BeganRecord began = decode_began(record.payload, record.version).value();
        return bytes_of([&](ByteWriter& out) {
            run(out, began.run);
            match(out, began.match);
        });
    }
    case RecordKind::run_step: {
        const StepRecord read = decode_step(record.payload, record.version).value();
        return old_step(read.run, index_of(read.step.path), read.step);
    }
    case RecordKind::run_kept: {
        const automations::Run kept = decode_run(record.payload, record.version).value();
        return bytes_of([&](ByteWriter& out) { run(out, kept); });
    }
    default:
        return std::string(record.payload);
    }
}

/// `notified` of version 1.
std::string older(const home::Event& event, const home::Notified& notified) {
    return bytes_of([&](ByteWriter& out) {
        out.varint(event.id);
        out.zigzag(event.at);
        cause(out, event.cause);
        out.string(notified.text);
        out.string(notified.automation);
        out.varint(notified.run);
        out.varint(index_of(StepPath::parse(notified.step).value()));
    });
}

/// The journal as a hearth of before the paths would have it.
MemoryJournal older(const MemoryJournal& whole, std::uint8_t own_version) {
    MemoryJournal old;
    for (const auto& stored : whole.records()) {
        const journal::Record record = stored.view();
        if (journal::automation_kinds.contains(record.kind)) {
            old.append(record.kind, own_version, older(record));
            continue;
        }
        auto event = home::is_event(record.kind) ? home::decode_event(record)
                                                 : Result<home::Event>(fail(Code::not_found, ""));
        auto* issued = event ? std::get_if<home::CommandIssued>(&event->fact) : nullptr;
        const auto* notified = event ? std::get_if<home::Notified>(&event->fact) : nullptr;
        if (issued != nullptr) {
            const StepKey key = parse_step_key(issued->command.key).value();
            issued->command.key = fmt::format("run:{}:{}", key.run, index_of(key.path));
            old.append(record.kind, record.version, home::encode(*event));
        } else if (notified != nullptr) {
            old.append(record.kind, 1, older(*event, *notified));
        } else {
            old.append(record.kind, record.version, record.payload);
        }
    }
    return old;
}

constexpr const char* walk = R"(
name: Walk
triggers: [{device: Motion, attribute: occupancy.occupied, to: true}]
actions:
  - {device: Lamp, set: {on_off.on: true}}
  - {device: Lamp, set: {level.percent: 40}}
  - {notify: somebody is there}
  - {delay: 5min}
  - {device: Lamp, set: {on_off.on: false}}
  - {notify: the end}
)";

struct OldRecordsTest : Fixture {
    /// What the rule has asked and told, in the order in which it did.
    std::vector<std::string> done() {
        std::vector<std::string> lines;
        for (const home::Event& event : house->home.recent_events()) {
            if (const auto* issued = std::get_if<home::CommandIssued>(&event.fact))
                lines.push_back(fmt::format("{}={}", issued->command.asks[0].path.text,
                                            value_text(issued->command.asks[0].value, 50)));
            if (const auto* told = std::get_if<home::Notified>(&event.fact))
                lines.push_back(told->text);
        }
        return lines;
    }
    /// The hub is ended, and this one starts on what an older one has left.
    void upgrade(MemoryJournal left) {
        house.reset();
        journal = std::move(left);
        restart();
    }
    std::string all_traces(const AutomationId& id) {
        ValueList all;
        for (const automations::Run* each : house->rules.runs(id))
            all.push_back(house->rules.trace_value(*each));
        return to_json(all);
    }
    std::vector<std::string> paths(const AutomationId& id) {
        std::vector<std::string> texts;
        const Value traced = trace(id);
        for (const Value& each : *traced.at("steps").as_list())
            texts.emplace_back(each.at("step").string_or(""));
        return texts;
    }
    static const std::vector<std::string>& story() {
        static const std::vector<std::string> lines{"on_off.on=true", "level.percent=40",
                                                    "somebody is there", "on_off.on=false",
                                                    "the end"};
        return lines;
    }
};

TEST_F(OldRecordsTest, EachVersionBeforeIsReadAsWhatItMeant) {
    add(walk);
    see(true);
    turn(6 * minutes);
    see(false);
    see(true);
    const std::string before = all_traces("walk");
    const Value shown = house->rules.show_value(*house->rules.find("walk"));
    const MemoryJournal whole = journal;
    for (std::uint8_t version = 1; version < record_version; ++version) {
        SCOPED_TRACE(version);
        upgrade(older(whole, version));
        EXPECT_EQ(all_traces("walk"), before);
        EXPECT_EQ(house->rules.show_value(*house->rules.find("walk")), shown);
        EXPECT_EQ(house->rules.find("walk")->versions.back().cause, ada);
        EXPECT_THAT(notifications(),
                    ElementsAre("somebody is there", "the end", "somebody is there"));
        EXPECT_EQ(events("notification").front().at("step"), Value("3"));
    }
}

TEST_F(OldRecordsTest, ARunOfAnOlderCheckpointKeepsItsStepsInTheirPlaces) {
    add(walk);
    see(true);
    const automations::Run* kept = house->rules.last_run("walk");
    const std::string payload = bytes_of([&](ByteWriter& out) { run(out, *kept); });
    const auto again = decode_run(payload, 2);
    ASSERT_TRUE(again);
    EXPECT_EQ(house->rules.trace_value(*again), house->rules.trace_value(*kept));
    EXPECT_EQ(again->steps.size(), 4U);
    EXPECT_EQ(again->steps.back().path.text(), "4");
}

TEST_F(OldRecordsTest, OlderRecordsAreDescribedWithPaths) {
    add(walk);
    see(true);
    const MemoryJournal before = older(journal, 2);
    for (const auto& stored : before.records()) {
        if (stored.kind != static_cast<journal::Kind>(RecordKind::run_step)) continue;
        const auto described = Automations::describe(stored.view());
        ASSERT_TRUE(described);
        EXPECT_EQ(described->at("step"), Value("1"));
        return;
    }
    FAIL() << "there is no step";
}

/// The command of the second step is the last thing that the older hub wrote: the key "run:1:1",
/// which as a path would be the first step.
TEST_F(OldRecordsTest, ACommandThatAnOlderHubIssuedIsNotIssuedAgain) {
    add(walk);
    see(true);
    const MemoryJournal whole = older(journal, 2);
    const auto is_second = [](const auto& stored) {
        if (stored.kind != static_cast<journal::Kind>(home::RecordKind::command_issued))
            return false;
        const home::Event event = home::decode_event(stored.view()).value();
        return std::get<home::CommandIssued>(event.fact).command.key == "run:1:1";
    };
    const auto second = std::ranges::find_if(whole.records(), is_second);
    ASSERT_NE(second, whole.records().end());
    MemoryJournal cut = whole;
    cut.cut_after(second->sequence);
    upgrade(cut);
    EXPECT_THAT(done(), ElementsAre("on_off.on=true", "level.percent=40", "somebody is there"));
    EXPECT_THAT(paths("walk"), ElementsAre("1", "2", "3", "4"));
    turn(5 * minutes);
    EXPECT_EQ(done(), story());
    EXPECT_THAT(paths("walk"), ElementsAre("1", "2", "3", "4", "5", "6"));
}

TEST_F(OldRecordsTest, EachActionIsDoneOnceWhereverAnUpgradeInterruptsTheRun) {
    add(walk);
    const std::size_t first = journal.records().size() + 1;
    see(true);
    turn(5 * minutes);
    ASSERT_EQ(done(), story());
    const MemoryJournal whole = older(journal, 2);
    ASSERT_GT(whole.records().size(), first + 12);
    for (std::size_t records = first; records <= whole.records().size(); ++records) {
        SCOPED_TRACE(fmt::format("cut after record {} of {}", records, whole.records().size()));
        MemoryJournal cut = whole;
        cut.cut_after(records);
        upgrade(std::move(cut));
        for (const bool checkpoint : {false, true}) {
            if (checkpoint) journal.checkpoint({&house->home, &house->rules});
            restart();
        }
        turn(6 * minutes);
        house->home.advance();
        house->rules.advance();
        EXPECT_EQ(done(), story());
        EXPECT_THAT(paths("walk"), ElementsAre("1", "2", "3", "4", "5", "6"));
        EXPECT_EQ(house->rules.running(), 0U);
    }
}

TEST_F(OldRecordsTest, ANumberThatIsNoPlaceIsDamage) {
    const Step any{.path = StepPath::first()};
    EXPECT_EQ(decode_step(old_step(1, 7, any), 2)->step.path.text(), "8");
    EXPECT_EQ(decode_step(old_step(1, StepPath::max_number, any), 2).error().code, Code::damaged);
    std::string payload = encode(StepRecord{1, any});
    ASSERT_TRUE(decode_step(payload, record_version));
    payload[payload.find('1', 1)] = '0';
    EXPECT_EQ(decode_step(payload, record_version).error().code, Code::damaged);
}

} // namespace
} // namespace hearth::automations
