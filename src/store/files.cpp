#include "store/files.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth::store {
namespace {

std::unexpected<Error> failed(std::string_view what, const std::string& path) {
    const int error = errno;
    Code code = Code::io;
    if (error == ENOSPC || error == EDQUOT) code = Code::unavailable;
    if (error == ENOENT) code = Code::not_found;
    return fail(code, "{}: {} failed: {}", path, what, std::generic_category().message(error));
}

/// Runs a system call again as long as a signal interrupts it.
template <class Call>
auto again(Call call) {
    while (true) {
        const auto result = call();
        if (result >= 0 || errno != EINTR) return result;
    }
}

class SystemFile final : public File {
public:
    SystemFile(int descriptor, std::string path)
        : descriptor_(descriptor)
        , path_(std::move(path)) {}
    ~SystemFile() override { ::close(descriptor_); }
    SystemFile(const SystemFile&) = delete;
    SystemFile& operator=(const SystemFile&) = delete;

    Result<std::string> read(std::uint64_t offset, std::size_t length) override {
        std::string bytes(length, '\0');
        std::size_t done = 0;
        while (done < length) {
            const auto got = again([&] {
                return ::pread(descriptor_, bytes.data() + done, length - done,
                               static_cast<off_t>(offset + done));
            });
            if (got < 0) return failed("read", path_);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        bytes.resize(done);
        return bytes;
    }

    Result<void> write(std::uint64_t offset, std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto put = again([&] {
                return ::pwrite(descriptor_, bytes.data(), bytes.size(),
                                static_cast<off_t>(offset));
            });
            if (put < 0) return failed("write", path_);
            bytes.remove_prefix(static_cast<std::size_t>(put));
            offset += static_cast<std::uint64_t>(put);
        }
        return {};
    }

    Result<void> sync() override {
        if (::fdatasync(descriptor_) != 0) return failed("fdatasync", path_);
        return {};
    }

    Result<void> allocate(std::uint64_t wanted) override {
        const auto done =
            again([&] { return ::fallocate(descriptor_, 0, 0, static_cast<off_t>(wanted)); });
        if (done == 0) return {};
        if (errno != EOPNOTSUPP) return failed("allocate", path_);
        const auto have = size();
        if (!have) return std::unexpected(have.error());
        return *have >= wanted ? Result<void>() : truncate(wanted);
    }

    Result<void> clear(std::uint64_t from) override {
        const auto have = size();
        if (!have) return std::unexpected(have.error());
        if (*have <= from) return {};
        const auto done = again([&] {
            return ::fallocate(descriptor_, FALLOC_FL_ZERO_RANGE, static_cast<off_t>(from),
                               static_cast<off_t>(*have - from));
        });
        if (done == 0) return {};
        if (errno != EOPNOTSUPP && errno != ENOSPC && errno != EDQUOT) return failed("zero", path_);
        // Giving room back needs none.
        const auto cut = truncate(from);
        return cut ? truncate(*have) : cut;
    }

    Result<void> truncate(std::uint64_t wanted) override {
        if (again([&] { return ::ftruncate(descriptor_, static_cast<off_t>(wanted)); }) != 0)
            return failed("truncate", path_);
        return {};
    }

    Result<std::uint64_t> size() override {
        struct stat status{};
        if (::fstat(descriptor_, &status) != 0) return failed("stat", path_);
        return static_cast<std::uint64_t>(status.st_size);
    }

private:
    int descriptor_;
    std::string path_;
};

class SystemFiles final : public Files {
public:
    Result<std::unique_ptr<File>> open(const std::string& path, Mode mode) override {
        int flags = O_CLOEXEC | (mode == Mode::read ? O_RDONLY : O_RDWR);
        if (mode == Mode::create) flags |= O_CREAT;
        const int descriptor = again([&] { return ::open(path.c_str(), flags, 0600); });
        if (descriptor < 0) return failed("open", path);
        return std::make_unique<SystemFile>(descriptor, path);
    }

    Result<std::vector<std::string>> list(const std::string& folder) override {
        DIR* open = ::opendir(folder.c_str());
        if (open == nullptr) return failed("open", folder);
        std::vector<std::string> names;
        // readdir is safe here: the stream belongs to this call alone.
        while (true) {
            // Its end and its failure look the same but for this.
            errno = 0;
            const dirent* entry = ::readdir(open); // NOLINT(concurrency-mt-unsafe)
            if (entry == nullptr) break;
            const std::string name = entry->d_name;
            if (name != "." && name != "..") names.push_back(name);
        }
        const auto whole = errno == 0 ? Result<void>() : failed("read", folder);
        ::closedir(open);
        if (!whole) return std::unexpected(whole.error());
        std::ranges::sort(names);
        return names;
    }

    Result<void> make_folder(const std::string& path) override {
        if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed("mkdir", path);
        return {};
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) return failed("rename", from);
        return {};
    }

    Result<void> remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("unlink", path);
        return {};
    }

    Result<void> sync_folder(const std::string& path) override {
        const int descriptor =
            again([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
        if (descriptor < 0) return failed("open", path);
        const int done = ::fsync(descriptor);
        const auto outcome = done == 0 ? Result<void>() : failed("fsync", path);
        ::close(descriptor);
        return outcome;
    }
};

} // namespace

Files& system_files() {
    static SystemFiles files;
    return files;
}

} // namespace hearth::store
