#pragma once

#include "base/result.h"
#include "catalog/catalog.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a device is, and what people call it (catalog/device_types.yaml, whose head says what each
/// key means). Nothing else in hearth names a device type: adapters, sentences and the page read
/// this. A device may be of a type that is not in it, from an older journal or another adapter.
namespace hearth::catalog {

/// What an adapter knows of a device whose type is to be decided.
class Evidence {
public:
    Evidence() = default;
    Evidence(const Evidence&) = delete;
    Evidence& operator=(const Evidence&) = delete;
    virtual ~Evidence() = default;

    /// It has an entity of this MQTT platform, and of this device class unless that is empty.
    virtual bool has_platform(std::string_view platform, std::string_view device_class) const = 0;
    /// "on_off.on", on whatever endpoint.
    virtual bool has(std::string_view attribute) const = 0;
    /// It tells something beyond its upkeep.
    virtual bool has_readings() const = 0;
    /// It tells what was pressed on it, or of its battery.
    virtual bool has_presses() const = 0;
};

/// What makes a device one of a type; all that is said must be so. Nothing said: no device is.
struct DecidedBy {
    std::vector<std::string> platforms; ///< one of these
    std::string device_class;           ///< of such a platform
    std::vector<std::string> has;       ///< all of these attributes
    std::vector<std::string> any_of;    ///< one of these attributes

    bool empty() const { return platforms.empty() && has.empty() && any_of.empty(); }
    bool fits(const Evidence& device) const;
    /// Whether it fits wherever another does.
    bool covers(const DecidedBy& other) const;
};

/// When a device is one of a type though no type fits.
enum class Otherwise { never, readings, presses };

struct DeviceType {
    std::string name;
    std::string icon;                  ///< of ui/src/icons.ts
    std::string plural;                ///< in English; empty for its name with an s
    std::string primary;               ///< an attribute; empty where it is about none
    std::vector<std::string> domains;  ///< Home Assistant's; each has a Domain
    std::vector<std::string> classes;  ///< Home Assistant's device classes
    std::vector<std::uint32_t> matter; ///< ids of the Matter Device Library
    DecidedBy decided_by;
    Otherwise otherwise = Otherwise::never;

    /// Its own name, or one of its classes.
    bool is_called(std::string_view device_class) const;
};

/// A word for devices as sentences use it: "light", "cover".
struct Domain {
    std::string name;
    std::vector<std::string> by;     ///< attributes, one of which makes a device one of it …
    std::vector<std::string> with;   ///< … beside one of these; empty for none needed
    bool alone = false;              ///< only where it is nothing else before …
    std::vector<std::string> beside; ///< … but these domains
    bool by_type = false;            ///< a device of a type of this domain is one, whatever it has
    std::vector<std::string> state;  ///< attributes; the first that a device has tells its state
};

/// Some domains, by their places in DeviceTypes::domains().
using DomainSet = std::uint32_t;
constexpr std::size_t max_domains = 32;

/// What attributes say of the domains of who has them; of several attributes together with |=.
struct DomainHints {
    DomainSet by = 0;
    DomainSet with = 0;

    DomainHints& operator|=(const DomainHints& other) {
        by |= other.by;
        with |= other.with;
        return *this;
    }
};

/// Immutable once loaded; safe from any thread. What it hands out lives as long as it does.
class DeviceTypes {
public:
    /// Reads the text of device_types.yaml. Errors name the line and the key: what is unknown, what
    /// the catalogue of attributes does not have, a type that no device can be, since one before it
    /// takes them all; and what the catalogue asks first about of a type that is not there.
    static Result<DeviceTypes> parse(std::string_view yaml, const Catalog& catalog);

    /// Those that this program was built with.
    static const DeviceTypes& builtin();

    /// In the order of precedence.
    std::span<const DeviceType> all() const { return types_; }
    /// nullptr where there is none of this name.
    const DeviceType* find(std::string_view name) const;
    /// What a device is; nullptr where nothing says it.
    const DeviceType* decide(const Evidence& device) const;

    /// In the order in which a device that is several things is called by them.
    std::span<const Domain> domains() const { return domains_; }
    /// nullptr where there is none of this name.
    const Domain* domain(std::string_view name) const;
    /// What having an attribute ("on_off.on") says. Cheap: it is asked for each attribute of each
    /// device that a sentence may mean.
    DomainHints hints(std::string_view attribute) const;
    /// What a device of a type with all these hints is.
    DomainSet domains_of(const DomainHints& hints, std::string_view type) const;
    /// Whether a set has a domain of this name.
    bool contains(DomainSet set, std::string_view domain) const;
    /// What the domains of a set are called, in their order.
    std::vector<std::string_view> names_of(DomainSet set) const;

    /// The attributes that a device class ("temperature", "door") is about, the first that a device
    /// has; empty for a class that is not known.
    std::span<const std::string> of_class(std::string_view device_class) const;
    /// What of a device is shown first after its type's primary attribute.
    std::span<const std::string> readings() const { return readings_; }

private:
    friend class DeviceTypesReader;
    /// Makes the look-ups. To be called once all else is filled in.
    void index();

    std::vector<DeviceType> types_;
    std::vector<Domain> domains_;
    std::map<std::string, std::vector<std::string>, std::less<>> classes_;
    std::vector<std::string> readings_;

    std::map<std::string, std::size_t, std::less<>> types_by_name_;
    std::map<std::string, std::size_t, std::less<>> domains_by_name_;
    std::map<std::string, DomainHints, std::less<>> hints_;
    std::vector<DomainSet> beside_;  ///< by domain: what a device may be before
    std::vector<DomainSet> by_type_; ///< by type: what its devices are, whatever they have
};

} // namespace hearth::catalog
