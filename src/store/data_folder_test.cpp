#include "store/data_folder.h"
#include "store/test_journal.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hearth::store {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

unsigned mode_of(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777U;
}

TEST(DataFolder, IsMadeForItsOwnerAloneWithWhatLiesInIt) {
    const TemporaryFolder folder;
    const auto old_mask = ::umask(0);
    const auto opened = DataFolder::open(folder.path() + "/a/b");
    const auto written = write_file(*opened / "admin.token", "secret");
    ::umask(old_mask);
    ASSERT_TRUE(opened);
    ASSERT_TRUE(written);
    EXPECT_EQ(mode_of(opened->path()), 0700U);
    for (const char* name : {"version", "lock", "admin.token"})
        EXPECT_EQ(mode_of(*opened / name), 0600U) << name;
}

TEST(DataFolder, ASecondProcessIsLockedOutAndToldByWhom) {
    const TemporaryFolder folder;
    const auto held = DataFolder::open(folder.path());
    ASSERT_TRUE(held);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto second = DataFolder::open(folder.path());
        const bool refused = !second && second.error().code == Code::conflict &&
                             second.error().detail.find("another hearth (process ") == 0;
        ::_exit(refused ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(DataFolder, IsFreeAgainWhenItsHolderIsGone) {
    const TemporaryFolder folder;
    {
        ASSERT_TRUE(DataFolder::open(folder.path()));
    }
    EXPECT_TRUE(DataFolder::open(folder.path()));
}

TEST(DataFolder, OfANewerHearthIsRefusedAndNotTouched) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() + "/version") << folder_version + 1 << "\n";
    const auto refused = DataFolder::open(folder.path());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::newer);
    EXPECT_THAT(refused.error().detail, HasSubstr("start the newer hearth"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() + "/lock"));
    EXPECT_EQ(DataFolder::check(folder.path()).error().code, Code::newer);
}

TEST(DataFolder, WithAVersionThatIsNoNumberIsRefused) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() + "/version") << "one";
    EXPECT_EQ(DataFolder::open(folder.path()).error().code, Code::damaged);
}

TEST(DataFolder, SmallFilesAreReplacedWhole) {
    const TemporaryFolder folder;
    const auto path = folder.path() + "/note";
    std::ofstream(path + ".tmp") << "left behind by a crash, and longer than what comes";
    ASSERT_TRUE(write_file(path, "first, long"));
    ASSERT_TRUE(write_file(path, "second"));
    EXPECT_EQ(*read_file(path), "second");
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
    EXPECT_EQ(read_file(path, 5).error().code, Code::limit);
    EXPECT_EQ(read_file(path + "x").error().code, Code::not_found);
}

TEST(DataFolder, ASecretThatOthersMayKnowIsNotRead) {
    const TemporaryFolder folder;
    const auto path = folder.path() + "/secret";
    EXPECT_EQ(read_secret(path).error().code, Code::not_found);
    ASSERT_TRUE(write_file(path, "a key"));
    EXPECT_EQ(read_secret(path), "a key");
    for (const unsigned mode : {0640U, 0604U, 0660U, 0606U, 0666U}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        EXPECT_EQ(read_secret(path).error().code, Code::refused) << std::oct << mode;
    }
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    ASSERT_EQ(::symlink(path.c_str(), (path + "-link").c_str()), 0);
    EXPECT_EQ(read_secret(path + "-link").error().code, Code::refused);
    ASSERT_EQ(::link(path.c_str(), (path + "-second").c_str()), 0);
    EXPECT_EQ(read_secret(path).error().code, Code::refused) << "who holds the other name reads it";
    EXPECT_EQ(read_secret(folder.path()).error().code, Code::refused);
    ASSERT_EQ(::mkfifo((path + "-pipe").c_str(), 0600), 0);
    EXPECT_EQ(read_secret(path + "-pipe").error().code, Code::refused);
}

TEST(DataFolder, ASecretOfAnotherUserIsNotRead) {
    if (::geteuid() != 0) GTEST_SKIP() << "skipped: needs root to give a file away";
    const TemporaryFolder folder;
    const auto path = folder.path() + "/secret";
    ASSERT_TRUE(write_file(path, "a key"));
    ASSERT_EQ(::chown(path.c_str(), 65'534, 65'534), 0);
    const auto read = read_secret(path);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Code::refused);
    EXPECT_THAT(read.error().detail, HasSubstr("belongs to user 65534"));
}

} // namespace
} // namespace hearth::store
