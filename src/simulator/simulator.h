#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hearth::simulator {

struct SimulatorOptions {
    std::string home_file;               ///< homes/demo.yaml
    std::string mqtt = "127.0.0.1:1883"; ///< the broker: hearth's, or any other
    std::optional<std::string>
        credentials;        ///< a file, see credentials_file.h; without: no user name
    std::uint64_t seed = 1; ///< the same seed and speed give the same story
    double speed = 1;       ///< simulated seconds in a second: 0.01 to 1,000,000
    int devices = 0;        ///< so many thermometers more, for measurements
};

/// `hearth simulate`: plays the devices of a home file over MQTT until SIGINT or SIGTERM, then says
/// "offline" for each and disconnects. Simulated time begins with the time of the machine, once all
/// clients are connected.
///
/// Prints one line to the standard output once all devices are connected and announced, "simulating
/// 8 devices …"; what goes wrong goes to the standard error. Without a broker it keeps trying and
/// says so once. Blocks; owns its thread's SIGINT and SIGTERM while it runs.
///
/// Returns 0 after a clean end, 1 where the broker does not let it in, 2 for a file or option that
/// makes no sense.
int run_simulator(const SimulatorOptions& options);

} // namespace hearth::simulator
