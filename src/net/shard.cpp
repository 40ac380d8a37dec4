#include "net/shard.h"

#include "net/timers.h"
#include "net/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace hearth::net {
namespace {

namespace asio = boost::asio;

/// Asio handlers that one turn runs at most; what is left is ready at once in the next turn.
constexpr int handlers_per_turn = 1024;
/// "Until something happens", as a length.
constexpr Micros for_ever = 365 * days;
/// Asio's run_one_for() wakes up once in that time to look at the clock; its timers do not.
constexpr Micros asio_wakes_within = 1 * seconds;

/// A descriptor that is watched. It never owns it: release() comes before Asio's object goes.
struct Watch {
    Watch(asio::io_context& io, int descriptor, Shard::Task task)
        : stream(io, descriptor)
        , ready(std::move(task)) {}
    ~Watch() { stream.release(); }

    asio::posix::stream_descriptor stream;
    Shard::Task ready;
};

} // namespace

struct Shard::Impl {
    explicit Impl(int worker_threads)
        : workers(worker_threads, [this](Task done) { post(std::move(done)); }) {}

    void turn(Micros longest) noexcept;
    void wait(Micros longest);
    void set_alarm(Micros in);
    Micros time_to_wait(Micros longest);
    void run_posted();

    void post(Task task);
    void wake();
    void arm(const std::shared_ptr<Watch>& watch);
    void arm_watches();

    SystemClock clock;
    asio::io_context io{1}; // one thread runs it; others may still post
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};

    Timers timers;
    std::vector<Task> steps;
    std::vector<std::function<std::optional<Micros>()>> wake_ups;
    asio::steady_timer alarm{io};
    bool alarm_is_set = false;
    std::unordered_map<int, std::shared_ptr<Watch>> watches;
    std::vector<std::weak_ptr<Watch>> to_arm;

    std::atomic<std::thread::id> owner; ///< the thread of the last turn
    std::atomic<bool> stopping = false;
    std::mutex inbox_mutex;
    std::vector<Task> inbox;
    std::vector<Task> taken; ///< the inbox of this turn; kept for its memory

    WorkerPool workers; // last, so that its threads end first
};

/// noexcept: an exception that leaves a task is a bug, and the program ends where it was thrown,
/// with its text.
void Shard::Impl::turn(Micros longest) noexcept {
    owner = std::this_thread::get_id();
    arm_watches();
    wait(time_to_wait(longest));
    timers.run_due(clock.steady());
    run_posted();
    for (const Task& step : steps)
        step();
}

Micros Shard::Impl::time_to_wait(Micros longest) {
    {
        const std::lock_guard lock(inbox_mutex);
        if (!inbox.empty()) return 0;
    }
    const auto consider = [&](std::optional<Micros> next) {
        if (next) longest = std::min(longest, std::max<Micros>(*next - clock.steady(), 0));
    };
    consider(timers.next());
    for (const auto& next : wake_ups)
        consider(next());
    return longest;
}

void Shard::Impl::wait(Micros longest) {
    std::size_t ran = 0;
    if (longest >= for_ever)
        ran = io.run_one();
    else if (longest > asio_wakes_within) {
        set_alarm(longest);
        ran = io.run_one();
    } else if (longest > 0)
        ran = io.run_one_for(std::chrono::microseconds(longest));
    else
        ran = io.poll_one();
    // A watched descriptor that comes first is most often all there is (a message): asking the
    // kernel for more can wait for the next turn, and what Asio has queued goes first there.
    if (!to_arm.empty()) return;
    for (int i = 1; ran != 0 && i < handlers_per_turn; ++i)
        ran = io.poll_one();
}

/// Where one is set already that rings sooner, that will do: setting it anew costs a turn.
void Shard::Impl::set_alarm(Micros in) {
    const auto at = std::chrono::steady_clock::now() + std::chrono::microseconds(in);
    if (alarm_is_set && alarm.expiry() <= at) return;
    alarm.expires_at(at);
    alarm_is_set = true;
    alarm.async_wait([this](const boost::system::error_code& error) {
        if (!error) alarm_is_set = false;
    });
}

void Shard::Impl::run_posted() {
    // Only what is there now: a task that posts itself again waits for the next turn.
    {
        const std::lock_guard lock(inbox_mutex);
        taken.swap(inbox);
    }
    for (const Task& task : taken)
        task();
    taken.clear();
}

void Shard::Impl::post(Task task) {
    bool first = false;
    {
        const std::lock_guard lock(inbox_mutex);
        first = inbox.empty();
        inbox.push_back(std::move(task));
    }
    // The shard's own thread looks into the inbox before it waits; no other wake-up is needed then,
    // nor when one is already under way.
    if (first && owner.load() != std::this_thread::get_id()) wake();
}

void Shard::Impl::wake() {
    asio::post(io, [] {});
}

void Shard::Impl::arm_watches() {
    for (const std::weak_ptr<Watch>& weak : to_arm)
        if (const auto watch = weak.lock()) arm(watch);
    to_arm.clear();
}

void Shard::Impl::arm(const std::shared_ptr<Watch>& watch) {
    const std::weak_ptr<Watch> weak = watch;
    watch->stream.async_wait(asio::posix::stream_descriptor::wait_read,
                             [this, weak](const boost::system::error_code& error) {
                                 const auto ready = weak.lock();
                                 if (error || !ready) return;
                                 // Armed again when the next turn begins: each descriptor has
                                 // its say once a turn, and none can keep a turn from ending.
                                 to_arm.push_back(weak);
                                 ready->ready();
                             });
}

Shard::Shard(int worker_threads)
    : impl_(std::make_unique<Impl>(worker_threads)) {}

Shard::~Shard() = default;

void Shard::run() {
    while (!impl_->stopping)
        impl_->turn(for_ever);
    impl_->stopping = false;
}

void Shard::turn(Micros longest) {
    impl_->turn(longest);
}

void Shard::stop() {
    impl_->stopping = true;
    impl_->wake();
}

void Shard::post(Task task) {
    impl_->post(std::move(task));
}

void Shard::each_turn(Task step) {
    impl_->steps.push_back(std::move(step));
}

void Shard::wake_by(std::function<std::optional<Micros>()> next) {
    impl_->wake_ups.push_back(std::move(next));
}

Shard::TimerId Shard::after(Micros delay, Task task) {
    return impl_->timers.add(impl_->clock.steady() + std::max<Micros>(delay, 0), 0,
                             std::move(task));
}

Shard::TimerId Shard::every(Micros interval, Task task) {
    // At least a microsecond, else it would be a timer that runs once.
    interval = std::max<Micros>(interval, 1);
    return impl_->timers.add(impl_->clock.steady() + interval, interval, std::move(task));
}

void Shard::cancel(TimerId timer) {
    impl_->timers.cancel(timer);
}

void Shard::watch(int descriptor, Task ready) {
    const auto watch = std::make_shared<Watch>(impl_->io, descriptor, std::move(ready));
    impl_->watches[descriptor] = watch;
    impl_->to_arm.push_back(watch);
}

void Shard::unwatch(int descriptor) {
    impl_->watches.erase(descriptor);
}

Workers& Shard::workers() {
    return impl_->workers;
}

boost::asio::io_context& Shard::io() {
    return impl_->io;
}

} // namespace hearth::net
