#include "base/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>

namespace hearth {
namespace {

namespace bj = boost::json;

/// Builds a Value straight from Boost.JSON's events, so that no second document is made.
/// The stack holds the open lists and maps; `keys_` the key under which each waits.
class Builder {
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    explicit Builder(std::size_t values)
        : values_left_(values) {}

    Value take() { return std::move(root_); }
    bool over_limit() const { return over_limit_; }

    bool on_document_begin(bj::error_code&) { return true; }
    bool on_document_end(bj::error_code&) { return true; }
    bool on_object_begin(bj::error_code& error) { return open(ValueMap(), error); }
    bool on_object_end(std::size_t, bj::error_code& error) { return close(error); }
    bool on_array_begin(bj::error_code& error) { return open(ValueList(), error); }
    bool on_array_end(std::size_t, bj::error_code& error) { return close(error); }

    bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) {
        key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(bj::string_view part, std::size_t, bj::error_code& error) {
        key_.append(part.data(), part.size());
        return count(error);
    }
    bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool on_string(bj::string_view part, std::size_t, bj::error_code& error) {
        text_.append(part.data(), part.size());
        return put(Value(std::exchange(text_, {})), error);
    }
    bool on_number_part(bj::string_view, bj::error_code&) { return true; }
    bool on_int64(std::int64_t number, bj::string_view, bj::error_code& error) {
        return put(number, error);
    }
    bool on_uint64(std::uint64_t number, bj::string_view, bj::error_code& error) {
        return put(Value::of_unsigned(number), error);
    }
    bool on_double(double number, bj::string_view, bj::error_code& error) {
        return put(number, error);
    }
    bool on_bool(bool boolean, bj::error_code& error) { return put(boolean, error); }
    bool on_null(bj::error_code& error) { return put(nullptr, error); }
    bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
    bool on_comment(bj::string_view, bj::error_code&) { return true; }

private:
    struct Open {
        Value container;
        std::string key; // under which it goes into its parent, where that is a map
    };

    bool count(bj::error_code& error) {
        if (values_left_-- > 0) return true;
        over_limit_ = true;
        error = bj::error::exception;
        return false;
    }

    bool open(Value container, bj::error_code& error) {
        if (!count(error)) return false;
        open_.push_back({std::move(container), std::exchange(key_, {})});
        return true;
    }

    bool close(bj::error_code&) {
        Open done = std::move(open_.back());
        open_.pop_back();
        key_ = std::move(done.key);
        place(std::move(done.container));
        return true;
    }

    bool put(Value value, bj::error_code& error) {
        if (!count(error)) return false;
        place(std::move(value));
        return true;
    }

    void place(Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (ValueList* list = open_.back().container.as_list()) {
            list->push_back(std::move(value));
        } else {
            add_to_map(*open_.back().container.as_map(), std::move(value));
        }
    }

    void add_to_map(ValueMap& map, Value value) {
        // Large maps are rare and foreign: there a repeated key is kept, and sorted out by
        // find(), which would make this quadratic, only up to a size.
        constexpr std::size_t searched = 512;
        if (map.size() < searched) {
            map.set(key_, std::move(value));
            key_.clear();
        } else {
            map.append(std::exchange(key_, {}), std::move(value));
        }
    }

    Value root_;
    std::vector<Open> open_;
    std::string key_;
    std::string text_;
    std::size_t values_left_;
    bool over_limit_ = false;
};

std::string describe(const bj::error_code& error) {
    if (error == bj::error::too_deep) return "nested too deeply";
    return error.message();
}

void append_real(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char buffer[32];
    const auto written = std::to_chars(buffer, buffer + sizeof buffer, number);
    const std::string_view text(buffer, written.ptr);
    out += text;
    if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append_pretty(std::string& out, const Value& value, std::size_t indent) {
    const auto new_line = [&](std::size_t depth) {
        out += '\n';
        out.append(2 * depth, ' ');
    };
    if (const ValueList* list = value.as_list(); list != nullptr && !list->empty()) {
        out += '[';
        for (std::size_t i = 0; i < list->size(); ++i) {
            if (i > 0) out += ',';
            new_line(indent + 1);
            append_pretty(out, (*list)[i], indent + 1);
        }
        new_line(indent);
        out += ']';
    } else if (const ValueMap* map = value.as_map(); map != nullptr && !map->empty()) {
        out += '{';
        bool first = true;
        for (const auto& [key, member] : *map) {
            if (!std::exchange(first, false)) out += ',';
            new_line(indent + 1);
            append_json_string(out, key);
            out += ": ";
            append_pretty(out, member, indent + 1);
        }
        new_line(indent);
        out += '}';
    } else {
        append_json(out, value);
    }
}

} // namespace

Result<Value> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes)
        return fail(Code::limit, "JSON of {} bytes; at most {} are allowed", text.size(),
                    limits.bytes);
    bj::parse_options options;
    options.max_depth = limits.depth;
    bj::basic_parser<Builder> parser(options, limits.values);
    bj::error_code error;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
    if (parser.handler().over_limit())
        return fail(Code::limit, "JSON with more than {} values", limits.values);
    if (!error && used < text.size()) error = bj::error::extra_data;
    if (error) {
        const Code code = error == bj::error::too_deep ? Code::limit : Code::invalid;
        return fail(code, "not JSON at byte {}: {}", used, describe(error));
    }
    return parser.handler().take();
}

void append_json_string(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_json(std::string& out, const Value& value) {
    switch (value.type()) {
    case Value::Type::null:
        out += "null";
        break;
    case Value::Type::boolean:
        out += *value.as_bool() ? "true" : "false";
        break;
    case Value::Type::integer:
        out += std::to_string(*value.as_integer());
        break;
    case Value::Type::real:
        append_real(out, *value.as_real());
        break;
    case Value::Type::string:
        append_json_string(out, *value.as_string());
        break;
    case Value::Type::list: {
        out += '[';
        bool first = true;
        for (const Value& member : *value.as_list()) {
            if (!std::exchange(first, false)) out += ',';
            append_json(out, member);
        }
        out += ']';
        break;
    }
    case Value::Type::map: {
        out += '{';
        bool first = true;
        for (const auto& [key, member] : *value.as_map()) {
            if (!std::exchange(first, false)) out += ',';
            append_json_string(out, key);
            out += ':';
            append_json(out, member);
        }
        out += '}';
        break;
    }
    }
}

std::string to_json(const Value& value) {
    std::string out;
    append_json(out, value);
    return out;
}

std::string to_pretty_json(const Value& value) {
    std::string out;
    append_pretty(out, value, 0);
    return out;
}

} // namespace hearth
