#pragma once

#include "home/home.h"
#include "language/grammar.h"
#include "language/trie.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What the things of a home are called, made ready for matching.
namespace hearth::language {

/// What a device is to a sentence, in Home Assistant's words, since the sentence packages speak
/// them. One device may be several: a plug that measures is a switch and a sensor.
std::vector<std::string_view> domains_of(const home::Device& device);
bool has_domain(const home::Device& device, std::string_view domain);

/// One thing that a text names: a device, an area or a floor.
struct Named {
    std::string id;
    std::string spelling;                  ///< the name or alias as the home has it
    std::vector<std::string_view> domains; ///< of a device
    std::string device_class;              ///< of a device: its type
};

/// The names of one moment. Whoever keeps it makes it anew when a device joins, leaves, changes or
/// is edited, or an area is added; what it names is looked up in the home again when it is used, so
/// an old one misses new names and does no harm. Copies what it needs of the home.
class HomeNames {
public:
    HomeNames() = default;
    explicit HomeNames(const home::Home& home);

    const Trie& trie(Names kind) const { return kinds_[static_cast<std::size_t>(kind)].trie; }
    /// All things of one text, which the trie numbers.
    const std::vector<Named>& things(Names kind, std::uint32_t text) const {
        return kinds_[static_cast<std::size_t>(kind)].things[text];
    }

private:
    struct Kind {
        Trie trie;
        std::vector<std::vector<Named>> things;
    };
    class Builder;

    Kind kinds_[3];
};

/// Whether a device may be meant where a block has such needs.
bool fits(const Named& device, const Filter& filter);

} // namespace hearth::language
