// Arbitrary text as the definition of an automation, as YAML (first byte even) or JSON.
//
// Properties: parsing ends with a definition or an error of one line; a definition written down
// reads back as the same; checking it against a home and describing it ends too, and what it is
// then still reads back.
#include "automations/definition.h"
#include "base/json.h"
#include "base/yaml.h"
#include "journal/memory_journal.h"

#include <cstdint>
#include <string_view>

namespace {

using namespace hearth;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

class NoSender final : public home::Sender {
public:
    void send(const home::Device&, const home::Command&) override {}
};

/// A home with one device, "Lamp".
struct House {
    ManualClock clock;
    SeededRandom random{1};
    journal::MemoryJournal journal;
    NoSender sender;
    home::Home home{clock, random, journal, sender};

    House() {
        const auto spec = [](const char* path, catalog::AttributeType type) {
            return home::AttributeSpec{.path = {path}, .type = type, .writable = true};
        };
        const auto joined =
            home.announce({}, {.adapter = "fuzz",
                               .external_id = "lamp",
                               .name = "Lamp",
                               .type = "light",
                               .attributes = {spec("level.percent", catalog::AttributeType::number),
                                              spec("on_off.on", catalog::AttributeType::boolean)}});
        require(joined.has_value());
    }
};

void require_one_line(const Error& error) {
    require(!error.detail.empty());
    require(error.detail.find('\n') == std::string::npos);
}

void require_reads_back(const automations::Definition& definition) {
    const Value written = automations::to_value(definition);
    const auto again = automations::parse_definition(written);
    require(again.has_value());
    require(automations::to_value(*again) == written);
}

template <class Part>
void describe_all(const std::vector<Part>& parts, const home::Home& home) {
    for (const Part& part : parts)
        require(!automations::describe(part, home).empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const House house;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto value = (data[0] & 1) == 0 ? parse_yaml(text) : parse_json(text);
    if (!value) return 0;
    auto definition = automations::parse_definition(*value);
    if (!definition) {
        require_one_line(definition.error());
        return 0;
    }
    require_reads_back(*definition);
    const auto resolved = automations::resolve(*definition, {house.home, true});
    if (!resolved) require_one_line(resolved.error());
    require_reads_back(*definition);
    describe_all(definition->triggers, house.home);
    describe_all(definition->conditions, house.home);
    describe_all(definition->actions, house.home);
    return 0;
}
