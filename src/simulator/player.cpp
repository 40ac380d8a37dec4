#include "simulator/player.h"

#include "base/log.h"
#include "base/text.h"

#include <cstdio>
#include <utility>

namespace hearth::simulator {

void Player::play(std::unique_ptr<Firmware> firmware, const std::optional<Login>& login) {
    firmware_ = std::move(firmware);
    ClientOptions options = firmware_->client_options();
    if (login) {
        options.user_name = login->user_name;
        options.password = login->password;
    }
    client_ = std::make_unique<MqttClient>(std::move(options), *this, *this, stage_.random());
}

void Player::open() {
    auto connection = stage_.sockets().connect(stage_.broker());
    if (connection) {
        connection_ = *connection;
        stage_.connecting(connection_, *this);
        return;
    }
    // The client must not hear of it from within.
    stage_.shard().post([this, why = connection.error().detail] { closed(why); });
}

void Player::send(std::string_view bytes) {
    stage_.sockets().send(connection_, bytes);
}

void Player::close() {
    stage_.sockets().close(connection_, "done");
}

void Player::closed(std::string_view why) {
    connection_ = 0;
    client_->closed(why, stage_.steady());
}

void Player::connected(Micros) {
    firmware_->connected(stage_.catch_up());
}

void Player::received(const mqtt::Publish& message, Micros) {
    firmware_->received(message.topic, message.payload, stage_.catch_up());
}

void Player::lost(std::string_view why) {
    stage_.lost(why);
}

void Player::refused(const Error& error) {
    stage_.refused(error);
}

void Player::rejected(std::string_view topic, std::string_view why) {
    if (std::exchange(said_rejected_, true)) return;
    fmt::print(stderr, "hearth simulate: the broker did not take {} of \"{}\": {}\n",
               printable(topic, 100), client_->options().client_id, why);
}

void Player::publish(Message message) {
    if (auto sent = client_->publish(message); !sent) {
        ++dropped_;
        log::debug("simulator.dropped", "{}: {}", message.topic, sent.error().detail);
    }
}

} // namespace hearth::simulator
