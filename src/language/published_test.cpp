#include "base/yaml.h"
#include "language/grammar.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>

#include <gmock/gmock.h>

/// The published sentence packages of some sixty languages (HEARTH_DATA/intents-2025-07.tar.gz),
/// where they are at hand: all of them must parse and compile.
namespace hearth::language {
namespace {

/// What a shell command prints.
std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string text;
    char buffer[65536];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe.get()))
        text.append(buffer, count);
    return text;
}

/// Files by their path, read from the bytes of a tar archive (POSIX ustar, section "tar").
std::map<std::string, std::string> files_of(const std::string& tar) {
    std::map<std::string, std::string> files;
    for (std::size_t at = 0; at + 512 <= tar.size() && tar[at] != '\0';) {
        const std::string name(tar.c_str() + at);
        const std::size_t size = std::strtoul(tar.substr(at + 124, 12).c_str(), nullptr, 8);
        if (tar[at + 156] == '0') files[name] = tar.substr(at + 512, size);
        at += 512 + (size + 511) / 512 * 512;
    }
    return files;
}

/// Writes out the anchors of a file (`key: &name` before a value, or before a list that is indented
/// below it), since hearth reads no aliases: the packages have none, only these sources do.
std::string without_aliases(const std::string& yaml) {
    std::map<std::string, std::string> values;
    std::string open, out;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < yaml.size();) {
        const std::size_t end = std::min(yaml.size(), yaml.find('\n', at) + 1);
        std::string line = yaml.substr(at, end - at);
        at = end;
        const std::size_t key = line.find_first_not_of(" -");
        if (!open.empty() && key != line.npos && line.find_first_not_of(' ') > depth)
            values[open] += line;
        else if (key != line.npos)
            open.clear();
        const std::size_t anchor = line.find(": &");
        const std::size_t alias = line.find(": *");
        if (anchor != line.npos) {
            const std::size_t name_end = line.find_first_of(" \n", anchor + 3);
            open = line.substr(anchor + 3, name_end - anchor - 3);
            depth = key;
            values[open] = line.substr(name_end);
            line = line.substr(0, anchor + 1) + values[open];
        } else if (alias != line.npos) {
            const std::size_t name_end = line.find_first_of(" \n", alias + 3);
            line = line.substr(0, alias + 1) + values[line.substr(alias + 3, name_end - alias - 3)];
        }
        out += line;
    }
    return out;
}

struct PublishedTest : ::testing::Test {
    void SetUp() override {
        const char* folder = std::getenv("HEARTH_DATA");
        if (!folder) GTEST_SKIP() << "skipped: no data";
        const std::string archive = std::string(folder) + "/intents-2025-07.tar.gz";
        files = files_of(output_of("gzip -dc '" + archive + "'"));
        if (files.empty()) GTEST_SKIP() << "skipped: no data";
    }

    std::map<std::string, std::string> files;
};

TEST_F(PublishedTest, EveryPackageParsesAndCompiles) {
    std::map<std::string, Package> packages;
    for (const auto& [path, text] : files) {
        const auto sentences = path.find("/sentences/");
        if (sentences == path.npos || !path.ends_with(".yaml")) continue;
        const std::string inside = path.substr(sentences + 11); // "fr/light_HassTurnOn.yaml"
        const std::string language = inside.substr(0, inside.find('/'));
        Package& package = packages[language];
        package.language = language;
        // Deeper folders hold templates of another layout, one intent a file.
        const bool is_package = inside.find('/') == inside.rfind('/');
        if (!is_package) continue;
        const auto read = package.add(inside, without_aliases(text));
        EXPECT_TRUE(read) << (read ? "" : read.error().detail);
    }
    EXPECT_GT(packages.size(), 55U);
    std::size_t templates = 0;
    for (const auto& [language, package] : packages) {
        const auto made = Grammar::compile(package);
        EXPECT_TRUE(made) << (made ? "" : made.error().detail);
        templates += package.templates;
    }
    EXPECT_GT(templates, 10'000U);
}

TEST_F(PublishedTest, EveryTemplateOfTheOtherLayoutParses) {
    std::size_t templates = 0;
    for (const auto& [path, text] : files) {
        const bool is_template = path.find("/sentences/") != path.npos && path.ends_with(".yaml");
        if (!is_template) continue;
        const auto yaml = parse_yaml(without_aliases(text));
        ASSERT_TRUE(yaml) << path;
        const ValueList* blocks = yaml->at("data").as_list();
        if (!blocks) continue;
        for (const Value& block : *blocks) {
            for (const Value& sentence : *block.at("sentences").as_list()) {
                const auto made = parse_sentence(sentence.string_or(""));
                EXPECT_TRUE(made) << path << ": " << (made ? "" : made.error().what);
                ++templates;
            }
        }
    }
    EXPECT_GT(templates, 0U);
}

} // namespace
} // namespace hearth::language
