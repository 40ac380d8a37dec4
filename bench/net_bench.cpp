// What a connection and a message cost by three ways of holding TCP connections: decision 0001.
//
//   set      net::StreamSockets: one epoll set, no object of the event loop's per connection
//   buffer   Asio, a coroutine per connection that reads into a buffer of its own (4 KiB)
//   wait     Asio, a coroutine per connection that waits and then reads into a buffer for all
//
// Each is a server in a process of its own that speaks just enough MQTT: CONNECT, SUBSCRIBE and
// PUBLISH of QoS 1 are answered. The same client loads them in turns. Processor time and memory are
// the server's alone, as the kernel counts them. Prints a table as it stands in the decision.
#include "codec/mqtt/decoder.h"
#include "load_client.h"
#include "net/shard.h"
#include "net/stream_sockets.h"

#include <array>
#include <csignal>
#include <fstream>
#include <map>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

namespace hearth::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// --- What all three answer -------------------------------------------------------------------

void answer(const mqtt::Frame& frame, std::string& out) {
    using mqtt::PacketType;
    switch (frame.type()) {
    case PacketType::connect:
        (void)mqtt::encode(out, mqtt::Connack{}, mqtt::Version::v311);
        break;
    case PacketType::subscribe:
        out.append("\x90\x03\x00\x01\x01", 5);
        break;
    case PacketType::publish:
        if (const auto publish = mqtt::decode_publish(frame, mqtt::Version::v311)) {
            mqtt::Ack ack;
            ack.packet_id = publish->packet_id;
            (void)mqtt::encode(out, ack, mqtt::Version::v311);
        }
        break;
    default:
        give_up("the client sends what the server does not know");
    }
}

/// Appends the answers to every whole packet; returns how many bytes these were.
std::size_t answer_all(std::string_view bytes, std::string& out) {
    std::size_t done = 0;
    while (true) {
        const auto next = mqtt::next_frame(bytes.substr(done), 256U << 10);
        if (next.status == mqtt::FrameResult::Status::error) give_up("the client sends no MQTT");
        if (next.status == mqtt::FrameResult::Status::incomplete) return done;
        answer(next.frame, out);
        done += next.frame.size;
    }
}

// --- The servers; each tells its port through the pipe and runs until it is killed ---------------

void tell(int pipe, std::uint16_t port) {
    if (::write(pipe, &port, sizeof port) != sizeof port) give_up("the pipe is closed");
}

class SetHandler final : public net::StreamHandler {
public:
    net::StreamSockets* sockets = nullptr;

    void opened(net::ConnectionId, const net::Address&) override {}
    void closed(net::ConnectionId, std::string_view) override {}
    std::size_t received(net::ConnectionId id, std::string_view bytes) override {
        out_.clear();
        const std::size_t done = answer_all(bytes, out_);
        sockets->send(id, out_);
        return done;
    }

private:
    std::string out_;
};

void serve_with_set(int pipe) {
    net::Shard shard(1);
    SetHandler handler;
    net::StreamSockets sockets(shard, handler, {});
    handler.sockets = &sockets;
    shard.each_turn([&] { sockets.flush(); });
    const auto bound = sockets.listen({"127.0.0.1", 0});
    if (!bound) give_up(bound.error().detail);
    tell(pipe, bound->port);
    shard.run();
}

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// Sends what there is to say. False where the connection is gone.
asio::awaitable<bool> say(tcp::socket& socket, const std::string& out) {
    if (out.empty()) co_return true;
    const auto buffer = asio::buffer(out);
    const auto [error, sent] = co_await asio::async_write(socket, buffer, as_result);
    co_return !error;
}

asio::awaitable<void> converse_with_buffer(tcp::socket socket) {
    std::array<char, 4096> buffer{};
    std::string input;
    std::string out;
    while (true) {
        const auto room = asio::buffer(buffer);
        const auto [error, size] = co_await socket.async_read_some(room, as_result);
        if (error) co_return;
        input.append(buffer.data(), size);
        out.clear();
        input.erase(0, answer_all(input, out));
        if (!co_await say(socket, out)) co_return;
    }
}

/// Nothing waits in a buffer while the connection is idle; the one for all is only used between two
/// waits.
asio::awaitable<void> converse_by_waiting(tcp::socket socket) {
    static std::array<char, 65536> shared;
    std::string input;
    socket.non_blocking(true);
    while (true) {
        const auto [error] = co_await socket.async_wait(tcp::socket::wait_read, as_result);
        boost::system::error_code failed;
        const std::size_t size = error ? 0 : socket.read_some(asio::buffer(shared), failed);
        if (failed == asio::error::would_block) continue;
        if (error || failed) co_return;
        input.append(shared.data(), size);
        std::string out;
        input.erase(0, answer_all(input, out));
        if (!co_await say(socket, out)) co_return;
    }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor,
                             asio::awaitable<void> (*converse)(tcp::socket)) {
    while (true) {
        auto [error, socket] = co_await acceptor.async_accept(as_result);
        if (error) continue;
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), converse(std::move(socket)), asio::detached);
    }
}

void serve_with_asio(int pipe, asio::awaitable<void> (*converse)(tcp::socket)) {
    asio::io_context io(1);
    tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    asio::co_spawn(io, accept(acceptor, converse), asio::detached);
    tell(pipe, acceptor.local_endpoint().port());
    io.run();
}

// --- A server as a process
// ------------------------------------------------------------------------

enum class Way : std::uint8_t { set, buffer, wait };
constexpr std::array ways{Way::set, Way::buffer, Way::wait};

void serve(Way way, int pipe) {
    if (way == Way::set) return serve_with_set(pipe);
    serve_with_asio(pipe, way == Way::buffer ? converse_with_buffer : converse_by_waiting);
}

class Server {
public:
    /// A new program and not a mere fork(): no memory that this one has freed makes it look
    /// smaller.
    explicit Server(Way way) {
        int pipe[2];
        if (::pipe(pipe) != 0) give_up("no pipe");
        const std::string number = std::to_string(static_cast<int>(way));
        const std::string descriptor = std::to_string(pipe[1]);
        process_ = ::fork();
        if (process_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::execl("/proc/self/exe", "net_bench", number.c_str(), descriptor.c_str(), nullptr);
            std::_Exit(1);
        }
        ::close(pipe[1]);
        if (process_ < 0 || ::read(pipe[0], &port_, sizeof port_) != sizeof port_)
            give_up("no server");
        ::close(pipe[0]);
    }
    ~Server() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const { return port_; }
    /// Of its main thread, kernel included.
    double cpu_us() const {
        std::ifstream file(fmt::format("/proc/{}/schedstat", process_));
        double nanoseconds = 0;
        file >> nanoseconds;
        return nanoseconds / 1e3;
    }
    /// Its own memory that is resident; the kernel's for the sockets is not in it.
    double resident_bytes() const {
        std::ifstream file(fmt::format("/proc/{}/status", process_));
        std::string word;
        double kib = 0;
        while (file >> word)
            if (word == "RssAnon:" && file >> kib) return kib * 1024;
        return 0;
    }

private:
    pid_t process_ = -1;
    std::uint16_t port_ = 0;
};

// --- What is measured
// -----------------------------------------------------------------------------

/// The slope from the first thousand on, so that what a server owns anyway does not count.
double bytes_per_idle_connection(Way way) {
    constexpr std::size_t few = 1'000;
    constexpr std::size_t many = 5'000;
    const Server server(way);
    std::vector<std::unique_ptr<LoadConnection>> connections;
    double before = 0;
    while (connections.size() < many) {
        const std::string name = fmt::format("idle-{:05}", connections.size());
        connections.push_back(std::make_unique<LoadConnection>(server.port(), name));
        connections.back()->subscribe(name + "/set");
        if (connections.size() == few) before = server.resident_bytes();
    }
    return (server.resident_bytes() - before) / (many - few);
}

struct Figures {
    std::vector<double> cpu_us; ///< the server's, for each message
    std::vector<double> rate;
};

void load_block(Way way, std::size_t connections, std::size_t outstanding, Figures& figures) {
    const Server server(way);
    AckLoad load(server.port(), connections, outstanding);
    (void)load.run(0.1);
    const double before = server.cpu_us();
    const LoadResult result = load.run(0.7);
    const auto acks = static_cast<double>(result.acks);
    figures.cpu_us.push_back((server.cpu_us() - before) / acks);
    figures.rate.push_back(acks / result.wall_us * 1e6);
}

void idle_row() {
    fmt::print("| bytes an idle connection |");
    for (const Way way : ways)
        fmt::print(" {:.0f} |", bytes_per_idle_connection(way));
    fmt::print("\n");
}

void load_row(std::size_t connections, std::size_t outstanding) {
    constexpr int blocks = 7;
    std::map<Way, Figures> figures;
    for (int block = 0; block < blocks; ++block)
        for (const Way way : ways)
            load_block(way, connections, outstanding, figures[way]);
    fmt::print("| CPU µs a message (messages/s): {} × {} outstanding |", connections, outstanding);
    for (const Way way : ways)
        fmt::print(" {:.2f} ({:.0f}k) |", median(figures[way].cpu_us),
                   median(figures[way].rate) / 1e3);
    fmt::print("\n");
    std::fflush(stdout);
}

void allow_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace
} // namespace hearth::bench

int main(int argc, char** argv) {
    using namespace hearth::bench;
    allow_descriptors();
    if (argc == 3) { // this is the server
        serve(static_cast<Way>(std::atoi(argv[1])), std::atoi(argv[2]));
        return 0;
    }
    fmt::print(
        "| | StreamSockets | Asio coroutine, own 4 KiB buffer | Asio coroutine that waits |\n"
        "|---|---|---|---|\n");
    idle_row();
    load_row(1, 1);
    load_row(64, 1);
    load_row(64, 16);
    load_row(1'000, 1);
    return 0;
}
