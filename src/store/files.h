#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The operating system's files, as far as the journal and the data folder need them. Behind an
/// interface, so that a test can fail the n-th call or cut the power at it.
namespace hearth::store {

/// One open file; closed when it goes. Any thread may call sync() while another writes.
///
/// Every error is Code::unavailable where there is no room (ENOSPC, EDQUOT), else Code::io; the
/// detail names the file and what the system said.
class File {
public:
    virtual ~File() = default;

    /// Up to `length` bytes from `offset`; fewer only at the end of the file.
    virtual Result<std::string> read(std::uint64_t offset, std::size_t length) = 0;
    /// All of `bytes`, or an error: then any part of them may have been written.
    virtual Result<void> write(std::uint64_t offset, std::string_view bytes) = 0;
    /// fdatasync: what is written is on the disk when this returns. After an error nothing is known
    /// about it, and calling again would prove nothing.
    virtual Result<void> sync() = 0;
    /// Makes the file at least `size` bytes long, with room on the disk for all of them, also where
    /// it was long enough; what is new reads as zeros. Where the file system cannot (EOPNOTSUPP)
    /// the file is only made longer.
    virtual Result<void> allocate(std::uint64_t size) = 0;
    /// What stands from there on reads as zeros; the file keeps its length, and its room on the
    /// disk where the file system can.
    virtual Result<void> clear(std::uint64_t from) = 0;
    virtual Result<void> truncate(std::uint64_t size) = 0;
    virtual Result<std::uint64_t> size() = 0;
};

/// A file system. Files and folders are made for the owner alone (0600, 0700), whatever the umask.
class Files {
public:
    enum class Mode {
        read,   ///< must exist; not_found otherwise
        write,  ///< read and write; must exist
        create, ///< read and write; made where it does not exist
    };

    virtual ~Files() = default;

    virtual Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) = 0;
    /// Names (not paths) of what lies in a folder, sorted; all of them, or an error. not_found
    /// where there is no such folder.
    virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
    /// Makes a folder where there is none; its parent must exist.
    virtual Result<void> make_folder(const std::string& path) = 0;
    /// Takes the place of what is called `to`. Lasting only after sync_folder().
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// Not an error where there is none.
    virtual Result<void> remove(const std::string& path) = 0;
    /// Makes the names in a folder lasting.
    virtual Result<void> sync_folder(const std::string& path) = 0;
};

/// The real ones.
Files& system_files();

} // namespace hearth::store
