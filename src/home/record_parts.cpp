#include "home/record_parts.h"

namespace hearth::home {
namespace {

/// Set in the byte that says who caused an event, when the cause is the fact's own device: most
/// events are, and its id need not stand there twice.
constexpr std::uint8_t caused_by_itself = 0x80;
/// Set in the same byte where it is told who it was beside how.
constexpr std::uint8_t has_subject = 0x40;

void write(ByteWriter& out, const std::optional<double>& number) {
    out.boolean(number.has_value());
    if (number) out.real(*number);
}

std::optional<double> read_optional(ByteReader& in) {
    if (!in.boolean()) return std::nullopt;
    return in.real();
}

} // namespace

void write(ByteWriter& out, const std::vector<std::string>& texts) {
    out.varint(texts.size());
    for (const std::string& text : texts)
        out.string(text);
}

std::vector<std::string> read_texts(ByteReader& in) {
    std::vector<std::string> texts;
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left)
        texts.emplace_back(in.string());
    return texts;
}

void write(ByteWriter& out, const AttributeSpec& spec) {
    out.string(spec.path.text);
    out.u8(static_cast<std::uint8_t>(spec.type));
    out.string(spec.unit);
    write(out, spec.min);
    write(out, spec.max);
    write(out, spec.options);
    out.u8(static_cast<std::uint8_t>((spec.writable ? 1 : 0) | (spec.command ? 2 : 0) |
                                     (spec.answers ? 4 : 0) | (spec.label.empty() ? 0 : 8)));
    out.real(spec.tolerance);
    if (!spec.label.empty()) out.string(spec.label);
}

AttributeSpec read_spec(ByteReader& in) {
    AttributeSpec spec;
    spec.path.text = in.string();
    spec.type = static_cast<catalog::AttributeType>(in.u8() % 5);
    spec.unit = in.string();
    spec.min = read_optional(in);
    spec.max = read_optional(in);
    spec.options = read_texts(in);
    const std::uint8_t flags = in.u8();
    spec.writable = (flags & 1) != 0;
    spec.command = (flags & 2) != 0;
    spec.answers = (flags & 4) != 0;
    spec.tolerance = in.real();
    if ((flags & 8) != 0) spec.label = in.string();
    return spec;
}

void write(ByteWriter& out, const DeviceDescription& description) {
    out.string(description.adapter);
    out.string(description.external_id);
    out.string(description.name);
    out.string(description.type);
    out.string(description.manufacturer);
    out.string(description.model);
    out.string(description.version);
    out.string(description.suggested_area);
    out.varint(description.attributes.size());
    for (const AttributeSpec& spec : description.attributes)
        write(out, spec);
}

DeviceDescription read_description(ByteReader& in) {
    DeviceDescription description;
    description.adapter = in.string();
    description.external_id = in.string();
    description.name = in.string();
    description.type = in.string();
    description.manufacturer = in.string();
    description.model = in.string();
    description.version = in.string();
    description.suggested_area = in.string();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left)
        description.attributes.push_back(read_spec(in));
    return description;
}

void write(ByteWriter& out, const Area& area) {
    out.string(area.id);
    out.string(area.name);
    out.string(area.floor);
    write(out, area.aliases);
}

Area read_area(ByteReader& in) {
    Area area;
    area.id = in.string();
    area.name = in.string();
    area.floor = in.string();
    area.aliases = read_texts(in);
    return area;
}

void write(ByteWriter& out, const Command& command) {
    out.varint(command.id);
    out.string(command.device);
    out.zigzag(command.deadline);
    out.string(command.key);
    out.varint(command.asks.size());
    for (const Ask& ask : command.asks) {
        out.string(ask.path.text);
        out.value(ask.value);
    }
    out.string(command.caller);
    out.string(command.part);
    out.string(command.asked);
}

Command read_command(ByteReader& in, std::uint8_t version) {
    Command command;
    command.id = in.varint();
    command.device = in.string();
    command.deadline = in.zigzag();
    command.key = in.string();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
        Path path{std::string(in.string())};
        command.asks.push_back({std::move(path), in.value()});
    }
    if (version < 2) return command;
    command.caller = in.string();
    command.part = in.string();
    command.asked = in.string();
    return command;
}

void write(ByteWriter& out, const Cause& cause, std::string_view own_device) {
    const auto by = static_cast<std::uint8_t>(cause.by);
    const bool itself = cause.by == Cause::By::device && cause.id == own_device;
    const bool named = cause.subject.kind != Subject::Kind::nobody;
    out.u8(static_cast<std::uint8_t>(by | (itself ? caused_by_itself : 0) |
                                     (named ? has_subject : 0)));
    if (!itself) out.string(cause.id);
    out.varint(cause.event);
    if (!named) return;
    out.u8(static_cast<std::uint8_t>(cause.subject.kind));
    out.string(cause.subject.id);
}

Cause read_cause(ByteReader& in, bool& itself) {
    Cause cause;
    const std::uint8_t by = in.u8();
    itself = (by & caused_by_itself) != 0;
    cause.by = static_cast<Cause::By>((by & ~(caused_by_itself | has_subject)) % 6);
    if (!itself) cause.id = in.string();
    cause.event = in.varint();
    if ((by & has_subject) == 0) return cause;
    cause.subject.kind = static_cast<Subject::Kind>(in.u8() % 4);
    cause.subject.id = in.string();
    return cause;
}

} // namespace hearth::home
