#pragma once

#include "api/http.h"
#include "base/result.h"

#include <span>
#include <string>
#include <string_view>

namespace hearth::api {

/// One file of the page, as cmake/embed_site.cmake wrote it into the program.
struct SiteFile {
    std::string_view path; ///< "/assets/index-BkT3xYz1.js"
    std::string_view content_type;
    std::string_view etag;  ///< with its quotes
    std::string_view bytes; ///< gzip (RFC 1952)
    bool hashed;            ///< its name holds a hash of its content: it never changes
};

/// What the build has embedded; empty where ui/ was not built.
std::span<const SiteFile> embedded_site();

/// The page at /: files out of memory, compressed as they lie there, or unpacked for the rare
/// client that takes no gzip. Needs no token: there is nothing of the home in it.
///
/// A path without a file and without an ending is a place within the page and gets index.html.
/// Where nothing is embedded, / says how to build the page. Stateless.
class Site {
public:
    explicit Site(std::span<const SiteFile> files = embedded_site())
        : files_(files) {}

    /// Whether a path is the page's, rather than the API's.
    static bool owns(std::string_view path);

    Response answer(const Request& request) const;

private:
    const SiteFile* find(std::string_view path) const;
    Response file(const Request& request, const SiteFile& file) const;

    std::span<const SiteFile> files_;
};

/// Unpacks gzip bytes that this build has packed. Code::damaged where they are no such thing.
Result<std::string> unpack_gzip(std::string_view bytes);

} // namespace hearth::api
