#include "hub/trial.h"

/// Which operation is what.
namespace hearth::hub_fuzz {
namespace {

constexpr unsigned of_clients = 13; ///< so many are a client's
constexpr unsigned of_all = 24;
constexpr std::uint8_t some_seconds = 3; ///< of step()

} // namespace

/// The lowest bits say what; the highest, that it shares its turn with what follows.
void Trial::play(const Operation& operation) {
    const unsigned what = (operation.what & 0x7FU) % of_all;
    if (what < of_clients)
        play_client(what, clients_[operation.a % clients_.size()], operation);
    else
        play_hub(what - of_clients, operation);
    look_for_closed();
    check_limits();
    if ((operation.what & 0x80U) == 0) turn();
    twins_.check_owners(*life_);
}

void Trial::play_client(unsigned what, Client& client, const Operation& how) {
    switch (what) {
    case 0:
        return connect(client, how.b);
    case 1:
    case 2:
    case 3:
        return publish(client, how);
    case 4:
        return publish_for_a_while(client, how);
    case 5:
        return how.a < 0xC0 ? publish_for_a_while(client, how) : keep_publishing(client, how);
    case 6:
        return publish_again(client, how.b);
    case 7:
    case 8:
        return subscribe(client, how);
    case 9:
        return unsubscribe(client, how.b);
    case 10:
        return acknowledge(client, how.b % 8U + 1U);
    case 11:
        return disconnect(client, (how.b & 1U) != 0);
    default:
        return stick(client);
    }
}

void Trial::play_hub(unsigned what, const Operation& how) {
    switch (what) {
    case 0:
    case 1:
    case 2:
        return ask(how);
    case 3:
        return change_credential(how.b);
    case 4:
        return disk(how.b);
    case 5:
        return step(some_seconds);
    case 6:
        return step(how.b);
    case 7:
        return jump(how.b);
    case 8:
        return restart(how.b);
    case 9:
        return (how.b & 1U) != 0 ? hand(how) : drain();
    default:
        return (how.b & 1U) != 0 ? garbage(clients_[how.a % clients_.size()], how) : commit();
    }
}

} // namespace hearth::hub_fuzz
