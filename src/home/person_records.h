#pragma once

#include "access/people.h"
#include "journal/journal.h"

#include <string>
#include <string_view>

/// How the person book is written down: kinds 320 to 339 of the journal. A number never changes its
/// meaning, and a field is only ever added at the end, with a higher version.
namespace hearth::home {

/// Of all kinds. 2: a person has rights; one of version 1 is an owner.
constexpr std::uint8_t person_record_version = 2;
constexpr journal::Kind person_added = 320;   ///< also one that is there already, whole
constexpr journal::Kind session_opened = 321; ///< also one that is there already, in a checkpoint
constexpr journal::Kind session_used = 322;   ///< id, when
constexpr journal::Kind session_closed = 323; ///< id
constexpr journal::Kind token_added = 324;
constexpr journal::Kind token_revoked = 325;    ///< name
constexpr journal::Kind person_forgotten = 326; ///< id; with its sessions and tokens

std::string encode(const access::Person& person);
std::string encode(const access::Session& session);
std::string encode(const access::ApiToken& token);
std::string encode_use(std::string_view session, Micros at);
std::string encode_name(std::string_view name);

/// Errors: damaged (bytes are missing or too many).
Result<access::Person> decode_person(std::string_view payload, std::uint8_t version);
Result<access::Session> decode_session(std::string_view payload);
Result<access::ApiToken> decode_token(std::string_view payload);
Result<std::pair<std::string, Micros>> decode_use(std::string_view payload);
Result<std::string> decode_name(std::string_view payload);

} // namespace hearth::home
