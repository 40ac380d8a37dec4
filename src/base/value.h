#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hearth {

class Value;

/// An ordered map: keys keep the order in which they came. Look-up is linear, which is fastest at
/// the sizes hearth meets (a device message has some ten keys); what parses foreign text limits the
/// number of keys (see base/json.h).
class ValueMap {
public:
    using Entry = std::pair<std::string, Value>;

    ValueMap() = default;
    ValueMap(std::initializer_list<Entry> entries);

    /// The value of a key, or nullptr. The pointer lives until the map changes.
    const Value* find(std::string_view key) const;
    Value* find(std::string_view key);
    bool contains(std::string_view key) const { return find(key) != nullptr; }

    /// Sets a key's value; a new key goes to the end. Returns where the value now stands.
    Value& set(std::string_view key, Value value);
    /// The value of a key, made null first where the key is new.
    Value& operator[](std::string_view key);
    /// Appends without looking for the key: the caller knows that it is new.
    void append(std::string key, Value value);
    bool erase(std::string_view key);

    std::size_t size() const;
    bool empty() const;
    std::vector<Entry>::const_iterator begin() const;
    std::vector<Entry>::const_iterator end() const;
    std::vector<Entry>::iterator begin();
    std::vector<Entry>::iterator end();

    /// Equal when the same keys hold equal values, in whatever order.
    bool operator==(const ValueMap& other) const;

private:
    std::vector<Entry> entries_;
};

using ValueList = std::vector<Value>;

/// The one dynamic value of hearth: attributes, JSON, templates and rules all speak it.
///
/// A value type: copying copies everything below it. Integers and floating point are apart (`1` is
/// not `1.0` in type), but compare equal as numbers, as people expect.
class Value {
public:
    enum class Type { null, boolean, integer, real, string, list, map };

    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool value)
        : data_(value) {}
    Value(int value)
        : data_(static_cast<std::int64_t>(value)) {}
    Value(std::int64_t value)
        : data_(value) {}
    Value(double value)
        : data_(value) {}
    Value(const char* value)
        : data_(std::string(value)) {}
    Value(std::string_view value)
        : data_(std::string(value)) {}
    Value(std::string value)
        : data_(std::move(value)) {}
    Value(ValueList value)
        : data_(std::move(value)) {}
    Value(ValueMap value)
        : data_(std::move(value)) {}
    template <class T>
    Value(T*) = delete; // else a pointer would become `true`

    /// An unsigned number above the range of int64 becomes a floating one.
    static Value of_unsigned(std::uint64_t value);

    Type type() const { return static_cast<Type>(data_.index()); }
    bool is_null() const { return type() == Type::null; }
    bool is_bool() const { return type() == Type::boolean; }
    bool is_integer() const { return type() == Type::integer; }
    bool is_real() const { return type() == Type::real; }
    bool is_number() const { return is_integer() || is_real(); }
    bool is_string() const { return type() == Type::string; }
    bool is_list() const { return type() == Type::list; }
    bool is_map() const { return type() == Type::map; }

    /// The content, or nullptr where the value is of another type.
    const bool* as_bool() const { return std::get_if<bool>(&data_); }
    const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&data_); }
    const double* as_real() const { return std::get_if<double>(&data_); }
    const std::string* as_string() const { return std::get_if<std::string>(&data_); }
    const ValueList* as_list() const { return std::get_if<ValueList>(&data_); }
    const ValueMap* as_map() const { return std::get_if<ValueMap>(&data_); }
    bool* as_bool() { return std::get_if<bool>(&data_); }
    std::string* as_string() { return std::get_if<std::string>(&data_); }
    ValueList* as_list() { return std::get_if<ValueList>(&data_); }
    ValueMap* as_map() { return std::get_if<ValueMap>(&data_); }

    /// Any number as a double; `otherwise` for what is none.
    double number_or(double otherwise) const;
    std::int64_t integer_or(std::int64_t otherwise) const;
    bool bool_or(bool otherwise) const;
    std::string_view string_or(std::string_view otherwise) const;

    /// A key of a map, or nullptr where this is no map or has no such key.
    const Value* find(std::string_view key) const;
    /// The same, but null where it is absent.
    const Value& at(std::string_view key) const;

    /// Deep equality; an integer equals a floating number of the same magnitude.
    bool operator==(const Value& other) const;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, ValueList, ValueMap>
        data_;
};

/// "null", "boolean", "integer", "number", "string", "list", "map": as an error message names it.
std::string_view to_string(Value::Type type);

} // namespace hearth
