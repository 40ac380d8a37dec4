#pragma once

#include <string>
#include <vector>

namespace hearth::app {

struct ServeOptions {
    std::string data;             ///< empty: the default folder
    std::string home;             ///< a home file, or empty
    std::string config;           ///< a config file; empty: DATA/hearth.yaml where there is one
    std::vector<std::string> set; ///< KEY=VALUE, over the file
    std::string http;             ///< ADDRESS:PORT; empty: the setting listen.http
    std::string mqtt;             ///< the same
    bool anonymous = false;       ///< MQTT clients need no name; loopback only
    bool lan = false;             ///< the page and the API also beyond loopback, over TLS
};

/// Runs the hub until SIGINT or SIGTERM; returns the exit code.
int serve(const ServeOptions& options);

} // namespace hearth::app
