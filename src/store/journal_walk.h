#pragma once

#include "store/journal_reader.h"

#include <limits>

/// The decisions on the way through the segments: what is damage, what is a torn end. Inner part of
/// journal_reader.
namespace hearth::store {

class JournalWalk {
public:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    struct Plan {
        std::size_t start = 0;
        std::size_t base = none;     ///< whose state records are shown; none: of no segment
        bool all_state = false;      ///< show every checkpoint's state records
        journal::Sequence after = 0; ///< records up to this one are not shown
    };

    JournalWalk(JournalReader& reader, Plan plan, const JournalReader::Visitor& visitor)
        : reader_(reader)
        , plan_(plan)
        , visitor_(visitor) {}

    Result<JournalReport> run();

private:
    struct Place {
        std::string segment;
        std::uint64_t offset = 0;
    };
    /// A gap of which it is not known yet what it held.
    struct OpenGap {
        std::size_t damage = 0; ///< its place in JournalReport::damaged
        std::size_t segment = 0;
        bool torn_like = false;
    };

    Result<void> state_first();
    Result<void> segment(std::size_t index);
    Result<journal::Sequence> proven_later(std::size_t index);
    void unreadable_segment(std::size_t index, const Error& why);
    void harmless(const Scan& scan);
    /// What is wrong with the file as a whole.
    void unsound(const JournalReader::Loaded& loaded);
    /// Segments and records that are not there, though they were.
    void compare_with_known();
    void report_gone(const SegmentHeader& segment);
    /// All up to `state_of` are in a checkpoint.
    void covered(journal::Sequence state_of, bool heals);

    Result<void> item(const ScanItem& item);
    Result<void> good(const ScanItem& item);
    void mark(const ScanItem& item);
    Result<void> show(const ScanItem& item);
    void bad_payload(const ScanItem& item);
    void gap(const ScanItem& item);
    /// Whether the record with this number may follow: sees to what is missing before it.
    bool arrive(journal::Sequence sequence, std::uint64_t offset);
    /// Now it is known what the open gaps held: these records, or (0, 0) marks or parts of a
    /// checkpoint.
    void settle_gaps(journal::Sequence first, journal::Sequence last);
    /// A part of this segment's checkpoint is good: gaps before it were others, but for one at the
    /// end of the segment before, where records may have stood that are not in the checkpoint.
    void settle_checkpoint_gaps();
    void settle(const OpenGap& gap, journal::Sequence first, journal::Sequence last);
    bool all_torn_like() const;
    void tear(std::uint64_t offset);
    void end_at(const Place& place);
    /// After a tear: what is dropped only counts for the numbers.
    void dropped(const ScanItem& item);
    Result<void> finish();
    Damage& report(std::uint64_t offset, std::uint64_t length, std::string what);

    JournalReader& reader_;
    Plan plan_;
    const JournalReader::Visitor& visitor_;
    JournalReport report_;

    std::size_t index_ = 0; ///< the segment under way
    std::string_view bytes_;
    std::vector<journal::Sequence> proven_; ///< by each item and those after it
    std::size_t position_ = 0;              ///< of the item under way

    journal::Sequence last_ = 0;
    bool last_is_exact_ = false; ///< false before the first record where older segments are gone
    bool torn_ = false;
    /// Of the newest segment: how many records could have stood where nothing can be read any more.
    std::uint64_t unknown_ = 0;
    std::vector<OpenGap> open_gaps_; ///< in order, with nothing but marks and state between
};

} // namespace hearth::store
