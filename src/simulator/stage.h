#pragma once

#include "net/shard.h"
#include "net/stream_sockets.h"
#include "simulator/credentials_file.h"
#include "simulator/firmware.h"
#include "simulator/home_plan.h"
#include "simulator/pace.h"
#include "simulator/story.h"
#include "simulator/world.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace hearth::simulator {

class Player;

/// Everything of a running simulation on one shard: the world, the things in it, and a Player (a
/// client on a socket) for each piece of firmware. All calls on the shard's thread.
class Stage final : public net::StreamHandler {
public:
    Stage(net::Shard& shard, const Clock& clock, const HomePlan& plan, const Credentials& logins,
          net::Address broker, std::uint64_t seed, double speed);
    ~Stage() override;

    /// Connects all; the story begins once all are connected. Before Shard::run().
    void start();
    /// Says "offline" for all, disconnects and stops the shard; asked a second time, at once.
    void end();

    /// 0, or 1 where a broker did not let somebody in.
    int exit_code() const { return exit_code_; }

    // For players.
    net::StreamSockets& sockets() { return sockets_; }
    net::Shard& shard() { return shard_; }
    const net::Address& broker() const { return broker_; }
    Micros steady() const { return clock_.steady(); }
    Random& random() { return random_; }
    void connecting(net::ConnectionId id, Player& player);
    /// Tells the story up to now, and returns the simulated time.
    Micros catch_up();
    void lost(std::string_view why);
    void refused(const Error& error);

    // From the sockets.
    void opened(net::ConnectionId id, const net::Address& peer) override;
    std::size_t received(net::ConnectionId id, std::string_view bytes) override;
    void closed(net::ConnectionId id, std::string_view why) override;

private:
    void set_up_things(const HomePlan& plan, std::uint64_t seed);
    void set_up_players(const Credentials& logins, std::uint64_t seed);
    void welcome(const HomePlan& plan);
    void end_of_turn();
    void look_after_clients(Micros steady);
    void notice_connections(Micros steady);
    void finish_ending(Micros steady);
    void set_alarm(Micros steady);
    bool congested() const;
    Player* player_of(net::ConnectionId id) const;

    net::Shard& shard_;
    const Clock& clock_;
    net::Address broker_;
    std::string title_;
    SeededRandom random_;
    Micros begin_;
    Pace pace_;
    Story story_;
    World world_;
    net::StreamSockets sockets_;
    std::vector<std::unique_ptr<Thing>> things_;
    std::vector<std::unique_ptr<Player>> players_;
    std::unordered_map<net::ConnectionId, Player*> by_connection_;

    bool began_ = false;
    bool announced_ = false;
    bool said_lost_ = false;
    bool behind_ = false; ///< the story could not be told up to now
    Micros next_look_ = 0;
    Micros alarm_at_ = 0;
    net::Shard::TimerId alarm_ = 0;
    Micros end_deadline_ = 0; ///< 0: not ending
    bool said_goodbye_ = false;
    int exit_code_ = 0;
};

} // namespace hearth::simulator
