#include "home/recent_events.h"

#include "base/check.h"
#include "home/records.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace hearth::home {
namespace {

constexpr std::size_t chunk_bytes = 64U << 10;

} // namespace

Event RecentEvents::Entry::event() const {
    auto event = decode_event(record());
    HEARTH_CHECK(event.has_value());
    return std::move(*event);
}

void RecentEvents::add(EventId id, Micros at, journal::Kind kind, std::uint8_t version,
                       std::string_view bytes) {
    Chunk& chunk = chunk_for(bytes.size());
    char* const to = chunk.memory.get() + chunk.used;
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    chunk.used += bytes.size();
    ++chunk.entries;
    entries_.push_back({id, at, kind, version, {to, bytes.size()}});
    bytes_ += bytes.size();
}

RecentEvents::Chunk& RecentEvents::chunk_for(std::size_t bytes) {
    if (!chunks_.empty() && chunks_.back().size - chunks_.back().used >= bytes)
        return chunks_.back();
    Chunk next = std::exchange(spare_, {});
    if (next.size < bytes) {
        next.size = std::max(bytes, chunk_bytes);
        next.memory = std::make_unique_for_overwrite<char[]>(next.size);
    }
    next.used = 0;
    return chunks_.emplace_back(std::move(next));
}

void RecentEvents::drop_oldest() {
    bytes_ -= entries_.front().bytes.size();
    entries_.pop_front();
    if (--chunks_.front().entries > 0) return;
    // One that was made for a large event is not kept.
    if (chunks_.front().size == chunk_bytes) spare_ = std::move(chunks_.front());
    chunks_.pop_front();
}

void RecentEvents::clear() {
    *this = {};
}

std::size_t RecentEvents::first_after(EventId since) const {
    const auto first = std::ranges::upper_bound(entries_, since, {}, &Entry::id);
    return static_cast<std::size_t>(first - entries_.begin());
}

} // namespace hearth::home
