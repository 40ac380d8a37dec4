#pragma once

#include "simulator/mqtt_client.h"
#include "simulator/thing.h"

#include <memory>
#include <string_view>
#include <vector>

namespace hearth::simulator {

/// Where firmware puts its messages.
class Outbox {
public:
    virtual ~Outbox() = default;
    virtual void publish(Message message) = 0;
};

/// What runs on one MQTT client: it puts the state of its things into messages and messages into
/// requests, in the words of one product. One firmware has one thing, a bridge has many.
///
/// What all have in common is here: on each connection they announce themselves, say "online" and
/// tell their whole state, and again when Home Assistant (or hearth) says "online" on
/// homeassistant/status, after 0.2 to 2 s, so that a house full of devices does not do it at once.
///
/// Owns nothing; things and outbox must outlive it. All times are simulated.
class Firmware : public Actor {
public:
    Firmware(std::vector<Thing*> things, Outbox& out, std::uint64_t seed);

    /// How to connect: id, version, keep-alive, will, subscriptions; without a user name.
    virtual ClientOptions client_options() const = 0;
    /// Under which name credentials are looked up: what the credential's own topics begin with.
    virtual std::string_view credential_name() const = 0;

    void connected(Micros now);
    void received(std::string_view topic, std::string_view payload, Micros now);
    /// Before it disconnects of its own will.
    virtual void say_offline() = 0;

    const std::vector<Thing*>& things() const { return things_; }

    Micros next() const override { return greeting_; }
    void act(Micros now) override;

protected:
    virtual void announce() = 0;
    virtual void say_online() = 0;
    virtual void tell(const Thing& thing, Micros now) = 0;
    virtual void handle(std::string_view topic, std::string_view payload, Micros now) = 0;

    void publish(std::string topic, std::string payload, bool retain,
                 mqtt::Qos qos = mqtt::Qos::at_most_once);
    void publish_json(std::string topic, const Value& payload, bool retain,
                      mqtt::Qos qos = mqtt::Qos::at_most_once);
    Thing& thing() const { return *things_.front(); }

private:
    std::vector<Thing*> things_;
    Outbox& out_;
    SeededRandom chance_;
    Micros greeting_ = never;
};

/// Zigbee2MQTT 2.x: all these things behind one client.
std::unique_ptr<Firmware> make_zigbee2mqtt(std::vector<Thing*> things, Outbox& out,
                                           std::uint64_t seed);
/// ESPHome's MQTT component.
std::unique_ptr<Firmware> make_esphome(Thing& thing, Outbox& out, std::uint64_t seed);
/// Tasmota with Home Assistant's discovery messages, in their abbreviated words.
std::unique_ptr<Firmware> make_tasmota(Thing& thing, Outbox& out, std::uint64_t seed);
/// Firmware that announces itself in one message for the whole device, and speaks MQTT 5.0.
std::unique_ptr<Firmware> make_device_form(Thing& thing, Outbox& out, std::uint64_t seed);

} // namespace hearth::simulator
