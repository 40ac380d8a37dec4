#pragma once

/// `HEARTH_CHECK(index < size);` ends the program where the condition is false, in every build. For
/// what guards a file, a key or memory: there going on after a bug would cost more than the end.
/// What comes from outside is never checked so, but refused with an Error; what merely helps a
/// developer is an assert.
#define HEARTH_CHECK(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) [[unlikely]]                                                             \
            ::hearth::check_failed(#condition, __FILE_NAME__, __LINE__);                           \
    } while (false)

namespace hearth {

/// Says on standard error what does not hold, and aborts. Allocates nothing.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

} // namespace hearth
