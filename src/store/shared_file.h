#pragma once

#include "store/files.h"

#include <mutex>
#include <optional>

namespace hearth::store {

/// A file that several jobs may sync. Linux tells a write error to one of those who sync the same
/// descriptor at once, and to the next one that all is well. So here one sync waits for the other,
/// and after one that failed every later one fails too: everybody learns of it.
class SharedFile final : public File {
public:
    explicit SharedFile(std::unique_ptr<File> file)
        : file_(std::move(file)) {}

    Result<std::string> read(std::uint64_t offset, std::size_t length) override {
        return file_->read(offset, length);
    }
    Result<void> write(std::uint64_t offset, std::string_view bytes) override {
        return file_->write(offset, bytes);
    }
    Result<void> sync() override {
        const std::scoped_lock lock(mutex_);
        if (failure_) return std::unexpected(*failure_);
        const auto done = file_->sync();
        if (!done) failure_ = done.error();
        return done;
    }
    Result<void> allocate(std::uint64_t size) override { return file_->allocate(size); }
    Result<void> clear(std::uint64_t from) override { return file_->clear(from); }
    Result<void> truncate(std::uint64_t size) override { return file_->truncate(size); }
    Result<std::uint64_t> size() override { return file_->size(); }

private:
    std::unique_ptr<File> file_;
    std::mutex mutex_;
    std::optional<Error> failure_;
};

} // namespace hearth::store
