#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

/// The data folder of a hub: DIR. Everything that a hub keeps lies in it, readable by its owner
/// alone.
///
///     DIR/version       "1": the layout of this folder
///     DIR/lock          held by the running hub; holds its process id
///     DIR/journal/      the home's journal (file_journal.h)
///     DIR/admin.token   and other small files
namespace hearth::store {

constexpr int folder_version = 1;

class DataFolder {
public:
    /// Makes the folder (0700; missing parents too) where it does not exist, takes the lock, checks
    /// the version. Opened by the program once, before anything else; workers that still write to
    /// the folder must have ended before this goes.
    ///
    /// Errors: newer (nothing is touched), conflict (another hearth runs on it), io, unavailable
    /// (disk full), damaged (the version file is unreadable).
    static Result<DataFolder> open(const std::string& path);

    /// Checks that a folder is one and not a newer one's, without a lock and without changing it:
    /// for commands that only read. Errors: not_found, newer, damaged, io.
    static Result<void> check(const std::string& path);

    ~DataFolder();
    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&& other) noexcept;

    const std::string& path() const { return path_; }
    /// Not made by this start: it was there, with its version.
    bool was_used() const { return used_; }
    std::string journal() const { return path_ + "/journal"; }
    /// Path of something in the folder.
    std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

private:
    DataFolder(std::string path, int lock)
        : path_(std::move(path))
        , lock_(lock) {}

    std::string path_;
    int lock_ = -1;
    bool used_ = false;
};

/// Replaces a small file so that it holds the old or the new bytes, never a part, also after a
/// power cut. Mode 0600. Errors: io, unavailable.
Result<void> write_file(const std::string& path, std::string_view bytes);

/// The whole of a small file. Errors: not_found, limit (longer than `most`), io.
Result<std::string> read_file(const std::string& path, std::size_t most = 1U << 20);

/// The same for a file that lets in who knows what it says. Errors: also refused, where it is not a
/// plain file that belongs to this user and that nobody else may read or write: somebody else may
/// know it, or may have put it there.
Result<std::string> read_secret(const std::string& path, std::size_t most = 1U << 16);

} // namespace hearth::store
