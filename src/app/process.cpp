#include "app/process.h"

#include "app/admin_token.h"
#include "app/listeners_file.h"
#include "app/memory.h"
#include "app/signals.h"
#include "base/log.h"
#include "store/file_journal.h"

namespace hearth::app {
namespace {

/// So long a home that gives up still answers those who wait.
constexpr Micros last_answers = 100 * milliseconds;
/// So long the sockets have for what they still have to send.
constexpr Micros last_words = 50 * milliseconds;

} // namespace

Process::Process(std::int64_t memory_budget, language::Languages languages)
    : memory_(app::memory_budget(memory_budget), [this] { return memory_in_use(memory_.budget()); })
    , languages_(std::move(languages)) {
    keep_memory_aside();
    add_gauges();
    shard_.each_turn([this] { turn(); });
    shard_.wake_by([this] { return next_wake_up(); });
}

Process::~Process() = default;

Result<std::unique_ptr<Process>> Process::make(std::int64_t memory_budget) {
    auto languages = language::Languages::make();
    if (!languages) return std::unexpected(languages.error());
    return std::unique_ptr<Process>(new Process(memory_budget, std::move(*languages)));
}

Result<Process::Home*> Process::add(HomeNumber number, const ServeOptions& options) {
    if (folders_.contains(number))
        return fail(Code::conflict, "home {} lives in this process already", number);
    const auto settings = read_settings(options);
    if (!settings) return std::unexpected(settings.error());
    const auto addresses = read_addresses(options, *settings);
    if (!addresses) return std::unexpected(addresses.error());
    auto opened = store::DataFolder::open(data_folder(options));
    if (!opened) return std::unexpected(opened.error());
    const auto& folder = folders_.emplace(number, std::move(*opened)).first->second;
    auto setup = read_home_setup(options, *settings);
    if (!setup) return std::unexpected(setup.error());
    setup->mqtt_connections = mqtt_connections(*settings);
    auto runtime = start_home(folder, number, std::move(*setup));
    if (!runtime) return std::unexpected(runtime.error());
    auto doors = open_doors(**runtime, folder, *addresses, options.lan);
    if (!doors) return std::unexpected(doors.error());
    return &homes_.emplace(number, Home{std::move(*runtime), std::move(*doors)}).first->second;
}

Result<std::unique_ptr<HomeRuntime>> Process::start_home(const store::DataFolder& folder,
                                                         HomeNumber number, HomeSetup setup) {
    store::JournalOptions options = journal_options(setup.settings);
    options.home = number;
    const auto open_journal =
        [&](Metrics& metrics) -> Result<std::unique_ptr<journal::DurableJournal>> {
        return store::FileJournal::open(folder.journal(), options, clock_, random_,
                                        shard_.workers(), metrics);
    };
    HomeGround ground{
        clock_,
        random_,
        shard_.workers(),
        languages_,
        &memory_,
        [this](Micros delay, std::function<void()> task) { shard_.after(delay, std::move(task)); }};
    auto home = HomeRuntime::make(std::move(ground), std::move(setup), open_journal);
    if (!home) return home;
    if ((*home)->is_new() && folder.was_used())
        log::warn("journal.empty", "{} was used before, but holds no journal: the home begins anew",
                  folder.path());
    (*home)->metrics().show_also(metrics_);
    // Behind the journal: a start that fails before it is none, and the next one is the first.
    const auto token = read_or_make_token(folder, random_);
    if (!token) return std::unexpected(token.error());
    const auto started = (*home)->start(*token);
    if (!started) return std::unexpected(started.error());
    return home;
}

Result<std::unique_ptr<HomeDoors>> Process::open_doors(HomeRuntime& home,
                                                       const store::DataFolder& folder,
                                                       const Addresses& addresses, bool on_lan) {
    if (!signals_) signals_ = on_termination(shard_, [this] { stop(); });
    auto doors = HomeDoors::make(shard_, home);
    if (!doors) return doors;
    auto done = (*doors)->open(addresses);
    const auto port = home.setup().settings.integer("listen.lan_port");
    if (done && on_lan) done = (*doors)->open_to_lan(folder, static_cast<std::uint16_t>(port));
    if (done) done = announce_listeners(folder, (*doors)->listeners());
    if (!done) return std::unexpected(done.error());
    return doors;
}

const Process::Home* Process::find(HomeNumber number) const {
    const auto found = homes_.find(number);
    return found == homes_.end() ? nullptr : &found->second;
}

void Process::add_gauges() {
    metrics_.gauge("hearth_memory_bytes", "Memory in use", [this] {
        memory_.look();
        return static_cast<double>(memory_.used());
    });
    metrics_.gauge("hearth_memory_budget_bytes",
                   "Memory from which on nothing is added; 0 for none",
                   [this] { return static_cast<double>(memory_.budget()); });
    metrics_.gauge("hearth_memory_full", "1 while nothing is added for want of memory",
                   [this] { return memory_.full() ? 1.0 : 0.0; });
}

void Process::look_at_memory() {
    // The kernel takes its time to answer: it is asked often only while much comes in.
    constexpr Micros shortest = 20 * milliseconds;
    constexpr std::uint64_t much = 16U << 10;
    std::uint64_t received = 0;
    for (const auto& [number, home] : homes_)
        received += home.doors->received_bytes();
    const Micros since = clock_.steady() - memory_looked_at_;
    const bool due = since >= seconds || received - received_then_ >= much || memory_.full();
    if (since < shortest || !due) return;
    memory_looked_at_ += since;
    received_then_ = received;
    const bool was_full = memory_.full();
    memory_.look();
    if (memory_.full() == was_full) return;
    if (memory_.full())
        log::warn(
            "hub.memory",
            "{} MiB are in use, as much as memory.budget_bytes allows: nothing new is kept for "
            "clients until there are fewer",
            memory_.used() >> 20);
    else
        log::info("hub.memory", "{} MiB are in use: new things are kept again",
                  memory_.used() >> 20);
}

void Process::turn() {
    look_at_memory();
    for (auto& [number, home] : homes_)
        turn(home);
}

void Process::turn(Home& home) {
    if (home.given_up) return;
    home.runtime->turn();
    // What this turn led to is not on the disk, nobody knows what is: it does not leave.
    if (home.runtime->is_broken()) return give_up(home);
    home.doors->flush();
}

/// When a home has something to do, though nothing comes in.
std::optional<Micros> Process::next_wake_up() const {
    std::optional<Micros> next;
    for (const auto& [number, home] : homes_) {
        if (home.given_up) continue;
        const Micros due = home.runtime->next_wake_up();
        if (!next || due < *next) next = due;
    }
    return next;
}

Result<void> Process::run() {
    shard_.run();
    Result<void> ended;
    for (auto& [number, home] : homes_) {
        const auto closed = home.runtime->close();
        if (!closed && ended) ended = closed;
    }
    return ended;
}

/// After an I/O error of a journal only a new start knows what the disk has. Whoever waits for an
/// answer by HTTP is told in the meantime, MQTT clients of that home hear nothing more, and the
/// process ends with an error: the service manager starts it anew.
void Process::give_up(Home& home) {
    home.given_up = true;
    log::error("hub.journal", "the hub ends: {}; its next start reads what the disk has",
               home.runtime->failure().detail);
    home.doors->stop_listening();
    shard_.after(last_answers, [this] { shard_.stop(); });
}

/// In the reverse order of the start: nobody new comes in, the adapters say good-bye, the clients
/// are told, and what all that caused is written before the last turn ends.
void Process::stop() {
    log::info("hub.stop", "stopping");
    for (auto& [number, home] : homes_) {
        home.doors->close();
        home.runtime->stop();
    }
    shard_.after(last_words, [this] { shard_.stop(); });
}

} // namespace hearth::app
