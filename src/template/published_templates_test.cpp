#include "template/test_templates.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

#include <gtest/gtest.h>

/// Every template of the discovery messages that one large publisher sends parses and renders. The
/// messages are read from $HEARTH_DATA/zigbee2mqtt-models.ndjson, packed (.gz) or not: one model a
/// line, with `exposes`, `state_keys` and `discovery`.
namespace hearth::templating {
namespace {

struct Close {
    void operator()(std::FILE* file) const { pclose(file); }
};

/// Calls `each` with every line that a command prints; false where the command fails.
template <class Each>
bool each_line(const std::string& command, Each each) {
    const std::unique_ptr<std::FILE, Close> pipe(popen(command.c_str(), "r"));
    if (!pipe) return false;
    std::string line;
    bool any = false;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) {
        if (c != '\n') {
            line += static_cast<char>(c);
            continue;
        }
        each(std::string_view(line));
        any = true;
        line.clear();
    }
    return any;
}

/// Calls `found` with every text whose key ends in _template.
template <class Found>
void each_template(const Value& value, const Found& found) {
    if (const ValueList* list = value.as_list())
        for (const Value& element : *list)
            each_template(element, found);
    if (const ValueMap* map = value.as_map())
        for (const auto& [key, member] : *map) {
            if (key.ends_with("_template") && member.is_string())
                found(*member.as_string());
            else
                each_template(member, found);
        }
}

Value plausible(const Value& expose);

/// The members of a composite, or of the features of a light or climate, under their properties.
void put_exposed(ValueMap& message, const Value& exposes) {
    const ValueList* list = exposes.as_list();
    for (const Value& expose : list != nullptr ? *list : ValueList{}) {
        const Value& property = expose.at("property");
        if (property.is_string())
            message.set(*property.as_string(), plausible(expose));
        else
            put_exposed(message, expose.at("features"));
    }
}

/// A value as a device of this kind reports it.
Value plausible(const Value& expose) {
    if (expose.at("type") == Value("numeric")) return 50;
    if (expose.at("type") == Value("binary")) return expose.at("value_on");
    if (expose.at("type") == Value("list")) return ValueList{};
    if (const ValueList* values = expose.at("values").as_list(); values && !values->empty())
        return values->front();
    if (!expose.at("features").is_list()) return "text";
    ValueMap members;
    put_exposed(members, expose.at("features"));
    return members;
}

Value message_of(const Value& model) {
    ValueMap message;
    if (const ValueList* keys = model.at("state_keys").as_list())
        for (const Value& key : *keys)
            message.set(std::string(key.string_or("")), 50);
    put_exposed(message, model.at("exposes"));
    message.set("update",
                ValueMap{{"state", "idle"}, {"installed_version", 1}, {"latest_version", 2}});
    message.set("last_seen", "2025-11-27T14:00:00Z");
    return message;
}

class Published : public testing::Test {
protected:
    void SetUp() override {
        const char* folder = std::getenv("HEARTH_DATA");
        if (folder == nullptr) GTEST_SKIP() << "skipped: no data";
        const std::string path = std::string(folder) + "/zigbee2mqtt-models.ndjson";
        command_ = "if [ -f '" + path + "' ]; then cat '" + path + "'; else gzip -dc '" + path +
                   ".gz' 2>/dev/null; fi";
    }
    std::string command_;
};

TEST_F(Published, TemplatesParseAndRender) {
    std::size_t rendered_count = 0;
    std::map<std::string, std::string> errors;
    const bool read = each_line(command_, [&](std::string_view line) {
        const Result<Value> model = parse_json(line, {.bytes = 64 << 20, .values = 10'000'000});
        ASSERT_TRUE(model.has_value()) << model.error().detail;
        const Value message = message_of(*model);
        const Value text("50");
        each_template(model->at("discovery"), [&](const std::string& source) {
            const Result<Template> made = Template::parse(source, Profile::discovery);
            const Result<std::string> shown =
                made ? made->render(Scope{{"value_json", message}, {"value", text}})
                     : std::unexpected(made.error());
            ++rendered_count;
            if (!shown) errors.emplace(source, shown.error().detail);
        });
    });
    if (!read) GTEST_SKIP() << "skipped: no data";
    for (const auto& [source, detail] : errors)
        ADD_FAILURE() << source << "\n  " << detail;
    EXPECT_GT(rendered_count, 0U);
    RecordProperty("templates", std::to_string(rendered_count));
}

} // namespace
} // namespace hearth::templating
