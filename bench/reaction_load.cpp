// Twenty motion sensors and twenty lights as MQTT clients, each on a connection of its own: a
// sensor says something, a hub in between reacts, and the light gets its command. Prints one line
// of JSON with what that took. What is measured is from the write of the sensor's PUBLISH to the
// read of the light's command, on the steady clock of this process.
//
//   reaction_load --port 1883 --user u --password p --pairs 20 --seconds 10 --rate 50
//   reaction_load … --outstanding 8 --qos 1 --echo
//
// --rate N begins N reactions a second, evenly; --outstanding N keeps N under way all the time. A
// pair has one reaction under way at most. --echo: the light answers with its state, as real ones
// do. Topics: bench/sensor/I/state {"occupancy":true}, bench/light/I/set, bench/light/I/state.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds connect_wait{5'000};
constexpr milliseconds settling{1'000};
constexpr milliseconds lost_after{2'000}; ///< a reaction that has not come by then is lost

struct Options {
    int port = 1883;
    std::string user;
    std::string password;
    int pairs = 20;
    double seconds = 10;
    double rate = 0; ///< reactions a second; 0: outstanding counts
    int outstanding = 8;
    int qos = 0;
    bool echo = false;
};

[[noreturn]] void die(const std::string& why) {
    fmt::print(stderr, "reaction_load: {}\n", why);
    std::exit(1);
}

// --- As much of MQTT 3.1.1 as this needs
// ----------------------------------------------------------

std::string text(std::string_view content) {
    std::string bytes{static_cast<char>(content.size() >> 8), static_cast<char>(content.size())};
    return bytes.append(content);
}

std::string packet(int first, const std::string& body) {
    std::string bytes(1, static_cast<char>(first));
    std::size_t left = body.size();
    do {
        const auto low = static_cast<unsigned char>(left & 0x7F);
        left >>= 7;
        bytes.push_back(static_cast<char>(left != 0 ? low | 0x80 : low));
    } while (left != 0);
    return bytes + body;
}

std::string connect_packet(const Options& options, const std::string& client_id) {
    const bool named = !options.user.empty();
    std::string body = text("MQTT");
    body += '\x04';
    body += named ? '\xC2' : '\x02';
    body.append("\x00\x00", 2); // no keep-alive
    body += text(client_id);
    if (named) body += text(options.user) + text(options.password);
    return packet(0x10, body);
}

std::string publish_packet(std::string_view topic, std::string_view payload, int qos,
                           std::uint16_t id) {
    std::string body = text(topic);
    if (qos > 0) body += {static_cast<char>(id >> 8), static_cast<char>(id)};
    body.append(payload);
    return packet(0x30 | qos << 1, body);
}

class Connection {
public:
    explicit Connection(int port) {
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            die("nothing listens at port " + std::to_string(port));
        const int on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~Connection() { ::close(fd_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int fd() const { return fd_; }

    void send(const std::string& bytes) const {
        if (::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(bytes.size()))
            die("the hub does not take what is sent");
    }

    /// Reads what is there and hands each whole packet over: its first byte and its body.
    template <typename Take>
    void read(const Take& take) {
        char chunk[16'384];
        const ssize_t got = ::recv(fd_, chunk, sizeof chunk, 0);
        if (got <= 0) die("the hub has closed a connection");
        in_.append(chunk, static_cast<std::size_t>(got));
        std::size_t at = 0;
        while (const std::size_t size = packet_at(at, take))
            at += size;
        in_.erase(0, at);
    }

    /// Waits for a packet that begins with this byte; others that come before are dropped.
    void await(int first) {
        bool seen = false;
        while (!seen) {
            pollfd ready{fd_, POLLIN, 0};
            if (::poll(&ready, 1, static_cast<int>(connect_wait.count())) <= 0)
                die("no answer from the hub");
            read([&](int got, std::string_view body) {
                if (got == 0x20 && (body.size() < 2 || body[1] != 0)) die("the hub lets nobody in");
                seen |= got == first;
            });
        }
    }

private:
    template <typename Take>
    std::size_t packet_at(std::size_t at, const Take& take) {
        std::size_t length = 0;
        std::size_t header = 1;
        for (int shift = 0;; shift += 7, ++header) {
            if (at + header >= in_.size()) return 0;
            const auto byte = static_cast<unsigned char>(in_[at + header]);
            length |= static_cast<std::size_t>(byte & 0x7F) << shift;
            if ((byte & 0x80) == 0) break;
        }
        ++header;
        if (at + header + length > in_.size()) return 0;
        take(static_cast<unsigned char>(in_[at]),
             std::string_view(in_).substr(at + header, length));
        return header + length;
    }

    int fd_ = -1;
    std::string in_;
};

struct Pair {
    std::unique_ptr<Connection> sensor;
    std::unique_ptr<Connection> light;
    std::string sensor_topic;
    std::string light_topic;
    std::string state_topic;
    bool occupied = false;
    bool under_way = false;
    std::uint16_t packet_id = 0;
    Clock::time_point began;
};

// --- The load
// -------------------------------------------------------------------------------------

class Load {
public:
    explicit Load(const Options& options)
        : options_(options)
        , pairs_(static_cast<std::size_t>(options.pairs)) {
        epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
        for (std::size_t i = 0; i < pairs_.size(); ++i)
            open(i);
        settle();
    }

    void run() {
        const auto begin = Clock::now();
        const auto end = begin + microseconds(static_cast<long>(options_.seconds * 1e6));
        next_ = begin;
        while (Clock::now() < end) {
            start_due();
            wait();
            drop_lost();
        }
        const auto grace = Clock::now() + lost_after;
        while (under_way_ > 0 && Clock::now() < grace)
            wait();
        lost_ += static_cast<std::size_t>(under_way_);
        print(duration_cast<microseconds>(Clock::now() - begin));
    }

private:
    void open(std::size_t i) {
        Pair& pair = pairs_[i];
        const std::string number = std::to_string(i);
        pair.sensor_topic = "bench/sensor/" + number + "/state";
        pair.light_topic = "bench/light/" + number + "/set";
        pair.state_topic = "bench/light/" + number + "/state";
        pair.sensor = std::make_unique<Connection>(options_.port);
        pair.light = std::make_unique<Connection>(options_.port);
        pair.sensor->send(connect_packet(options_, "bench-sensor-" + number));
        pair.light->send(connect_packet(options_, "bench-light-" + number));
        pair.sensor->await(0x20);
        pair.light->await(0x20);
        pair.light->send(packet(0x82, std::string("\x00\x01", 2) + text(pair.light_topic) + '\0'));
        pair.light->await(0x90);
        watch(pair.sensor->fd(), 2 * i);
        watch(pair.light->fd(), 2 * i + 1);
    }

    /// All sensors say that nobody is there, so that the first reaction is to a change whatever
    /// was before; what comes of it is not counted.
    void settle() {
        for (Pair& pair : pairs_)
            pair.sensor->send(publish_packet(pair.sensor_topic, R"({"occupancy":false})", 0, 0));
        const auto until = Clock::now() + settling;
        while (Clock::now() < until)
            wait();
        unexpected_ = 0;
    }

    void watch(int fd, std::size_t tag) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = tag;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    }

    void start_due() {
        if (options_.rate <= 0) {
            while (under_way_ < options_.outstanding && start_one()) {
            }
            return;
        }
        const auto gap = microseconds(static_cast<long>(1e6 / options_.rate));
        while (Clock::now() >= next_) {
            if (!start_one()) ++late_;
            next_ += gap;
        }
    }

    /// The next pair that is free says something. False where none is.
    bool start_one() {
        for (std::size_t tried = 0; tried < pairs_.size(); ++tried) {
            Pair& pair = pairs_[turn_];
            turn_ = (turn_ + 1) % pairs_.size();
            if (pair.under_way) continue;
            pair.occupied = !pair.occupied;
            pair.under_way = true;
            if (++pair.packet_id == 0) pair.packet_id = 1;
            const std::string bytes =
                publish_packet(pair.sensor_topic,
                               pair.occupied ? R"({"occupancy":true})" : R"({"occupancy":false})",
                               options_.qos, pair.packet_id);
            pair.began = Clock::now();
            pair.sensor->send(bytes);
            ++under_way_;
            return true;
        }
        return false;
    }

    void wait() {
        int timeout_ms = 20;
        if (options_.rate > 0) {
            const auto left = duration_cast<milliseconds>(next_ - Clock::now()).count();
            timeout_ms = static_cast<int>(std::clamp<long>(left, 0, 20));
        }
        epoll_event events[64];
        const int count = ::epoll_wait(epoll_, events, 64, timeout_ms);
        for (int i = 0; i < count; ++i) {
            Pair& pair = pairs_[events[i].data.u64 / 2];
            if (events[i].data.u64 % 2 == 0)
                pair.sensor->read([](int, std::string_view) {});
            else
                pair.light->read(
                    [&](int first, std::string_view body) { take(pair, first, body); });
        }
    }

    void take(Pair& pair, int first, std::string_view body) {
        if ((first & 0xF0) != 0x30) return;
        const bool on = body.find("ON") != std::string_view::npos;
        if (!pair.under_way || on != pair.occupied) {
            ++unexpected_;
            return;
        }
        latencies_.push_back(duration_cast<microseconds>(Clock::now() - pair.began).count());
        pair.under_way = false;
        --under_way_;
        if (options_.echo)
            pair.light->send(publish_packet(pair.state_topic,
                                            on ? R"({"state":"ON"})" : R"({"state":"OFF"})", 0, 0));
    }

    void drop_lost() {
        const auto oldest = Clock::now() - lost_after;
        for (Pair& pair : pairs_)
            if (pair.under_way && pair.began < oldest) {
                pair.under_way = false;
                --under_way_;
                ++lost_;
            }
    }

    void print(microseconds took) {
        std::ranges::sort(latencies_);
        const auto at = [&](double share) {
            if (latencies_.empty()) return 0L;
            const auto index =
                static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1));
            return latencies_[index];
        };
        fmt::print("{{\"reactions\": {}, \"seconds\": {:.3f}, \"p50_us\": {}, \"p99_us\": {}, "
                   "\"lost\": {}, \"late\": {}, \"unexpected\": {}}}\n",
                   latencies_.size(), static_cast<double>(took.count()) / 1e6, at(0.5), at(0.99),
                   lost_, late_, unexpected_);
    }

    Options options_;
    std::vector<Pair> pairs_;
    int epoll_ = -1;
    std::size_t turn_ = 0;
    int under_way_ = 0;
    Clock::time_point next_;
    std::vector<long> latencies_;
    std::size_t lost_ = 0;
    std::size_t late_ = 0;
    std::size_t unexpected_ = 0;
};

Options read_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--echo") {
            options.echo = true;
            continue;
        }
        if (++i == argc) die("a value is missing after " + std::string(name));
        if (name == "--port")
            options.port = std::atoi(argv[i]);
        else if (name == "--user")
            options.user = argv[i];
        else if (name == "--password")
            options.password = argv[i];
        else if (name == "--pairs")
            options.pairs = std::atoi(argv[i]);
        else if (name == "--seconds")
            options.seconds = std::atof(argv[i]);
        else if (name == "--rate")
            options.rate = std::atof(argv[i]);
        else if (name == "--outstanding")
            options.outstanding = std::atoi(argv[i]);
        else if (name == "--qos")
            options.qos = std::atoi(argv[i]);
        else
            die("unknown option " + std::string(name));
    }
    return options;
}

} // namespace

int main(int argc, char** argv) {
    Load(read_options(argc, argv)).run();
}
