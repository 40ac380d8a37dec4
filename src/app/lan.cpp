#include "app/lan.h"

#include "api/origin.h"
#include "app/qr_code.h"
#include "base/log.h"

namespace hearth::app {
namespace {

constexpr std::string_view certificate_file = "tls.crt";
constexpr std::string_view key_file = "tls.key";

Result<net::Certificate> known_certificate(const store::DataFolder& folder) {
    const auto certificate = store::read_file(folder / certificate_file);
    if (!certificate) return std::unexpected(certificate.error());
    const auto key = store::read_secret(folder / key_file);
    if (!key) return std::unexpected(key.error());
    return net::read_certificate(*certificate, *key);
}

net::CertificateRequest certificate_request(Micros now) {
    net::CertificateRequest request;
    request.names = api::names_of_machine(net::own_host_name());
    request.names.emplace_back("localhost");
    request.addresses = net::own_addresses();
    request.addresses.emplace_back("127.0.0.1");
    request.addresses.emplace_back("::1");
    request.now = now;
    return request;
}

} // namespace

Result<net::Certificate> own_certificate(const store::DataFolder& folder, Micros now) {
    auto known = known_certificate(folder);
    if (known && known->not_after - now > renew_before) return known;
    if (!known && known.error().code != Code::not_found)
        log::warn("lan.certificate", "{}; making a new one", known.error().detail);
    auto request = certificate_request(now);
    auto made = net::make_certificate(request);
    if (!made && made.error().code == Code::invalid) {
        // A machine may be called what no DNS name can be.
        request.names = {"localhost"};
        made = net::make_certificate(request);
    }
    if (!made) return made;
    // The key first: a certificate whose key is another's is seen to be damaged and made anew.
    for (const auto& [name, text] :
         {std::pair(key_file, &made->key_pem), std::pair(certificate_file, &made->certificate_pem)})
        if (const auto written = store::write_file(folder / name, *text); !written)
            return std::unexpected(written.error());
    return made;
}

Result<LanAddress> listen_on_lan(api::HttpServer& server, const net::Certificate& certificate,
                                 std::uint16_t port) {
    if (const auto used = server.use_certificate(certificate); !used)
        return std::unexpected(used.error());
    const auto v4 = server.listen_tls({"0.0.0.0", port});
    if (!v4) return std::unexpected(v4.error());
    if (const auto v6 = server.listen_tls({"::", v4->port}); !v6)
        log::warn("lan.ipv6", "{}; other machines can reach this one by IPv4 only",
                  v6.error().detail);
    const auto addresses = net::own_addresses();
    const net::Address shown{addresses.empty() ? net::own_host_name() : addresses.front(),
                             v4->port};
    return LanAddress{"https://" + shown.to_string() + "/", certificate.fingerprint};
}

std::string lan_text(const LanAddress& address) {
    return fmt::format("lan {} SHA-256 {}\n{}", address.url, address.fingerprint,
                       qr_code(address.url));
}

} // namespace hearth::app
