#pragma once

#include "app/hub_client.h"

#include <cstdint>
#include <string>
#include <vector>

/// The commands that talk to a running hub or read its data folder. Each prints its answer and
/// returns the program's exit code.
namespace hearth::app {

struct CommonOptions {
    HubChoice hub;
    bool json = false;
};

/// Those that are there, or those that have left and are not forgotten.
int list_devices(const CommonOptions& options, bool left);
int show_device(const CommonOptions& options, const std::string& device);

struct SetOptions {
    std::string device;
    std::vector<std::string> assignments; ///< CAPABILITY.ATTRIBUTE=VALUE
    double timeout_s = 10;
    bool wait = true; ///< for the device's answer
};
int set_device(const CommonOptions& options, const SetOptions& set);

int rename_device(const CommonOptions& options, const std::string& device, const std::string& name);
int move_device(const CommonOptions& options, const std::string& device, const std::string& area);
/// Forgets a device that has left.
int forget_device(const CommonOptions& options, const std::string& device);
int list_areas(const CommonOptions& options);
int remove_area(const CommonOptions& options, const std::string& area);
int hand_device(const CommonOptions& options, const std::string& device,
                const std::string& credential);
/// Adds aliases, or with `remove` takes them away; without any prints those there are.
int alias_device(const CommonOptions& options, const std::string& device,
                 const std::vector<std::string>& aliases, bool remove);

struct EventOptions {
    bool follow = false;
    std::uint64_t since = 0;
    std::uint64_t limit = 50;
    std::string device;
};
int show_events(const CommonOptions& options, const EventOptions& events);

int add_credential(const CommonOptions& options, const std::string& name,
                   const std::vector<std::string>& topics);
int list_credentials(const CommonOptions& options);
int revoke_credential(const CommonOptions& options, const std::string& name);

struct PersonOptions {
    std::string name; ///< or id
    std::string new_name;
    std::string role;  ///< owner, member, child, guest
    std::string until; ///< RFC 3339, or "never"
    std::vector<std::string> areas;
    std::vector<std::string> types; ///< of devices
    std::vector<std::string> verbs; ///< see, use, open, arrange
    bool clear = false;             ///< takes away the grants there were
};
int list_persons(const CommonOptions& options);
/// The password comes from the terminal or standard input, here as below.
int add_person(const CommonOptions& options, const PersonOptions& person);
int change_person(const CommonOptions& options, const PersonOptions& person);
int grant_person(const CommonOptions& options, const PersonOptions& person);
int set_password(const CommonOptions& options, const std::string& person);
int forget_person(const CommonOptions& options, const std::string& person);

int make_claim_code(const CommonOptions& options);
int list_refused(const CommonOptions& options);

int list_automations(const CommonOptions& options);
/// Adds what a YAML or JSON file holds: one automation, a list, or a home file's `automations:`.
int add_automations(const CommonOptions& options, const std::string& file);
int remove_automation(const CommonOptions& options, const std::string& name);
int enable_automation(const CommonOptions& options, const std::string& name, bool enabled);
int run_automation(const CommonOptions& options, const std::string& name);
/// Prints the traces of its last `count` runs, newest first.
int trace_automation(const CommonOptions& options, const std::string& name, std::uint64_t count);

struct SayOptions {
    std::string text;
    std::string language; ///< "en", "zh-CN", "fr"…; empty: the hub's
    std::string area;     ///< the room where it is said
    bool yes = false;     ///< to whatever it asks before it does it
};
/// Says a sentence to the hub and prints its reply. Fails where nothing was done. What the hub asks
/// about first is asked on a terminal; elsewhere nothing is done, and it ends with exit_asked.
int say(const CommonOptions& options, const SayOptions& said);

int verify_journal(const CommonOptions& options);
int cat_journal(const CommonOptions& options);

} // namespace hearth::app
