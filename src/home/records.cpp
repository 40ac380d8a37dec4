#include "home/records.h"

#include "home/record_parts.h"

namespace hearth::home {
namespace {

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
        out.string(fact.step);
    }
    void operator()(const AutomationEdited& fact) const {
        out.string(fact.automation);
        out.string(fact.name);
        out.string(fact.change);
    }
    void operator()(const DeviceHanded& fact) const {
        out.string(fact.device);
        out.string(fact.from);
        out.string(fact.to);
    }
    void operator()(const DesiredWithdrawn& fact) const {
        out.string(fact.device);
        out.varint(fact.paths.size());
        for (const Path& path : fact.paths)
            out.string(path.text);
    }
    void operator()(const DeviceForgotten& fact) const { out.string(fact.device); }
    void operator()(const AreaRemoved& fact) const {
        out.string(fact.area);
        out.string(fact.name);
    }
    void operator()(const CommandUnderWay& fact) const {
        out.varint(fact.command);
        out.string(fact.device);
        out.boolean(fact.under_way);
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

Notified read_notified(ByteReader& in, std::uint8_t version) {
    Notified fact;
    fact.text = in.string();
    fact.automation = in.string();
    fact.run = in.varint();
    if (version >= 2) {
        fact.step = in.string();
    } else if (const std::uint64_t number = in.varint(); !fact.automation.empty()) {
        fact.step = std::to_string(number + 1);
    }
    return fact;
}

AutomationEdited read_automation_edited(ByteReader& in) {
    AutomationEdited fact;
    fact.automation = in.string();
    fact.name = in.string();
    fact.change = in.string();
    return fact;
}

DesiredWithdrawn read_withdrawn(ByteReader& in) {
    DesiredWithdrawn fact;
    fact.device = in.string();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left)
        fact.paths.push_back({std::string(in.string())});
    return fact;
}

AreaRemoved read_area_removed(ByteReader& in) {
    AreaRemoved fact;
    fact.area = in.string();
    fact.name = in.string();
    return fact;
}

CommandUnderWay read_under_way(ByteReader& in) {
    CommandUnderWay fact;
    fact.command = in.varint();
    fact.device = in.string();
    fact.under_way = in.boolean();
    return fact;
}

DeviceHanded read_handed(ByteReader& in) {
    DeviceHanded fact;
    fact.device = in.string();
    fact.from = in.string();
    fact.to = in.string();
    return fact;
}

Result<Fact> read_fact(RecordKind kind, ByteReader& in, std::uint8_t version) {
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
        return CommandIssued{read_command(in, version)};
    case RecordKind::command_settled:
        return read_settled(in);
    case RecordKind::automation_ran:
        return read_ran(in);
    case RecordKind::notified:
        return read_notified(in, version);
    case RecordKind::automation_edited:
        return read_automation_edited(in);
    case RecordKind::desired_withdrawn:
        return read_withdrawn(in);
    case RecordKind::device_forgotten:
        return DeviceForgotten{std::string(in.string())};
    case RecordKind::area_removed:
        return read_area_removed(in);
    case RecordKind::command_under_way:
        return read_under_way(in);
    case RecordKind::device_handed:
        return read_handed(in);
    default:
        return fail(Code::damaged, "record kind {} is no event", static_cast<int>(kind));
    }
}

} // namespace

Result<void> check_version(const journal::Record& record) {
    const std::uint8_t known = version_of(static_cast<RecordKind>(record.kind));
    if (record.version <= known) return {};
    return fail(Code::newer, "record {} of kind {} has version {}; this hearth reads up to {}",
                record.sequence, record.kind, record.version, known);
}

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
    auto fact = read_fact(static_cast<RecordKind>(record.kind), in, record.version);
    if (!fact) return fail(fact);
    event.fact = std::move(*fact);
    if (itself) event.cause.subject.id = device_of(event.fact);
    const auto finished = in.finish(kind_of(event.fact));
    if (!finished) return std::unexpected(finished.error());
    return event;
}

bool is_event(journal::Kind kind) {
    static_assert(static_cast<std::size_t>(RecordKind::device_handed) -
                      static_cast<std::size_t>(RecordKind::area_added) + 1 ==
                  std::variant_size_v<Fact>);
    return kind >= static_cast<journal::Kind>(RecordKind::area_added) &&
           kind <= static_cast<journal::Kind>(RecordKind::device_handed);
}

journal::Kind record_kind(const Fact& fact) {
    return static_cast<journal::Kind>(static_cast<std::size_t>(RecordKind::area_added) +
                                      fact.index());
}

} // namespace hearth::home
