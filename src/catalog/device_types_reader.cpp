#include "base/yaml.h"
#include "catalog/device_types.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <utility>

#include <fmt/ranges.h>

namespace hearth::catalog {
namespace {

using Keys = std::initializer_list<std::string_view>;

constexpr std::string_view file_name = "device_types.yaml";

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

/// "0x010C", as the standard writes them.
std::optional<std::uint32_t> read_id(std::string_view text) {
    if (!text.starts_with("0x")) return std::nullopt;
    text.remove_prefix(2);
    std::uint32_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id, 16);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    return is_whole ? std::optional(id) : std::nullopt;
}

} // namespace

/// Reads a file once. A place is the keys that lead to something: "types.light.icon".
class DeviceTypesReader {
public:
    explicit DeviceTypesReader(const Catalog& catalog)
        : catalog_(catalog) {}

    Result<DeviceTypes> run(std::string_view yaml) {
        const auto file = parse_yaml(yaml, lines_);
        if (!file) return fail_in(file_name, file);
        auto done = check_map(*file, "", {"types", "domains", "classes", "readings"});
        if (done) done = read_domains(file->at("domains"));
        if (done) done = read_types(file->at("types"));
        if (done) done = read_classes(file->at("classes"));
        if (done) done = read_attributes(*file, "readings", "readings", made_.readings_);
        if (done) done = check_order();
        if (done) done = check_questions();
        if (!done) return fail(done);
        made_.index();
        return std::move(made_);
    }

private:
    template <class... Args>
    std::unexpected<Error> wrong(std::string_view place, fmt::format_string<Args...> format,
                                 Args&&... args) const {
        const auto line = lines_.find(place);
        return fail(Code::invalid, "{}: line {}: {}: {}", file_name,
                    line != lines_.end() ? line->second : 1, place,
                    fmt::format(format, std::forward<Args>(args)...));
    }

    Result<void> check_map(const Value& value, std::string_view place, Keys known) const {
        if (!value.is_map()) return wrong(place, "a map is wanted");
        for (const auto& [key, unused] : *value.as_map())
            if (std::ranges::find(known, key) == known.end())
                return wrong(place.empty() ? key : fmt::format("{}.{}", place, key),
                             "unknown key; known are {}", fmt::join(known, ", "));
        return {};
    }

    Result<void> read_words(const Value& map, std::string_view key, std::string_view place,
                            std::vector<std::string>& words) const {
        const Value* list = map.find(key);
        if (list == nullptr) return {};
        if (!list->is_list() || list->as_list()->empty()) return wrong(place, "a list is wanted");
        for (const Value& word : *list->as_list()) {
            if (!word.is_string()) return wrong(place, "a list of words is wanted");
            if (std::ranges::find(words, *word.as_string()) != words.end())
                return wrong(place, "{} comes twice", *word.as_string());
            words.push_back(*word.as_string());
        }
        return {};
    }

    Result<void> check_attribute(std::string_view attribute, std::string_view place) const {
        if (catalog_.find(attribute) != nullptr) return {};
        return wrong(place, "capabilities.yaml has no {}", attribute);
    }

    Result<void> read_attributes(const Value& map, std::string_view key, std::string_view place,
                                 std::vector<std::string>& attributes) const {
        auto done = read_words(map, key, place, attributes);
        for (const std::string& attribute : attributes)
            if (done) done = check_attribute(attribute, place);
        return done;
    }

    Result<void> read_domain_names(const Value& map, std::string_view key, std::string_view place,
                                   std::vector<std::string>& names) const {
        auto done = read_words(map, key, place, names);
        for (const std::string& name : names)
            if (done &&
                std::ranges::find(made_.domains_, name, &Domain::name) == made_.domains_.end())
                return wrong(place, "there is no domain {} here or before", name);
        return done;
    }

    Result<void> read_text(const Value& map, std::string_view key, std::string_view place,
                           std::string& text) const {
        const Value* value = map.find(key);
        if (value == nullptr) return {};
        if (value->string_or("").empty()) return wrong(place, "a word is wanted");
        text = *value->as_string();
        return {};
    }

    // --- Domains and classes --------------------------------------------------------------------

    Result<void> read_domains(const Value& all) {
        if (!all.is_map()) return wrong("domains", "a map is wanted");
        if (all.as_map()->size() > max_domains)
            return wrong("domains", "at most {} are allowed", max_domains);
        for (const auto& [name, value] : *all.as_map())
            if (const auto done = read_domain(name, value); !done) return done;
        return {};
    }

    Result<void> read_domain(const std::string& name, const Value& value) {
        const std::string place = "domains." + name;
        Domain domain{.name = name};
        auto done = check_map(value, place, {"by", "with", "beside", "by_type", "state"});
        if (done) done = read_attributes(value, "by", place + ".by", domain.by);
        if (done) done = read_attributes(value, "with", place + ".with", domain.with);
        if (done) done = read_attributes(value, "state", place + ".state", domain.state);
        if (done) done = read_domain_names(value, "beside", place + ".beside", domain.beside);
        if (!done) return done;
        const Value& by_type = value.at("by_type");
        if (!by_type.is_null() && !by_type.is_bool())
            return wrong(place + ".by_type", "true or false is wanted");
        domain.by_type = by_type.bool_or(false);
        domain.alone = value.find("beside") != nullptr;
        made_.domains_.push_back(std::move(domain));
        return {};
    }

    Result<void> read_classes(const Value& all) {
        if (!all.is_map()) return wrong("classes", "a map is wanted");
        for (const auto& [name, unused] : *all.as_map())
            if (const auto done =
                    read_attributes(all, name, "classes." + name, made_.classes_[name]);
                !done)
                return done;
        return {};
    }

    // --- Types ----------------------------------------------------------------------------------

    Result<void> read_types(const Value& all) {
        if (!all.is_map()) return wrong("types", "a map is wanted");
        for (const auto& [name, value] : *all.as_map())
            if (const auto done = read_type(name, value); !done) return done;
        return {};
    }

    Result<void> read_type(const std::string& name, const Value& value) {
        const std::string place = "types." + name;
        DeviceType type{.name = name};
        if (!is_name(name)) return wrong(place, "a name has the letters a-z, digits and _");
        auto done = check_map(value, place,
                              {"icon", "plural", "primary", "domains", "classes", "matter",
                               "decided_by", "otherwise"});
        if (done) done = read_text(value, "icon", place + ".icon", type.icon);
        if (done) done = read_text(value, "plural", place + ".plural", type.plural);
        if (done) done = read_text(value, "primary", place + ".primary", type.primary);
        if (done && !type.primary.empty()) done = check_attribute(type.primary, place + ".primary");
        if (done) done = read_domain_names(value, "domains", place + ".domains", type.domains);
        if (done) done = read_words(value, "classes", place + ".classes", type.classes);
        if (done) done = read_matter(value, place + ".matter", type);
        if (done) done = read_decided_by(value, place + ".decided_by", type.decided_by);
        if (done) done = read_otherwise(value, place + ".otherwise", type);
        if (done && type.icon.empty()) return wrong(place, "icon is missing");
        if (done) made_.types_.push_back(std::move(type));
        return done;
    }

    Result<void> read_matter(const Value& map, const std::string& place, DeviceType& type) const {
        std::vector<std::string> words;
        if (auto done = read_words(map, "matter", place, words); !done) return done;
        for (const std::string& word : words) {
            const auto id = read_id(word);
            if (!id) return wrong(place, "{} is no id such as 0x010C", word);
            for (const DeviceType& other : made_.types_)
                if (std::ranges::find(other.matter, *id) != other.matter.end())
                    return wrong(place, "{} is {} already", word, other.name);
            type.matter.push_back(*id);
        }
        return {};
    }

    Result<void> read_decided_by(const Value& map, const std::string& place,
                                 DecidedBy& decided) const {
        const Value* value = map.find("decided_by");
        if (value == nullptr) return {};
        auto done = check_map(*value, place, {"platforms", "class", "has", "any_of"});
        if (done) done = read_words(*value, "platforms", place + ".platforms", decided.platforms);
        if (done) done = read_text(*value, "class", place + ".class", decided.device_class);
        if (done) done = read_attributes(*value, "has", place + ".has", decided.has);
        if (done) done = read_attributes(*value, "any_of", place + ".any_of", decided.any_of);
        if (done && decided.empty()) return wrong(place, "nothing is said");
        if (done && decided.platforms.empty() && !decided.device_class.empty())
            return wrong(place, "a class is one of platforms; which?");
        return done;
    }

    Result<void> read_otherwise(const Value& map, const std::string& place,
                                DeviceType& type) const {
        std::string word;
        if (auto done = read_text(map, "otherwise", place, word); !done || word.empty())
            return done;
        if (word != "readings" && word != "presses")
            return wrong(place, "it is readings or presses");
        type.otherwise = word == "readings" ? Otherwise::readings : Otherwise::presses;
        const auto taken = std::ranges::find(made_.types_, type.otherwise, &DeviceType::otherwise);
        if (taken != made_.types_.end()) return wrong(place, "{} is {} already", word, taken->name);
        return {};
    }

    // --- All together ---------------------------------------------------------------------------

    Result<void> check_order() const {
        for (std::size_t later = 0; later < made_.types_.size(); ++later)
            for (std::size_t earlier = 0; earlier < later; ++earlier)
                if (made_.types_[earlier].decided_by.covers(made_.types_[later].decided_by))
                    return wrong("types." + made_.types_[later].name + ".decided_by",
                                 "no device can be one: {}, which stands before, takes them all",
                                 made_.types_[earlier].name);
        return {};
    }

    /// What is asked about first names types too.
    Result<void> check_questions() const {
        for (const auto& [path, info] : catalog_.all()) {
            if (!info.ask_first) continue;
            for (const std::string& name : info.ask_first->types)
                if (std::ranges::find(made_.types_, name, &DeviceType::name) == made_.types_.end())
                    return wrong("types", "capabilities.yaml: {}: ask_first: there is no {}", path,
                                 name);
        }
        return {};
    }

    const Catalog& catalog_;
    YamlLines lines_;
    DeviceTypes made_;
};

Result<DeviceTypes> DeviceTypes::parse(std::string_view yaml, const Catalog& catalog) {
    return DeviceTypesReader(catalog).run(yaml);
}

} // namespace hearth::catalog
