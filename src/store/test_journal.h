#pragma once

#include "base/bytes.h"
#include "journal/journal.h"
#include "net/workers.h"
#include "store/file_journal.h"

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// What the tests of this room share.
namespace hearth::store::testing {

/// A folder of its own for one test, removed at the end.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = std::filesystem::temp_directory_path() / "hearth-test-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// Workers whose jobs run when the test says so.
class ManualWorkers final : public net::Workers {
public:
    void run(Job job, Job done) override { queue_.emplace_back(std::move(job), std::move(done)); }

    std::size_t waiting() const { return queue_.size(); }
    /// Runs the oldest job and posts its result. False where there is none.
    bool run_one() {
        if (queue_.empty()) return false;
        do_oldest();
        auto done = std::move(queue_.front().second);
        queue_.pop_front();
        done();
        return true;
    }
    /// Runs the oldest job; the shard hears of it at the next run_one().
    void do_oldest() {
        if (queue_.empty() || !queue_.front().first) return;
        const Job job = std::exchange(queue_.front().first, {});
        job();
    }
    void run_all() {
        while (run_one()) {
        }
    }

private:
    std::deque<std::pair<Job, Job>> queue_;
};

/// Keeps a sum and the newest value of each of some keys: small, but it notices each record that is
/// lost, doubled or out of order.
class Tally final : public journal::Owner {
public:
    static constexpr journal::Kind set = 100;
    static constexpr journal::Kind key_state = 170;
    static constexpr journal::Kind sum_state = 171;

    static std::string change(std::uint64_t key, std::string_view value) {
        std::string out;
        ByteWriter writer(out);
        writer.varint(key);
        writer.string(value);
        return out;
    }

    journal::KindRange kinds() const override { return journal::home_kinds; }
    void reset() override { *this = {}; }

    Result<void> replay(const journal::Record& record) override {
        ByteReader reader(record.payload);
        if (record.kind == sum_state) {
            sum_ = reader.fixed64();
            return reader.finish("sum");
        }
        const auto key = reader.varint();
        const auto value = std::string(reader.string());
        const auto done = reader.finish("change");
        if (!done) return done;
        values_[key] = value;
        if (record.kind == key_state) return {};
        sum_ = mix(sum_, record.sequence);
        seen_.push_back(record.sequence);
        return {};
    }

    void snapshot(journal::SnapshotSink& sink) const override {
        ++snapshots_;
        std::string sum;
        ByteWriter(sum).fixed64(sum_);
        sink.put(sum_state, 1, sum);
        for (const auto& [key, value] : values_)
            sink.put(key_state, 1, change(key, value));
    }

    /// Appends a change and applies it, as a home does.
    void record(journal::Journal& journal, std::uint64_t key, std::string_view value) {
        sum_ = mix(sum_, journal.append(set, 1, change(key, value)));
        values_[key] = value;
    }

    bool operator==(const Tally& other) const {
        return sum_ == other.sum_ && values_ == other.values_;
    }
    const std::map<std::uint64_t, std::string>& values() const { return values_; }
    /// How often the whole state was asked for.
    std::size_t snapshots() const { return snapshots_; }
    /// The numbers of the records replayed since the last reset, checkpoints aside.
    const std::vector<journal::Sequence>& seen() const { return seen_; }

private:
    static std::uint64_t mix(std::uint64_t sum, std::uint64_t number) {
        return (sum ^ number) * 0x9E37'79B9'7F4A'7C15ULL;
    }

    mutable std::size_t snapshots_ = 0;
    std::uint64_t sum_ = 0;
    std::map<std::uint64_t, std::string> values_;
    std::vector<journal::Sequence> seen_;
};

/// A journal with a Tally on it, opened and replayed.
struct Hub {
    explicit Hub(std::string where, const JournalOptions& with = {}, Files& on = system_files())
        : folder(std::move(where))
        , options(with)
        , files(on) {}

    Result<void> start() {
        auto opened = FileJournal::open(folder, options, clock, random, workers, metrics, files);
        if (!opened) return std::unexpected(opened.error());
        journal = std::move(*opened);
        journal->add(tally);
        auto replayed = journal->replay();
        if (!replayed) return std::unexpected(replayed.error());
        report = std::move(*replayed);
        return {};
    }
    /// Dies on the spot.
    void kill() { journal.reset(); }
    void record(std::uint64_t key, std::string_view value) { tally.record(*journal, key, value); }
    /// Turns until nobody has anything to do.
    void settle() {
        (void)journal->write();
        while (workers.run_one())
            (void)journal->write();
    }

    std::string folder;
    JournalOptions options;
    Files& files;
    ManualClock clock;
    SeededRandom random{7};
    ManualWorkers workers;
    Metrics metrics;
    Tally tally;
    ReplayReport report;
    std::unique_ptr<FileJournal> journal;
};

} // namespace hearth::store::testing
