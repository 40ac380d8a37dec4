#include "home/record_parts.h"

#include <array>

namespace hearth::home {
namespace {

/// In the byte that a cause begins with: it is the fact's own device. Most are, and its id need not
/// stand there twice.
constexpr std::uint8_t caused_by_itself = 0x80;
/// In the same byte: who and by which way, the kind of subject in the low bits. Without it (and
/// not by itself) it is as records had it before they told both.
constexpr std::uint8_t with_subject = 0x20;
constexpr std::uint8_t low_bits = 0x0f;

/// Before there were subjects, this byte told of somebody beside how it came about.
constexpr std::uint8_t old_has_subject = 0x40;
enum class OldBy : std::uint8_t { device, person, automation, sentence, api, agent };

/// As causes were told by `by`, an id and, of some sentences, who spoke them.
Cause read_old_cause(ByteReader& in, std::uint8_t first) {
    using Kind = Subject::Kind;
    const auto by = static_cast<OldBy>((first & ~old_has_subject) % 6);
    Cause cause;
    std::string id(in.string());
    cause.event = in.varint();
    std::optional<Subject> speaker;
    if ((first & old_has_subject) != 0) {
        constexpr std::array kinds{Kind::nobody, Kind::person, Kind::token, Kind::hub};
        const Kind kind = kinds[in.u8() % kinds.size()];
        speaker = {kind, std::string(in.string())};
        if (kind == Kind::hub) speaker->id = admin_part;
    }
    switch (by) {
    case OldBy::device:
        cause.subject = {Kind::device, std::move(id)};
        break;
    case OldBy::person:
        cause.subject = {Kind::person, std::move(id)};
        break;
    case OldBy::automation:
        cause.subject = {Kind::automation, std::move(id)};
        cause.via = Via::rule;
        break;
    case OldBy::sentence:
        cause.subject = speaker.value_or(Subject());
        cause.via = Via::sentence;
        cause.said = std::move(id);
        break;
    case OldBy::api:
        cause.via = is_own_part(id) && id != admin_part ? Via::none : Via::api;
        cause.subject = {is_own_part(id) ? Kind::hub : Kind::token, std::move(id)};
        break;
    case OldBy::agent:
        cause.subject = {Kind::agent, std::move(id)};
        break;
    }
    return cause;
}

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
    const bool itself = cause.is_by(Subject::Kind::device) && cause.subject.id == own_device &&
                        cause.via == Via::none;
    if (itself) {
        out.u8(caused_by_itself);
        out.varint(cause.event);
        return;
    }
    out.u8(static_cast<std::uint8_t>(with_subject | static_cast<std::uint8_t>(cause.subject.kind)));
    out.string(cause.subject.id);
    out.varint(cause.event);
    out.u8(static_cast<std::uint8_t>(cause.via));
    if (cause.via == Via::sentence) out.string(cause.said);
}

Cause read_cause(ByteReader& in, bool& itself) {
    const std::uint8_t first = in.u8();
    itself = (first & caused_by_itself) != 0;
    if (itself) return Cause::of_device({}, in.varint());
    if ((first & with_subject) == 0) return read_old_cause(in, first);
    Cause cause;
    cause.subject.kind = static_cast<Subject::Kind>((first & low_bits) % 7);
    cause.subject.id = in.string();
    cause.event = in.varint();
    cause.via = static_cast<Via>(in.u8() % 7);
    if (cause.via == Via::sentence) cause.said = in.string();
    return cause;
}

} // namespace hearth::home
