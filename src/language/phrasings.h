#pragma once

#include "language/test_home.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

namespace hearth::language::testing {

/// For tests: many sentences of one language, and what all of them mean in the test's home.
class Phrasings {
public:
    explicit Phrasings(std::string_view language)
        : language_(language) {}

    /// `meaning` as TestHome::describe() tells it.
    void all_mean(std::string_view meaning, const std::vector<std::string>& sentences) const {
        check(std::nullopt, meaning, sentences);
    }
    void all_mean_in(std::string_view area, std::string_view meaning,
                     const std::vector<std::string>& sentences) const {
        check(home::AreaId(area), meaning, sentences);
    }
    /// None of them has a frame, wherever it is said.
    void none_acts(const std::vector<std::string>& sentences) const {
        const TestHome house;
        for (const std::string& sentence : sentences) {
            for (const auto& here : {std::optional<home::AreaId>(), {"kitchen"}, {"bedroom"}}) {
                const auto made = languages().understand(house.home, language_, sentence, here);
                ASSERT_TRUE(made) << sentence << ": " << made.error().detail;
                EXPECT_NE(made->verdict, Verdict::understood)
                    << sentence << ": " << house.describe(*made);
                EXPECT_TRUE(std::holds_alternative<std::monostate>(made->frame)) << sentence;
            }
        }
    }

private:
    void check(const std::optional<home::AreaId>& here, std::string_view meaning,
               const std::vector<std::string>& sentences) const {
        const TestHome house;
        for (const std::string& sentence : sentences) {
            const auto made = languages().understand(house.home, language_, sentence, here);
            ASSERT_TRUE(made) << sentence << ": " << made.error().detail;
            EXPECT_EQ(house.describe(*made), meaning) << sentence;
        }
    }

    std::string language_;
};

} // namespace hearth::language::testing
