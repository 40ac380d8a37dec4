// A model-based fuzzer over broker, discovery adapter and home. An input is operations of four
// bytes each: what is done, and how (hub/trial.h). Clients of three credentials connect, publish,
// subscribe, acknowledge and vanish; devices announce themselves; people ask for things, revoke and
// hand on; the disk fills up, the clocks step, the hub dies and starts again with what its journal
// has left. It is all real but for the sockets and the files.
//
// Beside it a small model says what may be seen: hub/sessions.h for what clients get, hub/twins.h
// for what the home shows and does. What does not hold is said as "property: …" before the trap.
// With HEARTH_FUZZ_TRACE in the environment it tells what an input does.
#include "hub/trial.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::hub_fuzz;
    constexpr std::size_t most_operations = 64;
    Trial trial;
    for (std::size_t i = 0; i < most_operations && 4 * i + 3 < size; ++i)
        trial.play({data[4 * i], data[4 * i + 1], data[4 * i + 2], data[4 * i + 3]});
    trial.finish();
    return 0;
}
