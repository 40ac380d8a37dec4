#pragma once

#include "base/check.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace hearth::broker {

/// A queue that keeps its memory while it moves: pushing and popping allocate only to grow. The
/// oldest element is number 0.
template <class T>
class Ring {
public:
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T& operator[](std::size_t i) {
        HEARTH_CHECK(i < size_);
        return slots_[(head_ + i) & (slots_.size() - 1)];
    }
    const T& operator[](std::size_t i) const {
        HEARTH_CHECK(i < size_);
        return slots_[(head_ + i) & (slots_.size() - 1)];
    }
    T& front() { return (*this)[0]; }
    const T& front() const { return (*this)[0]; }
    T& back() { return (*this)[size_ - 1]; }

    T& push_back(T element) {
        if (size_ == slots_.size()) grow();
        T& slot = (*this)[size_++];
        slot = std::move(element);
        return slot;
    }

    T pop_front() {
        T element = std::move(front());
        front() = T();
        head_ = (head_ + 1) & (slots_.size() - 1);
        --size_;
        return element;
    }

    /// Those after it move up by one.
    void erase(std::size_t i) {
        if (i == 0) {
            pop_front();
            return;
        }
        for (; i + 1 < size_; ++i)
            (*this)[i] = std::move((*this)[i + 1]);
        back() = T();
        --size_;
    }

private:
    void grow() {
        std::vector<T> larger(slots_.empty() ? 4 : slots_.size() * 2);
        for (std::size_t i = 0; i < size_; ++i)
            larger[i] = std::move((*this)[i]);
        slots_ = std::move(larger);
        head_ = 0;
    }

    std::vector<T> slots_; ///< a power of two
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

} // namespace hearth::broker
