#include "home/records.h"

#include "base/bytes.h"
#include "home/home.h"

#include <array>

namespace hearth::home {
namespace {

/// Set in the byte that says who caused an event, when the cause is the fact's own device: most
/// events are, and its id need not stand there twice.
constexpr std::uint8_t caused_by_itself = 0x80;

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

void write(ByteWriter& out, const std::optional<double>& number) {
    out.boolean(number.has_value());
    if (number) out.real(*number);
}

std::optional<double> read_optional(ByteReader& in) {
    if (!in.boolean()) return std::nullopt;
    return in.real();
}

void write(ByteWriter& out, const AttributeSpec& spec) {
    out.string(spec.path.text);
    out.u8(static_cast<std::uint8_t>(spec.type));
    out.string(spec.unit);
    write(out, spec.min);
    write(out, spec.max);
    write(out, spec.options);
    out.u8(static_cast<std::uint8_t>((spec.writable ? 1 : 0) | (spec.command ? 2 : 0) |
                                     (spec.answers ? 4 : 0)));
    out.real(spec.tolerance);
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
}

Command read_command(ByteReader& in) {
    Command command;
    command.id = in.varint();
    command.device = in.string();
    command.deadline = in.zigzag();
    command.key = in.string();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
        Path path{std::string(in.string())};
        command.asks.push_back({std::move(path), in.value()});
    }
    return command;
}

void write(ByteWriter& out, const Cause& cause, std::string_view own_device) {
    const auto by = static_cast<std::uint8_t>(cause.by);
    const bool itself = cause.by == Cause::By::device && cause.id == own_device;
    out.u8(itself ? by | caused_by_itself : by);
    if (!itself) out.string(cause.id);
    out.varint(cause.event);
}

/// The id stays empty where the cause is the fact's own device.
Cause read_cause(ByteReader& in, bool& itself) {
    Cause cause;
    const std::uint8_t by = in.u8();
    itself = (by & caused_by_itself) != 0;
    cause.by = static_cast<Cause::By>((by & ~caused_by_itself) % 6);
    if (!itself) cause.id = in.string();
    cause.event = in.varint();
    return cause;
}

struct WriteFact {
    ByteWriter& out;

    void operator()(const AreaAdded& fact) const { write(out, fact.area); }
    void operator()(const DeviceJoined& fact) const {
        out.string(fact.device);
        out.string(fact.area);
        write(out, fact.description);
    }
    void operator()(const DeviceChanged& fact) const {
        out.string(fact.device);
        write(out, fact.description);
    }
    void operator()(const DeviceLeft& fact) const { out.string(fact.device); }
    void operator()(const DeviceEdited& fact) const {
        out.string(fact.device);
        out.string(fact.name);
        out.string(fact.area);
        write(out, fact.aliases);
    }
    void operator()(const AvailabilityChanged& fact) const {
        out.string(fact.device);
        out.boolean(fact.online);
    }
    void operator()(const AttributeReported& fact) const {
        out.string(fact.device);
        out.zigzag(fact.device_time);
        out.varint(fact.values.size());
        for (const auto& [path, value] : fact.values) {
            out.string(path.text);
            out.value(value);
        }
    }
    void operator()(const CommandIssued& fact) const { write(out, fact.command); }
    void operator()(const CommandSettled& fact) const {
        out.varint(fact.command);
        out.string(fact.device);
        out.u8(static_cast<std::uint8_t>(fact.settlement));
        out.string(fact.detail);
    }
    void operator()(const AutomationRan& fact) const {
        out.string(fact.automation);
        out.varint(fact.run);
        out.string(fact.name);
        out.string(fact.state);
        out.string(fact.detail);
    }
    void operator()(const Notified& fact) const {
        out.string(fact.text);
        out.string(fact.automation);
        out.varint(fact.run);
        out.varint(fact.step);
    }
    void operator()(const AutomationEdited& fact) const {
        out.string(fact.automation);
        out.string(fact.name);
        out.string(fact.change);
    }
};

DeviceJoined read_joined(ByteReader& in) {
    DeviceJoined fact;
    fact.device = in.string();
    fact.area = in.string();
    fact.description = read_description(in);
    return fact;
}

DeviceEdited read_edited(ByteReader& in) {
    DeviceEdited fact;
    fact.device = in.string();
    fact.name = in.string();
    fact.area = in.string();
    fact.aliases = read_texts(in);
    return fact;
}

AttributeReported read_reported(ByteReader& in) {
    AttributeReported fact;
    fact.device = in.string();
    fact.device_time = in.zigzag();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
        Path path{std::string(in.string())};
        fact.values.emplace_back(std::move(path), in.value());
    }
    return fact;
}

CommandSettled read_settled(ByteReader& in) {
    CommandSettled fact;
    fact.command = in.varint();
    fact.device = in.string();
    fact.settlement = static_cast<Settlement>(in.u8() % 4);
    fact.detail = in.string();
    return fact;
}

AutomationRan read_ran(ByteReader& in) {
    AutomationRan fact;
    fact.automation = in.string();
    fact.run = in.varint();
    fact.name = in.string();
    fact.state = in.string();
    fact.detail = in.string();
    return fact;
}

Notified read_notified(ByteReader& in) {
    Notified fact;
    fact.text = in.string();
    fact.automation = in.string();
    fact.run = in.varint();
    fact.step = in.varint();
    return fact;
}

AutomationEdited read_automation_edited(ByteReader& in) {
    AutomationEdited fact;
    fact.automation = in.string();
    fact.name = in.string();
    fact.change = in.string();
    return fact;
}

Result<Fact> read_fact(RecordKind kind, ByteReader& in) {
    switch (kind) {
    case RecordKind::area_added:
        return AreaAdded{read_area(in)};
    case RecordKind::device_joined:
        return read_joined(in);
    case RecordKind::device_changed: {
        std::string device(in.string());
        return DeviceChanged{std::move(device), read_description(in)};
    }
    case RecordKind::device_left:
        return DeviceLeft{std::string(in.string())};
    case RecordKind::device_edited:
        return read_edited(in);
    case RecordKind::availability_changed: {
        std::string device(in.string());
        return AvailabilityChanged{std::move(device), in.boolean()};
    }
    case RecordKind::attribute_reported:
        return read_reported(in);
    case RecordKind::command_issued:
        return CommandIssued{read_command(in)};
    case RecordKind::command_settled:
        return read_settled(in);
    case RecordKind::automation_ran:
        return read_ran(in);
    case RecordKind::notified:
        return read_notified(in);
    case RecordKind::automation_edited:
        return read_automation_edited(in);
    default:
        return fail(Code::damaged, "record kind {} is no event", static_cast<int>(kind));
    }
}

Result<void> check_version(const journal::Record& record) {
    if (record.version <= record_version) return {};
    return fail(Code::newer, "record {} of kind {} has version {}; this hearth reads up to {}",
                record.sequence, record.kind, record.version, record_version);
}

void write(ByteWriter& out, const Attribute& attribute) {
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

std::string encode(const Event& event) {
    std::string bytes;
    ByteWriter out(bytes);
    out.varint(event.id);
    out.zigzag(event.at);
    write(out, event.cause, device_of(event.fact));
    std::visit(WriteFact{out}, event.fact);
    return bytes;
}

Result<Event> decode_event(const journal::Record& record) {
    const auto known = check_version(record);
    if (!known) return std::unexpected(known.error());
    ByteReader in(record.payload);
    Event event;
    bool itself = false;
    event.id = in.varint();
    event.at = in.zigzag();
    event.cause = read_cause(in, itself);
    auto fact = read_fact(static_cast<RecordKind>(record.kind), in);
    if (!fact) return fail(fact);
    event.fact = std::move(*fact);
    if (itself) event.cause.id = device_of(event.fact);
    const auto finished = in.finish(kind_of(event.fact));
    if (!finished) return std::unexpected(finished.error());
    return event;
}

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
    return bytes;
}

Result<Area> decode_area(std::string_view payload) {
    ByteReader in(payload);
    Area area = read_area(in);
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
        write(out, attribute);
    out.varint(device.desires.size());
    for (const Desire& desire : device.desires) {
        out.string(desire.path.text);
        out.value(desire.value);
        out.varint(desire.command);
        out.boolean(desire.open);
    }
    return bytes;
}

Result<Device> decode_device(std::string_view payload) {
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
    return bytes;
}

Result<OpenCommand> decode_open_command(std::string_view payload) {
    ByteReader in(payload);
    OpenCommand open;
    bool itself = false;
    open.command = read_command(in);
    open.cause = read_cause(in, itself);
    open.issued_in = in.varint();
    const auto finished = in.finish("command_state");
    if (!finished) return std::unexpected(finished.error());
    return open;
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

bool is_event(journal::Kind kind) {
    static_assert(static_cast<std::size_t>(RecordKind::automation_edited) -
                      static_cast<std::size_t>(RecordKind::area_added) + 1 ==
                  std::variant_size_v<Fact>);
    return kind >= static_cast<journal::Kind>(RecordKind::area_added) &&
           kind <= static_cast<journal::Kind>(RecordKind::automation_edited);
}

journal::Kind record_kind(const Fact& fact) {
    return static_cast<journal::Kind>(static_cast<std::size_t>(RecordKind::area_added) +
                                      fact.index());
}

} // namespace hearth::home
