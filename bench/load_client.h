#pragma once

#include "house_messages.h"
#include "measure.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/// MQTT 3.1.1 clients that load a broker on the loopback through plain sockets and one epoll set.
/// What goes wrong ends the program with one line: these are tools, and half a measurement is none.
namespace hearth::bench {

[[noreturn]] inline void give_up(std::string_view why) {
    fmt::print(stderr, "{}\n", why);
    std::exit(1);
}

/// One connection, blocking; its CONNECT is accepted once it is constructed.
class LoadConnection {
public:
    LoadConnection(std::uint16_t port, std::string_view client_id)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (descriptor_ < 0 ||
            ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
            give_up("no connection to the broker");
        const int on = 1;
        ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        send(connect_bytes(client_id));
        if (receive_exactly(4) != std::string_view("\x20\x02\x00\x00", 4))
            give_up("the broker refuses CONNECT");
    }
    ~LoadConnection() { ::close(descriptor_); }
    LoadConnection(const LoadConnection&) = delete;
    LoadConnection& operator=(const LoadConnection&) = delete;

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) give_up("the broker has closed the connection");
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    /// What is there; waits for something.
    std::size_t receive(char* to, std::size_t most) const {
        const ssize_t got = ::recv(descriptor_, to, most, 0);
        if (got <= 0) give_up("the broker has closed the connection");
        return static_cast<std::size_t>(got);
    }
    std::string receive_exactly(std::size_t size) const {
        std::string bytes(size, '\0');
        for (std::size_t have = 0; have < size;)
            have += receive(bytes.data() + have, size - have);
        return bytes;
    }
    void subscribe(std::string_view filter) const {
        send(subscribe_bytes(filter, 1));
        (void)receive_exactly(5);
    }
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

/// Sends all of them at QoS 1, `window` at most unacknowledged, and returns when all are.
inline void send_all(const LoadConnection& connection, const std::vector<Message>& messages,
                     std::size_t window = 50) {
    std::size_t sent = 0;
    std::size_t bytes_back = 0; // four for each PUBACK
    char buffer[4096];
    while (bytes_back < messages.size() * 4) {
        std::string batch;
        for (; sent < messages.size() && sent - bytes_back / 4 < window; ++sent)
            batch +=
                publish_bytes(messages[sent], 1, static_cast<std::uint16_t>(1 + sent % 60'000));
        connection.send(batch);
        bytes_back += connection.receive(buffer, sizeof buffer);
    }
}

struct LoadResult {
    std::uint64_t acks = 0;
    double wall_us = 0;
    double client_cpu_us = 0;
    double p50_us = 0;
    double p99_us = 0;
};

/// Connections that each keep so many QoS 1 messages of 64 bytes unacknowledged: an acknowledgement
/// is answered with the next message. Messages are retained, each connection on its own topic, so
/// that a broker has something to keep.
class AckLoad {
public:
    AckLoad(std::uint16_t port, std::size_t connections, std::size_t outstanding)
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (std::size_t i = 0; i < connections; ++i)
            clients_.push_back(std::make_unique<Client>(port, i, outstanding));
        for (const auto& client : clients_) {
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.ptr = client.get();
            ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client->connection.descriptor(), &event);
        }
    }
    ~AckLoad() { ::close(epoll_); }
    AckLoad(const AckLoad&) = delete;
    AckLoad& operator=(const AckLoad&) = delete;

    /// Loads for so long, then waits for what is still unacknowledged.
    LoadResult run(double seconds) {
        latencies_.clear();
        const Stopwatch watch;
        sending_ = true;
        for (const auto& client : clients_)
            client->first();
        while (watch.wall_passed() < seconds * 1e6)
            turn();
        sending_ = false;
        LoadResult result{latencies_.size(), watch.wall_passed(), watch.cpu_passed(), 0, 0};
        result.p50_us = percentile(latencies_, 0.5);
        result.p99_us = percentile(latencies_, 0.99);
        while (outstanding() > 0)
            turn();
        return result;
    }

private:
    struct Client {
        Client(std::uint16_t port, std::size_t number, std::size_t outstanding)
            : connection(port, fmt::format("load-{}", number))
            , packet(publish_bytes({fmt::format("load/{}", number), std::string(64, '0'), true}, 1))
            , id_offset(mqtt::packet_id_offset(packet))
            , sent_at(outstanding) {}

        /// Puts the message with that identifier behind the batch.
        void add(std::uint16_t id) {
            mqtt::patch_packet_id(packet.data(), id_offset, id);
            // Another payload each time: the last 16 bytes count.
            fmt::format_to_n(packet.data() + packet.size() - 16, 16, "{:016x}", ++count);
            batch += packet;
            sent_at[id - 1U] = micros_of(CLOCK_MONOTONIC);
            ++open;
        }
        void flush() {
            connection.send(batch);
            batch.clear();
        }
        void first() {
            for (std::size_t id = 1; id <= sent_at.size(); ++id)
                add(static_cast<std::uint16_t>(id));
            flush();
        }

        LoadConnection connection;
        std::string packet;
        std::size_t id_offset;
        std::vector<double> sent_at; ///< by packet identifier, less one
        std::size_t open = 0;
        std::uint64_t count = 0;
        std::string batch;
        std::string input; ///< the beginning of an acknowledgement
    };

    std::size_t outstanding() const {
        std::size_t sum = 0;
        for (const auto& client : clients_)
            sum += client->open;
        return sum;
    }

    void turn() {
        epoll_event events[64];
        const int ready = ::epoll_wait(epoll_, events, 64, 100);
        for (int i = 0; i < ready; ++i)
            read(*static_cast<Client*>(events[i].data.ptr));
    }

    void read(Client& client) {
        char buffer[16384];
        client.input.append(buffer, client.connection.receive(buffer, sizeof buffer));
        const double now = micros_of(CLOCK_MONOTONIC);
        std::size_t at = 0;
        for (; client.input.size() - at >= 4; at += 4) {
            const auto byte = [&](std::size_t i) {
                return static_cast<unsigned char>(client.input[at + i]);
            };
            if (byte(0) != 0x40) give_up("the broker sends what is no PUBACK");
            const auto id = static_cast<std::uint16_t>(byte(2) << 8 | byte(3));
            latencies_.push_back(now - client.sent_at[id - 1U]);
            --client.open;
            if (sending_) client.add(id);
        }
        client.input.erase(0, at);
        client.flush();
    }

    int epoll_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::vector<double> latencies_;
    bool sending_ = false;
};

} // namespace hearth::bench
