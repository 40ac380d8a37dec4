#pragma once

#include "net/stream_sockets.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

#include <sys/uio.h>

namespace hearth::net {

/// A piece of a connection's output: copied bytes in the memory that follows it, or a reference to
/// bytes that many share.
struct OutputPiece {
    OutputPiece* next = nullptr;
    std::size_t begin = 0; ///< what is sent already ends here
    std::size_t end = 0;
    std::size_t capacity = 0; ///< of the memory behind it; 0 for a reference
    SharedBytes shared;

    char* memory() { return reinterpret_cast<char*>(this + 1); }
    const char* bytes() const {
        return shared ? shared->data() : reinterpret_cast<const char*>(this + 1);
    }
    std::size_t size() const { return end - begin; }
    std::size_t room() const { return shared ? 0 : capacity - end; }
};

/// Pieces that are not in use, up to a cap; what comes back beyond it goes to the allocator.
class OutputPool {
public:
    /// Sizes of the three kinds, the piece itself included: a reference, one for the few bytes that
    /// most connections send in a turn, and one for streams. The small one keeps a fan-out to
    /// thousands within the cache.
    static constexpr std::size_t small_bytes = 512;
    static constexpr std::size_t large_bytes = 4096;
    static constexpr std::size_t small_capacity = small_bytes - sizeof(OutputPiece);
    static constexpr std::size_t large_capacity = large_bytes - sizeof(OutputPiece);
    /// Pieces of each kind that are kept: 2 MiB of small ones, 4 MiB of large ones.
    static constexpr std::size_t keep_references = 4096;
    static constexpr std::size_t keep_small = 4096;
    static constexpr std::size_t keep_large = 1024;

    OutputPool() = default;
    ~OutputPool();
    OutputPool(const OutputPool&) = delete;
    OutputPool& operator=(const OutputPool&) = delete;

    /// `capacity` is 0, small_capacity or large_capacity.
    OutputPiece* take(std::size_t capacity);
    void give(OutputPiece* piece);

    /// Pieces that are kept now.
    std::size_t kept() const { return lists_[0].kept + lists_[1].kept + lists_[2].kept; }

private:
    struct List {
        std::size_t keep = 0;
        OutputPiece* first = nullptr;
        std::size_t kept = 0;
    };
    List& list_for(std::size_t capacity);

    std::array<List, 3> lists_{{{keep_references}, {keep_small}, {keep_large}}};
};

/// What a connection has yet to send, in order. Empty, it owns no memory. Whoever owns it clears it
/// into the pool before it goes.
class OutputQueue {
public:
    /// Bytes that are shared are referred to from this size on; below it a copy is cheaper than
    /// counting references and sending in pieces.
    static constexpr std::size_t share_from = 1024;

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }

    void append(OutputPool& pool, std::string_view bytes);
    void append(OutputPool& pool, SharedBytes bytes);

    /// Points `vectors` at the first bytes; returns how many of them are in use, at most `limit`.
    std::size_t fill(iovec* vectors, std::size_t limit) const;
    /// Takes away `bytes` from the front.
    void consume(OutputPool& pool, std::size_t bytes);
    void clear(OutputPool& pool);

private:
    void add(OutputPiece* piece);

    OutputPiece* first_ = nullptr;
    OutputPiece* last_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace hearth::net
