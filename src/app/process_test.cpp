#include "app/process.h"
#include "base/json.h"
#include "net/stream_sockets_fixture.h"
#include "net/test_turns.h"
#include "store/test_journal.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Two homes in one process, asked through their own doors.
namespace hearth::app {
namespace {

using store::testing::TemporaryFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ProcessTest : public ::testing::Test {
protected:
    void SetUp() override {
        auto made = Process::make(0);
        ASSERT_TRUE(made) << made.error().detail;
        process = std::move(*made);
        ASSERT_NO_FATAL_FAILURE(paris = add(1, paris_folder, "Europe/Paris"));
        ASSERT_NO_FATAL_FAILURE(tokyo = add(2, tokyo_folder, "Asia/Tokyo"));
        ASSERT_TRUE(paris != nullptr && tokyo != nullptr);
    }

    static ServeOptions options(const TemporaryFolder& folder, const std::string& zone) {
        ServeOptions options;
        options.data = folder.path() + "/data";
        options.http = "127.0.0.1:0";
        options.mqtt = "127.0.0.1:0";
        options.set = {"home.time_zone=" + zone};
        return options;
    }

    Process::Home* add(HomeNumber number, const TemporaryFolder& folder, const std::string& zone) {
        const auto added = process->add(number, options(folder, zone));
        EXPECT_TRUE(added) << added.error().detail;
        return added ? *added : nullptr;
    }

    static std::string token_of(const TemporaryFolder& folder) {
        const auto token = store::read_secret(folder.path() + "/data/admin.token");
        EXPECT_TRUE(token);
        return token ? token->substr(0, token->find('\n')) : "";
    }

    /// The whole answer of a home's door.
    std::string ask(const Process::Home& home, const std::string& method, const std::string& path,
                    const std::string& token, const std::string& body = {}) {
        auto client = net::TestClient::connect_to(home.doors->http());
        client.send(fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                "Content-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{}",
                                method, path, body.size(),
                                token.empty() ? "" : "Authorization: Bearer " + token + "\r\n",
                                body));
        std::string answer;
        EXPECT_TRUE(net::turn_until(process->shard(), [&] {
            answer += client.receive();
            return client.ended();
        }));
        return answer;
    }

    static Value body_of(const std::string& answer) {
        const std::size_t at = answer.find("\r\n\r\n");
        auto body =
            at == std::string::npos ? Value() : parse_json(answer.substr(at + 4)).value_or(Value());
        return body;
    }

    /// The return code of an MQTT 3.1.1 CONNACK.
    int log_in(const Process::Home& home, const std::string& name, const std::string& password) {
        const auto text = [](const std::string& bytes) {
            return std::string{'\0', static_cast<char>(bytes.size())} + bytes;
        };
        const std::string rest = text("MQTT") + std::string("\x04\xC2\x00\x3C", 4) +
                                 text("client") + text(name) + text(password);
        auto client = net::TestClient::connect_to(home.doors->mqtt());
        client.send(std::string{'\x10', static_cast<char>(rest.size())} + rest);
        std::string answer;
        EXPECT_TRUE(net::turn_until(process->shard(), [&] {
            answer += client.receive();
            return answer.size() >= 4 || client.ended();
        }));
        return answer.size() >= 4 ? answer[3] : -1;
    }

    TemporaryFolder paris_folder;
    TemporaryFolder tokyo_folder;
    std::unique_ptr<Process> process; ///< before its folders go
    Process::Home* paris = nullptr;
    Process::Home* tokyo = nullptr;
};

TEST_F(ProcessTest, EachHomeHasItsFolderItsDoorsAndItsLocalTime) {
    EXPECT_EQ(process->find(1), paris);
    EXPECT_EQ(process->find(2), tokyo);
    EXPECT_EQ(process->find(3), nullptr);
    EXPECT_NE(paris->doors->http(), tokyo->doors->http());
    EXPECT_NE(paris->doors->mqtt(), tokyo->doors->mqtt());
    const Micros july = 1'782'864'000 * seconds; // 2026-07-01
    EXPECT_EQ(paris->runtime->setup().zone.to_local(july), july + 2 * hours);
    EXPECT_EQ(tokyo->runtime->setup().zone.to_local(july), july + 9 * hours);
    for (const auto* folder : {&paris_folder, &tokyo_folder})
        for (const char* name : {"/data/journal", "/data/hub.json", "/data/admin.token"})
            EXPECT_TRUE(std::filesystem::exists(folder->path() + name)) << name;
}

TEST_F(ProcessTest, EachHomeShowsItsPageAndItsApi) {
    for (const auto& [home, folder] :
         {std::pair(paris, &paris_folder), std::pair(tokyo, &tokyo_folder)}) {
        EXPECT_THAT(ask(*home, "GET", "/", ""), AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("<")));
        const Value status = body_of(ask(*home, "GET", "/api/v1/status", token_of(*folder)));
        EXPECT_EQ(status.at("listeners").at("http").string_or(""), home->doors->http().to_string());
    }
}

TEST_F(ProcessTest, ATokenOpensItsOwnHomeAlone) {
    EXPECT_THAT(ask(*paris, "GET", "/api/v1/devices", token_of(paris_folder)),
                StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(ask(*tokyo, "GET", "/api/v1/devices", token_of(paris_folder)),
                StartsWith("HTTP/1.1 401 "));
}

TEST_F(ProcessTest, ACredentialOpensItsOwnHomeAlone) {
    const std::string made = ask(*paris, "POST", "/api/v1/credentials", token_of(paris_folder),
                                 R"({"name": "plug", "topics": ["plug/#"]})");
    ASSERT_THAT(made, StartsWith("HTTP/1.1 201 "));
    const std::string password(body_of(made).at("password").string_or(""));
    EXPECT_EQ(log_in(*paris, "plug", password), 0);
    EXPECT_NE(log_in(*tokyo, "plug", password), 0);
    EXPECT_THAT(ask(*tokyo, "GET", "/api/v1/credentials", token_of(tokyo_folder)),
                Not(HasSubstr("plug")));
}

TEST_F(ProcessTest, WhoClaimsAHomeIsNobodyInTheOther) {
    const auto& code = paris->runtime->first_claim_code();
    ASSERT_TRUE(code);
    const std::string claim =
        fmt::format(R"({{"code": "{}", "name": "anna", "password": "a long password"}})", *code);
    EXPECT_THAT(ask(*tokyo, "POST", "/api/v1/claim", "", claim), StartsWith("HTTP/1.1 403 "));
    EXPECT_THAT(ask(*paris, "POST", "/api/v1/claim", "", claim), StartsWith("HTTP/1.1 201 "));
    EXPECT_THAT(ask(*paris, "GET", "/api/v1/persons", token_of(paris_folder)), HasSubstr("anna"));
    EXPECT_THAT(ask(*tokyo, "GET", "/api/v1/persons", token_of(tokyo_folder)),
                Not(HasSubstr("anna")));
    // Refused in the one, not told to the other.
    EXPECT_THAT(ask(*tokyo, "GET", "/api/v1/refused", token_of(tokyo_folder)),
                HasSubstr("claim code"));
    EXPECT_THAT(ask(*paris, "GET", "/api/v1/refused", token_of(paris_folder)),
                Not(HasSubstr("claim code")));
}

TEST_F(ProcessTest, EachHomeCountsItsOwnAndShowsTheProcess) {
    const std::string made =
        ask(*paris, "POST", "/api/v1/credentials", token_of(paris_folder), R"({"name": "plug"})");
    ASSERT_THAT(made, StartsWith("HTTP/1.1 201 "));
    const std::string of_paris = ask(*paris, "GET", "/metrics", token_of(paris_folder));
    const std::string of_tokyo = ask(*tokyo, "GET", "/metrics", token_of(tokyo_folder));
    for (const auto& page : {of_paris, of_tokyo})
        EXPECT_THAT(page, AllOf(HasSubstr("\nhearth_memory_bytes "), HasSubstr("\nhearth_events "),
                                HasSubstr("\nhearth_http_connections ")));
    EXPECT_EQ(of_paris.find("# HELP hearth_memory_bytes"),
              of_paris.rfind("# HELP hearth_memory_bytes"));
}

TEST_F(ProcessTest, ANumberAndAFolderBelongToOneHome) {
    const TemporaryFolder other;
    const auto same_number = process->add(1, options(other, "UTC"));
    ASSERT_FALSE(same_number);
    EXPECT_EQ(same_number.error().code, Code::conflict);
    const auto same_folder = process->add(3, options(paris_folder, "UTC"));
    ASSERT_FALSE(same_folder);
    EXPECT_EQ(same_folder.error().code, Code::conflict);
}

TEST_F(ProcessTest, AJournalOfAnotherHomeIsRefused) {
    process->shard().post([this] { process->stop(); });
    ASSERT_TRUE(process->run());
    process = Process::make(0).value();
    const auto wrong = process->add(2, options(paris_folder, "UTC"));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, Code::conflict);
    EXPECT_THAT(wrong.error().detail, HasSubstr("belongs to home 1"));
}

TEST_F(ProcessTest, AllHomesEndInOrder) {
    process->shard().post([this] { process->stop(); });
    ASSERT_TRUE(process->run());
    process.reset();
    for (const auto* folder : {&paris_folder, &tokyo_folder}) {
        store::JournalReader reader(store::system_files(), folder->path() + "/data/journal");
        const auto report = reader.verify();
        ASSERT_TRUE(report) << report.error().detail;
        EXPECT_TRUE(report->closed);
    }
}

} // namespace
} // namespace hearth::app
