#include "app/commands.h"
#include "app/output.h"
#include "app/serve.h"
#include "app/settings_table.h"
#include "simulator/simulator.h"

#include <CLI/CLI.hpp>

/// The command line. Each command is described here and done elsewhere.
namespace hearth::app {
namespace {

/// What the command lines are read into, and what is to be done once they are.
struct CommandLine {
    CommonOptions common;
    ServeOptions serve;
    SetOptions set;
    EventOptions events;
    SayOptions say;
    simulator::SimulatorOptions simulate;
    std::string device;
    std::string name;
    std::vector<std::string> aliases;
    std::vector<std::string> topics;
    PersonOptions person;
    std::string help_topic;
    std::uint64_t count = 1;
    bool remove = false;
    bool left = false;
    bool no_wait = false;
    std::function<int()> run;
};

using Adder = void (*)(CLI::App&, CommandLine&);

CLI::App* hub_command(CLI::App& app, CommandLine& line, const std::string& name,
                      const std::string& help) {
    CLI::App* command = app.add_subcommand(name, help);
    command->add_option("--data", line.common.hub.data, "data folder of the hub");
    command->add_option("--url", line.common.hub.url, "URL of the hub, http://HOST:PORT");
    command->add_option("--token-file", line.common.hub.token_file, "file that holds the token");
    command->add_flag("--json", line.common.json, "print JSON");
    return command;
}

void add_serve(CLI::App& app, CommandLine& line) {
    CLI::App* command = app.add_subcommand("serve", "Run the hub");
    ServeOptions& options = line.serve;
    command->add_option("--data", options.data, "data folder");
    command->add_option("--home", options.home, "home file: rooms, names and aliases");
    command->add_option("--config", options.config, "config file; else hearth.yaml in the folder");
    command->add_option("--set", options.set, "KEY=VALUE: a setting, over the file")
        ->expected(1)
        ->take_all();
    command->add_option("--http", options.http, "ADDRESS:PORT of the API");
    command->add_option("--mqtt", options.mqtt, "ADDRESS:PORT for MQTT clients");
    command->add_flag("--anonymous", options.anonymous,
                      "let MQTT clients in without a name or with any that no credential has "
                      "(loopback only)");
    command->add_flag("--lan", options.lan,
                      "also serve the page and the API to the network, over TLS");
    command->callback([&line] { line.run = [&line] { return serve(line.serve); }; });
}

void add_simulate(CLI::App& app, CommandLine& line) {
    CLI::App* command = app.add_subcommand("simulate", "Play the devices of a home file over MQTT");
    simulator::SimulatorOptions& options = line.simulate;
    command->add_option("home", options.home_file, "home file")->required()->type_name("HOME.yaml");
    command->add_option("--mqtt", options.mqtt, "ADDRESS:PORT of the broker");
    command->add_option("--credentials", options.credentials, "file with names and passwords");
    command->add_option("--seed", options.seed, "the same seed tells the same story");
    command->add_option("--speed", options.speed, "how many times faster than life");
    command->callback(
        [&line] { line.run = [&line] { return simulator::run_simulator(line.simulate); }; });
}

void add_look(CLI::App& app, CommandLine& line) {
    CLI::App* devices = hub_command(app, line, "devices", "List the devices");
    devices->add_flag("--left", line.left, "those that have left and are not forgotten");
    devices->callback(
        [&line] { line.run = [&line] { return list_devices(line.common, line.left); }; });
    CLI::App* show = hub_command(app, line, "show", "Show one device with all it has");
    show->add_option("device", line.device, "id, name or alias")->required();
    show->callback(
        [&line] { line.run = [&line] { return show_device(line.common, line.device); }; });
    CLI::App* events = hub_command(app, line, "events", "Show what has happened, and why");
    events->add_flag("--follow,-f", line.events.follow, "go on as it happens");
    events->add_option("--since", line.events.since, "only events after this one");
    events->add_option("--limit", line.events.limit, "at most so many at once")
        ->check(CLI::Range(1, 1000));
    events->add_option("--device", line.events.device, "only of this device");
    events->callback(
        [&line] { line.run = [&line] { return show_events(line.common, line.events); }; });
    hub_command(app, line, "refused", "Show what came in and was not accepted")->callback([&line] {
        line.run = [&line] { return list_refused(line.common); };
    });
}

void add_act(CLI::App& app, CommandLine& line) {
    CLI::App* set = hub_command(app, line, "set", "Set attributes of a device");
    set->add_option("device", line.set.device, "id, name or alias")->required();
    set->add_option("assignments", line.set.assignments, "CAPABILITY.ATTRIBUTE=VALUE")
        ->required()
        ->type_name("ASSIGNMENT");
    set->add_option("--timeout", line.set.timeout_s, "seconds until it counts as unanswered")
        ->check(CLI::Range(0.1, 86400.0));
    set->add_flag("--no-wait", line.no_wait, "do not wait for the device's answer");
    set->callback([&line] {
        line.set.wait = !line.no_wait;
        line.run = [&line] { return set_device(line.common, line.set); };
    });
    CLI::App* rename = hub_command(app, line, "rename", "Give a device another name");
    rename->add_option("device", line.device, "id, name or alias")->required();
    rename->add_option("name", line.name, "its new name")->required();
    rename->callback([&line] {
        line.run = [&line] { return rename_device(line.common, line.device, line.name); };
    });
    CLI::App* move = hub_command(app, line, "move", "Move a device to a room");
    move->add_option("device", line.device, "id, name or alias")->required();
    move->add_option("area", line.name, "the room; \"\" for none")->required();
    move->callback([&line] {
        line.run = [&line] { return move_device(line.common, line.device, line.name); };
    });
    CLI::App* forget = hub_command(app, line, "forget", "Forget a device that has left");
    forget->add_option("device", line.device, "id, name or alias")->required();
    forget->callback(
        [&line] { line.run = [&line] { return forget_device(line.common, line.device); }; });
    CLI::App* hand = hub_command(app, line, "hand",
                                 "Give a device to another credential, which then speaks for it");
    hand->add_option("device", line.device, "id, name or alias")->required();
    hand->add_option("credential", line.name, "the credential's name")->required();
    hand->callback([&line] {
        line.run = [&line] { return hand_device(line.common, line.device, line.name); };
    });
    CLI::App* alias = hub_command(app, line, "alias", "Give a device further names");
    alias->add_option("device", line.device, "id, name or alias")->required();
    alias->add_option("aliases", line.aliases, "further names; none: print those there are");
    alias->add_flag("--remove", line.remove, "take them away instead");
    alias->callback([&line] {
        line.run = [&line] {
            return alias_device(line.common, line.device, line.aliases, line.remove);
        };
    });
}

void add_areas(CLI::App& app, CommandLine& line) {
    CLI::App* area = app.add_subcommand("area", "The rooms of the home");
    area->require_subcommand(1);
    hub_command(*area, line, "list", "List them")->callback([&line] {
        line.run = [&line] { return list_areas(line.common); };
    });
    CLI::App* remove = hub_command(*area, line, "remove", "Remove one; its devices are in none");
    remove->add_option("area", line.name, "id, name or alias")->required();
    remove->callback(
        [&line] { line.run = [&line] { return remove_area(line.common, line.name); }; });
}

void add_credentials(CLI::App& app, CommandLine& line) {
    CLI::App* credential = app.add_subcommand("credential", "MQTT credentials");
    credential->require_subcommand(1);
    CLI::App* add = hub_command(*credential, line, "add", "Make one, and print settings to paste");
    add->add_option("name", line.name, "its name")->required();
    add->add_option("--topic", line.topics, "a filter that it may use beyond its own topics")
        ->expected(1)
        ->take_all();
    add->callback([&line] {
        line.run = [&line] { return add_credential(line.common, line.name, line.topics); };
    });
    hub_command(*credential, line, "list", "List them")->callback([&line] {
        line.run = [&line] { return list_credentials(line.common); };
    });
    CLI::App* revoke = hub_command(*credential, line, "revoke", "Revoke one; its sessions end");
    revoke->add_option("name", line.name, "its name")->required();
    revoke->callback(
        [&line] { line.run = [&line] { return revoke_credential(line.common, line.name); }; });
    hub_command(app, line, "claim", "Print a new claim code")->callback([&line] {
        line.run = [&line] { return make_claim_code(line.common); };
    });
}

void add_persons(CLI::App& app, CommandLine& line) {
    CLI::App* persons = app.add_subcommand("person", "Who lives here and what they may do");
    persons->require_subcommand(1);
    using Act = std::function<int()>;
    const auto named = [&](const char* name, const char* help, Act act) {
        CLI::App* command = hub_command(*persons, line, name, help);
        command->add_option("name", line.person.name, "name or id")->required();
        command->callback([&line, act = std::move(act)] { line.run = act; });
        return command;
    };
    const auto several = [](CLI::App* command, const char* name, std::vector<std::string>& into,
                            const char* help) {
        command->add_option(name, into, help)->expected(1)->take_all();
    };
    hub_command(*persons, line, "list", "List them")->callback([&line] {
        line.run = [&line] { return list_persons(line.common); };
    });
    CLI::App* add = named("add", "Add somebody; the password is asked for, or read from the input",
                          [&line] { return add_person(line.common, line.person); });
    CLI::App* change = named("change", "Change a name or a role",
                             [&line] { return change_person(line.common, line.person); });
    change->add_option("--name", line.person.new_name, "another name");
    for (CLI::App* command : {add, change}) {
        command->add_option("--role", line.person.role, "owner, member, child or guest");
        command->add_option("--until", line.person.until,
                            "when it ends, as 2026-12-31T12:00:00Z; or never");
    }
    CLI::App* grant = named("grant", "Let somebody do something with some devices",
                            [&line] { return grant_person(line.common, line.person); });
    several(grant, "--may", line.person.verbs, "see, use, open or arrange");
    several(grant, "--area", line.person.areas, "only there");
    several(grant, "--type", line.person.types, "only with devices of this type");
    grant->add_flag("--clear", line.person.clear, "take away what was granted before");
    named("password", "Set a password that was forgotten",
          [&line] { return set_password(line.common, line.person.name); });
    named("forget", "Forget somebody, with their tokens and open pages",
          [&line] { return forget_person(line.common, line.person.name); });
}

void add_automation_commands(CLI::App& app, CommandLine& line) {
    using Act = std::function<int()>;
    const auto named = [&line](CLI::App& parent, const char* name, const char* help, Act act) {
        CLI::App* command = hub_command(parent, line, name, help);
        command->add_option("name", line.name, "its id or name")->required();
        command->callback([&line, act = std::move(act)] { line.run = act; });
        return command;
    };
    hub_command(app, line, "automations", "List the automations")->callback([&line] {
        line.run = [&line] { return list_automations(line.common); };
    });
    named(app, "run", "Run an automation now",
          [&line] { return run_automation(line.common, line.name); });
    named(app, "trace", "Show what the last runs of an automation did, and why",
          [&line] { return trace_automation(line.common, line.name, line.count); })
        ->add_option("--count,-n", line.count, "of how many runs")
        ->check(CLI::Range(1, 100));
    CLI::App* automation = app.add_subcommand("automation", "Add and change automations");
    automation->require_subcommand(1);
    CLI::App* add = hub_command(*automation, line, "add", "Add what a YAML or JSON file describes");
    add->add_option("file", line.name, "file")->required()->type_name("FILE");
    add->callback(
        [&line] { line.run = [&line] { return add_automations(line.common, line.name); }; });
    named(*automation, "remove", "Remove one with its traces",
          [&line] { return remove_automation(line.common, line.name); });
    named(*automation, "enable", "Let it run again",
          [&line] { return enable_automation(line.common, line.name, true); });
    named(*automation, "disable", "Let it rest",
          [&line] { return enable_automation(line.common, line.name, false); });
}

void add_say(CLI::App& app, CommandLine& line) {
    CLI::App* say_command = hub_command(app, line, "say", "Say a sentence to the hub");
    say_command->add_option("text", line.say.text, "the sentence")->required();
    say_command->add_option("--lang", line.say.language, "its language: en, zh-CN, fr");
    say_command->add_option("--area", line.say.area, "the room where it is said");
    say_command->add_flag("--yes", line.say.yes, "yes to whatever the hub asks before it acts");
    say_command->callback([&line] { line.run = [&line] { return say(line.common, line.say); }; });
}

void add_journal(CLI::App& app, CommandLine& line) {
    CLI::App* journal = app.add_subcommand("journal", "Look into the journal's files");
    journal->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, int (*run)(const CommonOptions&)) {
        CLI::App* command = journal->add_subcommand(name, help);
        command->add_option("--data", line.common.hub.data, "data folder");
        command->add_flag("--json", line.common.json, "print JSON");
        command->callback([&line, run] { line.run = [&line, run] { return run(line.common); }; });
    };
    add("verify", "Check every byte; exit code 1 where something is damaged", verify_journal);
    add("cat", "Print every record as a line of JSON", cat_journal);
}

void add_help(CLI::App& app, CommandLine& line) {
    app.add_subcommand("version", "Print the version")->callback([&line] {
        line.run = [] {
            print_line("hearth " HEARTH_VERSION);
            return exit_done;
        };
    });
    CLI::App* help = app.add_subcommand("help", "Print this help, or that of a command");
    help->add_option("topic", line.help_topic, "a command, or \"settings\"");
    help->callback([&line, &app] {
        line.run = [&line, &app] {
            app.clear(); // else help() is that of the command which was given: `help` itself
            if (line.help_topic == "settings") {
                print_settings();
                return exit_done;
            }
            const auto named = app.get_subcommands(
                [&](const CLI::App* command) { return command->get_name() == line.help_topic; });
            const CLI::App* topic = line.help_topic.empty() ? &app : nullptr;
            if (!named.empty()) topic = named.front();
            if (topic == nullptr) {
                failed({Code::invalid, "there is no command \"" + line.help_topic + "\""});
                return exit_usage;
            }
            fmt::print("{}", topic->help());
            return exit_done;
        };
    });
}

/// What is wrong with the command line, in the words of the person who typed it.
std::string complaint(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    const auto is_known = [&](const CLI::App* command) { return command->get_name() == argv[1]; };
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError) || argc < 2 ||
        !app.get_subcommands(is_known).empty())
        return error.what();
    return fmt::format("there is no command \"{}\"", argv[1]);
}

int run(int argc, char** argv) {
    CLI::App app("hearth: the open hub of a home", "hearth");
    CommandLine line;
    app.require_subcommand(1);
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.set_version_flag("--version", "hearth " HEARTH_VERSION);
    for (const Adder add :
         {add_serve, add_simulate, add_look, add_act, add_areas, add_persons,
          add_automation_commands, add_say, add_credentials, add_journal, add_help})
        add(app, line);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) { // --help, --version
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        fmt::print(stderr, "hearth: {}\nRun `hearth help` for what there is.\n",
                   complaint(app, error, argc, argv));
        return exit_usage;
    }
    return line.run();
}

} // namespace
} // namespace hearth::app

int main(int argc, char** argv) {
    return hearth::app::run(argc, argv);
}
