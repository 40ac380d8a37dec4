#include "broker/counters.h"

#include <fmt/core.h>

namespace hearth::broker {

namespace {

std::array<Counter*, 3> by_qos(Metrics& metrics, std::string_view name, std::string_view help) {
    std::array<Counter*, 3> counters{};
    for (std::size_t qos = 0; qos < counters.size(); ++qos)
        counters[qos] = &metrics.counter(name, help, fmt::format("qos=\"{}\"", qos));
    return counters;
}

Counter& dropped(Metrics& metrics, std::string_view reason) {
    return metrics.counter("hearth_mqtt_dropped_total", "Messages that did not reach a client",
                           fmt::format("reason=\"{}\"", reason));
}

} // namespace

Counters::Counters(Metrics& metrics)
    : messages_in(by_qos(metrics, "hearth_mqtt_messages_in_total", "Messages from clients"))
    , messages_out(by_qos(metrics, "hearth_mqtt_messages_out_total", "Messages to clients"))
    , bytes_in(metrics.counter("hearth_mqtt_bytes_in_total", "Bytes from clients"))
    , bytes_out(metrics.counter("hearth_mqtt_bytes_out_total", "Bytes of messages to clients"))
    , connects(metrics.counter("hearth_mqtt_connects_total", "Accepted CONNECTs"))
    , login_failures(metrics.counter("hearth_mqtt_login_failures_total",
                                     "CONNECTs with a wrong name or password"))
    , out_of_memory(metrics.counter("hearth_mqtt_out_of_memory_total",
                                    "Connections closed for want of memory"))
    , turned_away(metrics.counter("hearth_mqtt_turned_away_total",
                                  "Silent connections that made room for others"))
    , dropped_slow(dropped(metrics, "slow"))
    , dropped_full(dropped(metrics, "queue_full"))
    , dropped_expired(dropped(metrics, "expired"))
    , dropped_large(dropped(metrics, "too_large"))
    , dropped_local(dropped(metrics, "local_backlog")) {}

} // namespace hearth::broker
