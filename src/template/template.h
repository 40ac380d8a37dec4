#pragma once

#include "base/result.h"
#include "base/time.h"
#include "base/value.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The expression engine: a subset of Jinja2
/// (https://jinja.palletsprojects.com/en/3.1.x/templates/) with the filters that Home Assistant
/// adds, compiled once to a tree and rendered often.
///
///     auto reading = Template::parse("{{ value_json.temperature | round(1) }}",
///     Profile::discovery); auto text = reading->render(Scope{{"value_json", message}});   //
///     "21.5" auto value = reading->evaluate(Scope{{"value_json", message}}); // 21.5, a number
///
/// It computes with what it is handed and nothing else: no file, no clock, no state of the home, no
/// thread. Whatever it is handed, it ends within its Limits and answers with a value or an error.
/// README.md beside this file lists the language, filters, tests, functions and methods.
namespace hearth::templating {

/// Whose templates these are. It fixes what a missing name means, how numbers are converted and
/// whether there is a `now`.
enum class Profile : std::uint8_t {
    /// Home Assistant's MQTT discovery (value_template, command_template, …), as its documentation
    /// says and its engine does: a missing name or key prints nothing and is an error only where
    /// something is asked of it (`value_json.x.y` with no x, `missing | float`); `float`, `int` and
    /// `round` refuse what is no number unless they are given a default; `round` to no digits is an
    /// integer; "12" is a number; white space around source and result is dropped.
    discovery,
    /// Replies of the published sentence packages: plain Jinja2 with StrictUndefined. Any use of
    /// what is missing is an error, except by `default` and `is defined`. `float` and `int` give 0
    /// for what is no number, `round` a floating number. No `now`.
    reply,
    /// Conditions and values in rules: conversions and `now` as in discovery, and any use of what
    /// is
    /// missing is an error that names it.
    expression,
};

/// What one template may cost. Beyond a limit it fails with Code::limit and a detail that names the
/// limit. The defaults are far above what published templates need.
struct Limits {
    std::size_t source_bytes = 64 * 1024; ///< length of the source, at parse()
    /// Nesting: of the source at parse(), and of evaluation with all its macro calls. The data that
    /// a template prints, compares or returns may be nested as deep. It bounds the machine's stack.
    std::size_t depth = 150;
    std::size_t steps = 100'000; ///< nodes, loop turns, elements, characters by 32, regex moves
    std::size_t output_bytes = 256 * 1024; ///< text that one render, macro or block makes
    std::size_t working_bytes = 4 << 20;   ///< texts and lists made on the way, all together
    std::size_t items = 10'000;            ///< elements of one list: range(), repetition, split…
};

/// What one evaluation has taken, and what came of it. For who evaluates many and bounds their sum.
struct Spent {
    std::size_t steps = 0; ///< as Limits counts them, of a failed one too
    /// The result is undefined, a key that is not there: it prints nothing, while none prints
    /// "None". Both are a null Value.
    bool undefined = false;
};

/// The names that a template sees. It borrows: names, values, zone and parent must outlive the call
/// that it is handed to. Cheap to make; use one for all templates of a message.
class Scope {
public:
    /// One name. A value that would be gone at once does not compile.
    struct Binding {
        Binding(std::string_view bound_name, const Value& bound)
            : name(bound_name)
            , value(&bound) {}
        Binding(std::string_view bound_name, Value&& bound) = delete;

        std::string_view name;
        const Value* value;
    };

    Scope() = default;
    Scope(std::initializer_list<Binding> bindings)
        : bindings_(bindings) {}

    /// Adds a name, which hides an earlier one and the parent's.
    Scope& set(std::string_view name, const Value& value) {
        bindings_.emplace_back(name, value);
        return *this;
    }
    Scope& set(std::string_view name, Value&& value) = delete;

    /// What `now()` returns: without it `now()` is an error. A null zone is UTC.
    Scope& set_now(Micros utc, const TimeZone* zone = nullptr) {
        now_ = utc;
        zone_ = zone;
        return *this;
    }
    /// Names that are not here are looked for there; so are `now` and the zone.
    Scope& set_parent(const Scope* parent) {
        parent_ = parent;
        return *this;
    }

    /// The value of a name, or nullptr.
    const Value* find(std::string_view name) const;
    std::optional<Micros> now() const;
    const TimeZone* zone() const;

private:
    std::vector<Binding> bindings_;
    std::optional<Micros> now_;
    const TimeZone* zone_ = nullptr;
    const Scope* parent_ = nullptr;
};

struct Program;

/// A compiled template. Immutable, one pointer wide, safe to render from several threads at once.
class Template {
public:
    /// Compiles. Errors (Code::invalid; Code::limit) say line and column, what stands there and
    /// what was expected; unknown filters, tests and statements are errors here, not first when
    /// rendered.
    static Result<Template> parse(std::string_view source, Profile profile,
                                  const Limits& limits = {});

    Template(Template&&) noexcept;
    Template& operator=(Template&&) noexcept;
    ~Template();

    /// The text, as Jinja2 would print it: `True`, `False`, `None`, floating numbers as Python's
    /// repr, lists and dictionaries as Python shows them. Errors say line and column: Code::invalid
    /// for what makes no sense with these values, Code::limit.
    Result<std::string> render(const Scope& scope, const Limits& limits = {},
                               Spent* spent = nullptr) const;

    /// The value: where the whole template is one `{{ expression }}` (is_expression()), what that
    /// gives, with its type; else the rendered text as a string. Tuples become lists, keys that are
    /// no strings become strings as JSON has them, points in time RFC 3339-like text, lengths of
    /// time seconds, and an undefined result null (an error in strict profiles). What has no value
    /// (a macro, a namespace) is an error.
    Result<Value> evaluate(const Scope& scope, const Limits& limits = {},
                           Spent* spent = nullptr) const;

    /// Plain text without a tag: render() gives always the same.
    bool is_constant() const;
    /// The whole template is one `{{ expression }}`.
    bool is_expression() const;
    /// Whether it mentions this name, so that a caller need not make a value that nobody reads
    /// (parse JSON for `value_json`). True too where the template itself sets the name.
    bool reads(std::string_view name) const;

    const std::string& source() const;
    Profile profile() const;

private:
    explicit Template(std::unique_ptr<const Program> program);

    std::unique_ptr<const Program> program_;
};

} // namespace hearth::templating
