#include "app/memory.h"

#include "base/log.h"
#include "base/text.h"
#include "store/data_folder.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <new>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

namespace hearth::app {
namespace {

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
constexpr std::size_t aside_bytes = 4U << 20;

std::atomic<void*> aside = nullptr;
std::atomic<bool> ran_out = false;

void give_what_is_aside() {
    void* const memory = aside.exchange(nullptr);
    if (memory == nullptr) throw std::bad_alloc();
    std::free(memory);
    ran_out = true;
}

std::size_t number_in(const std::string& path) {
    const auto text = store::read_file(path);
    long long number = 0;
    if (!text || !parse_integer(trim(*text), number) || number <= 0) return unlimited;
    return static_cast<std::size_t>(number);
}

/// Of the process's control group and those above it, in version 2; where that is not mounted, of
/// the one that a container sees.
std::size_t control_group_limit() {
    constexpr std::string_view root = "/sys/fs/cgroup";
    std::size_t limit = std::min(number_in(fmt::format("{}/memory.max", root)),
                                 number_in(fmt::format("{}/memory/memory.limit_in_bytes", root)));
    const auto groups = store::read_file("/proc/self/cgroup");
    const std::size_t at = groups ? groups->find("0::/") : std::string::npos;
    if (at == std::string::npos) return limit;
    std::string path = groups->substr(at + 3);
    path = path.substr(0, path.find('\n'));
    for (; path.size() > 1; path = path.substr(0, path.rfind('/')))
        limit = std::min(limit, number_in(fmt::format("{}{}/memory.max", root, path)));
    return limit;
}

std::size_t address_space_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unlimited;
    return limit.rlim_cur;
}

struct Pages {
    std::size_t all = 0;
    std::size_t resident = 0;
};

Pages pages_in_use() {
    static const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    std::array<char, 128> text{};
    const ssize_t size = file < 0 ? -1 : pread(file, text.data(), text.size(), 0);
    Pages pages;
    if (size <= 0) return pages;
    const char* const end = text.data() + size;
    const auto first = std::from_chars(text.data(), end, pages.all);
    if (first.ec == std::errc() && first.ptr != end)
        (void)std::from_chars(first.ptr + 1, end, pages.resident);
    return pages;
}

std::size_t measured(std::size_t budget) {
    static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    static const std::size_t space = address_space_limit();
    const Pages pages = pages_in_use();
    if (space != unlimited) {
        const std::size_t spare =
            std::max<std::size_t>(space / 8, std::min(space / 2, 8 * aside_bytes));
        if (pages.all * page >= space - spare) return std::max(budget, pages.resident * page);
    }
    return pages.resident * page;
}

} // namespace

std::size_t memory_budget(std::int64_t setting) {
    if (setting >= 0) return static_cast<std::size_t>(setting);
    struct sysinfo machine{};
    const std::size_t all =
        sysinfo(&machine) == 0 ? std::size_t{machine.totalram} * machine.mem_unit : unlimited;
    const std::size_t least =
        std::min({all / 2, control_group_limit() / 3 * 2, address_space_limit() / 2});
    return least >= unlimited / 4 ? 0 : least;
}

std::size_t memory_in_use(std::size_t budget) {
    static std::time_t tidied = 0;
    std::size_t used = measured(budget);
    if (budget == 0) return used;
    const std::time_t now = std::time(nullptr);
    if ((used >= budget || ran_out) && now != tidied) {
        tidied = now;
        malloc_trim(0);
        used = measured(budget);
    }
    if (ran_out && used < budget) keep_memory_aside();
    return ran_out ? std::max(used, budget) : used;
}

void keep_memory_aside() {
    std::set_new_handler(give_what_is_aside);
    if (aside == nullptr) aside = std::malloc(aside_bytes);
    if (aside != nullptr) ran_out = false;
}

} // namespace hearth::app
