#include "app/open_files.h"

#include "base/log.h"

#include <algorithm>

#include <sys/resource.h>

namespace hearth::app {

std::size_t raise_open_files(std::size_t connections, std::size_t others) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
    const rlim_t wanted = connections + others;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = std::min(wanted, limit.rlim_max);
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= wanted) return connections;
    const std::size_t left = limit.rlim_cur > others ? limit.rlim_cur - others : 0;
    const std::size_t fit = std::max<std::size_t>(left, std::min<std::size_t>(connections, 10));
    log::warn(
        "hub.open_files",
        "the system lets hearth open {} files, so it takes {} MQTT connections, not the {} of "
        "broker.connections: raise the hard limit of open files (LimitNOFILE, ulimit -Hn)",
        limit.rlim_cur, fit, connections);
    return fit;
}

} // namespace hearth::app
