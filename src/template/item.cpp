#include "template/item.h"

namespace hearth::templating {

Item Item::none() {
    Item item;
    item.kind = Kind::none;
    return item;
}

Item Item::of(bool value) {
    Item item;
    item.kind = Kind::boolean;
    item.integer = 0;
    item.boolean = value;
    return item;
}

Item Item::of(std::int64_t value) {
    Item item;
    item.kind = Kind::integer;
    item.integer = value;
    return item;
}

Item Item::of(double value) {
    Item item;
    item.kind = Kind::real;
    item.real = value;
    return item;
}

Item Item::of(std::string_view text) {
    Item item;
    item.kind = Kind::string;
    item.extra = static_cast<std::int32_t>(text.size());
    item.chars = text.data();
    return item;
}

Item Item::of(List* list) {
    Item item;
    item.kind = Kind::list;
    item.list = list;
    return item;
}

Item Item::of(Dict* dict) {
    Item item;
    item.kind = Kind::dict;
    item.dict = dict;
    return item;
}

Item Item::of(Space* space) {
    Item item;
    item.kind = Kind::space;
    item.space = space;
    return item;
}

Item Item::of(const Macro* macro) {
    Item item;
    item.kind = Kind::macro;
    item.macro = macro;
    return item;
}

Item Item::of(const Builtin* function) {
    Item item;
    item.kind = Kind::function;
    item.function = function;
    return item;
}

Item Item::of(const Loop& loop) {
    Item item;
    item.kind = Kind::loop;
    item.loop = &loop;
    return item;
}

Item Item::undefined(std::string_view name) {
    Item item = of(name);
    item.kind = Kind::undefined;
    return item;
}

Item Item::nothing() {
    return undefined(no_else);
}

Item Item::datetime(Micros micros, std::int32_t offset_s) {
    Item item = of(micros);
    item.kind = Kind::datetime;
    item.extra = offset_s;
    return item;
}

Item Item::timedelta(Micros micros) {
    Item item = of(micros);
    item.kind = Kind::timedelta;
    return item;
}

Item Item::of(const Value& value) {
    Item item;
    switch (value.type()) {
    case Value::Type::null:
        return none();
    case Value::Type::boolean:
        return of(*value.as_bool());
    case Value::Type::integer:
        return of(*value.as_integer());
    case Value::Type::real:
        return of(*value.as_real());
    case Value::Type::string:
        return of(std::string_view(*value.as_string()));
    case Value::Type::list:
        item.kind = Kind::json_list;
        item.json_list = value.as_list();
        return item;
    case Value::Type::map:
        item.kind = Kind::json_map;
        item.json_map = value.as_map();
        return item;
    }
    return item;
}

bool Item::is_tuple() const {
    return kind == Kind::list && list->tuple;
}

double Item::number() const {
    return kind == Kind::real ? real : static_cast<double>(int_value());
}

Elements elements_of(const Item& list) {
    return list.is(Item::Kind::list) ? Elements(*list.list) : Elements(*list.json_list);
}

Entries entries_of(const Item& map) {
    return map.is(Item::Kind::dict) ? Entries(*map.dict) : Entries(*map.json_map);
}

std::string_view type_name(const Item& item) {
    switch (item.kind) {
    case Item::Kind::undefined:
        return "undefined value";
    case Item::Kind::none:
        return "None";
    case Item::Kind::boolean:
        return "bool";
    case Item::Kind::integer:
        return "int";
    case Item::Kind::real:
        return "float";
    case Item::Kind::string:
        return "str";
    case Item::Kind::list:
        return item.list->tuple ? "tuple" : "list";
    case Item::Kind::json_list:
        return "list";
    case Item::Kind::dict:
    case Item::Kind::json_map:
        return "dict";
    case Item::Kind::space:
        return "namespace";
    case Item::Kind::macro:
        return "macro";
    case Item::Kind::function:
        return "function";
    case Item::Kind::loop:
        return "loop";
    case Item::Kind::datetime:
        return "datetime";
    case Item::Kind::timedelta:
        return "timedelta";
    }
    return "object";
}

} // namespace hearth::templating
