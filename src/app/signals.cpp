#include "app/signals.h"

#include <csignal>
#include <cstdlib>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace hearth::app {

std::shared_ptr<void> on_termination(net::Shard& shard, std::function<void()> stop) {
    std::signal(SIGPIPE, SIG_IGN);
    auto signals = std::make_shared<boost::asio::signal_set>(shard.io(), SIGINT, SIGTERM);
    signals->async_wait([signals = signals.get(), stop = std::move(stop)](auto error, int) {
        if (error) return;
        signals->async_wait([](auto again, int number) {
            if (!again) std::_Exit(128 + number);
        });
        stop();
    });
    return signals;
}

} // namespace hearth::app
