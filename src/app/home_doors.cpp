#include "app/home_doors.h"

#include "base/log.h"

namespace hearth::app {
namespace {

/// So often a hub that runs for a year looks whether its certificate ends.
constexpr Micros certificate_check = 12 * hours;

} // namespace

HomeDoors::HomeDoors(net::Shard& shard, HomeRuntime& home, api::HttpTrust trust)
    : shard_(shard)
    , sockets_(shard, home.mqtt(),
               stream_limits(home.setup().settings, home.setup().mqtt_connections))
    , http_server_(
          shard,
          [&home](api::Request& request, const api::Responder& respond) {
              home.handle(request, respond);
          },
          http_limits(home.setup().settings), std::move(trust)) {
    home.attach(sockets_, [this] { return listeners(); });
    sockets_.show_in(home.metrics());
    http_server_.show_in(home.metrics());
}

HomeDoors::~HomeDoors() {
    if (renewal_) shard_.cancel(*renewal_);
}

Result<std::unique_ptr<HomeDoors>> HomeDoors::make(net::Shard& shard, HomeRuntime& home) {
    auto trust = http_trust(home.setup().settings);
    if (!trust) return std::unexpected(trust.error());
    return std::unique_ptr<HomeDoors>(new HomeDoors(shard, home, std::move(*trust)));
}

Result<void> HomeDoors::open(const Addresses& addresses) {
    const auto mqtt_bound = sockets_.listen(addresses.mqtt);
    if (!mqtt_bound) return std::unexpected(mqtt_bound.error());
    mqtt_ = *mqtt_bound;
    const auto http_bound = http_server_.listen(addresses.http);
    if (!http_bound) return std::unexpected(http_bound.error());
    http_ = *http_bound;
    return {};
}

Result<void> HomeDoors::open_to_lan(const store::DataFolder& folder, std::uint16_t port) {
    const auto certificate = own_certificate(folder, clock_.utc());
    if (!certificate) return std::unexpected(certificate.error());
    auto lan = listen_on_lan(http_server_, *certificate, port);
    if (!lan) return std::unexpected(lan.error());
    lan_ = std::move(*lan);
    folder_ = &folder;
    renewal_ = shard_.every(certificate_check, [this] { renew_certificate(); });
    return {};
}

void HomeDoors::renew_certificate() {
    const auto certificate = own_certificate(*folder_, clock_.utc());
    const auto used = certificate ? http_server_.use_certificate(*certificate)
                                  : std::unexpected(certificate.error());
    if (!used) return log::warn("lan.certificate", "{}", used.error().detail);
    if (certificate->fingerprint == lan_->fingerprint) return;
    lan_->fingerprint = certificate->fingerprint;
    log::info("lan.certificate", "the certificate is new: SHA-256 {}", lan_->fingerprint);
}

Value HomeDoors::listeners() const {
    ValueMap all{{"http", http_.to_string()}, {"mqtt", mqtt_.to_string()}};
    if (lan_) {
        all.append("https", lan_->url);
        all.append("fingerprint", lan_->fingerprint);
    }
    return all;
}

void HomeDoors::close() {
    http_server_.stop();
    sockets_.stop_listening();
}

} // namespace hearth::app
