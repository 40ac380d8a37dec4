#include "template/run.h"

#include "template/lexer.h"
#include "template/operators.h"

namespace hearth::templating {

Rules rules_of(Profile profile) {
    switch (profile) {
    case Profile::discovery:
        return {.strict = false, .home_assistant = true, .clock = true};
    case Profile::reply:
        return {.strict = true, .home_assistant = false, .clock = false};
    case Profile::expression:
        return {.strict = true, .home_assistant = true, .clock = true};
    }
    return {};
}

Run::Run(const Program& program, const Scope& scope, const Limits& limits)
    : program_(program)
    , scope_(scope)
    , limits_(limits)
    , rules_(rules_of(program.profile))
    , steps_left_(limits.steps)
    , bytes_left_(limits.working_bytes)
    , arena_(first_memory_.data(), first_memory_.size())
    , bound_(&arena_)
    , frames_(&arena_) {
    push_frame(outermost);
}

void Run::set_error(Code code, std::string detail) {
    error_ = Error{code, position(program_.source, at_) + ": " + std::move(detail)};
}

bool Run::spend(std::size_t steps) {
    if (failed()) return false;
    if (steps > steps_left_) {
        steps_left_ = 0;
        fail(Code::limit, "more than {} steps (templates.steps): does it end?", limits_.steps);
        return false;
    }
    steps_left_ -= steps;
    return true;
}

bool Run::spend_bytes(std::size_t bytes) {
    if (failed()) return false;
    if (bytes > bytes_left_) {
        fail(Code::limit,
             "it makes more than {} bytes of texts and lists (templates.working_bytes)",
             limits_.working_bytes);
        return false;
    }
    bytes_left_ -= bytes;
    return spend(bytes / 32);
}

bool Run::allow_items(std::size_t count) {
    if (failed()) return false;
    if (count <= limits_.items) return true;
    fail(Code::limit, "a list of {} elements; at most {} are allowed (templates.items)", count,
         limits_.items);
    return false;
}

bool Run::enter() {
    if (++depth_ <= limits_.depth) return !failed();
    fail(Code::limit, "nested deeper than {} (templates.depth)", limits_.depth);
    return false;
}

Item Run::text(std::string_view copied) {
    if (copied.empty()) return Item::of(std::string_view());
    if (!spend_bytes(copied.size())) return {};
    auto* memory = static_cast<char*>(arena_.allocate(copied.size(), 1));
    copied.copy(memory, copied.size());
    return Item::of(std::string_view(memory, copied.size()));
}

List& Run::make_list(bool tuple) {
    spend_bytes(sizeof(List));
    void* memory = arena_.allocate(sizeof(List), alignof(List));
    return *new (memory) List{std::pmr::vector<Item>(&arena_), tuple};
}

void Run::append(List& list, const Item& item) {
    if (spend() && allow_items(list.items.size() + 1) && spend_bytes(sizeof(Item)))
        list.items.push_back(item);
}

Dict& Run::make_dict() {
    spend_bytes(sizeof(Dict));
    void* memory = arena_.allocate(sizeof(Dict), alignof(Dict));
    return *new (memory) Dict{std::pmr::vector<std::pair<Item, Item>>(&arena_)};
}

void Run::put(Dict& dict, const Item& key, const Item& value) {
    if (!hashable(*this, key)) return;
    for (auto& [present, old] : dict.entries) {
        if (!equal(*this, present, key)) continue;
        old = value;
        return;
    }
    if (spend() && allow_items(dict.entries.size() + 1) && spend_bytes(2 * sizeof(Item)))
        dict.entries.emplace_back(key, value);
}

Space& Run::make_space() {
    spend_bytes(sizeof(Space));
    void* memory = arena_.allocate(sizeof(Space), alignof(Space));
    return *new (memory) Space{std::pmr::vector<std::pair<std::string_view, Item>>(&arena_)};
}

const Value& Run::keep(Value value) {
    return kept_.emplace_back(std::move(value));
}

Item Run::undefined_error(const Item& undefined) {
    if (undefined.text().empty()) return invalid("a value is undefined here");
    return invalid("'{}' is undefined", undefined.text());
}

bool Run::usable(const Item& item, bool always) {
    const bool allowed = !always && (!rules_.strict || item.is_nothing());
    if (!item.is_undefined() || allowed) return !failed();
    undefined_error(item);
    return false;
}

void Run::push_frame(std::size_t parent) {
    frames_.push_back({bound_.size(), parent, ++frame_serial_});
}

void Run::pop_frame() {
    bound_.resize(frames_.back().begin);
    frames_.pop_back();
}

void Run::bind(std::string_view name, const Item& value) {
    for (std::size_t i = frames_.back().begin; i < bound_.size(); ++i) {
        if (bound_[i].name != name) continue;
        bound_[i].value = value;
        return;
    }
    bound_.push_back({name, value});
}

const Item* Run::find_bound(std::string_view name) const {
    for (std::size_t frame = top_frame(); frame != outermost; frame = frames_[frame].parent) {
        const std::size_t end = frame == top_frame() ? bound_.size() : frames_[frame + 1].begin;
        for (std::size_t i = frames_[frame].begin; i < end; ++i)
            if (bound_[i].name == name) return &bound_[i].value;
    }
    return nullptr;
}

Item Run::look_up(std::string_view name) {
    if (const Item* bound = find_bound(name)) return *bound;
    if (const Value* value = scope_.find(name)) return Item::of(*value);
    if (const Builtin* function = find_function(name)) return Item::of(function);
    return Item::undefined(name);
}

} // namespace hearth::templating
