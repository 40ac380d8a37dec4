#pragma once

#include "base/random.h"
#include "store/data_folder.h"

#include <string>

namespace hearth::app {

struct AdminToken {
    std::string token;
    bool first_start = false; ///< there was none: the home is nobody's yet
};

/// The token of a home's owner: that of DIR/admin.token, made where there is none. One that others
/// may know, or that is no key of hearth's, is replaced and told in the log. Errors: io,
/// unavailable.
Result<AdminToken> read_or_make_token(const store::DataFolder& folder, Random& random);

} // namespace hearth::app
