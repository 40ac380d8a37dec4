#include "app/hub.h"

#include "app/hub_options.h"
#include "app/memory.h"
#include "app/signals.h"
#include "automations/seed.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

namespace hearth::app {
namespace {

/// A turn comes at least so often: what is due is done then, also when nothing else happens.
/// A clock that was set is noticed within it.
constexpr Micros longest_pause = 2 * seconds;
/// What is due and can go no further (a full disk) must not keep a core busy.
constexpr Micros shortest_pause = 2 * milliseconds;

/// So often a hub that runs for a year looks whether its certificate ends.
constexpr Micros certificate_check = 12 * hours;

/// So long a hub that gives up still answers those who wait.
constexpr Micros last_answers = 100 * milliseconds;

constexpr std::string_view token_file = "admin.token";
constexpr std::string_view listeners_file = "hub.json";

} // namespace

Hub::Hub(Settings settings, store::DataFolder folder, const ServeOptions& options)
    : settings_(std::move(settings))
    , folder_(std::move(folder))
    , memory_(memory_budget(settings_.integer("memory.budget_bytes")),
              [this] { return memory_in_use(memory_.budget()); })
    , anonymous_(options.anonymous)
    , on_lan_(options.lan) {}

Hub::~Hub() = default;

Result<std::unique_ptr<Hub>> Hub::make(const ServeOptions& options) {
    auto settings = read_settings(options);
    if (!settings) return std::unexpected(settings.error());
    const auto addresses = read_addresses(options, *settings);
    if (!addresses) return std::unexpected(addresses.error());
    auto folder = store::DataFolder::open(data_folder(options));
    if (!folder) return std::unexpected(folder.error());
    std::unique_ptr<Hub> hub(new Hub(std::move(*settings), std::move(*folder), options));
    auto done = hub->choose_place(options.home);
    if (done) done = hub->open_journal();
    if (done) done = hub->read_or_make_token();
    if (done) done = hub->seed();
    if (done) done = hub->make_assistant();
    if (done) done = hub->start_adapters();
    if (done) done = hub->listen(addresses->http, addresses->mqtt);
    if (done) done = hub->listen_on_lan();
    if (done) done = hub->announce_listeners();
    if (!done) return std::unexpected(done.error());
    return hub;
}

/// Where the home lies: as the settings say, else as the home file does.
Result<void> Hub::choose_place(const std::string& home_file) {
    if (!home_file.empty()) {
        auto seed = read_home_file(home_file);
        if (!seed) return std::unexpected(seed.error());
        home_file_ = std::move(*seed);
    }
    auto place = read_place(settings_);
    if (place && !*place && home_file_) place = automations::parse_place(home_file_->place);
    if (!place) return std::unexpected(place.error());
    place_ = *place;
    auto zone = net::system_zone(settings_.text("home.time_zone"));
    if (!zone) return std::unexpected(zone.error());
    zone_ = std::move(*zone);
    return {};
}

Result<void> Hub::open_journal() {
    keep_memory_aside();
    mqtt_connections_ = mqtt_connections(settings_);
    auto journal = store::FileJournal::open(folder_.journal(), journal_options(settings_), clock_,
                                            random_, shard_.workers(), metrics_);
    if (!journal) return std::unexpected(journal.error());
    journal_ = std::move(*journal);
    home_ = std::make_unique<home::Home>(clock_, random_, *journal_, *this, home_limits(settings_));
    automations_ = std::make_unique<automations::Automations>(
        automations::Parts{clock_, random_, *journal_, *home_, zone_, place_, &refusals_});
    credentials_ = std::make_unique<home::CredentialBook>(clock_, random_, *journal_);
    persons_ = std::make_unique<home::PersonBook>(clock_, random_, *journal_);
    rights_ = std::make_unique<MqttRights>(*credentials_, anonymous_);
    broker_ = std::make_unique<broker::Broker>(broker::BrokerParts{clock_, random_, *journal_,
                                                                   *rights_, outlet_, metrics_,
                                                                   refusals_, &memory_},
                                               broker_limits(settings_, mqtt_connections_));
    credentials_->on_change([this](std::string_view name) {
        if (credentials_->find(name) != nullptr) return;
        broker_->drop_sessions_of(name);
        journal_->state_shrank();
    });
    for (journal::Owner* owner : {static_cast<journal::Owner*>(home_.get()),
                                  static_cast<journal::Owner*>(automations_.get()),
                                  static_cast<journal::Owner*>(credentials_.get()),
                                  static_cast<journal::Owner*>(persons_.get()),
                                  static_cast<journal::Owner*>(broker_.get())})
        journal_->add(*owner);
    const auto restored = journal_->restore();
    if (!restored) return std::unexpected(restored.error());
    for (const journal::Restored::Damage& damage : restored->damaged)
        refusals_.add("journal", damage.where, {Code::damaged, damage.what});
    if (restored->was_empty && folder_.was_used())
        log::warn("journal.empty", "{} was used before, but holds no journal: the home begins anew",
                  folder_.path());
    broker_->start();
    return {};
}

Result<void> Hub::read_or_make_token() {
    const std::string path = folder_ / token_file;
    const auto known = store::read_secret(path);
    if (known && access::is_key(trim(*known))) {
        admin_token_ = trim(*known);
        return {};
    }
    admin_token_ = access::make_key(random_);
    const bool first_start = !known && known.error().code == Code::not_found;
    if (!first_start) {
        if (!known && known.error().code == Code::io) return std::unexpected(known.error());
        log::warn("hub.token", "{}; it is not believed, a new one takes its place",
                  known ? path + " holds no key of hearth's" : known.error().detail);
        return store::write_file(path, admin_token_ + "\n");
    }
    first_claim_code_ = claim_.make(random_, clock_.steady());
    return store::write_file(path, admin_token_ + "\n");
}

Result<void> Hub::seed() {
    if (!home_file_) return {};
    const home::Cause cause{home::Cause::By::api, "home file", 0};
    const auto planted = automations::plant(*automations_, *home_, home_file_->automations, cause);
    if (!planted) return planted;
    seeding_.emplace(*home_, std::move(*home_file_), cause);
    home_file_.reset();
    return seeding_->begin();
}

Result<void> Hub::make_assistant() {
    auto languages = language::Languages::make();
    if (!languages) return std::unexpected(languages.error());
    languages_ = std::move(*languages);
    auto options = assistant_options(settings_);
    const auto known = languages_->resolve(options.language);
    if (!known) return fail(known.error().code, "assistant.language: {}", known.error().detail);
    assistant_ = std::make_unique<assistant::Assistant>(
        *home_, *languages_, clock_, random_,
        [this](Micros delay, std::function<void()> task) { shard_.after(delay, std::move(task)); },
        std::move(options));
    return {};
}

Result<void> Hub::start_adapters() {
    discovery_ = std::make_unique<mqtt_discovery::Adapter>(*broker_, discovery_options(settings_));
    discovery_port_ =
        std::make_unique<adapters::Port>(discovery_->name(), *home_, refusals_, clock_);
    const auto started = discovery_->start(*discovery_port_);
    if (!started) return started;
    // After the broker, which has ended its sessions by then.
    credentials_->on_change([this](std::string_view name) { discovery_->rights_changed(name); });
    home_->resume_commands();
    automations_->resume();
    return {};
}

void Hub::send(const home::Device& device, const home::Command& command) {
    if (discovery_ != nullptr && device.adapter == discovery_->name())
        return discovery_->send(device, command);
    home_->settle(command.id, home::Settlement::refused,
                  "the adapter " + device.adapter + " is not running");
}

Result<void> Hub::hand(const home::Cause& cause, const home::Device& device,
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

Result<void> Hub::listen(const net::Address& http, const net::Address& mqtt) {
    signals_ = on_termination(shard_, [this] { stop(); });
    sockets_ = std::make_unique<net::StreamSockets>(shard_, *broker_,
                                                    stream_limits(settings_, mqtt_connections_));
    outlet_.attach(*sockets_);
    make_api();
    auto trust = http_trust(settings_);
    if (!trust) return std::unexpected(trust.error());
    http_server_ = std::make_unique<api::HttpServer>(
        shard_,
        [this](api::Request& request, const api::Responder& respond) {
            if (api::Site::owns(request.path)) return respond(site_.answer(request));
            api_->handle(request, respond);
        },
        http_limits(settings_), std::move(*trust));
    add_gauges();
    add_steps();
    const auto mqtt_bound = sockets_->listen(mqtt);
    if (!mqtt_bound) return std::unexpected(mqtt_bound.error());
    mqtt_address_ = *mqtt_bound;
    const auto http_bound = http_server_->listen(http);
    if (!http_bound) return std::unexpected(http_bound.error());
    http_address_ = *http_bound;
    return {};
}

Result<void> Hub::listen_on_lan() {
    if (!on_lan_) return {};
    const auto certificate = own_certificate(folder_, clock_.utc());
    if (!certificate) return std::unexpected(certificate.error());
    const auto port = static_cast<std::uint16_t>(settings_.integer("listen.lan_port"));
    auto lan = app::listen_on_lan(*http_server_, *certificate, port);
    if (!lan) return std::unexpected(lan.error());
    lan_ = std::move(*lan);
    shard_.every(certificate_check, [this] { renew_certificate(); });
    return {};
}

void Hub::renew_certificate() {
    const auto certificate = own_certificate(folder_, clock_.utc());
    const auto used = certificate ? http_server_->use_certificate(*certificate)
                                  : std::unexpected(certificate.error());
    if (!used) return log::warn("lan.certificate", "{}", used.error().detail);
    if (certificate->fingerprint == lan_->fingerprint) return;
    lan_->fingerprint = certificate->fingerprint;
    log::info("lan.certificate", "the certificate is new: SHA-256 {}", lan_->fingerprint);
}

Value Hub::listeners() const {
    ValueMap all{{"http", http_address_.to_string()}, {"mqtt", mqtt_address_.to_string()}};
    if (lan_) {
        all.append("https", lan_->url);
        all.append("fingerprint", lan_->fingerprint);
    }
    return all;
}

void Hub::make_api() {
    api::ApiContext context{
        .clock = clock_,
        .random = random_,
        .home = *home_,
        .credentials = *credentials_,
        .persons = *persons_,
        .automations = *automations_,
        .assistant = *assistant_,
        .journal = *journal_,
        .refusals = refusals_,
        .metrics = metrics_,
        .claim = claim_,
        .workers = shard_.workers(),
        .sources =
            [this](const home::Device& device) {
                return device.adapter == discovery_->name() ? discovery_->sources(device) : Value();
            },
        .hand = [this](const home::Cause& cause, const home::Device& device,
                       const std::string& credential) { return hand(cause, device, credential); },
        .check_filter = check_topic_filter,
        .after = [this](Micros delay,
                        std::function<void()> task) { shard_.after(delay, std::move(task)); },
        .listeners = [this] { return listeners(); },
        .admin_token = admin_token_};
    api_ = std::make_unique<api::Api>(std::move(context), api_limits(settings_));
}

/// The file by which the command line of this machine finds the hub. A full disk is no reason to
/// leave a home without its hub: the room of the old file may be enough, else it goes on without.
Result<void> Hub::announce_listeners() {
    const std::string path = folder_ / listeners_file;
    Value all = listeners();
    all.as_map()->append("version", HEARTH_VERSION);
    const std::string text = to_json(all) + "\n";
    auto written = store::write_file(path, text);
    if (written || written.error().code != Code::unavailable) return written;
    (void)store::system_files().remove(path);
    written = store::write_file(path, text);
    if (!written)
        log::warn("hub.listeners", "{}; commands need --url http://{} and --token-file until then",
                  written.error().detail, http_address_.to_string());
    return {};
}

void Hub::add_gauges() {
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
    metrics_.gauge("hearth_memory_bytes", "Memory in use", [this] {
        memory_.look();
        return static_cast<double>(memory_.used());
    });
    metrics_.gauge("hearth_memory_budget_bytes",
                   "Memory from which on nothing is added; 0 for none",
                   [this] { return static_cast<double>(memory_.budget()); });
    metrics_.gauge("hearth_memory_full", "1 while nothing is added for want of memory",
                   [this] { return memory_.full() ? 1.0 : 0.0; });
    sockets_->show_in(metrics_);
    http_server_->show_in(metrics_);
}

void Hub::look_at_memory() {
    // The kernel takes its time to answer: it is asked often only while much comes in.
    constexpr Micros shortest = 20 * milliseconds;
    constexpr std::uint64_t much = 16U << 10;
    const std::uint64_t received = sockets_->counters().received_bytes;
    const Micros since = clock_.steady() - memory_looked_at_;
    const bool due = since >= seconds || received - received_then_ >= much || memory_.full();
    if (since < shortest || !due) return;
    memory_looked_at_ += since;
    received_then_ = received;
    const bool was_full = memory_.full();
    memory_.look();
    if (memory_.full() == was_full) return;
    if (memory_.full())
        log::warn(
            "hub.memory",
            "{} MiB are in use, as much as memory.budget_bytes allows: nothing new is kept for "
            "clients until there are fewer",
            memory_.used() >> 20);
    else
        log::info("hub.memory", "{} MiB are in use: new things are kept again",
                  memory_.used() >> 20);
}

void Hub::add_steps() {
    shard_.each_turn([this] {
        look_at_memory();
        if (given_up_) return;
        if (seeding_)
            if (const auto planted = seeding_->advance(); !planted)
                refusals_.add("home file", "", planted.error());
        discovery_->tick();
        home_->advance();
        automations_->advance();
        broker_->advance();
        broker_->end_turn();
        if (broker_->has_more()) shard_.post([] {}); // the next turn comes at once
        if (const auto written = journal_->write(); !written && !stopping_)
            log::debug("journal.write", "{}", written.error().detail);
        // What this turn led to is not on the disk, nobody knows what is: it does not leave.
        if (journal_->is_broken()) return give_up();
        sockets_->flush();
    });
    shard_.wake_by([this] { return next_wake_up(); });
}

/// When a step of the turn has something to do, though nothing comes in.
std::optional<Micros> Hub::next_wake_up() const {
    if (given_up_) return std::nullopt;
    const Micros now = clock_.steady();
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

Result<void> Hub::run() {
    shard_.run();
    return journal_->close();
}

/// After an I/O error of the journal only a new start knows what the disk has. Whoever waits for an
/// answer by HTTP is told in the meantime, MQTT clients hear nothing more, and the process ends
/// with an error: the service manager starts it anew.
void Hub::give_up() {
    given_up_ = true;
    log::error("hub.journal", "the hub ends: {}; its next start reads what the disk has",
               journal_->failure().detail);
    sockets_->stop_listening();
    shard_.after(last_answers, [this] { shard_.stop(); });
}

/// In the reverse order of the start: nobody new comes in, the adapters say good-bye, the clients
/// are told, and what all that caused is written before the last turn ends.
void Hub::stop() {
    stopping_ = true;
    log::info("hub.stop", "stopping");
    http_server_->stop();
    sockets_->stop_listening();
    discovery_->stop();
    broker_->close_all();
    // The sockets get a moment for what they still have to send.
    shard_.after(50 * milliseconds, [this] { shard_.stop(); });
}

} // namespace hearth::app
