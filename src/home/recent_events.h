#pragma once

#include "home/fact.h"
#include "journal/journal.h"

#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <string_view>

/// The newest events of a home, kept as the bytes in which they were journaled: small, and
/// nothing to free for each. Whoever looks at one gets it decoded anew.
namespace hearth::home {

class RecentEvents {
public:
    /// One event as it is kept.
    struct Entry {
        EventId id = 0;
        Micros at = 0;
        journal::Kind kind = 0;
        std::uint8_t version = 1;
        std::string_view bytes; ///< good until the entry is dropped

        journal::Record record() const { return {0, kind, version, false, bytes}; }
        Event event() const;
        /// Whether a text stands in it: false tells for sure that the event does not name it.
        bool mentions(std::string_view text) const { return bytes.contains(text); }
    };

    /// Reads events; what it points at is decoded for each look.
    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using difference_type = std::ptrdiff_t;
        using value_type = Event;
        using reference = Event;

        Iterator() = default;
        Event operator*() const { return at_->event(); }
        Iterator& operator++() { return ++at_, *this; }
        Iterator operator++(int) { return Iterator(at_++); }

        bool operator==(const Iterator&) const = default;

    private:
        friend class RecentEvents;
        explicit Iterator(const std::deque<Entry>::const_iterator& at)
            : at_(at) {}

        std::deque<Entry>::const_iterator at_;
    };

    /// `bytes` decode to an event: what encode() made, or decode_event() has read. They are copied.
    void add(EventId id, Micros at, journal::Kind kind, std::uint8_t version,
             std::string_view bytes);
    void drop_oldest();
    void clear();

    std::size_t size() const { return entries_.size(); }
    bool empty() const { return entries_.empty(); }
    /// Of all of them, as they stand in the journal.
    std::size_t bytes() const { return bytes_; }

    /// Oldest first.
    const std::deque<Entry>& entries() const { return entries_; }
    Event operator[](std::size_t i) const { return entries_[i].event(); }
    Event back() const { return entries_.back().event(); }
    Iterator begin() const { return Iterator(entries_.begin()); }
    Iterator end() const { return Iterator(entries_.end()); }
    /// The place of the first one after `since`.
    std::size_t first_after(EventId since) const;

private:
    struct Chunk {
        std::unique_ptr<char[]> memory;
        std::size_t size = 0;
        std::size_t used = 0;
        std::size_t entries = 0; ///< that stand in it and are not dropped
    };
    Chunk& chunk_for(std::size_t bytes);

    std::deque<Entry> entries_;
    std::deque<Chunk> chunks_; ///< in the order of their entries
    Chunk spare_;              ///< the last that was given up
    std::size_t bytes_ = 0;
};

} // namespace hearth::home
