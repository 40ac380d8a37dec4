// Arbitrary bytes as a zone file (TZif), and as the line of rules at its end or in $TZ.
//
// Properties: reading ends within its input; what is read has an offset of at most a week at every
// moment, the same when asked again; who is refused is told why.
#include "net/zone_rules.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

using namespace hearth;
using namespace hearth::net;

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

void ask(const ZoneRules& rules) {
    for (const Micros utc :
         {Micros{0}, Micros{-1}, 1'767'225'600 * seconds, 4'102'444'800 * seconds,
          -200'000 * 365 * days, 200'000 * 365 * days}) {
        const Micros offset = rules.offset_at(utc);
        require(offset >= -7 * days && offset <= 7 * days, "an offset is a few hours");
        require(rules.offset_at(utc) == offset, "the same when asked again");
        (void)rules.to_utc(rules.to_local(utc));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto rules = ZoneRules::read(bytes);
    if (rules)
        ask(*rules);
    else
        require(!rules.error().detail.empty(), "an error says what is wrong");
    if (const auto line = PosixZone::parse(bytes)) ask(ZoneRules(*line));
    return 0;
}
