#include "allocations.h"
#include "language/language.h"
#include "language/test_home.h"

#include <string>

#include <benchmark/benchmark.h>

/// What one sentence costs, in a small home and in a large one. The counter `allocs` is allocations
/// per sentence.
namespace {

using namespace hearth;
using language::testing::TestHome;

struct Place {
    explicit Place(int devices) {
        for (int i = 0; i < devices; ++i) {
            const std::string name = fmt::format("Lamp number {}", i);
            if (i % 20 == 0) house.area(fmt::format("Room {}", i / 20), {});
            house.add(name, name, fmt::format("Room {}", i / 20), "light", {},
                      {TestHome::flag("on_off.on")});
        }
        names = language::HomeNames(house.home);
    }

    TestHome house;
    language::HomeNames names;
};

void understand(benchmark::State& state, const char* tag, const char* sentence) {
    static const Place small(0);
    static const Place large(2'000);
    const Place& place = state.range(0) == 0 ? small : large;
    const auto& languages = language::testing::languages();
    allocations = 0;
    std::size_t acts = 0;
    for (auto _ : state) {
        const auto made = languages.understand(place.house.home, place.names, tag, sentence);
        if (!made) return state.SkipWithError(made.error().detail.c_str());
        acts += made->verdict == language::Verdict::understood;
    }
    const auto turns = static_cast<double>(state.iterations());
    state.counters["allocs"] = static_cast<double>(allocations) / turns;
    state.counters["acts"] = static_cast<double>(acts) / turns;
}

#define SENTENCE(name, tag, text)                                                                  \
    BENCHMARK_CAPTURE(understand, name, tag, text)                                                 \
        ->Arg(0)                                                                                   \
        ->Arg(2'000)                                                                               \
        ->Unit(benchmark::kMicrosecond)

SENTENCE(en_name, "en", "Please turn the kitchen light on.");
SENTENCE(en_area, "en", "dim the lights in the kitchen to thirty percent");
SENTENCE(en_query, "en", "what is the temperature in the bedroom?");
SENTENCE(en_refused, "en", "remind me to call the plumber about the leak on thursday");
SENTENCE(en_unknown, "en", "turn on the dishwasher in the cellar");
SENTENCE(fr_name, "fr", "allume la lumière de la cuisine s'il te plaît");
SENTENCE(fr_area, "fr", "mets les lumières de la cuisine à cinquante pour cent");
SENTENCE(fr_refused, "fr", "rappelle-moi d'appeler le plombier pour la fuite jeudi");
SENTENCE(zh_name, "zh-CN", "请帮我把厨房灯打开");
SENTENCE(zh_area, "zh-CN", "把厨房的灯调到百分之五十");
SENTENCE(zh_refused, "zh-CN", "星期四提醒我给水管工打电话");

/// The longest sentence that is taken, made to look like one that could match.
void longest(benchmark::State& state) {
    static const Place place(0);
    std::string sentence = "turn on";
    while (sentence.size() < 990)
        sentence += " the light";
    for (auto _ : state)
        benchmark::DoNotOptimize(language::testing::languages().understand(
            place.house.home, place.names, "en", sentence));
}
BENCHMARK(longest)->Unit(benchmark::kMicrosecond);

/// Names of a home made ready: at start and when a device is renamed.
void names(benchmark::State& state) {
    const Place place(static_cast<int>(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(language::HomeNames(place.house.home));
}
BENCHMARK(names)->Arg(0)->Arg(2'000)->Unit(benchmark::kMicrosecond);

void load_all_languages(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(language::Languages::make());
}
BENCHMARK(load_all_languages)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
