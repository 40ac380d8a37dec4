#pragma once

#include "simulator/stage.h"

#include <functional>
#include <memory>

namespace hearth::simulator {

/// One firmware on its MQTT client on its socket: hands what one says to the next.
class Player final : public Link, public ClientOwner, public Outbox {
public:
    explicit Player(Stage& stage)
        : stage_(stage) {}

    /// Once, before start(). The firmware has this as its outbox.
    void play(std::unique_ptr<Firmware> firmware, const std::optional<Login>& login);

    Firmware& firmware() { return *firmware_; }
    MqttClient& client() { return *client_; }
    const MqttClient& client() const { return *client_; }
    net::ConnectionId connection() const { return connection_; }
    /// Messages that did not get out, since the beginning.
    std::uint64_t dropped() const { return dropped_; }

    // Link
    void open() override;
    void send(std::string_view bytes) override;
    void close() override;
    // ClientOwner
    void connected(Micros now) override;
    void received(const mqtt::Publish& message, Micros now) override;
    void lost(std::string_view why) override;
    void refused(const Error& error) override;
    void rejected(std::string_view topic, std::string_view why) override;
    // Outbox
    void publish(Message message) override;

    /// The connection is gone.
    void closed(std::string_view why);

private:
    Stage& stage_;
    std::unique_ptr<Firmware> firmware_;
    std::unique_ptr<MqttClient> client_;
    net::ConnectionId connection_ = 0;
    bool said_rejected_ = false;
    std::uint64_t dropped_ = 0;
};

} // namespace hearth::simulator
