#include "app/commands.h"
#include "app/output.h"
#include "app/record_names.h"
#include "store/journal_reader.h"

namespace hearth::app {
namespace {

std::string journal_folder(const CommonOptions& options) {
    return (data_folder_of(options.hub) / "journal").string();
}

Value report_value(const store::JournalReport& report) {
    ValueList damaged;
    for (const store::Damage& damage : report.damaged)
        damaged.push_back(ValueMap{{"segment", damage.segment},
                                   {"offset", Value::of_unsigned(damage.offset)},
                                   {"first", Value::of_unsigned(damage.first)},
                                   {"last", Value::of_unsigned(damage.last)},
                                   {"kind", static_cast<int>(damage.kind)},
                                   {"lost", damage.lost},
                                   {"what", damage.what}});
    ValueMap map{{"segments", Value::of_unsigned(report.segments)},
                 {"bytes", Value::of_unsigned(report.bytes)},
                 {"records", Value::of_unsigned(report.records)},
                 {"state_records", Value::of_unsigned(report.state_records)},
                 {"checkpoints", Value::of_unsigned(report.checkpoints)},
                 {"first", Value::of_unsigned(report.first)},
                 {"last", Value::of_unsigned(report.last)},
                 {"lost", Value::of_unsigned(report.lost())},
                 {"damaged", std::move(damaged)}};
    if (report.torn)
        map.append("torn_tail", ValueMap{{"segment", report.torn->segment},
                                         {"offset", Value::of_unsigned(report.torn->offset)},
                                         {"first", Value::of_unsigned(report.torn->first)},
                                         {"last", Value::of_unsigned(report.torn->last)}});
    return map;
}

void print_report(const store::JournalReport& report) {
    print_line(fmt::format("{} records ({} to {}) in {} segments, {} bytes, {} checkpoints",
                           report.records, report.first, report.last, report.segments, report.bytes,
                           report.checkpoints));
    for (const store::Damage& damage : report.damaged)
        print_line("damaged: " + store::to_string(damage));
    // Of a file that was cut nobody knows what was committed: that stands above.
    if (report.torn && !report.torn->cut)
        print_line(fmt::format("torn end in {} at byte {}: what was not committed when the hub "
                               "ended; dropped at the next start",
                               report.torn->segment, report.torn->offset));
    if (report.damaged.empty()) print_line("no damage");
}

Value entry_value(const store::JournalReader::Entry& entry) {
    ValueMap line{{"sequence", Value::of_unsigned(entry.record.sequence)},
                  {"state", entry.record.state}};
    const auto described = describe_record(entry.record);
    if (described && described->is_map()) {
        for (const auto& [key, value] : *described->as_map())
            if (!line.contains(key)) line.append(key, value);
    } else if (!described) {
        line.append("error", described.error().detail);
    }
    return line;
}

} // namespace

int verify_journal(const CommonOptions& options) {
    store::JournalReader reader(store::system_files(), journal_folder(options));
    const auto report = reader.verify();
    if (!report) return failed(report.error());
    if (options.json)
        print_json(report_value(*report));
    else
        print_report(*report);
    return report->damaged.empty() ? exit_done : exit_failed;
}

int cat_journal(const CommonOptions& options) {
    store::JournalReader reader(store::system_files(), journal_folder(options));
    const auto print = [](const store::JournalReader::Entry& entry) -> Result<void> {
        print_json(entry_value(entry));
        return {};
    };
    const auto report = reader.cat(print, true);
    if (!report) return failed(report.error());
    for (const store::Damage& damage : report->damaged)
        fmt::print(stderr, "hearth: damaged: {}\n", store::to_string(damage));
    return report->damaged.empty() ? exit_done : exit_failed;
}

} // namespace hearth::app
