#include "store/data_folder.h"

#include "base/text.h"
#include "store/files.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth::store {
namespace {

constexpr std::size_t small_text = 64;

std::string last_error() {
    return std::generic_category().message(errno);
}

std::string parent_of(const std::string& path) {
    const auto slash = path.find_last_of('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> make_folders(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) return {};
        return fail(Code::io, "{} is not a folder", path);
    }
    const auto parent = parent_of(path);
    if (parent != path) {
        const auto made = make_folders(parent);
        if (!made) return made;
    }
    const auto made = system_files().make_folder(path);
    if (!made) return made;
    return system_files().sync_folder(parent);
}

Result<void> check_version(const std::string& path) {
    const auto text = read_file(path + "/version", small_text);
    if (!text) return std::unexpected(text.error());
    long long version = 0;
    if (!parse_integer(trim(*text), version) || version < 1)
        return fail(Code::damaged, "{}/version holds \"{}\"; it should be {}", path,
                    printable(*text, 20), folder_version);
    if (version > folder_version)
        return fail(Code::newer,
                    "{} was written by a newer hearth (layout {}, this one knows up to {}); start "
                    "the newer hearth, or use the copy made before the upgrade",
                    path, version, folder_version);
    return {};
}

/// Who holds the lock, as far as it can be told.
std::string holder_of(int lock) {
    std::string text(small_text, '\0');
    const auto got = ::pread(lock, text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    const auto id = trim(text);
    return id.empty() ? "another process" : fmt::format("process {}", printable(id, 20));
}

Result<int> take_lock(const std::string& folder) {
    const auto path = folder + "/lock";
    const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return fail(Code::io, "{}: {}", path, last_error());
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        const bool held = errno == EWOULDBLOCK;
        auto failed = held ? fail(Code::conflict,
                                  "another hearth ({}) runs on {}; stop it, or give another --data",
                                  holder_of(lock), folder)
                           : fail(Code::io, "{}: {}", path, last_error());
        ::close(lock);
        return failed;
    }
    // Only for the message above; the lock itself ends with the process, however it ends.
    const auto id = fmt::format("{}\n", ::getpid());
    if (::ftruncate(lock, 0) == 0) (void)!::pwrite(lock, id.data(), id.size(), 0);
    return lock;
}

/// A descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number)
        : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }

private:
    int number_;
};

Result<void> check_secret(const std::string& path, int descriptor) {
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) return fail(Code::io, "{}: {}", path, last_error());
    if (!S_ISREG(status.st_mode) || status.st_nlink != 1)
        return fail(Code::refused, "{} is not a plain file with one name", path);
    if (status.st_uid != ::geteuid())
        return fail(Code::refused, "{} belongs to user {}, not to this one ({})", path,
                    status.st_uid, ::geteuid());
    if ((status.st_mode & 0077U) != 0)
        return fail(Code::refused, "{} is open to others (mode {:04o}, not 0600)", path,
                    status.st_mode & 07777U);
    return {};
}

} // namespace

Result<DataFolder> DataFolder::open(const std::string& path) {
    const auto made = make_folders(path);
    if (!made) return std::unexpected(made.error());
    // Before the lock, so that a newer folder is not touched at all.
    const auto known = check_version(path);
    const bool fresh = !known && known.error().code == Code::not_found;
    if (!known && !fresh) return std::unexpected(known.error());
    const auto lock = take_lock(path);
    if (!lock) return std::unexpected(lock.error());
    DataFolder folder(path, *lock);
    folder.used_ = !fresh;
    if (::chmod(path.c_str(), 0700) != 0)
        return fail(Code::io, "{}: cannot be closed to others: {}", path, last_error());
    if (fresh) {
        const auto written = write_file(folder / "version", fmt::format("{}\n", folder_version));
        if (!written) return std::unexpected(written.error());
    }
    return folder;
}

Result<void> DataFolder::check(const std::string& path) {
    return check_version(path);
}

DataFolder::~DataFolder() {
    if (lock_ >= 0) ::close(lock_);
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_))
    , lock_(std::exchange(other.lock_, -1))
    , used_(other.used_) {}

DataFolder& DataFolder::operator=(DataFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    std::swap(used_, other.used_);
    return *this;
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
    Files& files = system_files();
    const auto temporary = path + ".tmp";
    (void)files.remove(temporary); // of a crash, perhaps longer
    auto file = files.open(temporary, Files::Mode::create);
    if (!file) return std::unexpected(file.error());
    auto done = (*file)->write(0, bytes);
    if (done) done = (*file)->sync();
    if (done) done = files.rename(temporary, path);
    if (done) done = files.sync_folder(parent_of(path));
    if (!done) (void)files.remove(temporary);
    return done;
}

Result<std::string> read_file(const std::string& path, std::size_t most) {
    auto file = system_files().open(path, Files::Mode::read);
    if (!file) return std::unexpected(file.error());
    auto bytes = (*file)->read(0, most + 1);
    if (bytes && bytes->size() > most)
        return fail(Code::limit, "{} is longer than {} bytes", path, most);
    return bytes;
}

Result<std::string> read_secret(const std::string& path, std::size_t most) {
    // Waits for nobody, whatever lies there.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.number() < 0) {
        const Code code = errno == ENOENT  ? Code::not_found
                          : errno == ELOOP ? Code::refused
                                           : Code::io;
        return fail(code, "{}: {}", path, last_error());
    }
    const auto good = check_secret(path, file.number());
    if (!good) return std::unexpected(good.error());
    std::string text(most + 1, '\0');
    const auto got = ::pread(file.number(), text.data(), text.size(), 0);
    if (got < 0) return fail(Code::io, "{}: {}", path, last_error());
    text.resize(static_cast<std::size_t>(got));
    if (text.size() > most) return fail(Code::limit, "{} is longer than {} bytes", path, most);
    return text;
}

} // namespace hearth::store
