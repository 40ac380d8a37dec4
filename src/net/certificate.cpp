#include "net/certificate.h"

#include "base/text.h"

#include <algorithm>
#include <ctime>
#include <memory>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace hearth::net {
namespace {

template <auto release>
struct Releaser {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Releaser<X509_free>>;
using Bio = std::unique_ptr<BIO, Releaser<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION_free>>;

constexpr std::size_t max_common_name = 64; // RFC 5280, ub-common-name

bool is_dns_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_';
    };
    return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, allowed);
}

bool is_numeric_address(std::string_view address) {
    return !address.empty() &&
           address.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
}

/// "DNS:hub,IP:192.168.1.5". The parts were checked, so none can smuggle in another.
Result<std::string> alternative_names(const CertificateRequest& request) {
    if (request.names.empty()) return fail(Code::invalid, "a certificate needs a name");
    std::string text;
    for (const std::string& name : request.names) {
        if (!is_dns_name(name))
            return fail(Code::invalid, "\"{}\" is no DNS name", printable(name, 80));
        text += (text.empty() ? "DNS:" : ",DNS:") + name;
    }
    for (const std::string& address : request.addresses) {
        if (!is_numeric_address(address))
            return fail(Code::invalid, "\"{}\" is no address", printable(address, 80));
        text += ",IP:" + address;
    }
    return text;
}

bool add_extension(X509* certificate, int kind, const std::string& text) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, text.c_str()));
    return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_random_serial(X509* certificate) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
    bytes[0] &= 0x7F; // positive (RFC 5280, 4.1.2.2)
    const std::unique_ptr<BIGNUM, Releaser<BN_free>> number(
        BN_bin2bn(bytes, sizeof bytes, nullptr));
    return number != nullptr &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_name_and_times(X509* certificate, const CertificateRequest& request) {
    X509_NAME* name = X509_get_subject_name(certificate);
    const std::string common = request.names.front().substr(0, max_common_name);
    const auto* bytes = reinterpret_cast<const unsigned char*>(common.c_str());
    const auto second = [](Micros time) { return static_cast<time_t>(time / seconds); };
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), second(request.now - hours)) !=
               nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), second(request.now + request.good_for)) !=
               nullptr;
}

bool fill(X509* certificate, EVP_PKEY* key, const CertificateRequest& request,
          const std::string& names) {
    return X509_set_version(certificate, 2) == 1 && set_random_serial(certificate) &&
           set_name_and_times(certificate, request) && X509_set_pubkey(certificate, key) == 1 &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
           add_extension(certificate, NID_subject_alt_name, names) &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

std::string text_of(BIO* bio) {
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(length)};
}

std::string fingerprint_of(const X509* certificate) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    X509_digest(certificate, EVP_sha256(), digest, &length);
    std::string text;
    for (unsigned i = 0; i < length; ++i)
        text += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
    return text;
}

Micros time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    return static_cast<Micros>(timegm(&parts)) * seconds;
}

Bio reader(std::string_view text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

} // namespace

Result<Certificate> make_certificate(const CertificateRequest& request) {
    const auto names = alternative_names(request);
    if (!names) return std::unexpected(names.error());
    const Key key(EVP_EC_gen("P-256"));
    const X509Ptr certificate(X509_new());
    const Bio certificate_out(BIO_new(BIO_s_mem()));
    const Bio key_out(BIO_new(BIO_s_mem()));
    if (!key || !certificate || !certificate_out || !key_out ||
        !fill(certificate.get(), key.get(), request, *names) ||
        PEM_write_bio_X509(certificate_out.get(), certificate.get()) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) != 1)
        return fail(Code::internal, "OpenSSL cannot make a certificate for {}", *names);
    return read_certificate(text_of(certificate_out.get()), text_of(key_out.get()));
}

Result<Certificate> read_certificate(std::string_view certificate_pem, std::string_view key_pem) {
    const Bio certificate_in = reader(certificate_pem);
    const Bio key_in = reader(key_pem);
    const X509Ptr certificate(PEM_read_bio_X509(certificate_in.get(), nullptr, nullptr, nullptr));
    // The empty password keeps OpenSSL from asking for one on the terminal.
    const Key key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, nullptr, const_cast<char*>("")));
    if (!certificate || !key || X509_check_private_key(certificate.get(), key.get()) != 1)
        return fail(Code::damaged, "the certificate and its key cannot be read or do not fit");
    return Certificate{std::string(certificate_pem), std::string(key_pem),
                       fingerprint_of(certificate.get()),
                       time_of(X509_get0_notAfter(certificate.get()))};
}

} // namespace hearth::net
