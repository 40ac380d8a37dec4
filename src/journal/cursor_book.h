#pragma once

#include "base/time.h"
#include "base/value.h"
#include "journal/batch_builder.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What every journal that is made of records needs for its cursors: their positions, as records of
/// the journal itself, and what may be let go. Inner part of FileJournal and MemoryJournal.
namespace hearth::journal {

/// Kinds of cursor_kinds; payloads by ByteWriter.
constexpr Kind cursor_moved_kind = 501;     ///< string name, varint position
constexpr Kind cursor_forgotten_kind = 502; ///< string name
constexpr Kind cursor_state_kind = 503;     ///< in a checkpoint: string name, varint position

/// The journal, as its book of cursors sees it.
class CursorHost {
public:
    using Answer = std::function<void(Result<ReadAnswer>)>;

    virtual ~CursorHost() = default;

    virtual Sequence append_mark(Kind kind, std::string_view payload) = 0;
    virtual Sequence newest_committed() const = 0;
    virtual Sequence newest_record() const = 0;
    /// The oldest record that is there, about.
    virtual Sequence oldest_record() const = 0;
    /// Answers in a later turn, and not after its own end.
    virtual void fetch(const ReadRequest& request, Answer answer) = 0;
    /// Hears once of every range that a cursor has been told to be lost.
    virtual void cursor_lost(std::string_view cursor, const SequenceRange& range) = 0;
};

class CursorBook final : public Owner, public Cursors {
public:
    explicit CursorBook(CursorHost& host)
        : host_(host) {}

    Result<std::unique_ptr<Cursor>> open(std::string_view name, CursorStart start) override;
    Result<void> forget(std::string_view name) override;
    std::vector<CursorInfo> list() const override;

    KindRange kinds() const override { return cursor_kinds; }
    Result<void> replay(const Record& record) override;
    void reset() override;
    void snapshot(SnapshotSink& sink) const override;
    /// For `hearth journal cat`. Errors: damaged, newer.
    static Result<Value> describe(const Record& record);

    /// After replay: what was replayed is committed, up to `last`.
    void replayed(Sequence last);
    /// A record was numbered.
    void appended(Kind kind, Sequence sequence) {
        if (!is_nobodys(kind)) news_ = sequence;
    }
    /// Appends the positions that have moved: those whose last one is committed, so that there is
    /// one mark for each commit at most. Where nothing else is written (`alone`) only those that
    /// have waited for `wait`, so that a home in which little happens is not kept writing.
    void put_marks(Micros now, Micros wait, bool alone);
    /// Of all that have moved, whatever is under way: for the end.
    void put_last_marks();
    /// When the next mark is due though nothing else happens; nothing where none is.
    std::optional<Micros> next_mark(Micros wait) const;
    /// Where it returns true, records may have become free to go: see needed().
    bool committed(Sequence sequence);
    /// A checkpoint is gathered now; later: it is committed.
    void gathered();
    bool checkpointed();

    /// The oldest record that is still to be kept: the first after the last durable position of the
    /// cursor that is furthest behind. ~0 where there is no cursor.
    Sequence needed() const;
    /// All up to `sequence` is gone. Those who have not read it, each once until it is done with
    /// something again: for a word in the log.
    std::vector<std::string> newly_losing(Sequence sequence);
    /// Of the cursor that is furthest behind.
    std::uint64_t longest_lag() const;

private:
    class Handle;
    struct Place {
        Sequence position = 0;
        Sequence durable = 0;   ///< its newest position that is committed
        Sequence marked = 0;    ///< the position that the newest mark says
        Sequence mark = 0;      ///< that mark's number while it is not committed; else 0
        Sequence gathered = 0;  ///< the position in the checkpoint that is being made
        Sequence told_lost = 0; ///< up to here lost records were told to the host
        bool dirty = false;
        std::optional<Micros> dirty_since;
        bool open = false;
        bool fresh = false;  ///< never read, and nothing has gone since it was made
        bool losing = false; ///< was in newly_losing()
    };
    /// What a forgotten cursor holds until that is committed.
    struct Forgotten {
        Sequence mark = 0;
        Sequence durable = 0;
    };

    std::uint64_t lag_of(const Place& place) const;
    void put_mark(const std::string& name, Place& place);
    Result<void> done(Place& place, Sequence sequence);
    void answered(const std::string& name, Place& place, const ReadRequest& request,
                  const Result<ReadAnswer>& answer);

    CursorHost& host_;
    std::map<std::string, std::shared_ptr<Place>, std::less<>> places_;
    std::vector<Forgotten> forgotten_;
    Sequence news_ = 0; ///< the newest record that is for listeners
};

} // namespace hearth::journal
