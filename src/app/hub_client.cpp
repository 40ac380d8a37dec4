#include "app/hub_client.h"

#include "base/json.h"
#include "base/text.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace hearth::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto answer_within = std::chrono::seconds(90);
constexpr std::uint64_t longest_answer = 256U << 20;

Result<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return fail(Code::io, "cannot read {}: {}", path.string(), std::strerror(errno));
    return text.str();
}

Result<std::string> url_from_folder(const std::filesystem::path& folder) {
    const auto text = read_file(folder / "hub.json");
    if (!text)
        return fail(Code::unavailable,
                    "no hub has run with the data folder {}; start it with `hearth serve`, or "
                    "name another folder with --data",
                    folder.string());
    const auto parsed = parse_json(*text);
    if (!parsed || !parsed->at("http").is_string())
        return fail(Code::damaged, "{} is damaged; start the hub again", folder.string());
    return "http://" + *parsed->at("http").as_string();
}

std::string_view without_slash(std::string_view url) {
    return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

/// "/api/v1/…" of an answer that is no JSON, or a problem, as an error.
Error as_error(int status, const Result<Value>& body) {
    Code code = Code::refused;
    if (status == 404) code = Code::not_found;
    if (status == 503) code = Code::unavailable;
    const std::string_view detail = body ? body->at("detail").string_or("") : "";
    if (!detail.empty()) return {code, std::string(detail)};
    return {code, fmt::format("the hub answered with HTTP status {}", status)};
}

} // namespace

std::filesystem::path default_data_folder() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread
        return std::string(value != nullptr ? value : "");
    };
    if (const std::string set = variable("HEARTH_DATA_DIR"); !set.empty()) return set;
    if (const std::string set = variable("XDG_DATA_HOME"); !set.empty())
        return std::filesystem::path(set) / "hearth";
    const std::string home = variable("HOME");
    return std::filesystem::path(home.empty() ? "/var/lib" : home + "/.local/share") / "hearth";
}

std::filesystem::path data_folder_of(const HubChoice& choice) {
    return choice.data.empty() ? default_data_folder() : std::filesystem::path(choice.data);
}

Result<HubClient> HubClient::find(const HubChoice& choice) {
    HubClient client;
    const std::filesystem::path folder = data_folder_of(choice);
    const auto url = choice.url.empty() ? url_from_folder(folder) : Result<std::string>(choice.url);
    if (!url) return std::unexpected(url.error());
    std::string_view address = without_slash(*url);
    if (!address.starts_with("http://"))
        return fail(Code::invalid, "--url must be like http://127.0.0.1:8080, not {}",
                    printable(*url, 80));
    address.remove_prefix(std::string_view("http://").size());
    const std::size_t colon = address.rfind(':');
    const bool has_port = colon != std::string_view::npos && !address.ends_with(']');
    client.host_ = address.substr(0, has_port ? colon : address.size());
    if (client.host_.starts_with('[') && client.host_.ends_with(']'))
        client.host_ = client.host_.substr(1, client.host_.size() - 2);
    client.port_ = has_port ? std::string(address.substr(colon + 1)) : "80";
    client.where_ = *url;
    const std::filesystem::path token_file = choice.token_file.empty()
                                                 ? folder / "admin.token"
                                                 : std::filesystem::path(choice.token_file);
    const auto token = read_file(token_file);
    if (!token) return std::unexpected(token.error());
    client.token_ = trim(*token);
    return client;
}

std::string HubClient::part(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

Result<Value> HubClient::get(std::string_view path) {
    return request("GET", path, {});
}

Result<Value> HubClient::send(std::string_view method, std::string_view path, const Value& body) {
    return request(method, path, body.is_null() ? "" : to_json(body));
}

Result<Value> HubClient::request(std::string_view method, std::string_view path,
                                 std::string_view body) {
    try {
        asio::io_context io;
        beast::tcp_stream stream(io);
        stream.expires_after(answer_within);
        stream.connect(asio::ip::tcp::resolver(io).resolve(host_, port_));
        http::request<http::string_body> request;
        request.method_string(beast::string_view(method.data(), method.size()));
        request.target(beast::string_view(path.data(), path.size()));
        request.version(11);
        request.set(http::field::host, "localhost");
        request.set(http::field::authorization, "Bearer " + token_);
        request.set(http::field::user_agent, "hearth/" HEARTH_VERSION);
        request.keep_alive(false);
        if (!body.empty()) request.set(http::field::content_type, "application/json");
        request.body() = body;
        request.prepare_payload();
        http::write(stream, request);
        beast::flat_buffer buffer;
        http::response_parser<http::string_body> parser;
        parser.body_limit(longest_answer);
        http::read(stream, buffer, parser);
        const auto& response = parser.get();
        const int status = static_cast<int>(response.result_int());
        const JsonLimits limits{.bytes = longest_answer, .values = 50'000'000};
        Result<Value> answer =
            response.body().empty() ? Result<Value>(Value()) : parse_json(response.body(), limits);
        if (status >= 200 && status < 300 && answer) return answer;
        return std::unexpected(as_error(status, answer));
    } catch (const std::exception& error) {
        return fail(Code::unavailable, "no hub answers at {} ({}); is `hearth serve` running?",
                    where_, error.what());
    }
}

} // namespace hearth::app
