// Arbitrary bytes as the segments of a journal. The first byte says into how many files the rest is
// cut. With the salt fixed up in the header and the CRCs made right where the bytes look like
// records at all, the fuzzer gets behind the CRCs.
//
// Properties: the reader ends, stays within its input, shows records in rising order, and a journal
// opened on the same bytes starts and goes on, or refuses with an error.
#include "store/segment_scan.h"
#include "store/simulated_disk.h"
#include "store/test_journal.h"

#include <cstddef>
#include <cstdint>

namespace {

using namespace hearth;
using namespace hearth::store;

constexpr const char* folder = "/journal";
constexpr std::size_t most_segments = 3;

/// Makes CRCs right, so that what stands behind them is reached.
void mend(std::string& bytes, std::uint64_t first) {
    SegmentHeader header;
    header.first = first;
    bytes.replace(0, std::min(header_size, bytes.size()), encode(header));
    bytes.resize(std::max(bytes.size(), records_at), '\0');
    for (std::size_t at = records_at; at + record_header_size <= bytes.size(); at += 8) {
        if (bytes.compare(at, 4, "HJR1") != 0) continue;
        const auto head = std::string_view(bytes).substr(at, record_header_size);
        std::uint32_t length = 0;
        for (int i = 0; i < 4; ++i)
            length |= static_cast<std::uint32_t>(static_cast<unsigned char>(head[16 + i]))
                      << (8 * i);
        length %= 256;
        const auto size = record_size(length);
        if (size > bytes.size() - at) continue;
        RecordHeader record;
        record.sequence = static_cast<unsigned char>(head[8]);
        record.kind = static_cast<unsigned char>(head[20]);
        record.version = static_cast<std::uint8_t>(head[22]);
        record.state = (head[23] & 1) != 0;
        record.order = static_cast<unsigned char>(head[28]);
        std::string whole;
        append_record(whole, record, bytes.substr(at + record_header_size, length));
        const auto committed =
            record.sequence - std::min<std::uint64_t>(record.sequence, record.order);
        seal_records(whole, header.salt, at, committed);
        bytes.replace(at, size, whole);
        at += size - 8;
    }
}

void put(testing::SimulatedDisk& disk, const std::string& name, const std::string& bytes) {
    const auto file = disk.open(std::string(folder) + "/" + name, Files::Mode::create);
    (void)(*file)->write(0, bytes);
}

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void read_all(testing::SimulatedDisk& disk) {
    JournalReader reader(disk, folder);
    journal::Sequence last = 0;
    const auto report = reader.cat(
        [&](const JournalReader::Entry& entry) -> Result<void> {
            require(entry.record.sequence > last);
            last = entry.record.sequence;
            return {};
        },
        false);
    require(report || report.error().code == Code::newer);
}

void start_on(testing::SimulatedDisk& disk) {
    JournalOptions options;
    options.home = 0;
    options.segment_bytes = 1024;
    testing::Hub hub(folder, options, disk);
    if (!hub.start()) return;
    hub.record(1, "goes on");
    const auto number = hub.journal->last();
    hub.settle();
    require(hub.journal->close().has_value());
    testing::Hub again(folder, options, disk);
    require(again.start().has_value());
    require(again.report.last == number);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t count = 1 + data[0] % most_segments;
    const bool mended = (data[0] & 0x80) != 0;
    testing::SimulatedDisk disk;
    (void)disk.make_folder(folder);
    for (std::size_t i = 0; i < count; ++i) {
        std::string bytes(input.substr(i * input.size() / count, input.size() / count));
        const std::uint64_t first = 1 + 3 * i;
        if (mended) mend(bytes, first);
        put(disk, segment_name(first), bytes);
    }
    read_all(disk);
    start_on(disk);
    return 0;
}
