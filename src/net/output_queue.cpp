#include "net/output_queue.h"

#include "base/check.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace hearth::net {

OutputPool::~OutputPool() {
    for (List& list : lists_) {
        while (list.first != nullptr)
            ::operator delete(std::exchange(list.first, list.first->next));
    }
}

OutputPool::List& OutputPool::list_for(std::size_t capacity) {
    if (capacity == 0) return lists_[0];
    return capacity == small_capacity ? lists_[1] : lists_[2];
}

OutputPiece* OutputPool::take(std::size_t capacity) {
    List& list = list_for(capacity);
    void* memory = nullptr;
    if (list.first != nullptr) {
        memory = std::exchange(list.first, list.first->next);
        --list.kept;
    } else {
        memory = ::operator new(sizeof(OutputPiece) + capacity);
    }
    auto* piece = new (memory) OutputPiece;
    piece->capacity = capacity;
    return piece;
}

void OutputPool::give(OutputPiece* piece) {
    piece->shared.reset();
    List& list = list_for(piece->capacity);
    if (list.kept == list.keep) {
        piece->~OutputPiece();
        ::operator delete(piece);
        return;
    }
    piece->next = std::exchange(list.first, piece);
    ++list.kept;
}

void OutputQueue::add(OutputPiece* piece) {
    if (last_ != nullptr)
        last_->next = piece;
    else
        first_ = piece;
    last_ = piece;
}

void OutputQueue::append(OutputPool& pool, std::string_view bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
        if (last_ == nullptr || last_->room() == 0) {
            const bool small = first_ == nullptr && bytes.size() <= OutputPool::small_capacity;
            add(pool.take(small ? OutputPool::small_capacity : OutputPool::large_capacity));
        }
        const std::size_t part = std::min(bytes.size(), last_->room());
        std::memcpy(last_->memory() + last_->end, bytes.data(), part);
        last_->end += part;
        bytes.remove_prefix(part);
    }
}

void OutputQueue::append(OutputPool& pool, SharedBytes bytes) {
    if (bytes->size() < share_from) {
        append(pool, std::string_view(*bytes));
        return;
    }
    OutputPiece* piece = pool.take(0);
    piece->end = bytes->size();
    piece->shared = std::move(bytes);
    size_ += piece->end;
    add(piece);
}

std::size_t OutputQueue::fill(iovec* vectors, std::size_t limit) const {
    std::size_t used = 0;
    for (OutputPiece* piece = first_; piece != nullptr && used < limit; piece = piece->next) {
        // The kernel only reads from it; iovec knows no const.
        vectors[used].iov_base = const_cast<char*>(piece->bytes() + piece->begin);
        vectors[used].iov_len = piece->size();
        ++used;
    }
    return used;
}

void OutputQueue::consume(OutputPool& pool, std::size_t bytes) {
    HEARTH_CHECK(bytes <= size_);
    size_ -= bytes;
    while (bytes > 0) {
        const std::size_t part = std::min(bytes, first_->size());
        first_->begin += part;
        bytes -= part;
        if (first_->size() > 0) return;
        pool.give(std::exchange(first_, first_->next));
        if (first_ == nullptr) last_ = nullptr;
    }
}

void OutputQueue::clear(OutputPool& pool) {
    while (first_ != nullptr)
        pool.give(std::exchange(first_, first_->next));
    last_ = nullptr;
    size_ = 0;
}

} // namespace hearth::net
