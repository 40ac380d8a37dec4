#include "store/journal_reader.h"

#include "store/journal_walk.h"

#include <algorithm>

namespace hearth::store {

using journal::Sequence;

std::string to_string(const Damage& damage) {
    std::string which = "no record lost";
    if (damage.state)
        which = damage.lost ? "a part of the state is lost" : "part of a checkpoint";
    else if (damage.first != 0 && damage.first == damage.last)
        which = fmt::format("record {}", damage.first);
    else if (damage.first != 0)
        which = fmt::format("records {} to {}", damage.first, damage.last);
    else if (damage.lost)
        which = "records of unknown number";
    if (damage.kind != 0) which += fmt::format(" of kind {}", damage.kind);
    return fmt::format("{} at byte {} ({} bytes): {}: {}", damage.segment, damage.offset,
                       damage.length, which, damage.what);
}

std::size_t JournalReport::lost() const {
    std::size_t count = 0;
    for (const Damage& damage : damaged)
        if (damage.lost)
            count +=
                damage.first == 0 ? 1 : static_cast<std::size_t>(damage.last - damage.first + 1);
    return count;
}

Result<std::vector<SegmentFile>> list_segments(Files& files, const std::string& folder) {
    auto names = files.list(folder);
    if (!names) return fail(names);
    std::vector<SegmentFile> segments;
    for (std::string& name : *names)
        if (const auto first = segment_first(name)) segments.push_back({*first, std::move(name)});
    std::ranges::sort(segments, {}, &SegmentFile::first);
    return segments;
}

/// What is known is read first: a segment that is made meanwhile is then no surprise.
Result<void> JournalReader::list() {
    state_ = read_state(files_, folder_);
    auto listed = list_segments(files_, folder_);
    if (!listed) return fail(listed);
    segments_ = std::move(*listed);
    loaded_.clear();
    ends_.clear();
    return {};
}

Result<const JournalReader::Loaded*> JournalReader::load(std::size_t index) {
    const auto known = loaded_.find(index);
    if (known != loaded_.end()) return &known->second;
    const auto path = folder_ + "/" + segments_[index].name;
    auto file = files_.open(path, Files::Mode::read);
    if (!file && file.error().code == Code::not_found) return nullptr;
    if (!file) return fail(file);
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    if (*size > max_segment_file)
        return fail(Code::limit, "{} has {} bytes; at most {} are read", path, *size,
                    max_segment_file);
    return &loaded_.emplace(index, read(**file, *size, segments_[index])).first->second;
}

JournalReader::Loaded JournalReader::read(File& file, std::uint64_t size,
                                          const SegmentFile& segment) const {
    auto [bytes, unreadable, why] = read_segment(file, size);
    auto scan = scan_segment(bytes, unreadable);
    bool from_state = false;
    if (!scan && scan.error().code == Code::damaged && state_ && state_->names(segment.first) &&
        bytes.size() >= header_size) {
        const auto known =
            std::ranges::find(state_->segments, segment.first, &SegmentHeader::first);
        bytes.replace(0, header_size, encode(*known));
        scan = scan_segment(bytes, unreadable);
        from_state = true;
    }
    if (!scan) scan = fail_in(segment.name, scan);
    if (!scan && !why.empty()) scan.error().detail += "; " + why;
    if (scan && scan->header.first != segment.first)
        scan = fail(Code::damaged, "{}/{} says that it begins with {}; was it renamed?", folder_,
                    segment.name, scan->header.first);
    return {std::move(bytes), std::move(scan), std::move(unreadable), std::move(why), from_state};
}

Result<std::size_t> JournalReader::find_base(bool& complete) {
    std::size_t oldest_readable = 0;
    for (std::size_t i = segments_.size(); i-- > 0;) {
        loaded_.erase(i + 2);
        auto loaded = load(i);
        if (!loaded) return fail(loaded);
        if (*loaded == nullptr) continue;
        const auto& scan = (*loaded)->scan;
        if (!scan && scan.error().code == Code::newer) return std::unexpected(scan.error());
        if (!scan) continue;
        oldest_readable = i;
        complete = scan->checkpoint_complete;
        if (complete) return i;
    }
    return oldest_readable;
}

Result<JournalReport> JournalReader::verify() {
    return cat({}, false);
}

Result<JournalReport> JournalReader::cat(const Visitor& visitor, bool with_state) {
    const auto listed = list();
    if (!listed) return std::unexpected(listed.error());
    return JournalWalk(*this, {.all_state = with_state}, visitor).run();
}

Result<JournalReport> JournalReader::since(Sequence after, const Visitor& visitor) {
    const auto listed = list();
    if (!listed) return std::unexpected(listed.error());
    std::size_t start = 0;
    // Records that came while a segment was being made stand at the end of the one before.
    while (start + 2 < segments_.size() && segments_[start + 2].first <= after + 1)
        ++start;
    return JournalWalk(*this, {.start = start, .after = after}, visitor).run();
}

Result<JournalReport> JournalReader::replay(const Visitor& visitor) {
    const auto listed = list();
    if (!listed) return std::unexpected(listed.error());
    if (segments_.empty()) return JournalWalk(*this, {}, visitor).run();
    bool complete = false;
    const auto base = find_base(complete);
    if (!base) return std::unexpected(base.error());
    const JournalWalk::Plan plan{.start = complete && *base > 0 ? *base - 1 : *base,
                                 .base = *base,
                                 .after = segments_[*base].first - 1};
    auto report = JournalWalk(*this, plan, visitor).run();
    if (report) report->base = segments_[*base].name;
    return report;
}

} // namespace hearth::store
