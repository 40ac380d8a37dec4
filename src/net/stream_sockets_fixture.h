#pragma once

#include "net/shard.h"
#include "net/stream_sockets.h"
#include "net/test_turns.h"

#include <cerrno>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/// For the tests of StreamSockets: a handler that notes what it hears, a client that is a plain
/// socket, and a shard that is turned by hand.
namespace hearth::net {

/// Notes everything; a test may hang its own functions in.
class NotingHandler final : public StreamHandler {
public:
    void opened(ConnectionId id, const Address& peer) override {
        opened_ids.push_back(id);
        peers[id] = peer;
        if (on_opened) on_opened(id);
    }
    std::size_t received(ConnectionId id, std::string_view bytes) override {
        if (on_received) return on_received(id, bytes);
        received_bytes[id] += bytes;
        return bytes.size();
    }
    void closed(ConnectionId id, std::string_view why) override {
        EXPECT_FALSE(closed_why.contains(id)) << "told twice";
        closed_why[id] = why;
        if (on_closed) on_closed(id);
    }

    std::function<void(ConnectionId)> on_opened;
    std::function<std::size_t(ConnectionId, std::string_view)> on_received;
    std::function<void(ConnectionId)> on_closed;

    std::vector<ConnectionId> opened_ids;
    std::map<ConnectionId, Address> peers;
    std::map<ConnectionId, std::string> received_bytes;
    std::map<ConnectionId, std::string> closed_why;
};

/// The other end of a connection: never blocks.
class TestClient {
public:
    explicit TestClient(int descriptor)
        : descriptor_(descriptor) {}
    TestClient(TestClient&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)) {}
    ~TestClient() { close(); }

    static TestClient connect_to(const Address& server, int receive_buffer = 0) {
        const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (receive_buffer > 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(server.port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(descriptor, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
        return TestClient(descriptor);
    }

    /// Returns what the kernel has taken.
    std::size_t send(std::string_view bytes) const {
        const ssize_t sent =
            ::send(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }
    /// Takes what is there, at most `most` bytes; sees the end and a reset too.
    std::string receive(std::size_t most = 1U << 20) {
        std::string bytes(most, '\0');
        const ssize_t got = recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got == 0) ended_ = true;
        if (got < 0 && errno == ECONNRESET) was_reset_ = true;
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return bytes;
    }
    /// Whether receive() has met the end.
    bool ended() const { return ended_; }
    bool was_reset() const { return was_reset_; }

    void finish_sending() const { shutdown(descriptor_, SHUT_WR); }
    void close() {
        if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    }
    /// Closes with RST instead of FIN.
    void reset() {
        const linger now{1, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
    bool ended_ = false;
    bool was_reset_ = false;
};

class StreamSocketsTest : public testing::Test {
protected:
    StreamSocketsTest() {
        shard.each_turn([this] {
            if (sockets) sockets->flush();
        });
    }

    /// Makes the sockets with `limits` and a listener.
    void start() {
        sockets = std::make_unique<StreamSockets>(shard, handler, limits);
        const auto bound = sockets->listen({"127.0.0.1", 0});
        ASSERT_TRUE(bound) << bound.error().detail;
        server = *bound;
    }

    template <class Done>
    bool turn_until(Done done) {
        return net::turn_until(shard, std::move(done));
    }

    /// A client that the handler has been told of.
    TestClient connect(int receive_buffer = 0) {
        const std::size_t before = handler.opened_ids.size();
        TestClient client = TestClient::connect_to(server, receive_buffer);
        EXPECT_TRUE(turn_until([&] { return handler.opened_ids.size() > before; }));
        return client;
    }
    ConnectionId last_id() const { return handler.opened_ids.back(); }

    /// Turns until the client has received `size` bytes.
    std::string receive(TestClient& client, std::size_t size) {
        std::string got;
        EXPECT_TRUE(turn_until([&] {
            got += client.receive();
            return got.size() >= size;
        }));
        return got;
    }
    bool turn_until_closed(ConnectionId id) {
        return turn_until([&] { return handler.closed_why.contains(id); });
    }
    bool turn_until_ended(TestClient& client) {
        return turn_until([&] {
            client.receive();
            return client.ended() || client.was_reset();
        });
    }

    Shard shard{1};
    NotingHandler handler;
    StreamLimits limits;
    std::unique_ptr<StreamSockets> sockets;
    Address server;
};

} // namespace hearth::net
