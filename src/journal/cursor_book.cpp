#include "journal/cursor_book.h"

#include "base/bytes.h"
#include "base/check.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace hearth::journal {
namespace {

Result<void> check_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    };
    if (!name.empty() && name.size() <= max_cursor_name && std::ranges::all_of(name, fits))
        return {};
    return fail(Code::invalid,
                "a cursor's name has 1 to {} letters, digits, '-', '_' or '.'; this one has {} "
                "bytes",
                max_cursor_name, name.size());
}

struct Mark {
    std::string name;
    Sequence position = 0;
};

Result<Mark> decode(const Record& record) {
    if (record.version != 1 || record.kind > cursor_state_kind)
        return fail(Code::newer, "a cursor's record of kind {}, version {}, is of a newer hearth",
                    record.kind, record.version);
    ByteReader reader(record.payload);
    Mark mark;
    mark.name = reader.string();
    if (record.kind != cursor_forgotten_kind) mark.position = reader.varint();
    const auto read = reader.finish("cursor");
    if (!read) return std::unexpected(read.error());
    const auto good = check_name(mark.name);
    if (!good) return fail(Code::damaged, "{}", good.error().detail);
    return mark;
}

std::string encode(std::string_view name, Sequence position) {
    std::string payload;
    ByteWriter writer(payload);
    writer.string(name);
    writer.varint(position);
    return payload;
}

} // namespace

/// What a listener holds. The place is shared, so that it may be let go after the book.
class CursorBook::Handle final : public Cursor {
public:
    Handle(CursorBook& book, std::string name, std::shared_ptr<Place> place)
        : book_(book)
        , name_(std::move(name))
        , place_(std::move(place)) {
        place_->open = true;
    }
    ~Handle() override { place_->open = false; }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    const std::string& name() const override { return name_; }
    Sequence position() const override { return place_->position; }
    std::uint64_t lag() const override { return book_.lag_of(*place_); }
    Result<void> done(Sequence sequence) override { return book_.done(*place_, sequence); }
    void read(const BatchLimits& limits, Read then) override {
        ask(limits, false, std::move(then));
    }
    void read_state(const BatchLimits& limits, Read then) override {
        ask(limits, true, std::move(then));
    }

private:
    void ask(const BatchLimits& limits, bool state, Read then) {
        HEARTH_CHECK(waiting_ == nullptr);
        waiting_ = std::make_shared<Read>(std::move(then));
        const ReadRequest request{.cursor = name_,
                                  .after = place_->position,
                                  .up_to = book_.host_.newest_committed(),
                                  .limits = {.records = std::min(limits.records, max_batch_records),
                                             .bytes = std::min(limits.bytes, max_batch_bytes)},
                                  .state = state,
                                  .state_begins = state && !in_state_,
                                  .fresh = place_->fresh};
        // Who has let go of the cursor meanwhile is not answered.
        book_.host_.fetch(request, [this, request, alive = std::weak_ptr<Read>(waiting_)](
                                       Result<ReadAnswer> answer) {
            const auto asked = alive.lock();
            if (asked == nullptr) return;
            waiting_.reset();
            book_.answered(name_, *place_, request, answer);
            in_state_ = state_goes_on(request, answer);
            if (!answer) return (*asked)(std::unexpected(std::move(answer.error())));
            (*asked)(std::move(answer->batch));
        });
    }

    static bool state_goes_on(const ReadRequest& request, const Result<ReadAnswer>& answer) {
        return request.state && answer && !answer->batch.state_ends;
    }

    CursorBook& book_;
    std::string name_;
    std::shared_ptr<Place> place_;
    std::shared_ptr<Read> waiting_; ///< while a read is under way
    bool in_state_ = false;         ///< a state is read in part
};

Result<std::unique_ptr<Cursor>> CursorBook::open(std::string_view name, CursorStart start) {
    const auto good = check_name(name);
    if (!good) return std::unexpected(good.error());
    auto found = places_.find(name);
    if (found != places_.end() && found->second->open)
        return fail(Code::conflict, "the cursor {} is open already: a name is one listener's",
                    name);
    if (found == places_.end()) {
        if (places_.size() >= max_cursors)
            return fail(Code::limit, "there are {} cursors, which is the most; forget one",
                        places_.size());
        const bool now = start == CursorStart::now;
        const auto place = std::make_shared<Place>();
        place->position = now ? host_.newest_record() : host_.oldest_record() - 1;
        place->durable = place->position;
        place->fresh = !now;
        found = places_.emplace(name, place).first;
        put_mark(found->first, *place);
    }
    return std::make_unique<Handle>(*this, found->first, found->second);
}

Result<void> CursorBook::forget(std::string_view name) {
    const auto found = places_.find(name);
    if (found == places_.end()) return fail(Code::not_found, "there is no cursor {}", name);
    if (found->second->open)
        return fail(Code::conflict, "the cursor {} is open: a listener of this program reads on",
                    name);
    std::string payload;
    ByteWriter(payload).string(name);
    const auto mark = host_.append_mark(cursor_forgotten_kind, payload);
    forgotten_.push_back({mark, found->second->durable});
    places_.erase(found);
    return {};
}

std::vector<CursorInfo> CursorBook::list() const {
    std::vector<CursorInfo> all;
    for (const auto& [name, place] : places_)
        all.push_back({name, place->position, lag_of(*place), place->open});
    return all;
}

/// A cursor that no listener of this program opens is kept as well: it may be of a newer or an
/// older one, which comes back.
Result<void> CursorBook::replay(const Record& record) {
    const auto mark = decode(record);
    if (!mark) return std::unexpected(mark.error());
    if (record.kind == cursor_forgotten_kind) {
        places_.erase(mark->name);
        return {};
    }
    auto& place = places_[mark->name];
    if (place == nullptr) place = std::make_shared<Place>();
    place->position = mark->position;
    return {};
}

void CursorBook::reset() {
    places_.clear();
    forgotten_.clear();
}

void CursorBook::snapshot(SnapshotSink& sink) const {
    for (const auto& [name, place] : places_)
        sink.put(cursor_state_kind, 1, encode(name, place->position));
}

Result<Value> CursorBook::describe(const Record& record) {
    const auto mark = decode(record);
    if (!mark) return std::unexpected(mark.error());
    if (record.kind == cursor_forgotten_kind)
        return ValueMap{{"kind", "cursor_forgotten"}, {"cursor", mark->name}};
    return ValueMap{{"kind", record.kind == cursor_state_kind ? "cursor" : "cursor_moved"},
                    {"cursor", mark->name},
                    {"position", Value::of_unsigned(mark->position)}};
}

void CursorBook::replayed(Sequence last) {
    news_ = last;
    for (const auto& [name, place] : places_) {
        place->position = std::min(place->position, last);
        place->durable = place->marked = place->position;
    }
}

std::uint64_t CursorBook::lag_of(const Place& place) const {
    const auto newest = std::min(news_, host_.newest_committed());
    return newest > place.position ? newest - place.position : 0;
}

Result<void> CursorBook::done(Place& place, Sequence sequence) {
    if (sequence > host_.newest_committed())
        return fail(Code::invalid, "record {} is not committed: nobody can be done with it",
                    sequence);
    if (sequence <= place.position) return {};
    place.position = sequence;
    place.dirty = true;
    place.fresh = place.losing = false;
    return {};
}

void CursorBook::answered(const std::string& name, Place& place, const ReadRequest& request,
                          const Result<ReadAnswer>& answer) {
    if (!answer || request.state) return;
    const Batch& batch = answer->batch;
    // Nothing for anyone: not worth a mark, which would be the next such record.
    if (!batch.lost && batch.records.empty()) {
        place.position = std::max(place.position, answer->seen);
        return;
    }
    // Where it begins is known now.
    if (std::exchange(place.fresh, false) && !batch.records.empty())
        place.position = std::max(place.position, batch.records.front().sequence - 1);
    if (!batch.lost || batch.lost->last <= place.told_lost) return;
    host_.cursor_lost(name, {std::max(batch.lost->first, place.told_lost + 1), batch.lost->last});
    place.told_lost = batch.lost->last;
}

void CursorBook::put_mark(const std::string& name, Place& place) {
    place.mark = host_.append_mark(cursor_moved_kind, encode(name, place.position));
    place.marked = place.position;
    place.dirty = false;
    place.dirty_since.reset();
}

void CursorBook::put_marks(Micros now, Micros wait, bool alone) {
    for (const auto& [name, place] : places_) {
        if (!place->dirty) continue;
        if (!place->dirty_since) place->dirty_since = now;
        const bool due = !alone || now >= *place->dirty_since + wait;
        if (due && place->mark == 0) put_mark(name, *place);
    }
}

void CursorBook::put_last_marks() {
    for (const auto& [name, place] : places_)
        if (place->dirty) put_mark(name, *place);
}

std::optional<Micros> CursorBook::next_mark(Micros wait) const {
    std::optional<Micros> next;
    for (const auto& [name, place] : places_) {
        if (!place->dirty_since || place->mark != 0) continue;
        const Micros due = *place->dirty_since + wait;
        if (!next || due < *next) next = due;
    }
    return next;
}

bool CursorBook::committed(Sequence sequence) {
    bool moved =
        std::erase_if(forgotten_, [&](const Forgotten& gone) { return gone.mark <= sequence; }) > 0;
    for (const auto& [name, place] : places_) {
        if (place->mark == 0 || place->mark > sequence) continue;
        place->mark = 0;
        moved = moved || place->marked > place->durable;
        place->durable = std::max(place->durable, place->marked);
    }
    return moved;
}

void CursorBook::gathered() {
    for (const auto& [name, place] : places_)
        place->gathered = place->position;
}

bool CursorBook::checkpointed() {
    bool moved = false;
    for (const auto& [name, place] : places_) {
        moved = moved || place->gathered > place->durable;
        place->durable = std::max(place->durable, place->gathered);
    }
    return moved;
}

Sequence CursorBook::needed() const {
    Sequence oldest = ~Sequence{0};
    for (const auto& [name, place] : places_)
        oldest = std::min(oldest, place->durable + 1);
    for (const Forgotten& gone : forgotten_)
        oldest = std::min(oldest, gone.durable + 1);
    return oldest;
}

std::vector<std::string> CursorBook::newly_losing(Sequence sequence) {
    std::vector<std::string> names;
    for (const auto& [name, place] : places_) {
        if (place->position >= sequence || place->losing) continue;
        place->losing = true;
        place->fresh = false;
        names.push_back(name);
    }
    return names;
}

std::uint64_t CursorBook::longest_lag() const {
    std::uint64_t longest = 0;
    for (const auto& [name, place] : places_)
        longest = std::max(longest, lag_of(*place));
    return longest;
}

} // namespace hearth::journal
