#include "base/value.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hearth {

ValueMap::ValueMap(std::initializer_list<Entry> entries) {
    entries_.reserve(entries.size());
    for (const Entry& entry : entries)
        set(entry.first, entry.second);
}

const Value* ValueMap::find(std::string_view key) const {
    for (const Entry& entry : entries_)
        if (entry.first == key) return &entry.second;
    return nullptr;
}

Value* ValueMap::find(std::string_view key) {
    return const_cast<Value*>(std::as_const(*this).find(key));
}

Value& ValueMap::set(std::string_view key, Value value) {
    Value& place = (*this)[key];
    place = std::move(value);
    return place;
}

Value& ValueMap::operator[](std::string_view key) {
    if (Value* found = find(key)) return *found;
    return entries_.emplace_back(std::string(key), Value()).second;
}

void ValueMap::append(std::string key, Value value) {
    entries_.emplace_back(std::move(key), std::move(value));
}

bool ValueMap::erase(std::string_view key) {
    return std::erase_if(entries_, [&](const Entry& entry) { return entry.first == key; }) > 0;
}

std::size_t ValueMap::size() const {
    return entries_.size();
}
bool ValueMap::empty() const {
    return entries_.empty();
}
std::vector<ValueMap::Entry>::const_iterator ValueMap::begin() const {
    return entries_.begin();
}
std::vector<ValueMap::Entry>::const_iterator ValueMap::end() const {
    return entries_.end();
}
std::vector<ValueMap::Entry>::iterator ValueMap::begin() {
    return entries_.begin();
}
std::vector<ValueMap::Entry>::iterator ValueMap::end() {
    return entries_.end();
}

bool ValueMap::operator==(const ValueMap& other) const {
    return size() == other.size() && std::ranges::all_of(entries_, [&](const Entry& entry) {
               const Value* counterpart = other.find(entry.first);
               return counterpart != nullptr && *counterpart == entry.second;
           });
}

Value Value::of_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return static_cast<double>(value);
    return static_cast<std::int64_t>(value);
}

double Value::number_or(double otherwise) const {
    if (const auto* integer = as_integer()) return static_cast<double>(*integer);
    if (const auto* real = as_real()) return *real;
    return otherwise;
}

std::int64_t Value::integer_or(std::int64_t otherwise) const {
    const auto* integer = as_integer();
    return integer != nullptr ? *integer : otherwise;
}

bool Value::bool_or(bool otherwise) const {
    const bool* boolean = as_bool();
    return boolean != nullptr ? *boolean : otherwise;
}

std::string_view Value::string_or(std::string_view otherwise) const {
    const std::string* string = as_string();
    return string != nullptr ? std::string_view(*string) : otherwise;
}

const Value* Value::find(std::string_view key) const {
    const ValueMap* map = as_map();
    return map != nullptr ? map->find(key) : nullptr;
}

const Value& Value::at(std::string_view key) const {
    static const Value null;
    const Value* found = find(key);
    return found != nullptr ? *found : null;
}

bool Value::operator==(const Value& other) const {
    if (is_number() && other.is_number() && type() != other.type())
        return number_or(0) == other.number_or(0);
    return data_ == other.data_;
}

std::string_view to_string(Value::Type type) {
    switch (type) {
    case Value::Type::null:
        return "null";
    case Value::Type::boolean:
        return "boolean";
    case Value::Type::integer:
        return "integer";
    case Value::Type::real:
        return "number";
    case Value::Type::string:
        return "string";
    case Value::Type::list:
        return "list";
    case Value::Type::map:
        return "map";
    }
    return "null";
}

} // namespace hearth
