#pragma once

#include "api/http_server.h"
#include "base/random.h"
#include "store/data_folder.h"

#include <string>
#include <vector>

/// `hearth serve --lan`: the page and the API for the phones of the house, over TLS.
namespace hearth::app {

/// A certificate is made anew so long before its end.
constexpr Micros renew_before = 30 * days;

/// The hub's own certificate: read from DIR/tls.crt and DIR/tls.key (mode 0600), made where there
/// is none, where it is damaged, or where it ends within renew_before. Errors: io, unavailable.
Result<net::Certificate> own_certificate(const store::DataFolder& folder, Micros now);

/// Where the hub can be reached from other machines.
struct LanAddress {
    std::string url; ///< "https://192.168.1.5:8443/"
    std::string fingerprint;
};

/// Listens on 0.0.0.0 and, where the machine has IPv6, on [::], both at the same port (0: a free
/// one).
Result<LanAddress> listen_on_lan(api::HttpServer& server, const net::Certificate& certificate,
                                 std::uint16_t port);

/// What `hearth serve` prints of it: one line, then a QR code of the URL.
std::string lan_text(const LanAddress& address);

} // namespace hearth::app
