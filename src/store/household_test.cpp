// A whole household on the journal's files (home, credentials, broker): whatever it did, replay
// rebuilds it to the byte, also from a journal that ends after any kind of record.
#include "broker/broker_fixture.h"
#include "broker/records.h"
#include "home/credential_book.h"
#include "home/home.h"
#include "home/records.h"
#include "journal/memory_journal.h"
#include "store/simulated_disk.h"
#include "store/test_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::store {
namespace {

using home::Cause;
using home::DeviceId;
using testing::ManualWorkers;
using testing::SimulatedDisk;
using testing::TemporaryFolder;

const Cause somebody = Cause::of_person("ada");
const Cause itself = Cause::of_device("");

class Nowhere final : public home::Sender {
public:
    void send(const home::Device&, const home::Command&) override {}
};

/// All whose state stands in the journal.
struct Owners {
    explicit Owners(journal::Journal& journal)
        : home(clock, random, journal, sender)
        , credentials(clock, random, journal)
        , broker({clock, random, journal, authorizer, outlet, metrics, refusals}) {}

    std::array<journal::Owner*, 3> all() { return {&home, &credentials, &broker}; }

    Result<void> replay(const journal::Record& record) {
        for (journal::Owner* owner : all())
            if (owner->kinds().contains(record.kind)) return owner->replay(record);
        return fail(Code::invalid, "a record of kind {}", record.kind);
    }

    /// Every byte that a checkpoint would hold.
    std::string state() {
        struct Sink final : journal::SnapshotSink {
            void put(journal::Kind kind, std::uint8_t version, std::string_view bytes) override {
                all += fmt::format("{}.{}:{}:", kind, version, bytes.size());
                all += bytes;
            }
            std::string all;
        } sink;
        for (const journal::Owner* owner : all())
            owner->snapshot(sink);
        return sink.all;
    }

    ManualClock clock;
    SeededRandom random{5};
    Nowhere sender;
    broker::test::FakeAuthorizer authorizer;
    broker::test::FakeOutlet outlet;
    Metrics metrics;
    Refusals refusals{clock, metrics};
    home::Home home;
    home::CredentialBook credentials;
    broker::Broker broker;
};

/// Owners on a journal in files.
struct Household {
    Household(const std::string& folder, const JournalOptions& options, Files& files) {
        journal =
            FileJournal::open(folder, options, clock, random, workers, metrics, files).value();
        owners = std::make_unique<Owners>(*journal);
        for (journal::Owner* owner : owners->all())
            journal->add(*owner);
        report = journal->replay().value();
    }

    /// The end of a turn, and all that was written gets to the disk.
    void turn() {
        owners->broker.advance();
        owners->broker.end_turn();
        do
            (void)journal->write();
        while (workers.run_one());
    }

    ManualClock clock;
    SeededRandom random{6};
    ManualWorkers workers;
    Metrics metrics;
    std::unique_ptr<FileJournal> journal;
    std::unique_ptr<Owners> owners;
    ReplayReport report;
};

/// An MQTT client that answers whatever it is sent.
class Talker {
public:
    Talker(Household& house, std::string client_id)
        : house_(house)
        , client_id_(std::move(client_id)) {}

    template <typename Packet>
    void send(const Packet& packet) {
        if (!alive()) return;
        std::string bytes;
        ASSERT_TRUE(mqtt::encode(bytes, packet, mqtt::Version::v5));
        house_.owners->broker.received(id_, bytes);
    }

    void connect(bool clean) {
        static broker::ConnectionId next = 1;
        id_ = next++;
        house_.owners->broker.opened(id_, {"127.0.0.1", 40'000});
        mqtt::Connect connect;
        connect.version = mqtt::Version::v5;
        connect.clean_start = clean;
        connect.client_id = client_id_;
        connect.user_name = client_id_;
        connect.password = "key";
        connect.properties.session_expiry_s = 3'600;
        connect.properties.receive_maximum = 5;
        send(connect);
        house_.turn();
    }

    void vanish() {
        if (alive()) house_.owners->broker.closed(id_, "lost");
        id_ = 0;
    }

    void publish(std::string_view topic, int qos, bool retain,
                 std::optional<std::uint32_t> expiry_s) {
        mqtt::Publish publish;
        publish.topic = topic;
        publish.payload = topic;
        publish.qos = static_cast<mqtt::Qos>(qos);
        publish.retain = retain;
        if (qos > 0) publish.packet_id = next_packet_ = next_packet_ % 1'000 + 1;
        publish.properties.message_expiry_s = expiry_s;
        send(publish);
    }

    void subscribe(std::string_view filter) {
        std::string block;
        const mqtt::Subscription wanted{filter, mqtt::Qos::exactly_once, false, false,
                                        mqtt::RetainHandling::send};
        ASSERT_TRUE(mqtt::append_subscription(block, wanted));
        mqtt::Subscribe subscribe;
        subscribe.packet_id = 1;
        subscribe.subscriptions = mqtt::SubscriptionList(block);
        send(subscribe);
    }

    void unsubscribe(std::string_view filter) {
        std::string block;
        ASSERT_TRUE(mqtt::append_filter(block, filter));
        mqtt::Unsubscribe unsubscribe;
        unsubscribe.packet_id = 2;
        unsubscribe.filters = mqtt::FilterList(block);
        send(unsubscribe);
    }

    /// Acknowledges what has come: a step of each handshake.
    void answer() {
        const std::string bytes = std::exchange(house_.owners->outlet.out[id_], {});
        std::string_view rest = bytes;
        while (!rest.empty()) {
            const auto next = mqtt::next_frame(rest, mqtt::max_packet_size);
            ASSERT_EQ(next.status, mqtt::FrameResult::Status::frame);
            answer(*mqtt::decode(next.frame, mqtt::Version::v5));
            rest.remove_prefix(next.frame.size);
        }
    }

private:
    bool alive() const { return id_ != 0 && !house_.owners->outlet.closed.contains(id_); }

    void answer(const mqtt::Packet& packet) {
        using Type = mqtt::PacketType;
        mqtt::Ack ack;
        if (const auto* message = std::get_if<mqtt::Publish>(&packet)) {
            if (message->qos == mqtt::Qos::at_most_once) return;
            ack.type = message->qos == mqtt::Qos::at_least_once ? Type::puback : Type::pubrec;
            ack.packet_id = message->packet_id;
        } else if (const auto* told = std::get_if<mqtt::Ack>(&packet)) {
            if (told->type != Type::pubrec && told->type != Type::pubrel) return;
            ack.type = told->type == Type::pubrec ? Type::pubrel : Type::pubcomp;
            ack.packet_id = told->packet_id;
        } else {
            return;
        }
        send(ack);
    }

    Household& house_;
    std::string client_id_;
    broker::ConnectionId id_ = 0;
    std::uint16_t next_packet_ = 0;
};

/// A household that does, at random, everything that leads to a record.
class Life {
public:
    Life(Household& house, std::uint64_t seed)
        : house_(house)
        , chance_(seed)
        , publisher_(house, "publisher")
        , subscriber_(house, "subscriber") {}

    void live_at_home() {
        home::Home& home = house_.owners->home;
        if (devices_.empty() || pick(100) == 0)
            devices_.push_back(home.announce(itself, describe(pick(40), pick(3))).value());
        const DeviceId id = devices_[pick(devices_.size())];
        house_.owners->clock.turn(static_cast<Micros>(pick(2 * seconds)));
        const Cause own = Cause::of_device(id);
        const Cause rule = Cause::of_automation("night");
        switch (pick(20)) {
        case 0:
            return (void)home.edit(somebody, id, {.name = fmt::format("Name {}", pick(9))});
        case 1:
            return (void)home.edit(somebody, id, {.area = fmt::format("Area {}", pick(300))});
        case 2:
            return (void)home.record(own, home::AvailabilityChanged{id, pick(2) == 0});
        case 3:
            return ask(id, "level.percent", static_cast<double>(pick(100)));
        case 4:
            return ask(id, "button.press", true);
        case 5:
            return (void)home.keep_note("test", std::to_string(pick(9)), std::to_string(pick(3)));
        case 6:
            return home.advance();
        case 7:
            if (pick(20) == 0) (void)home.record(own, home::DeviceLeft{id});
            return;
        case 8:
            return (void)home.edit(somebody, id,
                                   {.aliases = std::vector{fmt::format("Alias {}", pick(9))}});
        case 9:
            return (void)home.record(rule,
                                     home::AutomationRan{"night", pick(9), "Night", "started", ""});
        case 10:
            return (void)home.record(rule, home::Notified{"Good night", "night", pick(9), "2"});
        case 11:
            return (void)home.record(somebody, home::AutomationEdited{"night", "Night", "enabled"});
        default:
            return report(id);
        }
    }

    void live_on_the_wire() {
        switch (pick(14)) {
        case 0:
            return publisher_.connect(pick(9) == 0);
        case 1:
            return subscriber_.connect(pick(9) == 0);
        case 2:
            return pick(3) == 0 ? publisher_.vanish() : subscriber_.vanish();
        case 3:
            return subscriber_.subscribe(pick(2) == 0 ? "t/#" : "t/1");
        case 4:
            return subscriber_.unsubscribe("t/1");
        case 5:
            if (pick(9) == 0) house_.owners->broker.drop_sessions_of("publisher");
            return;
        case 6:
            return change_credentials();
        case 7:
            return house_.turn();
        case 8:
        case 9:
            publisher_.answer();
            return subscriber_.answer();
        default:
            return publisher_.publish(fmt::format("t/{}", pick(5)), static_cast<int>(pick(3)),
                                      pick(3) == 0,
                                      pick(3) == 0 ? std::optional(1U) : std::nullopt);
        }
    }

private:
    std::uint64_t pick(std::uint64_t n) { return chance_.next() % n; }

    static home::DeviceDescription describe(std::uint64_t number, std::uint64_t kind) {
        using catalog::AttributeType;
        home::DeviceDescription device{.adapter = "test",
                                       .external_id = fmt::format("lamp-{}", number),
                                       .name = "Lamp",
                                       .type = "light"};
        device.attributes = {
            {.path = {"on_off.on"}, .type = AttributeType::boolean, .writable = true},
            {.path = {"level.percent"},
             .type = AttributeType::number,
             .unit = "%",
             .min = 0,
             .max = 100,
             .writable = true},
            {.path = {"untyped.note"}, .type = AttributeType::text}};
        if (kind == 0)
            device.attributes.push_back({.path = {"button.press"},
                                         .type = AttributeType::boolean,
                                         .writable = true,
                                         .command = true});
        return device;
    }

    void ask(const DeviceId& id, std::string path, Value value) {
        home::CommandRequest request{.device = id, .asks = {{{std::move(path)}, std::move(value)}}};
        if (pick(3) == 0) request.key = fmt::format("key {}", chance_.next());
        (void)house_.owners->home.issue(somebody, std::move(request));
    }

    void report(const DeviceId& id) {
        home::AttributeReported told{id, {{{"on_off.on"}, pick(2) == 0}}};
        if (pick(2) == 0)
            told.values.push_back({{"level.percent"}, static_cast<double>(pick(1000)) / 10});
        if (pick(9) == 0) told.values.push_back({{"untyped.note"}, fmt::format("é {}", pick(99))});
        (void)house_.owners->home.record(Cause::of_device(id), std::move(told));
    }

    void change_credentials() {
        const std::string name = fmt::format("c{}", pick(3));
        if (!house_.owners->credentials.revoke(name))
            (void)house_.owners->credentials.add(name, {"a/#", "b/+"});
    }

    Household& house_;
    SeededRandom chance_;
    std::vector<DeviceId> devices_;
    Talker publisher_;
    Talker subscriber_;
};

/// Where each record of the only segment ends.
struct Written {
    journal::Sequence sequence = 0;
    journal::Kind kind = 0;
    std::uint64_t end = 0;
};

std::vector<Written> written(Files& files, const std::string& folder) {
    std::vector<Written> all;
    JournalReader reader(files, folder);
    const auto read = reader.cat(
        [&](const JournalReader::Entry& entry) -> Result<void> {
            all.push_back({entry.record.sequence, entry.record.kind,
                           entry.offset + record_size(entry.record.payload.size())});
            return {};
        },
        false);
    EXPECT_TRUE(read && read->damaged.empty());
    return all;
}

/// Every kind that stands for something that happened: home/records.h, broker/records.h,
/// home/credential_book.cpp.
const std::vector<journal::Kind> every_kind{100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
                                            110, 111, 150, 200, 201, 210, 211, 212, 213, 220,
                                            221, 230, 231, 232, 233, 234, 235, 300, 301};

TEST(HouseholdTest, AJournalCutAfterAnyKindOfRecordIsTheHouseholdAsItWasThen) {
    constexpr const char* folder = "/journal";
    constexpr int cuts_of_each_kind = 12;
    JournalOptions one_segment;
    one_segment.segment_bytes = 1U << 20;
    SimulatedDisk disk;
    {
        Household house(folder, one_segment, disk);
        Life life(house, 3);
        for (int i = 0; i < 4'000; ++i)
            i % 2 == 0 ? life.live_at_home() : life.live_on_the_wire();
        house.turn();
    }
    const std::vector<Written> records = written(disk, folder);
    journal::MemoryJournal unused;
    Owners then(unused);
    std::map<journal::Kind, int> cuts;
    int total = 0;
    JournalReader reader(disk, folder);
    std::size_t at = 0;
    const auto compare = [&](const JournalReader::Entry& entry) -> Result<void> {
        const Written& record = records.at(at++);
        if (const auto taken = then.replay(entry.record); !taken) return taken;
        if (cuts[record.kind]++ >= cuts_of_each_kind) return {};
        SimulatedDisk copy = disk.copy();
        auto& bytes = copy.bytes_of(fmt::format("{}/{}", folder, entry.segment));
        bytes.replace(record.end, std::string::npos, bytes.size() - record.end, '\0');
        copy.remove_quietly(state_path(folder));
        Household cut(folder, one_segment, copy);
        ++total;
        if (cut.report.last != record.sequence || !cut.report.damaged.empty())
            return fail(Code::damaged, "found up to {}", cut.report.last);
        if (cut.owners->state() != then.state()) return fail(Code::damaged, "another state");
        return {};
    };
    const auto read = reader.cat(compare, false);
    ASSERT_TRUE(read) << "cut after record " << records.at(at - 1).sequence << " of kind "
                      << records.at(at - 1).kind << ": " << read.error().detail;
    EXPECT_GE(total, 200);
    for (const journal::Kind kind : every_kind)
        EXPECT_GT(cuts[kind], 0) << "no record of kind " << kind;
}

TEST(HouseholdTest, AReplayOf300000EventsOfEveryKindRebuildsTheTwinsToTheByte) {
    TemporaryFolder folder;
    std::string state;
    constexpr home::EventId events = 300'000;
    {
        Household house(folder.path(), {}, system_files());
        Life life(house, 4);
        for (int step = 0; house.owners->home.last_event() < events; ++step) {
            life.live_at_home();
            if (step % 50 == 0) life.live_on_the_wire();
            if (step % 5'000 == 0) house.turn();
            if (house.owners->home.last_event() == events / 2) house.journal->checkpoint();
        }
        house.turn();
        state = house.owners->state();
        ASSERT_TRUE(house.journal->close());
    }
    Household again(folder.path(), {}, system_files());
    EXPECT_TRUE(again.owners->state() == state) << "from the newest checkpoint on";
    EXPECT_EQ(again.report.lost(), 0U);

    // And from the first record on, past all checkpoints.
    journal::MemoryJournal unused;
    Owners from_the_first(unused);
    std::set<journal::Kind> kinds;
    JournalReader reader(system_files(), folder.path());
    const auto read = reader.cat(
        [&](const JournalReader::Entry& entry) {
            kinds.insert(entry.record.kind);
            return from_the_first.replay(entry.record);
        },
        false);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_GE(read->checkpoints, 2U);
    EXPECT_GE(from_the_first.home.last_event(), events);
    EXPECT_THAT(kinds, ::testing::IsSupersetOf(every_kind));
    EXPECT_TRUE(from_the_first.state() == state);
}

} // namespace
} // namespace hearth::store
