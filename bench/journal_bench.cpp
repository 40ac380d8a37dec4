// What the journal costs: durable acknowledgements, bytes, replay, checkpoints; and SQLite beside
// it on the same disk in the same run. Prints one table; the folder is the first argument (default:
// the current one), for a RAM disk would tell nothing.
#include "store/file_journal.h"
#include "store/test_journal.h"
#include "store/test_workers.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>

#include <dlfcn.h>
#include <fmt/core.h>

namespace {

using namespace hearth;
using namespace hearth::store;
using SteadyTime = std::chrono::steady_clock;

double micros_since(SteadyTime::time_point start) {
    return std::chrono::duration<double, std::micro>(SteadyTime::now() - start).count();
}

struct Bench {
    explicit Bench(const std::string& folder) {
        auto opened = FileJournal::open(folder, {}, clock, random, workers, metrics);
        if (!opened) fatal(opened.error());
        journal = std::move(*opened);
        journal->add(tally);
        const auto start = SteadyTime::now();
        auto replayed = journal->replay();
        if (!replayed) fatal(replayed.error());
        replay_micros = micros_since(start);
        records = replayed->records;
    }
    [[noreturn]] static void fatal(const Error& error) {
        fmt::print(stderr, "{}\n", error.detail);
        std::exit(1);
    }

    testing::RealClock clock;
    SeededRandom random{1};
    testing::ThreadWorkers workers;
    Metrics metrics;
    testing::Tally tally;
    std::unique_ptr<FileJournal> journal;
    double replay_micros = 0;
    std::uint64_t records = 0;
};

double percentile(std::vector<double>& values, double part) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

const std::string reading(96, 'r');

/// So many who each append a record, wait for its commit, and begin again.
double acknowledgements(Bench& bench, std::size_t in_flight, std::size_t total) {
    std::vector<double> latency;
    latency.reserve(total);
    std::size_t sent = 0;
    std::function<void()> send = [&] {
        ++sent;
        bench.journal->append(testing::Tally::set, 1, reading);
        bench.journal->when_committed([&, start = SteadyTime::now()](const Result<void>& done) {
            if (!done) Bench::fatal(done.error());
            latency.push_back(micros_since(start));
            if (sent < total) send();
        });
    };
    const auto start = SteadyTime::now();
    for (std::size_t i = 0; i < in_flight; ++i)
        send();
    while (latency.size() < sent || sent < total) {
        if (!bench.journal->write()) Bench::fatal({Code::io, "write failed"});
        if (latency.size() < sent) bench.workers.turn();
    }
    const double rate = static_cast<double>(latency.size()) / micros_since(start) * 1e6;
    fmt::print("durable acks, {:>5} in flight   {:>10.0f}/s   p50 {:>8.0f} us   p99 {:>8.0f} us\n",
               in_flight, rate, percentile(latency, 0.5), percentile(latency, 0.99));
    return rate;
}

void appends(Bench& bench) {
    constexpr int turns = 2'000;
    constexpr int per_turn = 100;
    const auto start = SteadyTime::now();
    for (int turn = 0; turn < turns; ++turn) {
        for (int i = 0; i < per_turn; ++i)
            bench.journal->append(testing::Tally::set, 1, reading);
        (void)bench.journal->write();
        bench.workers.turn_now();
    }
    fmt::print("append + write, 96 B records     {:>10.0f} ns each, {} a turn\n",
               micros_since(start) * 1e3 / (turns * per_turn), per_turn);
}

void checkpoint(Bench& bench) {
    constexpr std::uint64_t devices = 10'000;
    for (std::uint64_t i = 0; i < devices; ++i)
        bench.tally.record(*bench.journal, i, std::string(2'000, 's'));
    (void)bench.journal->write();
    while (!bench.workers.idle())
        bench.workers.turn_now();
    bench.tally.record(*bench.journal, 0, "one more");
    bench.journal->checkpoint();
    const auto start = SteadyTime::now();
    (void)bench.journal->write();
    const double stall = micros_since(start);
    while (!bench.workers.idle())
        bench.workers.turn_now();
    fmt::print("checkpoint of 10,000 x 2 kB      {:>10.1f} ms in the turn, {:.0f} ms until it is "
               "on the disk\n",
               stall / 1e3, micros_since(start) / 1e3);
}

void replay(const std::string& folder) {
    constexpr std::uint64_t total = 300'000;
    {
        Bench bench(folder);
        for (std::uint64_t i = 0; i < total; ++i) {
            bench.tally.record(*bench.journal, i % 1'000, reading);
            if (i % 1'000 == 0) (void)bench.journal->write();
        }
        (void)bench.journal->close();
    }
    JournalReader reader(system_files(), folder);
    const auto start = SteadyTime::now();
    const auto report = reader.verify();
    if (!report) Bench::fatal(report.error());
    fmt::print("verify                           {:>10.0f} records/s\n",
               static_cast<double>(report->records) / micros_since(start) * 1e6);
    Bench bench(folder);
    fmt::print("replay                           {:>10.0f} records/s ({} records)\n",
               static_cast<double>(bench.records) / bench.replay_micros * 1e6, bench.records);
    fmt::print("size of a 96 B record            {:>10} B on disk\n", record_size(reading.size()));
}

/// Bytes that this process has made the page cache write, as the kernel counts them.
std::uint64_t written_by_process() {
    std::ifstream io("/proc/self/io");
    std::string name;
    std::uint64_t value = 0;
    while (io >> name >> value)
        if (name == "write_bytes:") return value;
    return 0;
}

/// 200 devices that report once a minute at QoS 0: nobody waits, a commit every 5 s.
void a_day(const std::string& folder) {
    constexpr std::uint64_t devices = 200;
    testing::Hub hub(folder);
    if (const auto started = hub.start(); !started) Bench::fatal(started.error());
    hub.settle();
    const std::string state(300, 's'); // what a twin holds
    for (std::uint64_t i = 0; i < devices; ++i)
        hub.record(1'000 + i, state);
    const auto before = written_by_process();
    const std::string value(32, 'v');
    std::uint64_t reported = 0;
    for (std::uint64_t second = 0; second < 86'400; ++second) {
        for (; reported < (second + 1) * devices / 60; ++reported)
            hub.record(reported % devices, value);
        hub.settle();
        hub.clock.turn(1 * seconds);
    }
    const auto bytes = written_by_process() - before;
    (void)hub.journal->close();
    fmt::print("a day of 200 devices, 1/min      {:>10.1f} MB written ({} records)\n",
               static_cast<double>(bytes) / 1e6, reported);
}

/// SQLite, loaded at run time so that nothing else of hearth is linked with it for a comparison.
class Sqlite {
public:
    explicit Sqlite(const std::string& path)
        : library_(::dlopen("libsqlite3.so.0", RTLD_NOW)) {
        if (library_ == nullptr) return;
        const auto open = entry<int (*)(const char*, void**)>("sqlite3_open");
        exec_ = entry<Exec>("sqlite3_exec");
        if (open(path.c_str(), &database_) != 0) Bench::fatal({Code::io, "sqlite3_open failed"});
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE record(sequence INTEGER PRIMARY KEY, kind INTEGER, payload BLOB);");
        step_ = entry<Step>("sqlite3_step");
        reset_ = entry<Step>("sqlite3_reset");
        const auto prepare =
            entry<int (*)(void*, const char*, int, void**, const char**)>("sqlite3_prepare_v2");
        const auto insert =
            fmt::format("INSERT INTO record(kind, payload) VALUES(1, '{}')", reading);
        if (prepare(database_, insert.c_str(), -1, &insert_, nullptr) != 0)
            Bench::fatal({Code::io, "sqlite3_prepare_v2 failed"});
    }
    bool there() const { return library_ != nullptr; }

    double rate(std::size_t batch, std::size_t total) {
        std::vector<double> latency;
        const auto start = SteadyTime::now();
        for (std::size_t done = 0; done < total; done += batch) {
            const auto each = SteadyTime::now();
            run("BEGIN");
            for (std::size_t i = 0; i < batch; ++i) {
                step_(insert_);
                reset_(insert_);
            }
            run("COMMIT");
            latency.push_back(micros_since(each));
        }
        const double rate = static_cast<double>(total) / micros_since(start) * 1e6;
        fmt::print(
            "SQLite WAL FULL, batches of {:>3}  {:>10.0f}/s   p50 {:>8.0f} us   p99 {:>8.0f} "
            "us\n",
            batch, rate, percentile(latency, 0.5), percentile(latency, 0.99));
        return rate;
    }

private:
    using Exec = int (*)(void*, const char*, void*, void*, char**);
    using Step = int (*)(void*);

    template <class Function>
    Function entry(const char* name) {
        return reinterpret_cast<Function>(::dlsym(library_, name));
    }
    void run(const std::string& sql) {
        if (exec_(database_, sql.c_str(), nullptr, nullptr, nullptr) != 0)
            Bench::fatal({Code::io, "SQLite refused: " + sql.substr(0, 60)});
    }

    void* library_;
    void* database_ = nullptr;
    Exec exec_ = nullptr;
    void* insert_ = nullptr;
    Step step_ = nullptr;
    Step reset_ = nullptr;
};

/// hearth and SQLite in turns, so that what else the machine does meets both; the middle of five.
void beside_sqlite(Bench& bench, Sqlite& sqlite, std::size_t at_once, std::size_t total) {
    std::vector<double> ratios;
    for (int round = 0; round < 5; ++round) {
        const double own = acknowledgements(bench, at_once, total);
        ratios.push_back(own / sqlite.rate(at_once, total / at_once * at_once));
    }
    fmt::print("hearth : SQLite at {:>4}          {:>10.1f} x (from {:.1f} to {:.1f})\n", at_once,
               percentile(ratios, 0.5), ratios.front(), ratios.back());
}

} // namespace

int main(int argc, char** argv) {
    std::string base = fmt::format("{}/journal-bench-XXXXXX", argc > 1 ? argv[1] : ".");
    if (::mkdtemp(base.data()) == nullptr) Bench::fatal({Code::io, "no folder " + base});
    {
        Bench bench(base + "/acks");
        Sqlite sqlite(base + "/peer.sqlite");
        if (sqlite.there()) {
            beside_sqlite(bench, sqlite, 1, 1'000);
            beside_sqlite(bench, sqlite, 64, 32'000);
        } else {
            fmt::print("SQLite: libsqlite3.so.0 is not installed, no comparison\n");
            acknowledgements(bench, 1, 1'000);
            acknowledgements(bench, 64, 32'000);
        }
        acknowledgements(bench, 1'024, 400'000);
        appends(bench);
        (void)bench.journal->close();
    }
    {
        Bench bench(base + "/checkpoint");
        checkpoint(bench);
        (void)bench.journal->close();
    }
    replay(base + "/replay");
    a_day(base + "/day");
    std::filesystem::remove_all(base);
    return 0;
}
