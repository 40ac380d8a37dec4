#pragma once

#include "base/result.h"
#include "template/builtin.h"
#include "template/item.h"
#include "template/nodes.h"
#include "template/template.h"

#include <array>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

namespace hearth::templating {

class Text;

/// What the profile decides.
struct Rules {
    bool strict = false;        ///< any use of what is undefined is an error
    bool home_assistant = true; ///< conversions as Home Assistant's filters, else as Jinja2's
    bool clock = true;          ///< has now()
};
Rules rules_of(Profile profile);

/// A macro with the frame that it was defined in.
struct Macro {
    const Node* node = nullptr;
    std::size_t frame = 0;
    std::uint64_t frame_serial = 0;
};

/// `loop` within a for.
struct Loop {
    std::size_t index0 = 0;
    std::size_t length = 0;
    Elements elements;
};

/// One rendering: names, memory, budget and the first error.
///
/// After the first failure everything goes on with undefined values until it comes to its end,
/// which failed() hastens: callers ask failed() where they would do work or go round in a loop.
class Run {
public:
    Run(const Program& program, const Scope& scope, const Limits& limits);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Executes the whole template and appends what it prints.
    void render(std::string& out);
    Item evaluate(const Node& node);

    const Limits& limits() const { return limits_; }
    const Rules& rules() const { return rules_; }
    const Scope& scope() const { return scope_; }

    bool failed() const { return error_.has_value(); }
    /// Keeps the first error, with the position of what is being evaluated. Returns undefined.
    template <class... Args>
    Item fail(Code code, fmt::format_string<Args...> format, Args&&... args) {
        if (!error_) set_error(code, fmt::format(format, std::forward<Args>(args)...));
        return {};
    }
    template <class... Args>
    Item invalid(fmt::format_string<Args...> format, Args&&... args) {
        return fail(Code::invalid, format, std::forward<Args>(args)...);
    }
    Error take_error() { return std::move(*error_); }
    std::size_t steps_spent() const { return limits_.steps - steps_left_; }

    /// False, and failed, where a limit is reached.
    bool spend(std::size_t steps = 1);
    bool spend_bytes(std::size_t bytes);
    bool allow_items(std::size_t count);
    /// Guards a recursion: see Depth.
    bool enter();
    void leave() { --depth_; }

    /// A copy of the text in the arena.
    Item text(std::string_view copied);
    List& make_list(bool tuple = false);
    void append(List& list, const Item& item);
    Dict& make_dict();
    /// Sets a key; an equal one keeps its place.
    void put(Dict& dict, const Item& key, const Item& value);
    Space& make_space();
    /// Borrowed by the run until its end: for what a filter parsed.
    const Value& keep(Value value);

    /// The message of what is undefined, as an error.
    Item undefined_error(const Item& undefined);
    /// False, and failed, where the item is undefined and the profile (or `always`) forbids its
    /// use.
    bool usable(const Item& item, bool always = false);

    /// Looks a name up: frames, scope, functions.
    Item look_up(std::string_view name);
    Item call_macro(const Macro& macro, std::span<const Item> positional,
                    std::span<const NamedItem> named);

private:
    struct Bound {
        std::string_view name;
        Item value;
    };
    struct Frame {
        std::size_t begin;  // of its bindings
        std::size_t parent; // index of the frame around it, or `outermost`
        std::uint64_t serial;
    };
    static constexpr std::size_t outermost = static_cast<std::size_t>(-1);
    enum class Flow : std::uint8_t { on, break_loop, continue_loop };

    void set_error(Code code, std::string detail);

    // evaluate_expression.cpp
    Item evaluate_node(const Node& node);
    Item literal_container(const Node& node);
    Item logic(const Node& node);
    Item compare(const Node& node);
    Item concat(const Node& node);
    Item condition(const Node& node);
    Item slice(const Node& node);

    // evaluate_call.cpp
    struct Arguments {
        std::array<Item, max_arguments> positional;
        std::array<NamedItem, max_arguments> named;
        std::size_t positional_count = 0;
        std::size_t named_count = 0;
    };
    void arguments(const Node& node, Arguments& arguments);
    Item filter_or_test(const Node& node);
    Item call(const Node& node);
    Item method(const Node& node);
    void bind_parameters(const Node& macro, std::span<const Item> positional,
                         std::span<const NamedItem> named);

    // evaluate_statement.cpp
    void execute(const Node& node);
    void execute_node(const Node& node);
    void output(const Node& node);
    void if_else(const Node& node);
    void for_in(const Node& node);
    bool for_turn(const Node& node, Loop& loop, const Item& element);
    bool keeps(const Node& node, const Item& element);
    void bind_targets(const Node& node, const Item& value);
    void set_attribute(const Node& node);
    void define_macro(const Node& node);
    void with(const Node& node);
    /// Executes a body into a text of its own.
    Item capture(const Node& body);
    void captured_block(const Node& node);
    void emit(std::string_view text);

    // run.cpp
    void push_frame(std::size_t parent);
    void pop_frame();
    std::size_t top_frame() const { return frames_.size() - 1; }
    void bind(std::string_view name, const Item& value);
    const Item* find_bound(std::string_view name) const;

    const Program& program_;
    const Scope& scope_;
    const Limits& limits_;
    Rules rules_;
    std::optional<Error> error_;
    std::uint32_t at_ = 0;
    std::size_t depth_ = 0;
    std::size_t steps_left_;
    std::size_t bytes_left_;
    std::uint64_t frame_serial_ = 0;
    Flow flow_ = Flow::on;
    std::string* out_ = nullptr;
    Item captured_;
    std::deque<Value> kept_;
    alignas(std::max_align_t) std::array<std::byte, 1024> first_memory_;
    std::pmr::monotonic_buffer_resource arena_;
    std::pmr::vector<Bound> bound_;
    std::pmr::vector<Frame> frames_;
};

/// Holds one level of recursion: `Depth depth(run); if (!depth) return {};`
class Depth {
public:
    explicit Depth(Run& run)
        : run_(run)
        , entered_(run.enter()) {}
    ~Depth() { run_.leave(); }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    explicit operator bool() const { return entered_; }

private:
    Run& run_;
    bool entered_;
};

/// A text under construction that stays within the run's budget: once that is spent, the run has
/// failed and nothing more is appended.
class Text {
public:
    explicit Text(Run& run)
        : run_(run) {}

    void append(std::string_view part) {
        if (run_.spend_bytes(part.size())) text_ += part;
    }
    void append(std::size_t count, char c) {
        if (run_.spend_bytes(count)) text_.append(count, c);
    }
    std::string_view view() const { return text_; }
    /// The text as an item.
    Item item() { return run_.text(text_); }

private:
    Run& run_;
    std::string text_;
};

} // namespace hearth::templating
