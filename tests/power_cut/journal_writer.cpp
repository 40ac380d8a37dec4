// Works on a journal the way a hub does, for power_cut_test.py.
//
//   journal_writer write DIR   appends until the disk goes away; prints "acked N" for each record
//                              whose commit was confirmed
//   journal_writer audit DIR   replays; prints "found N"; fails where record 1 to N are not all
//                              there, once, in order, with their own content
#include "base/log.h"
#include "store/file_journal.h"
#include "store/test_workers.h"

#include <cstdio>
#include <string>

#include <fmt/core.h>

namespace {

using namespace hearth;
using namespace hearth::store;

constexpr journal::Kind number_kind = 100;
constexpr journal::Kind count_kind = 170;

/// Between 0 and 3 KB, so that some lie across sectors and pages.
std::string content_of(journal::Sequence number) {
    return std::string(number * 7919 % 3'001, static_cast<char>('a' + number % 26));
}

/// Its whole state is how many records it saw; each must be the next one.
class Counter final : public journal::Owner {
public:
    journal::KindRange kinds() const override { return journal::home_kinds; }
    void reset() override { count_ = 0; }
    Result<void> replay(const journal::Record& record) override {
        if (record.kind == count_kind) {
            count_ = std::stoull(std::string(record.payload));
            return {};
        }
        // A number that a power cut took with it is not used again: content tells it apart.
        if (record.sequence <= count_ || record.payload != content_of(record.sequence))
            return fail(Code::internal, "record {} after {} is not what was written",
                        record.sequence, count_);
        count_ = record.sequence;
        return {};
    }
    void snapshot(journal::SnapshotSink& sink) const override {
        sink.put(count_kind, 1, std::to_string(count_));
    }
    void count(journal::Sequence number) { count_ = number; }

private:
    journal::Sequence count_ = 0;
};

struct Writer {
    Result<ReplayReport> start(const std::string& folder) {
        JournalOptions options;
        options.segment_bytes = 64 << 10; // so that cuts meet segments being made
        options.keep_bytes = 8 << 20;     // on a small disk
        auto opened = FileJournal::open(folder, options, clock, random, workers, metrics);
        if (!opened) return std::unexpected(opened.error());
        journal = std::move(*opened);
        journal->add(counter);
        return journal->replay();
    }

    testing::RealClock clock;
    SecureRandom random;
    Metrics metrics;
    Counter counter;
    testing::ThreadWorkers workers;
    std::unique_ptr<FileJournal> journal;
};

int write(Writer& writer) {
    bool alive = true;
    while (alive) {
        for (int i = 0; i < 5; ++i)
            writer.counter.count(
                writer.journal->append(number_kind, 1, content_of(writer.journal->last() + 1)));
        writer.journal->when_committed(
            [&, number = writer.journal->last()](const Result<void>& done) {
                if (!done) alive = false;
                if (done) std::printf("acked %llu\n", static_cast<unsigned long long>(number));
                std::fflush(stdout);
            });
        if (!writer.journal->write()) alive = false;
        writer.workers.turn_now();
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    log::set_sink([](log::Level, std::string_view event, std::string_view text) {
        fmt::print(stderr, "{} {}\n", event, text);
    });
    Writer writer;
    const auto report = writer.start(argv[2]);
    if (!report) {
        fmt::print(stderr, "{}\n", report.error().detail);
        return 1;
    }
    for (const Damage& damage : report->damaged)
        fmt::print(stderr, "{}\n", to_string(damage));
    if (std::string(argv[1]) == "write") return write(writer);
    if (report->lost() != 0 || report->refused != 0) return 1;
    fmt::print("found {}\n", report->last);
    return 0;
}
