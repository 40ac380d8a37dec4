#include "app/hub.h"

#include "api/origin.h"
#include "app/hub_options.h"
#include "app/signals.h"
#include "automations/seed.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

namespace hearth::app {
namespace {

/// A turn comes at least so often: what is due is done then, also when nothing else happens.
constexpr Micros longest_pause = 200 * milliseconds;

/// So often a hub that runs for a year looks whether its certificate ends.
constexpr Micros certificate_check = 12 * hours;

constexpr std::string_view token_file = "admin.token";
constexpr std::string_view listeners_file = "hub.json";

} // namespace

Hub::Hub(Settings settings, store::DataFolder folder, const ServeOptions& options)
    : settings_(std::move(settings))
    , folder_(std::move(folder))
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
    return net::SystemZone::choose(settings_.text("home.time_zone"));
}

Result<void> Hub::open_journal() {
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
    broker_ = std::make_unique<broker::Broker>(
        broker::BrokerParts{clock_, random_, *journal_, *rights_, outlet_, metrics_, refusals_},
        broker_limits(settings_));
    credentials_->on_change([this](std::string_view name) {
        if (credentials_->find(name) == nullptr) broker_->drop_sessions_of(name);
    });
    for (journal::Owner* owner : {static_cast<journal::Owner*>(home_.get()),
                                  static_cast<journal::Owner*>(automations_.get()),
                                  static_cast<journal::Owner*>(credentials_.get()),
                                  static_cast<journal::Owner*>(persons_.get()),
                                  static_cast<journal::Owner*>(broker_.get())})
        journal_->add(*owner);
    const auto report = journal_->replay();
    if (!report) return std::unexpected(report.error());
    for (const store::Damage& damage : report->damaged)
        refusals_.add("journal", damage.segment, {Code::damaged, store::to_string(damage)});
    broker_->start();
    return {};
}

Result<void> Hub::read_or_make_token() {
    const std::string path = folder_ / token_file;
    if (const auto known = store::read_file(path); known && !trim(*known).empty()) {
        admin_token_ = trim(*known);
        return {};
    }
    first_start_ = true;
    admin_token_ = access::make_key(random_);
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
        *home_, *languages_,
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

Result<void> Hub::listen(const net::Address& http, const net::Address& mqtt) {
    signals_ = on_termination(shard_, [this] { stop(); });
    sockets_ = std::make_unique<net::StreamSockets>(shard_, *broker_, stream_limits(settings_));
    outlet_.attach(*sockets_);
    make_api();
    http_server_ = std::make_unique<api::HttpServer>(
        shard_,
        [this](api::Request& request, const api::Responder& respond) {
            if (api::Site::owns(request.path)) return respond(site_.answer(request));
            api_->handle(request, respond);
        },
        http_limits(settings_), api::names_of_machine(net::own_host_name()));
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
    sockets_->show_in(metrics_);
}

void Hub::add_steps() {
    shard_.each_turn([this] {
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
        sockets_->flush();
    });
    shard_.every(longest_pause, [] {});
}

Result<void> Hub::run() {
    shard_.run();
    return journal_->close();
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
