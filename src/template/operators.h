#pragma once

#include "template/nodes.h"
#include "template/run.h"

/// Python's operators on items. What makes no sense fails the run and gives undefined (or false).
namespace hearth::templating {

bool truth(Run& run, const Item& item);
/// `==`. Also decides what is the same key, and what is `in` a list.
bool equal(Run& run, const Item& a, const Item& b);
/// `<`: numbers, texts, lists, times, each among themselves.
bool less(Run& run, const Item& a, const Item& b);
/// One link of a comparison chain.
bool compare(Run& run, Operator op, const Item& a, const Item& b);
/// `item in container`.
bool contains(Run& run, const Item& container, const Item& item);
/// False, and failed, for what cannot be a key.
bool hashable(Run& run, const Item& key);

Item unary(Run& run, Operator op, const Item& operand);
/// + - * / // % **
Item binary(Run& run, Operator op, const Item& a, const Item& b);

/// `subject.name`: a member of loop, namespace and times; else a key.
Item attribute(Run& run, const Item& subject, std::string_view name);
/// `subject[key]`: a key, or an index that counts from the end where it is negative.
Item subscript(Run& run, const Item& subject, const Item& key);
/// Attribute or key or index, whichever `subject` has: for map(attribute='a.0.b').
Item dotted(Run& run, Item subject, std::string_view path);
/// `subject[start:stop:step]`; none for what is left out.
Item slice_of(Run& run, const Item& subject, const Item& start, const Item& stop, const Item& step);

/// What a for goes through: a list as it is, else a new list of a dictionary's keys or a text's
/// characters; none of undefined. Fails for what cannot be iterated.
Item iterable(Run& run, const Item& item);
/// len().
Item length(Run& run, const Item& item);
/// The key's value in a dictionary, or an empty optional.
std::optional<Item> find_key(Run& run, const Item& map, const Item& key);

} // namespace hearth::templating
