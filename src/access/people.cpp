#include "access/people.h"

#include "base/plain_text.h"
#include "base/text.h"

#include <algorithm>

namespace hearth::access {
namespace {

constexpr std::size_t max_name_characters = 80;
constexpr std::size_t max_label_bytes = 120;

bool starts_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

} // namespace

Result<void> check_display_name(std::string_view name) {
    const auto length = static_cast<std::size_t>(std::ranges::count_if(name, starts_character));
    const bool good = is_plain_text(name) && length > 0 && length <= max_name_characters &&
                      trim(name).size() == name.size();
    if (!good)
        return fail(
            Code::invalid,
            "a name has 1 to {} characters, none of them a control or hidden one, and no blank "
            "at its ends",
            max_name_characters);
    return {};
}

std::string client_label(std::string_view user_agent) {
    return printable(user_agent, max_label_bytes);
}

} // namespace hearth::access
