#pragma once

#include "base/result.h"
#include "base/time.h"

#include <string>
#include <string_view>
#include <vector>

/// The hub's own certificate: self-signed, so that a phone in the house can speak TLS with it and
/// its owner can compare the fingerprint. X.509 v3 (RFC 5280) through OpenSSL. Stateless.
namespace hearth::net {

struct Certificate {
    std::string certificate_pem;
    std::string key_pem;     ///< PKCS #8; a secret
    std::string fingerprint; ///< SHA-256 of the DER, "AB:CD:…"
    Micros not_after = 0;    ///< UTC
};

/// For what and how long a certificate is good.
struct CertificateRequest {
    std::vector<std::string> names;     ///< DNS names; the first is the subject
    std::vector<std::string> addresses; ///< numeric
    Micros now = 0;                     ///< UTC; good from an hour before
    Micros good_for = 397 * days;
};

/// A new ECDSA P-256 key and its certificate. Errors: invalid (no name, a name or address that
/// cannot be written down), internal (OpenSSL refuses).
Result<Certificate> make_certificate(const CertificateRequest& request);

/// Reads back what make_certificate() made. Errors: damaged (not PEM, or the key is another's).
Result<Certificate> read_certificate(std::string_view certificate_pem, std::string_view key_pem);

/// The numeric addresses by which others can reach this machine: no loopback, no link-local ones;
/// IPv4 first, and of those the one that faces the network. Empty where it has none.
std::vector<std::string> own_addresses();
/// What the machine calls itself, "localhost" where it has no name.
std::string own_host_name();

} // namespace hearth::net
