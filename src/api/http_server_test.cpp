#include "api/http_server.h"
#include "net/shard.h"

#include <cstring>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hearth::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr int longest_wait_turns = 2'000; // of 10 ms at most: a hung test ends some day

/// A client without any library: bytes out, bytes in.
class Client {
public:
    Client(net::Shard& shard, std::uint16_t port, int receive_bytes = 0)
        : shard_(shard)
        , socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        if (receive_bytes > 0)
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto* to = reinterpret_cast<const sockaddr*>(&address);
        EXPECT_EQ(::connect(socket_, to, sizeof address), 0);
    }
    ~Client() { hang_up(); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(std::string_view bytes) {
        EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    /// False once the other end takes nothing any more.
    bool sends(std::string_view bytes) {
        return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }
    void hang_up() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }
    /// Turns the shard until `count` occurrences of a text have come; all that came so far.
    const std::string& until(std::string_view text, int count = 1) {
        wait([&] { return occurrences(text) >= count; });
        EXPECT_GE(occurrences(text), count) << received_;
        return received_;
    }
    /// Turns the shard until the server closes.
    const std::string& until_closed() {
        wait([this] { return closed_; });
        EXPECT_TRUE(closed_);
        return received_;
    }
    template <class Condition>
    void wait(Condition condition) {
        for (int i = 0; i < longest_wait_turns && !condition(); ++i) {
            shard_.turn(10 * milliseconds);
            if (reads) take();
        }
    }

    bool reads = true;

private:
    void take() {
        char bytes[65536];
        const ssize_t got = ::recv(socket_, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got > 0) received_.append(bytes, static_cast<std::size_t>(got));
        if (got == 0 || (got < 0 && errno != EAGAIN)) closed_ = true;
    }
    int occurrences(std::string_view text) const {
        int count = 0;
        for (std::size_t at = received_.find(text); at != std::string::npos;
             at = received_.find(text, at + 1))
            ++count;
        return count;
    }

    net::Shard& shard_;
    int socket_;
    std::string received_;
    bool closed_ = false;
};

struct HttpServerTest : testing::Test {
    net::Shard shard{1};
    HttpLimits limits{.connections = 4,
                      .header_bytes = 1'000,
                      .body_bytes = 1'000,
                      .idle_s = 1,
                      .request_s = 1,
                      .socket_send_bytes = 4'096,
                      .ping_s = 1,
                      .close_s = 1};
    Handler handler = [](Request& request, const Responder& respond) {
        respond({200, "text/plain", request.path + request.body, {}, nullptr});
    };
    HttpTrust trust;
    std::shared_ptr<WebSocket> socket;
    std::unique_ptr<HttpServer> server;
    std::uint16_t port = 0;

    void start() {
        server = std::make_unique<HttpServer>(
            shard,
            [this](Request& request, const Responder& respond) { handler(request, respond); },
            limits, trust);
        port = server->listen({"127.0.0.1", 0}).value().port;
    }
    /// A client whose request became a WebSocket.
    std::unique_ptr<Client> web_socket(int receive_bytes = 0) {
        handler = [this](Request& request, const Responder& respond) {
            EXPECT_TRUE(request.upgrade);
            Response response{101, "", "", {}, nullptr};
            response.web_socket = [this](const auto& opened) { socket = opened; };
            respond(response);
        };
        start();
        auto client = std::make_unique<Client>(shard, port, receive_bytes);
        client->send("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                     "Sec-WebSocket-Version: 13\r\n\r\n");
        EXPECT_THAT(client->until("\r\n\r\n"), StartsWith("HTTP/1.1 101 "));
        client->wait([this] { return socket != nullptr; });
        return client;
    }
    static std::string get(std::string_view path, std::string_view host = "localhost") {
        return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", path, host);
    }
};

TEST_F(HttpServerTest, RequestsThatComeAtOnceAreAnsweredOneAfterTheOther) {
    start();
    Client client(shard, port);
    client.send(get("/one") + get("/two"));
    EXPECT_THAT(client.until("/two"), HasSubstr("/one"));
}

TEST_F(HttpServerTest, EveryAnswerIsKeptFromOtherSites) {
    start();
    Client client(shard, port);
    client.send(get("/"));
    const std::string& answer = client.until("\r\n\r\n/");
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff"));
    EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'none'"));
    EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store"));
}

TEST_F(HttpServerTest, ForeignNamesAndWhatIsTooLongAreRefused) {
    start();
    const std::map<std::string, std::string> refused{
        {get("/", "evil.example"), "HTTP/1.1 421 "},
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
        {get("/" + std::string(2'000, 'x')), "HTTP/1.1 431 "},
        {"no HTTP at all\r\n\r\n", "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" +
             std::string(100'000, 'x'),
         "HTTP/1.1 413 "},
    };
    for (const auto& [request, answer] : refused) {
        Client client(shard, port);
        client.send(request);
        EXPECT_THAT(client.until_closed(), StartsWith(answer));
    }
}

TEST_F(HttpServerTest, WhoIsSilentIsCutOff) {
    start();
    Client idle(shard, port);
    EXPECT_EQ(idle.until_closed(), "");
    Client slow(shard, port);
    slow.send("GET / HT");
    slow.until_closed();
}

TEST_F(HttpServerTest, WhatAProxyCouldReadInTwoWaysIsRefusedAndClosed) {
    start();
    const std::string smuggled = get("/smuggled");
    const std::map<std::string, std::string> refused{
        {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n" + smuggled,
         "HTTP/1.1 501 "},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n" +
             smuggled,
         "HTTP/1.1 501 "},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n" + smuggled,
         "HTTP/1.1 501 "},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: identity\r\n"
         "Transfer-Encoding: chunked\r\n\r\n" +
             smuggled,
         "HTTP/1.1 400 "},
    };
    for (const auto& [request, answer] : refused) {
        Client client(shard, port);
        client.send(request);
        const std::string& all = client.until_closed();
        EXPECT_THAT(all, StartsWith(answer)) << request;
        EXPECT_THAT(all, testing::Not(HasSubstr("/smuggled"))) << request;
    }
}

TEST_F(HttpServerTest, ABodyInChunksIsRead) {
    start();
    Client client(shard, port);
    client.send("POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: Chunked\r\n\r\n"
                "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
    EXPECT_THAT(client.until("onetwo"), HasSubstr("/aonetwo"));
}

TEST_F(HttpServerTest, ARequestHasItsTimeFromTheFirstByteHoweverManyFollow) {
    limits.idle_s = 60;
    start();
    Client client(shard, port);
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ");
    bool closed = false;
    for (int i = 0; i < 200 && !closed; ++i) {
        client.wait([&, turns = 0]() mutable { return ++turns > 2; });
        closed = !client.sends("x");
    }
    EXPECT_TRUE(closed);
}

TEST_F(HttpServerTest, WhoHasWaitedLongestMakesRoomForTheNext) {
    limits.idle_s = limits.request_s = 60;
    start();
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 4; ++i) {
        clients.push_back(std::make_unique<Client>(shard, port));
        clients.back()->send(i % 2 == 0 ? "GET / HT" : get("/"));
        if (i % 2 != 0) clients.back()->until("200 OK");
    }
    Client next(shard, port);
    next.send(get("/next"));
    next.until("/next");
    clients[0]->until_closed();
    clients[3]->send(get("/still"));
    clients[3]->until("/still");
}

TEST_F(HttpServerTest, WhereAllAreBeingAnsweredTheNextIsClosed) {
    std::vector<Responder> waiting;
    handler = [&](Request&, const Responder& respond) { waiting.push_back(respond); };
    start();
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < 4; ++i) {
        clients.push_back(std::make_unique<Client>(shard, port));
        clients.back()->send(get("/"));
        clients.back()->wait([&] { return waiting.size() > i; });
    }
    Client more(shard, port);
    EXPECT_EQ(more.until_closed(), "");
    waiting.clear();
}

TEST_F(HttpServerTest, OneAddressHasItsShareAndATrustedProxyHasAll) {
    limits.connections_per_address = 1;
    limits.idle_s = 60;
    start();
    Client first(shard, port);
    first.send(get("/first"));
    first.until("/first");
    Client second(shard, port);
    second.send(get("/second"));
    second.until("/second");
    first.until_closed();
    trust.proxies = TrustedProxies::parse("127.0.0.1").value();
    start();
    Client third(shard, port);
    third.send(get("/third"));
    third.until("/third");
    Client fourth(shard, port);
    fourth.send(get("/fourth"));
    fourth.until("/fourth");
    third.send(get("/again"));
    third.until("/again");
}

TEST_F(HttpServerTest, ProxiesAreBelievedWhereTheyAreTrusted) {
    Request seen;
    handler = [&](Request& request, const Responder& respond) {
        seen = request;
        respond({200, "text/plain", "seen", {}, nullptr});
    };
    const auto ask = [&](std::string_view headers) {
        Client client(shard, port);
        client.send(fmt::format("GET / HTTP/1.1\r\nHost: home.example.org\r\n{}\r\n", headers));
        client.until("seen");
    };
    constexpr std::string_view forwarded =
        "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 198.51.100.7\r\n"
        "X-Forwarded-Proto: https\r\n";
    trust.hosts = {"home.example.org"};
    start();
    ask("");
    EXPECT_TRUE(seen.from_loopback);
    ask(forwarded);
    EXPECT_FALSE(seen.from_loopback);
    EXPECT_FALSE(seen.secure);
    EXPECT_EQ(seen.peer, "127.0.0.1");
    trust.proxies = TrustedProxies::parse("127.0.0.0/8").value();
    start();
    ask(forwarded);
    EXPECT_FALSE(seen.from_loopback);
    EXPECT_TRUE(seen.secure);
    EXPECT_EQ(seen.peer, "198.51.100.7");
}

TEST_F(HttpServerTest, NobodyWaitsForWhoHasHungUp) {
    std::optional<Responder> waiting;
    handler = [&](Request&, const Responder& respond) { waiting = respond; };
    start();
    Client client(shard, port);
    client.send(get("/"));
    client.wait([&] { return waiting.has_value(); });
    EXPECT_FALSE(waiting->is_done());
    client.reads = false;
    client.hang_up();
    client.wait([&] { return waiting->is_done(); });
    EXPECT_TRUE(waiting->is_done());
}

TEST_F(HttpServerTest, TextsGoOutInOrder) {
    const auto client = web_socket();
    for (const char* text : {"one", "two", "three"})
        socket->send(std::make_shared<const std::string>(text));
    // RFC 6455, 5.2: a final text frame, its length, the text.
    EXPECT_THAT(client->until("three"), HasSubstr("\x81\x03one\x81\x03two\x81\x05three"));
    EXPECT_EQ(socket->queued_bytes(), 0U);
}

TEST_F(HttpServerTest, WhoAnswersNoPingIsCutOff) {
    const auto client = web_socket();
    bool told = false;
    socket->on_closed([&] { told = true; });
    EXPECT_THAT(client->until_closed(), HasSubstr("\x89")) << "a ping came first";
    EXPECT_TRUE(told);
}

TEST_F(HttpServerTest, WhoNeverReadsIsCutOffSomeTimeAfterTheClose) {
    const auto client = web_socket(4'096);
    client->reads = false;
    bool told = false;
    socket->on_closed([&] { told = true; });
    const auto text = std::make_shared<const std::string>(std::string(100'000, 'x'));
    for (int i = 0; i < 20; ++i)
        socket->send(text);
    client->wait([&] { return socket->queued_bytes() < 20 * text->size(); });
    EXPECT_GT(socket->queued_bytes(), 10 * text->size());
    socket->close(close_code::try_later, "slow");
    EXPECT_EQ(socket->queued_bytes(), 0U);
    client->wait([&] { return told; });
    EXPECT_TRUE(told);
    socket->send(text);
    EXPECT_EQ(socket->queued_bytes(), 0U) << "nothing goes out any more";
}

TEST_F(HttpServerTest, AStopIsTold) {
    const auto client = web_socket();
    server->stop();
    EXPECT_THAT(client->until("the hub stops"), HasSubstr("\x03\xe9the hub stops")) << "1001";
}

TEST_F(HttpServerTest, AnAnswerThatNobodyGaveIsA500) {
    handler = [](Request&, const Responder&) {};
    start();
    Client client(shard, port);
    client.send(get("/"));
    EXPECT_THAT(client.until("\r\n\r\n"), StartsWith("HTTP/1.1 500 "));
}

TEST_F(HttpServerTest, ARequestForWhichNoMemoryIsLeftEndsAloneAndTheNextIsServed) {
    handler = [](Request& request, const Responder& respond) {
        if (request.path == "/large") throw std::bad_alloc();
        respond({200, "text/plain", "small", {}, nullptr});
    };
    start();
    Client client(shard, port);
    client.send(get("/large"));
    EXPECT_THAT(client.until("look before you ask again"), StartsWith("HTTP/1.1 503 "));
    client.send(get("/small"));
    EXPECT_THAT(client.until("small"), HasSubstr("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, AnAnswerThatTakesTooLongIsA504) {
    std::optional<Responder> waiting;
    handler = [&](Request&, const Responder& respond) { waiting = respond; };
    limits.answer_s = 1;
    start();
    Client client(shard, port);
    client.send(get("/"));
    EXPECT_THAT(client.until_closed(), StartsWith("HTTP/1.1 504 "));
    EXPECT_TRUE(waiting->is_done());
}

TEST_F(HttpServerTest, AnAddressInUseIsTold) {
    start();
    EXPECT_EQ(server->listen({"127.0.0.1", port}).error().code, Code::conflict);
    EXPECT_EQ(server->listen({"no address", 0}).error().code, Code::invalid);
    EXPECT_FALSE(server->listen_tls({"127.0.0.1", 0})) << "without a certificate";
}

} // namespace
} // namespace hearth::api
