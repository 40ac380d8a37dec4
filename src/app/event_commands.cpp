#include "app/commands.h"
#include "app/output.h"

#include <map>

namespace hearth::app {
namespace {

/// Names of devices by id, asked for anew when an id turns up that is not known.
class Names {
public:
    explicit Names(HubClient& hub)
        : hub_(hub) {}

    std::string of(std::string_view id) {
        if (id.empty()) return {};
        if (!names_.contains(id)) load();
        const auto found = names_.find(id);
        return found != names_.end() ? found->second : std::string(id);
    }

private:
    void load() {
        const auto devices = hub_.get("/api/v1/devices");
        if (!devices || !devices->is_list()) return;
        for (const Value& device : *devices->as_list())
            names_.insert_or_assign(std::string(device.at("id").string_or("")),
                                    std::string(device.at("name").string_or("")));
    }

    HubClient& hub_;
    std::map<std::string, std::string, std::less<>> names_;
};

std::string page_path(const EventOptions& events, std::uint64_t since, bool wait) {
    std::string path = fmt::format("/api/v1/events?since={}&limit={}", since, events.limit);
    if (wait) path += "&wait_s=30";
    if (!events.device.empty()) path += "&device=" + HubClient::part(events.device);
    return path;
}

void print_page(const CommonOptions& options, const Value& page, Names& names) {
    if (const ValueList* list = page.at("events").as_list())
        for (const Value& event : *list) {
            if (options.json)
                print_json(event);
            else
                print_line(event_line(event, names.of(event.at("device").string_or(""))));
        }
}

} // namespace

int show_events(const CommonOptions& options, const EventOptions& events) {
    auto hub = HubClient::find(options.hub);
    if (!hub) return failed(hub.error());
    Names names(*hub);
    std::uint64_t since = events.since;
    bool first = true;
    for (;;) {
        const auto page = hub->get(page_path(events, since, !first));
        if (!page) return failed(page.error());
        const auto oldest = static_cast<std::uint64_t>(page->at("oldest").integer_or(0));
        if (since > 0 && since + 1 < oldest)
            fmt::print(stderr,
                       "hearth: events {} to {} are no longer in memory; `hearth journal cat` has "
                       "them\n",
                       since + 1, oldest - 1);
        print_page(options, *page, names);
        const auto last = static_cast<std::uint64_t>(page->at("last").integer_or(0));
        since = std::max(since, last);
        if (!events.follow) return exit_done;
        first = false;
    }
}

} // namespace hearth::app
