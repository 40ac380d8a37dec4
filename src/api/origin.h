#pragma once

#include "api/http.h"

#include <string>
#include <string_view>
#include <vector>

/// Whether a request means this hub, and whether a page of this hub sent it.
namespace hearth::api {

/// Whether a Host header names this hub: a literal address, localhost, or one of `names` (lower
/// case), each with or without a port. Any other name could be an attacker's that was pointed here
/// (DNS rebinding): a browser would then hold his page for ours.
bool is_own_host(std::string_view host, const std::vector<std::string>& names);

/// Whether a lower-case text is a host name: labels of letters, digits and "-" (RFC 1123, section
/// 2.1), "_" too.
bool is_host_name(std::string_view name);

/// The names under which others in the network may know a machine: its host name, alone and with
/// the suffixes that no one can register: .local (RFC 6762), .lan, .home.arpa (RFC 8375),
/// .internal.
std::vector<std::string> names_of_machine(std::string_view host_name);

/// Whether a browser sent this from a page of another origin: by Sec-Fetch-Site (Fetch Metadata)
/// where there is one, and by Origin (RFC 6454), whose host and port must be those of Host.
/// Programs send neither header and are never cross-site.
bool is_cross_site(const Request& request);

/// Whether it is proven that a page of this hub sent it: what a cookie alone may do.
bool is_same_origin(const Request& request);

} // namespace hearth::api
