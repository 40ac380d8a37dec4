#include "base/yaml.h"

#include "base/text.h"

#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace hearth {
namespace {

constexpr std::size_t max_depth = 32;

struct Refused {
    YAML::Mark mark;
    std::string why;
};

Value scalar(const std::string& tag, const std::string& text) {
    if (tag == "!") return text; // quoted
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
        return nullptr;
    long long integer = 0;
    if (parse_integer(text, integer)) return static_cast<std::int64_t>(integer);
    double number = 0;
    const bool numeric = text.find_first_not_of("+-.0123456789eE") == std::string::npos;
    if (numeric && parse_number(text, number)) return number;
    return text;
}

/// Builds the Value from yaml-cpp's events, which know the line of each thing.
class Builder final : public YAML::EventHandler {
public:
    explicit Builder(YamlLines* lines)
        : lines_(lines) {}

    Value take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { put(mark, nullptr); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw Refused{mark, "aliases (*name) are not supported; write the value out"};
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  const std::string& text) override {
        if (!open_.empty() && open_.back().value.is_map() && !open_.back().has_key)
            key(mark, text);
        else
            put(mark, scalar(tag, text));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(mark, ValueList());
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        open(mark, ValueMap());
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        YAML::Mark mark;
        Value value;
        std::string key;
        bool has_key = false;
    };

    void key(const YAML::Mark& mark, const std::string& text) {
        Open& map = open_.back();
        if (map.value.as_map()->contains(text))
            throw Refused{mark, fmt::format("the key \"{}\" comes twice", printable(text, 60))};
        map.key = text;
        map.has_key = true;
        if (lines_ != nullptr) note_line(mark);
    }

    void note_line(const YAML::Mark& mark) {
        std::string place;
        for (const Open& map : open_) {
            if (!map.has_key) return; // a list
            if (!place.empty()) place += '.';
            place += map.key;
        }
        lines_->emplace(std::move(place), static_cast<std::size_t>(mark.line) + 1);
    }

    void open(const YAML::Mark& mark, Value value) {
        if (open_.size() >= max_depth)
            throw Refused{mark, fmt::format("nested more than {} deep", max_depth)};
        if (!open_.empty() && open_.back().value.is_map() && !open_.back().has_key)
            throw Refused{mark, "a key must be a plain word"};
        open_.push_back({mark, std::move(value), {}, false});
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        put(done.mark, std::move(done.value));
    }

    void put(const YAML::Mark& mark, Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (ValueList* list = open_.back().value.as_list()) {
            list->push_back(std::move(value));
        } else if (open_.back().has_key) {
            open_.back().value.as_map()->append(open_.back().key, std::move(value));
            open_.back().has_key = false;
        } else {
            throw Refused{mark, "a key must be a plain word"};
        }
    }

    YamlLines* lines_;
    Value root_;
    std::vector<Open> open_;
};

Result<Value> parse(std::string_view text, YamlLines* lines) {
    if (!is_utf8(text)) return fail(Code::invalid, "not UTF-8 text");
    Builder builder(lines);
    try {
        std::istringstream in{std::string(text)};
        YAML::Parser parser(in);
        parser.HandleNextDocument(builder);
        return builder.take();
    } catch (const Refused& refused) {
        return fail(Code::invalid, "line {}, column {}: {}", refused.mark.line + 1,
                    refused.mark.column + 1, refused.why);
    } catch (const YAML::Exception& error) {
        return fail(Code::invalid, "line {}, column {}: {}", error.mark.line + 1,
                    error.mark.column + 1, error.msg);
    }
}

} // namespace

Result<Value> parse_yaml(std::string_view text) {
    return parse(text, nullptr);
}

Result<Value> parse_yaml(std::string_view text, YamlLines& lines) {
    return parse(text, &lines);
}

} // namespace hearth
