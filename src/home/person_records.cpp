#include "home/person_records.h"

#include "base/bytes.h"
#include "home/record_parts.h"

namespace hearth::home {
namespace {

template <class T>
Result<T> finished(const ByteReader& in, T decoded, std::string_view what) {
    const auto done = in.finish(what);
    if (!done) return std::unexpected(done.error());
    return decoded;
}

void write_rights(ByteWriter& out, const access::Rights& rights) {
    out.u8(static_cast<std::uint8_t>(rights.role));
    out.zigzag(rights.until);
    out.varint(rights.grants.size());
    for (const access::Grant& grant : rights.grants) {
        write(out, grant.areas);
        write(out, grant.types);
        out.u8(grant.verbs.bits());
    }
}

access::Rights read_rights(ByteReader& in) {
    access::Rights rights;
    rights.role = static_cast<access::Role>(in.u8() % 4);
    rights.until = in.zigzag();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
        access::Grant grant;
        grant.areas = read_texts(in);
        grant.types = read_texts(in);
        grant.verbs = access::Verbs::of_bits(in.u8());
        rights.grants.push_back(std::move(grant));
    }
    return rights;
}

} // namespace

std::string encode(const access::Person& person) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(person.id);
    out.string(person.name);
    out.string(person.password_hash);
    out.zigzag(person.created_at);
    write_rights(out, person.rights);
    return bytes;
}

Result<access::Person> decode_person(std::string_view payload, std::uint8_t version) {
    ByteReader in(payload);
    access::Person person;
    person.id = in.string();
    person.name = in.string();
    person.password_hash = in.string();
    person.created_at = in.zigzag();
    if (version >= 2) person.rights = read_rights(in);
    return finished(in, std::move(person), "person_added");
}

std::string encode(const access::Session& session) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(session.id);
    out.string(session.token_hash);
    out.string(session.person);
    out.string(session.client);
    out.zigzag(session.created_at);
    out.zigzag(session.used_at);
    return bytes;
}

Result<access::Session> decode_session(std::string_view payload) {
    ByteReader in(payload);
    access::Session session;
    session.id = in.string();
    session.token_hash = in.string();
    session.person = in.string();
    session.client = in.string();
    session.created_at = in.zigzag();
    session.used_at = in.zigzag();
    return finished(in, std::move(session), "session_opened");
}

std::string encode(const access::ApiToken& token) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(token.name);
    out.string(token.token_hash);
    out.string(token.person);
    out.zigzag(token.created_at);
    return bytes;
}

Result<access::ApiToken> decode_token(std::string_view payload) {
    ByteReader in(payload);
    access::ApiToken token;
    token.name = in.string();
    token.token_hash = in.string();
    token.person = in.string();
    token.created_at = in.zigzag();
    return finished(in, std::move(token), "token_added");
}

std::string encode_use(std::string_view session, Micros at) {
    std::string bytes;
    ByteWriter out(bytes);
    out.string(session);
    out.zigzag(at);
    return bytes;
}

Result<std::pair<std::string, Micros>> decode_use(std::string_view payload) {
    ByteReader in(payload);
    std::pair<std::string, Micros> use;
    use.first = in.string();
    use.second = in.zigzag();
    return finished(in, std::move(use), "session_used");
}

std::string encode_name(std::string_view name) {
    std::string bytes;
    ByteWriter(bytes).string(name);
    return bytes;
}

Result<std::string> decode_name(std::string_view payload) {
    ByteReader in(payload);
    std::string name(in.string());
    return finished(in, std::move(name), "the end of a session or token");
}

} // namespace hearth::home
