// What the ground costs in process, without sockets: prints one JSON object a line, from which
// bench/ground.py makes the table of docs/benchmarks.md.
//
//   ground_bench twin         PUBLISH bytes → broker → discovery → twin, on a journal in memory
//   ground_bench reaction     a motion sensor's PUBLISH → a listener → a light's command
//   ground_bench day FOLDER   200 devices, a report a minute, a day by a turned clock, on a journal
//                             of files in FOLDER (a real disk, or the figure means nothing)
#include "allocations.h"
#include "house.h"
#include "journal/memory_journal.h"
#include "measure.h"
#include "store/file_journal.h"
#include "store/test_journal.h"

#include <fstream>

#include <fmt/core.h>

namespace hearth::bench {
namespace {

/// Devices of every kind in the house that is measured.
constexpr std::size_t devices = 200;

struct BlockFigures {
    std::vector<double> cpu, wall, allocs;
};

/// One block: the packets one by one, a turn after each, as in a home that is not busy.
void run_block(House& house, const std::vector<std::string>& packets, BlockFigures& figures) {
    const auto many = static_cast<double>(packets.size());
    const auto events_before = house.home.last_event();
    const auto allocations_before = allocations.load();
    const Stopwatch watch;
    for (const std::string& packet : packets) {
        house.receive(packet);
        house.turn();
    }
    figures.cpu.push_back(watch.cpu_passed() / many);
    figures.wall.push_back(watch.wall_passed() / many);
    figures.allocs.push_back(static_cast<double>(allocations - allocations_before) / many);
    House::require(house.home.last_event() - events_before == packets.size(),
                   "not every message has become one event");
}

void twin() {
    constexpr int blocks = 31;
    constexpr std::size_t rounds = 20; // of reports in one block
    ManualClock clock;
    journal::MemoryJournal journal;
    House house(clock, journal);
    house.start();
    house.announce(devices);
    BlockFigures figures[kinds];
    std::size_t bytes[kinds] = {};
    for (int block = 0; block < blocks; ++block) {
        for (std::size_t kind = 0; kind < kinds; ++kind) {
            std::vector<std::string> packets;
            for (std::size_t round = 0; round < rounds; ++round)
                for (std::size_t device = kind; device < devices; device += kinds)
                    packets.push_back(
                        publish_bytes(state_of(device, std::size_t(block) * rounds + round), 0));
            bytes[kind] = packets.back().size();
            run_block(house, packets, figures[kind]);
            journal.commit();
        }
    }
    for (std::size_t kind = 0; kind < kinds; ++kind)
        fmt::print(R"({{"kind":"{}","bytes":{},"cpu_us":{:.2f},"wall_us":{:.2f},"allocs":{:.1f}}})"
                   "\n",
                   name_of(static_cast<Kind>(kind)), bytes[kind], median(figures[kind].cpu),
                   median(figures[kind].wall), median(figures[kind].allocs));
}

/// Motion sensor `n` switches the light two places behind it, as devices are numbered.
class Reactions {
public:
    static constexpr std::size_t pairs = devices / kinds;
    static constexpr int rounds = 400;

    Reactions() {
        house_.start();
        house_.announce(devices);
        for (std::size_t pair = 0; pair < pairs; ++pair)
            lights_[house_.device(motion_sensor(pair)).id] = house_.device(light(pair)).id;
        house_.home.listen([this](const home::Event& event, const auto& changes) {
            for (const home::Change& change : changes)
                if (change.path.text == "occupancy.occupied") react(event, change.after);
        });
        house_.sink.on_send = [this](broker::ConnectionId, std::string_view) {
            if (waiting_) latencies_.push_back(micros_of(CLOCK_MONOTONIC) - began_);
            waiting_ = false;
        };
    }

    void run() {
        for (int round = 1; round <= rounds; ++round) {
            const Stopwatch watch;
            for (std::size_t pair = 0; pair < pairs; ++pair)
                one(pair, static_cast<std::size_t>(round));
            cpu_.push_back(watch.cpu_passed() / pairs);
        }
        House::require(latencies_.size() == pairs * rounds, "a command is missing");
        House::require(house_.home.open_commands().empty(), "a command was not confirmed");
        const double p50 = percentile(latencies_, 0.5);
        fmt::print(R"({{"reactions":{},"p50_us":{:.1f},"p99_us":{:.1f},"cpu_us":{:.1f}}})"
                   "\n",
                   latencies_.size(), p50, percentile(latencies_, 0.99), median(cpu_));
    }

private:
    static std::size_t motion_sensor(std::size_t pair) { return pair * kinds + 1; }
    static std::size_t light(std::size_t pair) { return pair * kinds + 3; }

    void react(const home::Event& event, const Value& occupied) {
        const auto light = lights_.find(std::get<home::AttributeReported>(event.fact).device);
        if (light == lights_.end()) return;
        home::CommandRequest request;
        request.device = light->second;
        request.asks.push_back({home::Path{"on_off.on"}, occupied});
        const auto issued = house_.home.issue(
            home::Cause::of_automation("light follows motion", event.id), std::move(request));
        House::require(issued.has_value(), "the command is refused");
    }

    /// The sensor reports (packets are made outside of the time that counts), the light answers.
    void one(std::size_t pair, std::size_t round) {
        const std::string report = publish_bytes(state_of(motion_sensor(pair), round), 0);
        const std::string answer = publish_bytes(state_of(light(pair), round), 0);
        waiting_ = true;
        began_ = micros_of(CLOCK_MONOTONIC);
        house_.receive(report);
        house_.turn();
        waiting_ = false;
        house_.receive(answer);
        house_.turn();
        journal_.commit();
    }

    ManualClock clock_;
    journal::MemoryJournal journal_;
    House house_{clock_, journal_};
    std::map<home::DeviceId, home::DeviceId> lights_; ///< by motion sensor
    std::vector<double> latencies_;
    std::vector<double> cpu_;
    double began_ = 0;
    bool waiting_ = false;
};

/// Bytes that this process has made the kernel write, whole pages: what leaves for the disk but for
/// the file system's own bookkeeping.
std::uint64_t written_by_process() {
    std::ifstream io("/proc/self/io");
    std::string name;
    std::uint64_t value = 0;
    while (io >> name >> value)
        if (name == "write_bytes:") return value;
    House::require(false, "/proc/self/io does not say write_bytes");
    return 0;
}

/// A hub on a journal of files: the workers' jobs run at once, so that nothing depends on how fast
/// the disk is.
class Day {
public:
    explicit Day(const std::string& folder)
        : opened_(store::FileJournal::open(folder, {}, clock_, random_, workers_, metrics_))
        , journal_(require(opened_))
        , house_(clock_, journal_) {
        journal_.add(house_.home);
        journal_.add(house_.broker);
        House::require(journal_.replay().has_value(), "the journal is not readable");
        house_.start();
        house_.announce(devices);
        settle();
    }

    void run() {
        constexpr std::size_t minutes_of_day = 24 * 60;
        const auto before = written_by_process();
        const auto payload_before = metric("hearth_journal_bytes_total");
        const auto commits_before = metric("hearth_journal_commits_total");
        const Stopwatch watch;
        for (std::size_t minute = 0; minute < minutes_of_day; ++minute) {
            for (std::size_t device = 0; device < devices; ++device) {
                house_.receive(publish_bytes(state_of(device, minute), 0));
                settle();
                clock_.turn(1 * minutes / devices);
            }
        }
        const double cpu = watch.cpu_passed();
        fmt::print(R"({{"messages":{},"disk_bytes":{},"record_bytes":{},"commits":{},)"
                   R"("cpu_us":{:.1f}}})"
                   "\n",
                   devices * minutes_of_day, written_by_process() - before,
                   metric("hearth_journal_bytes_total") - payload_before,
                   metric("hearth_journal_commits_total") - commits_before,
                   cpu / static_cast<double>(devices * minutes_of_day));
        House::require(journal_.close().has_value(), "the journal does not close");
    }

private:
    static store::FileJournal& require(const Result<std::unique_ptr<store::FileJournal>>& opened) {
        if (!opened) fmt::print(stderr, "{}\n", opened.error().detail);
        House::require(opened.has_value(), "no journal in that folder");
        return **opened;
    }
    std::uint64_t metric(std::string_view name) { return metrics_.counter(name, "").value(); }
    void settle() {
        house_.turn();
        House::require(journal_.write().has_value(), "the journal does not write");
        while (workers_.run_one())
            House::require(journal_.write().has_value(), "the journal does not write");
    }

    ManualClock clock_;
    SeededRandom random_{2};
    Metrics metrics_;
    store::testing::ManualWorkers workers_;
    Result<std::unique_ptr<store::FileJournal>> opened_;
    store::FileJournal& journal_;
    House house_;
};

} // namespace
} // namespace hearth::bench

int main(int argc, char** argv) {
    using namespace hearth::bench;
    const std::string_view mode = argc > 1 ? argv[1] : "";
    if (mode == "twin" && argc == 2)
        twin();
    else if (mode == "reaction" && argc == 2)
        Reactions().run();
    else if (mode == "day" && argc == 3)
        Day(argv[2]).run();
    else {
        fmt::print(stderr, "usage: ground_bench twin | reaction | day FOLDER\n");
        return 2;
    }
    return 0;
}
