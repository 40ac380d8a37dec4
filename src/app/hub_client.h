#pragma once

#include "base/result.h"
#include "base/value.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace hearth::app {

/// Which hub a command talks to, as the command line says it.
struct HubChoice {
    std::string data;       ///< --data DIR; empty: the default folder
    std::string url;        ///< --url http://HOST:PORT; empty: as the data folder says
    std::string token_file; ///< --token-file FILE; empty: DIR/admin.token
};

/// The folder where `hearth serve` keeps its data when nothing is said: $HEARTH_DATA_DIR, else
/// $XDG_DATA_HOME/hearth, else ~/.local/share/hearth.
std::filesystem::path default_data_folder();
std::filesystem::path data_folder_of(const HubChoice& choice);

/// Speaks HTTP with a running hub, one request at a time, and waits for each answer.
class HubClient {
public:
    /// Reads where the hub listens and its token. Errors say what to do.
    static Result<HubClient> find(const HubChoice& choice);

    /// The parsed body of a 2xx answer; else the problem's detail as an error.
    Result<Value> get(std::string_view path);
    Result<Value> send(std::string_view method, std::string_view path, const Value& body);

    /// Percent-encodes one part of a path.
    static std::string part(std::string_view text);

private:
    Result<Value> request(std::string_view method, std::string_view path, std::string_view body);

    std::string host_;
    std::string port_;
    std::string token_;
    std::string where_; ///< for error messages
};

} // namespace hearth::app
