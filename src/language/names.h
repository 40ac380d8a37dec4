#pragma once

#include "home/home.h"
#include "language/grammar.h"
#include "language/normalize.h"
#include "language/numbers.h"
#include "language/trie.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the things of a home are called, made ready for matching.
namespace hearth::language {

/// A device, or of one that has several things alike only one: its endpoint. Refers to both.
struct Part {
    /// With an empty endpoint all of the device.
    Part(const home::Device& whole, std::string_view endpoint = {}); // NOLINT: a device is one

    const home::Device& device;
    std::span<const home::Attribute> attributes; ///< of the device, those of the part
};

/// What the device itself calls what is commanded in a part: "Patio light"; empty where it does
/// not.
std::string label_of(const Part& part);

/// What a device is to a sentence, in Home Assistant's words, since the sentence packages speak
/// them. One device may be several: a plug that measures is a switch and a sensor.
std::vector<std::string_view> domains_of(const Part& part);
bool has_domain(const Part& part, std::string_view domain);

/// One thing that a text names: a device, an area or a floor.
struct Named {
    std::string id;
    std::string spelling;                  ///< the name or alias as the home has it
    std::vector<std::string_view> domains; ///< of a device
    std::string device_class;              ///< of a device: its type
    std::string endpoint;                  ///< of a device, where only that is called so
};

/// The names of one moment, and what else people call the same: without accents, without emoji; a
/// name that is spelled so itself stands before. Whoever keeps it makes it anew when a device
/// joins, leaves, changes or is edited, or an area is added; what it names is looked up in the home
/// again when it is used, so an old one misses new names and does no harm. Copies what it needs of
/// the home.
///
/// A device that has several things alike calls each by a name of its own (AttributeSpec::label):
/// it means just that one, alone ("patio light") where it has two words at least, and behind the
/// device's name ("shed box pump"). One word alone is mostly that for the kind of thing: "light".
class HomeNames {
public:
    using Sees = std::function<bool(const home::Device&)>;

    HomeNames() = default;
    /// Of all devices; with `sees` of those for which it says yes: the others are not there for
    /// whoever speaks. It is asked about each device once.
    explicit HomeNames(const home::Home& home, const Sees& sees = {});

    /// Whether a device is there for whoever speaks, whatever it is called.
    bool knows(std::string_view device) const {
        return !seen_ || std::ranges::binary_search(*seen_, device);
    }

    const Trie& trie(Names kind) const { return kinds_[static_cast<std::size_t>(kind)].trie; }

    /// A name that stands in a sentence.
    struct Found {
        std::uint32_t end = 0;
        std::uint32_t text = 0; ///< which the trie numbers
        bool exact = true;      ///< as it is spelled
    };
    /// Adds every name that stands at a place of a sentence: as it is spelled, or otherwise with
    /// its numbers in words or digits ("lamp two" for "Lamp 2"), without accents, or without its
    /// emoji.
    void find(Names kind, const Normal& sentence, std::uint32_t at, const NumberWords& numbers,
              std::vector<Found>& found) const;

    /// All things of one text, which the trie numbers.
    const std::vector<Named>& things(Names kind, std::uint32_t text) const {
        return kinds_[static_cast<std::size_t>(kind)].things[text];
    }

private:
    struct Kind {
        Trie trie;
        std::vector<std::vector<Named>> things;
        std::vector<bool> exact; ///< by text: not a variant
    };
    class Builder;
    class Finder;
    static void add_parts(Builder& devices, const home::Device& device);

    Kind kinds_[3];
    std::optional<std::vector<home::DeviceId>> seen_; ///< sorted; nothing where all are
};

/// Whether a device may be meant where a block has such needs.
bool fits(const Named& device, const Filter& filter);

} // namespace hearth::language
