#include "template/template.h"

#include "base/text.h"
#include "template/convert.h"
#include "template/lexer.h"
#include "template/nodes.h"
#include "template/parser.h"
#include "template/python_text.h"
#include "template/run.h"
#include "template/unicode.h"

#include <algorithm>

namespace hearth::templating {
namespace {

/// As Jinja2 reads a source: line ends are "\n", and one at the very end does not count.
std::string normalized(std::string_view source) {
    std::string out;
    out.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] != '\r')
            out += source[i];
        else if (i + 1 >= source.size() || source[i + 1] != '\n')
            out += '\n';
    }
    if (out.ends_with('\n')) out.pop_back();
    return out;
}

bool is_blank(std::string_view text) {
    return strip(text).empty();
}

/// Finds out whether the template is one expression and nothing else that shows.
const Node* single_expression(const Program& program, bool trims) {
    const Node* found = nullptr;
    for (const Node* statement : program.root->children) {
        if (statement->kind == NodeKind::text && trims && is_blank(statement->text)) continue;
        if (statement->kind != NodeKind::output || found != nullptr) return nullptr;
        found = statement->children[0];
    }
    return found;
}

/// `name.a["b"]` as its names, from the outside in; false for anything else.
bool find_path(Program& program) {
    const Node* node = program.expression;
    for (; node != nullptr && !node->children.empty(); node = node->children[0]) {
        const bool key = node->kind == NodeKind::subscript &&
                         node->children[1]->kind == NodeKind::literal &&
                         node->children[1]->literal.is_string();
        if (node->kind == NodeKind::attribute)
            program.path.push_back(node->text);
        else if (key)
            program.path.push_back(node->children[1]->literal.text());
        else
            return false;
    }
    if (node == nullptr || node->kind != NodeKind::name) return false;
    program.path_root = node->text;
    std::ranges::reverse(program.path);
    return true;
}

/// What a path leads to, or nullptr where the way is not plain. A key is looked for among all of
/// its map; `steps` counts it as a run does.
const Value* follow(const Program& program, const Scope& scope, std::size_t& steps) {
    const Value* value = scope.find(program.path_root);
    for (std::size_t i = 0; value != nullptr && i < program.path.size(); ++i) {
        if (const ValueMap* map = value->as_map()) steps += 1 + map->size() / 8;
        value = value->find(program.path[i]);
    }
    return value;
}

/// Drops white space at both ends of a rendered text.
void trim_ends(std::string& text) {
    const std::string_view kept = strip(text);
    if (kept.size() == text.size()) return;
    text.erase(0, static_cast<std::size_t>(kept.data() - text.data()));
    text.resize(kept.size());
}

} // namespace

const Value* Scope::find(std::string_view name) const {
    for (auto binding = bindings_.rbegin(); binding != bindings_.rend(); ++binding)
        if (binding->name == name) return binding->value;
    return parent_ != nullptr ? parent_->find(name) : nullptr;
}

std::optional<Micros> Scope::now() const {
    return now_ || parent_ == nullptr ? now_ : parent_->now();
}

const TimeZone* Scope::zone() const {
    return now_ || parent_ == nullptr ? zone_ : parent_->zone();
}

Template::Template(std::unique_ptr<const Program> program)
    : program_(std::move(program)) {}
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;
Template::~Template() = default;

Result<Template> Template::parse(std::string_view source, Profile profile, const Limits& limits) {
    if (source.size() > limits.source_bytes)
        return fail(Code::limit,
                    "a template of {} bytes; at most {} are allowed "
                    "(templates.source_bytes)",
                    source.size(), limits.source_bytes);
    if (!is_utf8(source)) return fail(Code::invalid, "a template that is no UTF-8");
    auto program = std::make_unique<Program>();
    program->source = normalized(source);
    program->profile = profile;
    Result<std::vector<Token>> tokens = tokenize(program->source);
    if (!tokens) return fail(tokens);
    Result<void> parsed = Parser(*program, std::move(*tokens), limits).parse();
    if (!parsed) return fail(parsed);
    const bool trims = profile != Profile::reply;
    program->expression = single_expression(*program, trims);
    program->constant = std::ranges::all_of(program->root->children, [](const Node* statement) {
        return statement->kind == NodeKind::text;
    });
    if (!find_path(*program)) program->path.clear();
    return Template(std::move(program));
}

Result<std::string> Template::render(const Scope& scope, const Limits& limits, Spent* spent) const {
    const bool trims = program_->profile != Profile::reply;
    std::string out;
    std::size_t steps = 0;
    const Value* value = program_->path_root.empty() ? nullptr : follow(*program_, scope, steps);
    const bool plain = value != nullptr && value->string_or({}).size() < limits.output_bytes &&
                       append_simple_str(out, *value);
    if (!plain) {
        Run run(*program_, scope, limits);
        run.render(out);
        steps += run.steps_spent();
        if (spent != nullptr) *spent = {steps, false};
        if (run.failed()) return std::unexpected(run.take_error());
    }
    if (spent != nullptr) *spent = {steps, false};
    if (trims) trim_ends(out);
    return out;
}

Result<Value> Template::evaluate(const Scope& scope, const Limits& limits, Spent* spent) const {
    if (program_->expression == nullptr) {
        Result<std::string> text = render(scope, limits, spent);
        if (!text) return fail(text);
        return Value(std::move(*text));
    }
    std::size_t steps = 0;
    const Value* value = program_->path_root.empty() ? nullptr : follow(*program_, scope, steps);
    if (spent != nullptr) *spent = {steps, false};
    if (value != nullptr && !value->is_list() && !value->is_map()) return *value;
    Run run(*program_, scope, limits);
    const Item item = run.evaluate(*program_->expression);
    Value result = run.failed() ? Value() : to_value(run, item);
    if (spent != nullptr) *spent = {steps + run.steps_spent(), item.is_undefined()};
    if (run.failed()) return std::unexpected(run.take_error());
    return result;
}

bool Template::is_constant() const {
    return program_->constant;
}

bool Template::is_expression() const {
    return program_->expression != nullptr;
}

bool Template::reads(std::string_view name) const {
    return std::ranges::any_of(program_->nodes, [&](const Node& node) {
        return node.kind == NodeKind::name && node.text == name;
    });
}

const std::string& Template::source() const {
    return program_->source;
}

Profile Template::profile() const {
    return program_->profile;
}

} // namespace hearth::templating
