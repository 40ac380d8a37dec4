#include "api/connection_book.h"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace hearth::api {

void ConnectionBook::add(OpenConnection& connection, std::string_view household) {
    all_[&connection].household = household;
    ++households_[std::string(household)].connections;
    set_waiting(connection, true);
}

void ConnectionBook::remove(OpenConnection& connection) {
    const auto found = all_.find(&connection);
    if (found == all_.end()) return;
    set_waiting(connection, false);
    const auto household = households_.find(found->second.household);
    if (--household->second.connections == 0) households_.erase(household);
    all_.erase(found);
}

void ConnectionBook::set_waiting(OpenConnection& connection, bool waiting) {
    const auto found = all_.find(&connection);
    if (found == all_.end()) return;
    Entry& entry = found->second;
    auto& others = households_.find(entry.household)->second.waiting;
    if (entry.waits_since != 0) others.erase(entry.waits_since);
    entry.waits_since = waiting ? ++last_ : 0;
    if (waiting) others.emplace(entry.waits_since, &connection);
}

std::size_t ConnectionBook::size_of(std::string_view household) const {
    const auto found = households_.find(household);
    return found != households_.end() ? found->second.connections : 0;
}

OpenConnection* ConnectionBook::longest_waiting_of(std::string_view household) const {
    const auto found = households_.find(household);
    if (found == households_.end() || found->second.waiting.empty()) return nullptr;
    return found->second.waiting.begin()->second;
}

OpenConnection* ConnectionBook::longest_waiting() const {
    const auto most = std::ranges::max_element(
        households_, {}, [](const auto& household) { return household.second.waiting.size(); });
    if (most == households_.end() || most->second.waiting.empty()) return nullptr;
    return most->second.waiting.begin()->second;
}

std::map<OpenConnection*, std::string> ConnectionBook::all() const {
    std::map<OpenConnection*, std::string> copy;
    for (const auto& [connection, entry] : all_)
        copy.emplace(connection, entry.household);
    return copy;
}

std::string household_of(const std::string& address) {
    boost::system::error_code error;
    const auto v6 = boost::asio::ip::make_address_v6(address, error);
    if (error) return address;
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return boost::asio::ip::make_address_v6(bytes).to_string();
}

} // namespace hearth::api
