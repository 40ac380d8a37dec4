#include "app/qr_code.h"

#include <memory>

#include <qrencode.h>

namespace hearth::app {
namespace {

constexpr int quiet_zone = 2; // dots; the terminal's own margin adds to it

struct Release {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

/// Whether a dot is dark; outside the code all are light.
bool is_dark(const QRcode& code, int x, int y) {
    if (x < 0 || y < 0 || x >= code.width || y >= code.width) return false;
    return (code.data[y * code.width + x] & 1) != 0;
}

} // namespace

std::string qr_code(std::string_view text) {
    const std::unique_ptr<QRcode, Release> code(
        QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1));
    if (!code) return {};
    std::string out;
    for (int y = -quiet_zone; y < code->width + quiet_zone; y += 2) {
        for (int x = -quiet_zone; x < code->width + quiet_zone; ++x) {
            const bool upper = is_dark(*code, x, y);
            const bool lower = is_dark(*code, x, y + 1);
            // Light dots are drawn: most terminals are dark.
            if (upper && lower)
                out += " ";
            else if (upper)
                out += "▄";
            else if (lower)
                out += "▀";
            else
                out += "█";
        }
        out += '\n';
    }
    return out;
}

} // namespace hearth::app
