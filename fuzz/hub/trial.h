#pragma once

#include "hub/client.h"
#include "hub/twins.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hearth::hub_fuzz {

/// One operation: what is done, and three bytes of how.
struct Operation {
    std::uint8_t what = 0;
    std::uint8_t a = 0;
    std::uint8_t b = 0;
    std::uint8_t c = 0;
};

/// A hub from the first start to the end, with clients and people who do what an input says; the
/// models look on.
class Trial {
public:
    Trial();
    void play(const Operation& operation);
    /// Everybody comes back, gets what is theirs, and goes for good; nothing is left then.
    void finish();

private:
    // trial_operations.cpp
    void play_client(unsigned what, Client& client, const Operation& how);
    void play_hub(unsigned what, const Operation& how);

    // trial_clients.cpp
    void connect(Client& client, std::uint8_t how);
    void publish(Client& client, const Operation& how);
    void publish_for_a_while(Client& client, const Operation& how);
    void keep_publishing(Client& client, Operation how);
    void publish_again(Client& client, std::uint8_t which);
    struct Speech {
        Said said;
        std::size_t qos = 0;
        bool retain = false;
        std::uint32_t expiry_s = 0;
        std::uint16_t id = 0; ///< of one that is sent again
    };
    void speak(Client& client, const Speech& speech);
    void accepted(Client& client, const Speech& speech, std::uint16_t packet_id,
                  const Window& window, bool accepts);
    void subscribe(Client& client, const Operation& how);
    void unsubscribe(Client& client, std::uint8_t which);
    void acknowledge(Client& client, std::size_t most);
    void disconnect(Client& client, bool in_order);
    void garbage(Client& client, const Operation& how);
    Window send(Client& client, const mqtt::Packet& packet);
    Window receive(ConnectionId connection, std::string_view bytes);

    // trial_home.cpp
    void ask(const Operation& how);
    void change_credential(std::uint8_t which);
    void revoke(const std::string& name);
    void hand(const Operation& how);

    // trial.cpp
    void disk(std::uint8_t how);
    void stick(Client& client);
    void step(std::uint8_t how);
    void jump(std::uint8_t how);
    void checkpoint();
    void restart(std::uint8_t how);
    void begin_life();
    void drain();
    bool turn();
    bool flush();
    void commit();
    void spoken();
    void look_for_closed();
    void check_limits();
    void check_retained();
    void check_nothing_is_left();
    Window since(journal::Sequence before) const { return {before, disk_.last()}; }
    void rewired();

    ManualClock clock_;
    Disk disk_;
    Sessions sessions_;
    Twins twins_{sessions_};
    std::vector<Client> clients_;
    std::map<std::string, std::string> keys_; ///< of credentials
    std::unique_ptr<Life> life_;
    Phase phase_ = Phase::start;
    std::uint64_t lives_ = 0;
    std::uint64_t number_ = 0;    ///< of what is said
    ConnectionId connection_ = 0; ///< the last
    bool trouble_ = false;        ///< the disk was full: connections may have been closed
    int crowded_ = 6; ///< so many packets with very many filters may come: they take long
    std::vector<std::pair<std::string, Window>> wills_over_;
};

} // namespace hearth::hub_fuzz
