#include "app/hub.h"

#include "app/hub_options.h"
#include "app/signals.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

namespace hearth::app {
namespace {

/// A turn comes at least so often: what is due is done then, also when nothing else happens.
constexpr Micros longest_pause = 200 * milliseconds;

constexpr std::string_view token_file = "admin.token";
constexpr std::string_view listeners_file = "hub.json";

} // namespace

Hub::Hub(Settings settings, store::DataFolder folder, bool anonymous)
    : settings_(std::move(settings))
    , folder_(std::move(folder))
    , anonymous_(anonymous) {}

Hub::~Hub() = default;

Result<std::unique_ptr<Hub>> Hub::make(const ServeOptions& options) {
    auto settings = read_settings(options);
    if (!settings) return std::unexpected(settings.error());
    const auto addresses = read_addresses(options, *settings);
    if (!addresses) return std::unexpected(addresses.error());
    auto folder = store::DataFolder::open(data_folder(options));
    if (!folder) return std::unexpected(folder.error());
    std::unique_ptr<Hub> hub(new Hub(std::move(*settings), std::move(*folder), options.anonymous));
    auto done = hub->open_journal();
    if (done) done = hub->read_or_make_token();
    if (done) done = hub->seed(options.home);
    if (done) done = hub->start_adapters();
    if (done) done = hub->listen(addresses->http, addresses->mqtt);
    if (done) done = hub->announce_listeners();
    if (!done) return std::unexpected(done.error());
    return hub;
}

Result<void> Hub::open_journal() {
    auto journal = store::FileJournal::open(folder_.journal(), journal_options(settings_), clock_,
                                            random_, shard_.workers(), metrics_);
    if (!journal) return std::unexpected(journal.error());
    journal_ = std::move(*journal);
    home_ = std::make_unique<home::Home>(clock_, random_, *journal_, *this, home_limits(settings_));
    credentials_ = std::make_unique<home::CredentialBook>(clock_, random_, *journal_);
    rights_ = std::make_unique<MqttRights>(*credentials_, anonymous_);
    broker_ = std::make_unique<broker::Broker>(
        broker::BrokerParts{clock_, random_, *journal_, *rights_, outlet_, metrics_, refusals_},
        broker_limits(settings_));
    credentials_->on_change([this](std::string_view name) {
        if (credentials_->find(name) == nullptr) broker_->drop_sessions_of(name);
    });
    for (journal::Owner* owner : {static_cast<journal::Owner*>(home_.get()),
                                  static_cast<journal::Owner*>(credentials_.get()),
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

Result<void> Hub::seed(const std::string& home_file) {
    if (home_file.empty()) return {};
    auto seed = read_home_file(home_file);
    if (!seed) return std::unexpected(seed.error());
    seeding_.emplace(*home_, std::move(*seed), home::Cause{home::Cause::By::api, "home file", 0});
    return seeding_->begin();
}

Result<void> Hub::start_adapters() {
    discovery_ = std::make_unique<mqtt_discovery::Adapter>(*broker_, discovery_options(settings_));
    discovery_port_ =
        std::make_unique<adapters::Port>(discovery_->name(), *home_, refusals_, clock_);
    const auto started = discovery_->start(*discovery_port_);
    if (started) home_->resume_commands();
    return started;
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
        [this](const auto& request, const auto& respond) { api_->handle(request, respond); },
        http_limits(settings_));
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

void Hub::make_api() {
    const auto listeners = [this] {
        return Value(
            ValueMap{{"http", http_address_.to_string()}, {"mqtt", mqtt_address_.to_string()}});
    };
    api_ = std::make_unique<api::Api>(api::ApiContext{
        .clock = clock_,
        .random = random_,
        .home = *home_,
        .credentials = *credentials_,
        .journal = *journal_,
        .refusals = refusals_,
        .metrics = metrics_,
        .claim = claim_,
        .sources =
            [this](const home::Device& device) {
                return device.adapter == discovery_->name() ? discovery_->sources(device) : Value();
            },
        .check_filter = check_topic_filter,
        .after = [this](Micros delay,
                        std::function<void()> task) { shard_.after(delay, std::move(task)); },
        .listeners = listeners,
        .admin_token = admin_token_});
}

/// The file by which the command line of this machine finds the hub. A full disk is no reason to
/// leave a home without its hub: the room of the old file may be enough, else it goes on without.
Result<void> Hub::announce_listeners() {
    const std::string path = folder_ / listeners_file;
    const std::string text = to_json(ValueMap{{"http", http_address_.to_string()},
                                              {"mqtt", mqtt_address_.to_string()},
                                              {"version", HEARTH_VERSION}}) +
                             "\n";
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
