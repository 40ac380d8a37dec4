#pragma once

#include "base/bytes.h"
#include "home/fact.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What several records of this room are made of, as bytes. Reading goes on past bytes that make no
/// sense; ByteReader::finish() tells in the end.
namespace hearth::home {

void write(ByteWriter& out, const std::vector<std::string>& texts);
std::vector<std::string> read_texts(ByteReader& in);
void write(ByteWriter& out, const AttributeSpec& spec);
AttributeSpec read_spec(ByteReader& in);
void write(ByteWriter& out, const DeviceDescription& description);
DeviceDescription read_description(ByteReader& in);
void write(ByteWriter& out, const Area& area);
Area read_area(ByteReader& in);
void write(ByteWriter& out, const Command& command);
Command read_command(ByteReader& in, std::uint8_t version);
/// `own_device`: the device that the record is about, whose id need not stand there twice.
void write(ByteWriter& out, const Cause& cause, std::string_view own_device);
/// The id stays empty where the cause is the record's own device (`itself`).
Cause read_cause(ByteReader& in, bool& itself);

} // namespace hearth::home
