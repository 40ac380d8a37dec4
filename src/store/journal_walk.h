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
    Result<void> state_first();
    Result<void> segment(std::size_t index);
    Result<journal::Sequence> proven_later(std::size_t index);
    void unreadable_segment(std::size_t index, const Error& why);
    void harmless(const Scan& scan);
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
    void settle_gap(journal::Sequence first, journal::Sequence last);
    void tear(std::uint64_t offset);
    /// After a tear: what is dropped only counts for the numbers.
    void dropped(const ScanItem& item);
    void finish();
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
    /// A gap of which it is not known yet what it held.
    std::optional<std::size_t> open_gap_;
    bool open_gap_torn_like_ = false;
    std::size_t open_gap_segment_ = 0;
};

} // namespace hearth::store
