#include "access/claim_code.h"

#include "base/crypto.h"

namespace hearth::access {
namespace {

/// Upper case, hyphens and blanks left out: as the code is compared.
std::string plain(std::string_view code) {
    std::string out;
    for (const char c : code)
        if (c != '-' && c != ' ')
            out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

} // namespace

std::string ClaimCode::make(Random& random, Micros now) {
    code_ = plain(random_id(random, 8));
    made_at_ = now;
    tries_left_ = tries;
    return code_.substr(0, 4) + "-" + code_.substr(4);
}

ClaimCode::Verdict ClaimCode::redeem(std::string_view code, Micros now) {
    if (code_.empty()) return Verdict::none;
    if (now - made_at_ > good_for) return Verdict::expired;
    if (tries_left_ == 0) return Verdict::used_up;
    --tries_left_;
    if (!equal_secret(plain(code), code_)) return Verdict::wrong;
    code_.clear();
    return Verdict::accepted;
}

bool ClaimCode::is_open(Micros now) const {
    return !code_.empty() && tries_left_ > 0 && now - made_at_ <= good_for;
}

} // namespace hearth::access
