#pragma once

#include "api/http_server.h"
#include "app/home_runtime.h"
#include "app/hub_options.h"
#include "app/lan.h"
#include "net/shard.h"
#include "net/stream_sockets.h"
#include "store/data_folder.h"

#include <memory>
#include <optional>

namespace hearth::app {

/// Where one home lets people and devices in: HTTP for its page and API, MQTT, and with --lan also
/// TLS for the phones of the house. Bytes go to the home and come from it; nothing is decided here.
/// On the home's shard; made after the home has started, gone before it.
class HomeDoors {
public:
    /// Errors: invalid settings.
    static Result<std::unique_ptr<HomeDoors>> make(net::Shard& shard, HomeRuntime& home);
    ~HomeDoors();
    HomeDoors(const HomeDoors&) = delete;
    HomeDoors& operator=(const HomeDoors&) = delete;

    /// Listens; port 0 takes a free one. Errors name the address and say what to do.
    Result<void> open(const Addresses& addresses);
    /// Listens to the whole network too, over TLS, by the certificate that lies in the folder; it
    /// is made anew before it ends.
    Result<void> open_to_lan(const store::DataFolder& folder, std::uint16_t port);

    const net::Address& http() const { return http_; }
    const net::Address& mqtt() const { return mqtt_; }
    const std::optional<LanAddress>& lan() const { return lan_; }
    /// {"http": ADDRESS, "mqtt": ADDRESS, "https"?: URL, "fingerprint"?}
    Value listeners() const;
    /// Over MQTT, so far.
    std::uint64_t received_bytes() const { return sockets_.counters().received_bytes; }

    /// What the home has to say leaves: the last step of its turn.
    void flush() { sockets_.flush(); }
    /// No MQTT client comes in any more; who is connected over HTTP still hears answers.
    void stop_listening() { sockets_.stop_listening(); }
    /// Nobody comes in any more, and no request is answered.
    void close();

private:
    HomeDoors(net::Shard& shard, HomeRuntime& home, api::HttpTrust trust);

    void renew_certificate();

    net::Shard& shard_;
    const net::SystemClock clock_;
    net::StreamSockets sockets_;
    api::HttpServer http_server_;
    const store::DataFolder* folder_ = nullptr; ///< of the certificate
    net::Address http_;
    net::Address mqtt_;
    std::optional<LanAddress> lan_;
    std::optional<net::Shard::TimerId> renewal_;
};

} // namespace hearth::app
