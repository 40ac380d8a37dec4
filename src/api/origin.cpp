#include "api/origin.h"

#include "base/text.h"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace hearth::api {
namespace {

namespace ip = boost::asio::ip;

bool is_number(std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Host and port apart; the host of "[::1]:80" is "::1". Empty where it is neither.
struct HostPort {
    std::string_view host;
    std::string_view port;
    bool bracketed = false;
};

HostPort split_host(std::string_view text) {
    HostPort parts;
    std::string_view rest;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return {};
        parts = {text.substr(1, end - 1), "", true};
        rest = text.substr(end + 1);
    } else {
        const std::size_t colon = text.find(':');
        parts = {text.substr(0, colon), "", false};
        if (colon != std::string_view::npos) rest = text.substr(colon);
    }
    if (rest.empty()) return parts;
    if (rest[0] != ':' || !is_number(rest.substr(1))) return {};
    parts.port = rest.substr(1);
    return parts;
}

bool is_literal(const HostPort& parts) {
    boost::system::error_code error;
    if (parts.bracketed)
        ip::make_address_v6(std::string(parts.host), error);
    else
        ip::make_address_v4(std::string(parts.host), error);
    return !error;
}

/// Whether "https://host:port" is where "host:port" of a Host header points.
bool is_origin_of(std::string_view origin, std::string_view host, bool secure) {
    const std::string_view scheme = secure ? "https://" : "http://";
    if (!origin.starts_with(scheme)) return false;
    const HostPort from = split_host(origin.substr(scheme.size()));
    const HostPort to = split_host(host);
    const std::string_view usual = secure ? "443" : "80";
    const auto port = [&](const HostPort& parts) {
        return parts.port.empty() ? usual : parts.port;
    };
    return !from.host.empty() && equal_fold(from.host, to.host) && port(from) == port(to);
}

} // namespace

bool is_own_host(std::string_view host, const std::vector<std::string>& names) {
    const HostPort parts = split_host(host);
    if (parts.host.empty()) return false;
    if (is_literal(parts)) return true;
    std::string name = to_lower(parts.host);
    if (name.ends_with('.')) name.pop_back();
    return !parts.bracketed &&
           (name == "localhost" || std::ranges::find(names, name) != names.end());
}

bool is_host_name(std::string_view name) {
    constexpr std::size_t longest_name = 253;
    constexpr std::size_t longest_label = 63;
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    return name.size() <= longest_name && std::ranges::all_of(split(name, '.'), [&](auto label) {
               return !label.empty() && label.size() <= longest_label &&
                      label.find_first_not_of(allowed) == std::string_view::npos;
           });
}

std::vector<std::string> names_of_machine(std::string_view host_name) {
    const std::string name = to_lower(host_name.substr(0, host_name.find('.')));
    if (name.empty()) return {};
    std::vector<std::string> names{name};
    for (const char* suffix : {".local", ".lan", ".home.arpa", ".internal"})
        names.push_back(name + suffix);
    return names;
}

bool is_cross_site(const Request& request) {
    const std::string_view site = request.sec_fetch_site;
    // "none" is a person's own doing: the address bar, a bookmark.
    if (!site.empty() && site != "same-origin" && site != "none") return true;
    return !request.origin.empty() && !is_origin_of(request.origin, request.host, request.secure);
}

bool is_same_origin(const Request& request) {
    return !is_cross_site(request) &&
           (!request.origin.empty() || request.sec_fetch_site == "same-origin");
}

} // namespace hearth::api
