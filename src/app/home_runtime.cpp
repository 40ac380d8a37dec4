#include "app/home_runtime.h"

#include "app/hub_options.h"
#include "automations/seed.h"
#include "base/log.h"

#include <algorithm>

namespace hearth::app {
namespace {

/// A turn comes at least so often: what is due is done then, also when nothing else happens.
/// A clock that was set is noticed within it.
constexpr Micros longest_pause = 2 * seconds;
/// What is due and can go no further (a full disk) must not keep a core busy.
constexpr Micros shortest_pause = 2 * milliseconds;

} // namespace

HomeRuntime::HomeRuntime(HomeGround ground, HomeSetup setup)
    : ground_(std::move(ground))
    , setup_(std::move(setup))
    , refusals_(ground_.clock, metrics_) {}

HomeRuntime::~HomeRuntime() = default;

Result<std::unique_ptr<HomeRuntime>> HomeRuntime::make(HomeGround ground, HomeSetup setup,
                                                       const OpenJournal& open_journal) {
    std::unique_ptr<HomeRuntime> home(new HomeRuntime(std::move(ground), std::move(setup)));
    const auto restored = home->restore(open_journal);
    if (!restored) return std::unexpected(restored.error());
    return home;
}

Result<void> HomeRuntime::restore(const OpenJournal& open_journal) {
    auto journal = open_journal(metrics_);
    if (!journal) return std::unexpected(journal.error());
    journal_ = std::move(*journal);
    make_books();
    for (journal::Owner* owner : {static_cast<journal::Owner*>(home_.get()),
                                  static_cast<journal::Owner*>(automations_.get()),
                                  static_cast<journal::Owner*>(credentials_.get()),
                                  static_cast<journal::Owner*>(persons_.get()),
                                  static_cast<journal::Owner*>(broker_.get())})
        journal_->add(*owner);
    const auto restored = journal_->restore();
    if (!restored) return std::unexpected(restored.error());
    was_empty_ = restored->was_empty;
    for (const journal::Restored::Damage& damage : restored->damaged)
        refusals_.add("journal", damage.where, {Code::damaged, damage.what});
    broker_->start();
    return {};
}

void HomeRuntime::make_books() {
    const Clock& clock = ground_.clock;
    Random& random = ground_.random;
    const Settings& settings = setup_.settings;
    home_ = std::make_unique<home::Home>(clock, random, *journal_, *this, home_limits(settings));
    automations_ = std::make_unique<automations::Automations>(automations::Parts{
        clock, random, *journal_, *home_, setup_.zone, setup_.place, &refusals_});
    credentials_ = std::make_unique<home::CredentialBook>(clock, random, *journal_);
    persons_ = std::make_unique<home::PersonBook>(clock, random, *journal_);
    household_ =
        std::make_unique<home::Household>(clock, *persons_, [this](std::string_view automation) {
            return automations_->author_of(automation);
        });
    home_->judge_by(*household_);
    rights_ = std::make_unique<MqttRights>(*credentials_, setup_.anonymous);
    broker_ = std::make_unique<broker::Broker>(broker::BrokerParts{clock, random, *journal_,
                                                                   *rights_, outlet_, metrics_,
                                                                   refusals_, ground_.memory},
                                               broker_limits(settings, setup_.mqtt_connections));
    credentials_->on_change([this](std::string_view name) {
        if (credentials_->find(name) != nullptr) return;
        broker_->drop_sessions_of(name);
        journal_->state_shrank();
    });
}

Result<void> HomeRuntime::start(const AdminToken& token) {
    if (token.first_start && !persons_->claimed())
        first_claim_code_ = claim_.make(ground_.random, ground_.clock.steady());
    auto done = plant();
    if (done) done = make_assistant();
    if (done) done = start_adapters();
    if (!done) return done;
    make_api(token.token);
    add_gauges();
    return {};
}

Result<void> HomeRuntime::plant() {
    if (!setup_.seed) return {};
    const home::Cause cause = home::Cause::of_hub("home file");
    const auto planted = automations::plant(*automations_, *home_, setup_.seed->automations, cause);
    if (!planted) return planted;
    seeding_.emplace(*home_, std::move(*setup_.seed), cause);
    setup_.seed.reset();
    return seeding_->begin();
}

Result<void> HomeRuntime::make_assistant() {
    auto options = assistant_options(setup_.settings);
    const auto known = ground_.languages.resolve(options.language);
    if (!known) return fail(known.error().code, "assistant.language: {}", known.error().detail);
    assistant_ =
        std::make_unique<assistant::Assistant>(*home_, ground_.languages, ground_.clock,
                                               ground_.random, ground_.after, std::move(options));
    return {};
}

Result<void> HomeRuntime::start_adapters() {
    discovery_ =
        std::make_unique<mqtt_discovery::Adapter>(*broker_, discovery_options(setup_.settings));
    discovery_port_ =
        std::make_unique<adapters::Port>(discovery_->name(), *home_, refusals_, ground_.clock);
    const auto started = discovery_->start(*discovery_port_);
    if (!started) return started;
    // After the broker, which has ended its sessions by then.
    credentials_->on_change([this](std::string_view name) { discovery_->rights_changed(name); });
    home_->resume_commands();
    automations_->resume();
    return {};
}

void HomeRuntime::send(const home::Device& device, const home::Command& command) {
    if (discovery_ != nullptr && device.adapter == discovery_->name())
        return discovery_->send(device, command);
    home_->settle(command.id, home::Settlement::refused,
                  "the adapter " + device.adapter + " is not running");
}

Result<void> HomeRuntime::hand(const home::Cause& cause, const home::Device& device,
                               const std::string& credential) {
    if (device.adapter != discovery_->name())
        return fail(Code::refused, "a device of the adapter {} has no credential", device.adapter);
    const home::DeviceId id = device.id;
    const auto before = discovery_->hand(device, credential);
    if (!before) return std::unexpected(before.error());
    if (*before == credential) return {};
    const auto told = home_->record(cause, home::DeviceHanded{id, *before, credential});
    return told ? Result<void>() : std::unexpected(told.error());
}

void HomeRuntime::make_api(const std::string& admin_token) {
    api::ApiContext context{
        .clock = ground_.clock,
        .random = ground_.random,
        .home = *home_,
        .credentials = *credentials_,
        .persons = *persons_,
        .automations = *automations_,
        .assistant = *assistant_,
        .journal = *journal_,
        .refusals = refusals_,
        .metrics = metrics_,
        .claim = claim_,
        .workers = ground_.workers,
        .sources =
            [this](const home::Device& device) {
                return device.adapter == discovery_->name() ? discovery_->sources(device) : Value();
            },
        .hand = [this](const home::Cause& cause, const home::Device& device,
                       const std::string& credential) { return hand(cause, device, credential); },
        .check_filter = check_topic_filter,
        .after = ground_.after,
        .listeners = [this] { return listeners_(); },
        .admin_token = admin_token};
    api_ = std::make_unique<api::Api>(std::move(context), api_limits(setup_.settings));
}

void HomeRuntime::add_gauges() {
    metrics_.gauge("hearth_devices", "Devices that are present",
                   [this] { return static_cast<double>(home_->devices().size()); });
    metrics_.gauge("hearth_events", "Number of the newest event",
                   [this] { return static_cast<double>(home_->last_event()); });
    metrics_.gauge("hearth_open_commands", "Commands that are not settled yet",
                   [this] { return static_cast<double>(home_->open_commands().size()); });
    metrics_.gauge("hearth_automations", "Automations that are kept",
                   [this] { return static_cast<double>(automations_->size()); });
    metrics_.gauge("hearth_automation_runs_open", "Runs under way",
                   [this] { return static_cast<double>(automations_->running()); });
    metrics_.gauge("hearth_journal_accepts", "1 while everything can be made durable",
                   [this] { return journal_->accepts() ? 1.0 : 0.0; });
}

void HomeRuntime::attach(net::StreamSockets& sockets, std::function<Value()> listeners) {
    outlet_.attach(sockets);
    listeners_ = std::move(listeners);
}

void HomeRuntime::handle(api::Request& request, const api::Responder& respond) {
    if (api::Site::owns(request.path)) return respond(site_.answer(request));
    api_->handle(request, respond);
}

void HomeRuntime::turn() {
    if (seeding_)
        if (const auto planted = seeding_->advance(); !planted)
            refusals_.add("home file", "", planted.error());
    discovery_->tick();
    home_->advance();
    automations_->advance();
    broker_->advance();
    broker_->end_turn();
    if (const auto written = journal_->write(); !written && !stopping_)
        log::debug("journal.write", "{}", written.error().detail);
}

Micros HomeRuntime::next_wake_up() const {
    const Micros now = ground_.clock.steady();
    if (broker_->has_more()) return now;
    Micros next = now + longest_pause;
    const auto consider = [&](std::optional<Micros> due) {
        if (due) next = std::min(next, *due);
    };
    consider(discovery_->next_deadline());
    consider(home_->next_deadline());
    consider(automations_->next_deadline());
    if (const Micros due = broker_->next_deadline(); due != 0) consider(due);
    consider(journal_->next_deadline());
    if (seeding_ && seeding_->has_more()) next = now;
    return std::max(next, now + shortest_pause);
}

void HomeRuntime::stop() {
    stopping_ = true;
    discovery_->stop();
    broker_->close_all();
}

} // namespace hearth::app
