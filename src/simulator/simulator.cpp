#include "simulator/simulator.h"

#include "base/yaml.h"
#include "net/shard.h"
#include "simulator/stage.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace hearth::simulator {
namespace {

constexpr std::streamsize longest_file = 16 << 20;
constexpr int max_added_devices = 90'000;

Result<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf()))
        return fail(Code::io, "cannot be read; is the path right, and is it not empty?");
    if (text.tellp() > longest_file) return fail(Code::limit, "longer than {} bytes", longest_file);
    return text.str();
}

Result<HomePlan> read_home(const SimulatorOptions& options) {
    auto text = read_file(options.home_file);
    if (!text) return fail_in(options.home_file, text);
    auto yaml = parse_yaml(*text);
    if (!yaml) return fail_in(options.home_file, yaml);
    auto plan = parse_home_plan(*yaml);
    if (!plan) return fail_in(options.home_file, plan);
    if (options.devices < 0 || options.devices > max_added_devices)
        return fail(Code::invalid, "--devices {}: 0 to {} are allowed", options.devices,
                    max_added_devices);
    add_thermometers(*plan, options.devices);
    return plan;
}

Result<Credentials> read_credentials(const SimulatorOptions& options) {
    if (!options.credentials) return Credentials();
    auto text = read_file(*options.credentials);
    if (!text) return fail_in(*options.credentials, text);
    auto credentials = Credentials::parse(*text);
    if (!credentials) return fail_in(*options.credentials, credentials);
    return credentials;
}

/// SIGINT and SIGTERM as a descriptor, for as long as this lives.
class EndSignals {
public:
    EndSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, &before_);
        descriptor_ = signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK);
    }
    ~EndSignals() {
        if (descriptor_ >= 0) ::close(descriptor_);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    EndSignals(const EndSignals&) = delete;
    EndSignals& operator=(const EndSignals&) = delete;

    int descriptor() const { return descriptor_; }
    /// Whether one has come.
    bool take() {
        signalfd_siginfo info;
        return ::read(descriptor_, &info, sizeof info) == static_cast<ssize_t>(sizeof info);
    }

private:
    sigset_t set_{};
    sigset_t before_{};
    int descriptor_ = -1;
};

int usage_error(const Error& error) {
    fmt::print(stderr, "hearth simulate: {}\n", error.detail);
    return 2;
}

} // namespace

int run_simulator(const SimulatorOptions& options) {
    auto plan = read_home(options);
    if (!plan) return usage_error(plan.error());
    auto credentials = read_credentials(options);
    if (!credentials) return usage_error(credentials.error());
    auto broker = net::parse_address(options.mqtt);
    if (!broker) return usage_error({Code::invalid, "--mqtt: " + broker.error().detail});
    if (!(options.speed >= 0.01 && options.speed <= 1'000'000))
        return usage_error({Code::invalid, "--speed: a number from 0.01 to 1000000 is wanted"});

    EndSignals signals; // before the shard's threads, so that they leave the signals alone
    net::SystemClock clock;
    net::Shard shard(1);
    Stage stage(shard, clock, *plan, *credentials, *broker, options.seed, options.speed);
    shard.watch(signals.descriptor(), [&] {
        while (signals.take())
            stage.end();
    });
    stage.start();
    shard.run();
    shard.unwatch(signals.descriptor());
    return stage.exit_code();
}

} // namespace hearth::simulator
