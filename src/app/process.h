#pragma once

#include "app/home_doors.h"
#include "app/home_runtime.h"
#include "app/serve.h"
#include "base/memory_watch.h"
#include "net/shard.h"
#include "store/data_folder.h"

#include <cstdint>
#include <map>
#include <memory>

namespace hearth::app {

/// The number of a home among those of a process; its journal bears it.
using HomeNumber = std::uint64_t;

/// The program while it serves: one shard, the homes that live on it with their doors and data
/// folders, the memory budget, the signals. It knows which homes there are, and nothing of what
/// happens in them.
///
/// One turn of the shard: sockets are read → for each home: what is due is done, its journal
/// writes, its sockets flush.
class Process {
public:
    /// `memory_budget` as the setting memory.budget_bytes. Errors: language packages that cannot
    /// be read.
    static Result<std::unique_ptr<Process>> make(std::int64_t memory_budget);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// A home of the process. Stays where it is.
    struct Home {
        std::unique_ptr<HomeRuntime> runtime;
        std::unique_ptr<HomeDoors> doors;
        bool given_up = false;
    };

    /// Locks the home's data folder, restores its journal, starts it and opens its doors. Before
    /// run(). SIGINT and SIGTERM are taken from then on. Errors say what is wrong and what to do;
    /// then there is no such home, and its number and folder are free again when the process ends.
    /// conflict: another process, or another home of this one, has the folder or the number.
    Result<Home*> add(HomeNumber number, const ServeOptions& options);
    /// nullptr: no such home here.
    const Home* find(HomeNumber number) const;

    /// Runs until SIGINT or SIGTERM, then ends in order: clients are told, the journals are closed.
    /// Ends by itself when a home's journal fails; then that error comes back.
    Result<void> run();
    /// Begins the orderly end; run() returns soon. On the shard's thread.
    void stop();

    net::Shard& shard() { return shard_; }

private:
    Process(std::int64_t memory_budget, language::Languages languages);

    Result<std::unique_ptr<HomeRuntime>> start_home(const store::DataFolder& folder,
                                                    HomeNumber number, HomeSetup setup);
    Result<std::unique_ptr<HomeDoors>> open_doors(HomeRuntime& home,
                                                  const store::DataFolder& folder,
                                                  const Addresses& addresses, bool on_lan);
    void add_gauges();
    void look_at_memory();
    void turn();
    void turn(Home& home);
    std::optional<Micros> next_wake_up() const;
    void give_up(Home& home);

    net::SystemClock clock_;
    SecureRandom random_;
    Metrics metrics_; ///< of the process; shown by each home beside its own
    MemoryWatch memory_;
    language::Languages languages_;
    std::map<HomeNumber, store::DataFolder> folders_; ///< outlive the shard's workers
    net::Shard shard_;
    std::map<HomeNumber, Home> homes_;
    Micros memory_looked_at_ = 0;
    std::uint64_t received_then_ = 0; ///< bytes over MQTT when memory was looked at
    std::shared_ptr<void> signals_;
};

} // namespace hearth::app
