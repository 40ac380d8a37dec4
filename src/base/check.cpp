#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace hearth {

void check_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "hearth: a bug: %s does not hold (%s:%d)\n", condition, file, line);
    std::abort();
}

} // namespace hearth
