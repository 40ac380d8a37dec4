#pragma once

#include <cstdint>
#include <string>

namespace hearth::home {

/// A device's id: 8 random letters and digits, given once, never derived from what a protocol calls
/// the device. A home's area ids are slugs of the first name ("kitchen") and do not change either.
using DeviceId = std::string;
using AreaId = std::string;

/// The number of an event: from 1, without gaps, for the life of the home.
using EventId = std::uint64_t;

/// The number of a command: from 1, for the life of the home. Known as soon as it is accepted,
/// while the event that tells of it may still wait for its turn.
using CommandId = std::uint64_t;

} // namespace hearth::home
