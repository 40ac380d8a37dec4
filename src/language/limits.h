#pragma once

#include <cstddef>
#include <cstdint>

/// Everything in this room that could grow has its limit here. Reaching one is Code::limit, and the
/// detail names the limit. Published packages stay far below: their longest template has some 500
/// bytes, their deepest nesting some 10.
namespace hearth::language::limits {

// A sentence that somebody says.
constexpr std::size_t sentence_characters = 1'000;
/// After Unicode normalisation, which turns a few characters into many.
constexpr std::size_t normal_bytes = 4'096;
/// Moves of the matcher for one sentence, over all templates.
constexpr std::size_t match_steps = 300'000;
/// Ways to read a piece of a sentence as a name that is spelled otherwise.
constexpr std::size_t name_branches = 64;
/// Places where a sentence may begin, or end, once the words around it are passed over.
constexpr std::size_t edges = 16;
/// Devices that one sentence moves without asking first, unless they are all of one room.
constexpr std::size_t devices_at_once = 5;
/// Devices that an ambiguous answer names.
constexpr std::size_t named_candidates = 5;

// A package of a language.
constexpr std::size_t package_bytes = 8U << 20;
constexpr std::size_t template_bytes = 4'096;
constexpr std::size_t template_depth = 32;     ///< of brackets
constexpr std::size_t template_items = 2'000;  ///< words, groups and references of one template
constexpr std::size_t permutation_members = 8; ///< (a;b;c): they compile to 2^members nodes
constexpr std::size_t package_templates = 20'000;
constexpr std::size_t package_rules = 5'000;
constexpr std::size_t package_lists = 2'000;
constexpr std::size_t list_values = 10'000; ///< of one list

// What a package is compiled to.
constexpr std::size_t rule_depth = 24;     ///< <rule> within <rule>
constexpr std::size_t grammar_depth = 400; ///< nodes below each other: the matcher's stack
constexpr std::size_t grammar_nodes = 2'000'000;
/// Numbers are known in words within these bounds; beyond them only in digits.
constexpr std::int64_t spelled_from = -50;
constexpr std::int64_t spelled_to = 300;

} // namespace hearth::language::limits
