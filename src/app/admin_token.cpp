#include "app/admin_token.h"

#include "access/credentials.h"
#include "base/log.h"
#include "base/text.h"

namespace hearth::app {
namespace {

constexpr std::string_view token_file = "admin.token";

} // namespace

Result<AdminToken> read_or_make_token(const store::DataFolder& folder, Random& random) {
    const std::string path = folder / token_file;
    const auto known = store::read_secret(path);
    if (known && access::is_key(trim(*known))) return AdminToken{std::string(trim(*known))};
    AdminToken made{access::make_key(random), !known && known.error().code == Code::not_found};
    if (!made.first_start) {
        if (!known && known.error().code == Code::io) return std::unexpected(known.error());
        log::warn("hub.token", "{}; it is not believed, a new one takes its place",
                  known ? path + " holds no key of hearth's" : known.error().detail);
    }
    const auto written = store::write_file(path, made.token + "\n");
    if (!written) return std::unexpected(written.error());
    return made;
}

} // namespace hearth::app
