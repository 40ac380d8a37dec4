#include "api/site.h"

#include "api/problem.h"
#include "base/text.h"

#include <algorithm>

namespace hearth::api {
namespace {

/// Scripts, styles, pictures and connections only from here, nothing inline, and no frame around
/// it.
constexpr std::string_view page_policy =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

constexpr std::string_view not_built = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>hearth</title>
<link rel="icon" href="/favicon.svg">
</head>
<body>
<h1>hearth is running</h1>
<p>This program was built without its page. Build the page, then the program again:</p>
<pre>scripts/build-ui
scripts/build</pre>
<p>The command line (<code>hearth help</code>) and the API
(<a href="/api/v1/openapi.json">its description</a>) work without it.</p>
</body>
</html>
)";

/// A small house, for where the page brings no icon of its own.
constexpr std::string_view plain_icon =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#c2410c" d="M8 1 )"
    R"(1 7.5V15h5v-4.5h4V15h5V7.5z"/></svg>)"
    "\n";

bool has_ending(std::string_view path) {
    return path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
}

/// Whether Accept-Encoding (RFC 9110, section 12.5.3) allows gzip. Without the header everything is
/// allowed, but who does not ask is a program that shows bytes as they come.
bool takes_gzip(std::string_view accept) {
    for (std::string_view part : split(accept, ',')) {
        part = trim(part);
        const std::string_view coding = trim(part.substr(0, part.find(';')));
        if (!equal_fold(coding, "gzip") && coding != "*") continue;
        const std::size_t weight = part.find("q=");
        double quality = 1;
        if (weight != std::string_view::npos) parse_number(trim(part.substr(weight + 2)), quality);
        return quality > 0;
    }
    return false;
}

Response built_in(std::string_view type, std::string_view body) {
    return {200,
            std::string(type),
            std::string(body),
            {{"Content-Security-Policy", std::string(page_policy)}},
            nullptr};
}

} // namespace

bool Site::owns(std::string_view path) {
    const auto below = [&](std::string_view root) {
        return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
    };
    return !below("/api") && !below("/metrics") && !below("/mqtt");
}

const SiteFile* Site::find(std::string_view path) const {
    const auto found = std::ranges::find(files_, path, &SiteFile::path);
    return found != files_.end() ? &*found : nullptr;
}

Response Site::answer(const Request& request) const {
    if (request.method != "GET" && request.method != "HEAD") {
        Response refused = problem(405, "invalid", "the page can only be looked at");
        refused.headers.emplace_back("Allow", "GET, HEAD");
        return refused;
    }
    const std::string path = percent_decoded(request.path);
    if (const SiteFile* found = find(path)) return file(request, *found);
    const bool is_icon = path == "/favicon.ico" || path == "/favicon.svg";
    if (const SiteFile* icon = find("/favicon.svg"); is_icon && icon != nullptr)
        return file(request, *icon);
    if (is_icon) return built_in("image/svg+xml", plain_icon);
    if (has_ending(path)) return problem({Code::not_found, "the page has no such file"});
    if (const SiteFile* index = find("/index.html")) return file(request, *index);
    return built_in("text/html; charset=utf-8", not_built);
}

Response Site::file(const Request& request, const SiteFile& file) const {
    Response response{200, std::string(file.content_type), "", {}, nullptr};
    response.headers = {
        {"ETag", std::string(file.etag)},
        {"Vary", "Accept-Encoding"},
        {"Cache-Control", file.hashed ? "public, max-age=31536000, immutable" : "no-cache"},
        {"Content-Security-Policy", std::string(page_policy)},
    };
    if (names_etag(request.if_none_match, file.etag)) {
        response.status = 304;
        response.content_type.clear();
        return response;
    }
    if (takes_gzip(request.accept_encoding)) {
        response.headers.emplace_back("Content-Encoding", "gzip");
        response.body = file.bytes;
        return response;
    }
    auto plain = unpack_gzip(file.bytes);
    if (!plain) return problem(plain.error());
    response.body = std::move(*plain);
    return response;
}

} // namespace hearth::api
