#include "home/home.h"
#include "home/record_parts.h"
#include "home/records.h"

/// The records of a checkpoint: areas, devices with their twins, open commands; and notes.
namespace hearth::home {
namespace {

void write_attribute(ByteWriter& out, const Attribute& attribute) {
    write(out, *attribute.spec);
    out.value(attribute.reported);
    out.zigzag(attribute.reported_at);
    out.varint(attribute.reported_in);
}

Attribute read_attribute(ByteReader& in) {
    Attribute attribute;
    attribute.spec = std::make_shared<const AttributeSpec>(read_spec(in));
    attribute.reported = in.value();
    attribute.reported_at = in.zigzag();
    attribute.reported_in = in.varint();
    return attribute;
}

void write_names(ByteWriter& out, const Device& device) {
    out.string(device.id);
    out.string(device.adapter);
    out.string(device.external_id);
    out.string(device.own_name);
    out.string(device.given_name);
    write(out, device.aliases);
    out.string(device.area);
    out.string(device.type);
    out.string(device.manufacturer);
    out.string(device.model);
    out.string(device.version);
    out.boolean(device.online);
    out.boolean(device.present);
    out.zigzag(device.joined_at);
}

/// What came with version 2.
void write_state(ByteWriter& out, const Device& device) {
    out.boolean(device.placed);
    out.varint(device.left_in);
}

void read_state(ByteReader& in, Device& device, std::uint8_t version) {
    if (version < 2) {
        // Who put it there is not known: better a device too many than a person's word lost.
        device.placed = !device.area.empty();
        return;
    }
    device.placed = in.boolean();
    device.left_in = in.varint();
}

void read_names(ByteReader& in, Device& device) {
    device.id = in.string();
    device.adapter = in.string();
    device.external_id = in.string();
    device.own_name = in.string();
    device.given_name = in.string();
    device.aliases = read_texts(in);
    device.area = in.string();
    device.type = in.string();
    device.manufacturer = in.string();
    device.model = in.string();
    device.version = in.string();
    device.online = in.boolean();
    device.present = in.boolean();
    device.joined_at = in.zigzag();
}

} // namespace

std::string encode_spec(const AttributeSpec& spec) {
    std::string bytes;
    ByteWriter out(bytes);
    write(out, spec);
    return bytes;
}

std::string encode_area(const Area& area) {
    std::string bytes;
    ByteWriter out(bytes);
    write(out, area);
    out.boolean(area.suggested);
    return bytes;
}

Result<Area> decode_area(std::string_view payload, std::uint8_t version) {
    ByteReader in(payload);
    Area area = read_area(in);
    if (version >= 2) area.suggested = in.boolean();
    const auto finished = in.finish("area_state");
    if (!finished) return std::unexpected(finished.error());
    return area;
}

std::string encode_device(const Device& device) {
    std::string bytes;
    ByteWriter out(bytes);
    write_names(out, device);
    out.varint(device.attributes.size());
    for (const Attribute& attribute : device.attributes)
        write_attribute(out, attribute);
    out.varint(device.desires.size());
    for (const Desire& desire : device.desires) {
        out.string(desire.path.text);
        out.value(desire.value);
        out.varint(desire.command);
        out.boolean(desire.open);
    }
    write_state(out, device);
    return bytes;
}

Result<Device> decode_device(std::string_view payload, std::uint8_t version) {
    ByteReader in(payload);
    Device device;
    read_names(in, device);
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left)
        device.attributes.push_back(read_attribute(in));
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
        Desire desire;
        desire.path.text = in.string();
        desire.value = in.value();
        desire.command = in.varint();
        desire.open = in.boolean();
        device.desires.push_back(std::move(desire));
    }
    read_state(in, device, version);
    const auto finished = in.finish("device_state");
    if (!finished) return std::unexpected(finished.error());
    return device;
}

std::string encode_open_command(const OpenCommand& open) {
    std::string bytes;
    ByteWriter out(bytes);
    write(out, open.command);
    write(out, open.cause, {});
    out.varint(open.issued_in);
    out.boolean(open.under_way);
    return bytes;
}

Result<OpenCommand> decode_open_command(std::string_view payload, std::uint8_t version) {
    ByteReader in(payload);
    OpenCommand open;
    bool itself = false;
    open.command = read_command(in, version);
    open.cause = read_cause(in, itself);
    open.issued_in = in.varint();
    if (version >= 3) open.under_way = in.boolean();
    const auto finished = in.finish("command_state");
    if (!finished) return std::unexpected(finished.error());
    return open;
}

std::string encode_key(const KeyBook::Entry& entry) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(entry.use.key);
    out.varint(entry.command);
    out.string(entry.use.caller);
    out.string(entry.use.part);
    out.string(entry.use.asked);
    out.u8(entry.settlement ? static_cast<std::uint8_t>(*entry.settlement) + 1 : 0);
    out.string(entry.detail);
    return bytes;
}

Result<KeyBook::Entry> decode_key(std::string_view payload, std::uint8_t version) {
    ByteReader in(payload);
    KeyBook::Entry entry;
    entry.use.key = in.string();
    entry.command = in.varint();
    if (version >= 2) {
        entry.use.caller = in.string();
        entry.use.part = in.string();
        entry.use.asked = in.string();
        if (const std::uint8_t settlement = in.u8(); settlement > 0)
            entry.settlement = static_cast<Settlement>((settlement - 1) % 4);
        entry.detail = in.string();
    }
    const auto finished = in.finish("key_state");
    if (!finished) return std::unexpected(finished.error());
    return entry;
}

std::string encode_note(std::string_view adapter, std::string_view key, std::string_view note) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(adapter);
    out.string(key);
    out.string(note);
    return bytes;
}

Result<Note> decode_note(std::string_view payload) {
    ByteReader in(payload);
    Note note;
    note.adapter = in.string();
    note.key = in.string();
    note.bytes = in.string();
    const auto finished = in.finish("note_kept");
    if (!finished) return std::unexpected(finished.error());
    return note;
}

} // namespace hearth::home
