#include "store/journal_state.h"

#include "base/bytes.h"
#include "base/crypto.h"

#include <algorithm>

namespace hearth::store {
namespace {

/// Magic, last (8 bytes), count (4), the headers, CRC of all that (4). Numbers are little-endian.
constexpr std::string_view magic = "HEARTHS1";
constexpr std::size_t most_segments = 16;
constexpr std::size_t most_bytes = 4096;

std::string parent_of(const std::string& path) {
    const auto slash = path.find_last_of('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string encode(const JournalState& state) {
    std::string out(magic);
    ByteWriter writer(out);
    writer.fixed64(state.last);
    writer.fixed32(static_cast<std::uint32_t>(state.segments.size()));
    for (const SegmentHeader& segment : state.segments)
        writer.raw(store::encode(segment));
    writer.fixed32(crc32c(out));
    return out;
}

std::optional<JournalState> decode(std::string_view bytes) {
    if (!bytes.starts_with(magic) || bytes.size() < magic.size() + 16) return {};
    const auto body = bytes.substr(0, bytes.size() - 4);
    if (ByteReader(bytes.substr(body.size())).fixed32() != crc32c(body)) return {};
    ByteReader reader(body.substr(magic.size()));
    JournalState state;
    state.last = reader.fixed64();
    const std::size_t count = reader.fixed32();
    if (count > most_segments || reader.left() != count * header_size) return {};
    for (auto rest = body.substr(body.size() - reader.left()); !rest.empty();
         rest.remove_prefix(header_size)) {
        auto header = decode_segment_header(rest);
        if (!header) return {};
        state.segments.push_back(*header);
    }
    return state;
}

} // namespace

bool JournalState::names(std::uint64_t first) const {
    return std::ranges::find(segments, first, &SegmentHeader::first) != segments.end();
}

std::string state_path(const std::string& folder) {
    return folder + ".state";
}

Result<void> write_state(Files& files, const std::string& folder, const JournalState& state) {
    const auto path = state_path(folder);
    const auto temporary = path + ".tmp";
    (void)files.remove(temporary);
    auto file = files.open(temporary, Files::Mode::create);
    if (!file) return std::unexpected(file.error());
    auto done = (*file)->write(0, encode(state));
    if (done) done = (*file)->sync();
    if (done) done = files.rename(temporary, path);
    if (done) done = files.sync_folder(parent_of(path));
    if (!done) (void)files.remove(temporary);
    return done;
}

std::optional<JournalState> read_state(Files& files, const std::string& folder) {
    auto file = files.open(state_path(folder), Files::Mode::read);
    if (!file) return {};
    const auto bytes = (*file)->read(0, most_bytes);
    if (!bytes) return {};
    return decode(*bytes);
}

} // namespace hearth::store
