#include "base/result.h"

namespace hearth {

std::string_view to_string(Code code) {
    switch (code) {
    case Code::invalid:
        return "invalid";
    case Code::not_found:
        return "not_found";
    case Code::refused:
        return "refused";
    case Code::conflict:
        return "conflict";
    case Code::limit:
        return "limit";
    case Code::timed_out:
        return "timed_out";
    case Code::io:
        return "io";
    case Code::damaged:
        return "damaged";
    case Code::newer:
        return "newer";
    case Code::unavailable:
        return "unavailable";
    case Code::internal:
        return "internal";
    }
    return "internal";
}

} // namespace hearth
