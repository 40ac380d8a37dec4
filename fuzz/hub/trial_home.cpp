#include "hub/trial.h"

#include <fmt/core.h>

/// What people do: they ask, and say who may come in and whose a device is.
namespace hearth::hub_fuzz {

void Trial::ask(const Operation& how) {
    const auto devices = life_->home.devices();
    if (devices.empty()) return;
    const home::Device& device = *devices[how.a % devices.size()];
    home::CommandRequest request;
    request.device = device.id;
    if ((how.c & 4U) != 0) request.key = fmt::format("key {}", how.c >> 3U & 3U);
    for (const home::Attribute& attribute : device.attributes) {
        const bool boolean = attribute.spec->type == catalog::AttributeType::boolean;
        if (!attribute.spec->writable || !boolean) continue;
        const bool value = attribute.spec->command || (how.c & 1U) != 0;
        request.asks.push_back({attribute.spec->path, value});
    }
    if (request.asks.empty()) return;
    const bool all = (how.c & 2U) != 0;
    if (!all) request.asks = {request.asks[how.b % request.asks.size()]};
    trace("ask {} of {}", request.asks.size(), device.external_id);
    const bool accepts = disk_.accepts();
    const home::EventId before = life_->home.last_event();
    phase_ = Phase::ask;
    const auto issued = life_->home.issue(home::Cause::of_person("ada"), std::move(request));
    const bool silent = life_->bus.spoken.empty();
    require(issued || (silent && life_->home.last_event() == before),
            "what is refused is not done");
    require((accepts && disk_.accepts()) || silent, "what cannot be written is not done");
    spoken();
}

/// As the API does it: answered once it is committed.
void Trial::change_credential(std::uint8_t which) {
    const CredentialWords& words = credentials()[which % credentials().size()];
    turn();
    if (trouble_) return; // it would not be answered
    if (sessions_.known.contains(words.name)) return revoke(words.name);
    trace("credential add {}", words.name);
    phase_ = Phase::change;
    keys_[words.name] = life_->book.add(words.name, words.topics).value();
    sessions_.known.insert(words.name);
    spoken();
    rewired();
    turn();
    commit();
}

void Trial::revoke(const std::string& name) {
    trace("credential revoke {}", name);
    turn();
    for (Client& client : clients_)
        if (client.words().credential == name) client.may_close = true;
    phase_ = Phase::change;
    const journal::Sequence before = disk_.last();
    require(life_->book.revoke(name).has_value(), "a credential can be revoked", name);
    sessions_.known.erase(name);
    sessions_.revoke(name, since(before));
    twins_.forget_credential(name);
    spoken();
    rewired();
    look_for_closed();
    for (const Client& client : clients_)
        require(client.words().credential != name || !client.open, "who is revoked is out", name);
    turn();
    commit();
}

void Trial::hand(const Operation& how) {
    const auto devices = life_->home.devices();
    turn();
    if (devices.empty() || trouble_) return;
    const home::Device& device = *devices[how.a % devices.size()];
    if (!device.present) return;
    const std::string& to = credentials()[how.c % credentials().size()].name;
    phase_ = Phase::change;
    const auto before = life_->adapter.hand(device, to);
    trace("hand {} to {}: {}", device.external_id, to, before ? "done" : "refused");
    spoken();
    if (before) twins_.hand(device.id, to);
    rewired();
    turn();
    commit();
}

} // namespace hearth::hub_fuzz
