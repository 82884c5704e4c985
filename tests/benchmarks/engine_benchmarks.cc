// Tokenizer, opening of models, exact search: through the interfaces that the programs use.
#include <benchmark/benchmark.h>

#include <numeric>

#include "engine/base/rng.h"
#include "engine/index/faiss_index.h"
#include "tests/benchmarks/benchmark_world.h"
#include "tests/benchmarks/laps.h"

namespace realm::benchmarks {
namespace {

// All texts of the starter corpus, one thread.
void tokenizer(benchmark::State& state) {
  guarded(state, [&] {
    const auto engine = open_engine(starter_model());
    const std::vector<Document> passages = starter_passages();
    Laps laps;
    size_t bytes = 0;
    size_t pieces = 0;
    for (auto _ : state) {
      bytes = pieces = 0;
      state.SetIterationTime(laps.time([&] {
        for (const Document& passage : passages) {
          pieces += engine->tokenizer().token_ids(passage.text).size();
          bytes += passage.text.size();
        }
      }));
    }
    state.counters["MB_per_s"] = static_cast<double>(bytes) / 1e6 / laps.median();
    state.counters["pieces_per_s"] = static_cast<double>(pieces) / laps.median();
  });
}
BENCHMARK(tokenizer)->Unit(benchmark::kMillisecond)->UseManualTime();

void open_model(benchmark::State& state, std::filesystem::path (*folder)()) {
  guarded(state, [&] {
    const std::filesystem::path model = folder();
    double bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(model)) {
      if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
    }
    Laps laps;
    for (auto _ : state) state.SetIterationTime(laps.time([&] { open_engine(model); }));
    state.counters["median_ms"] = laps.median() * 1e3;
    state.counters["MB_per_s"] = bytes / 1e6 / laps.median();
  });
}
BENCHMARK_CAPTURE(open_model, starter, &starter_model)
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime();
BENCHMARK_CAPTURE(open_model, 6x384, &random_model_6x384)
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime();

std::shared_ptr<const MipsIndex> random_index(int64_t vectors, int dimension) {
  Rng rng(1);
  std::vector<DocumentId> ids(static_cast<size_t>(vectors));
  std::iota(ids.begin(), ids.end(), DocumentId{1});
  std::vector<float> rows(ids.size() * static_cast<size_t>(dimension));
  for (float& value : rows) value = static_cast<float>(rng.uniform() - 0.5);
  return make_index(kExactIndexType,
                    VectorTable::from_memory(std::move(ids), std::move(rows), dimension), 1);
}

// The best 8 of 100,000 vectors of dimension 128.
void exact_search(benchmark::State& state) {
  guarded(state, [&] {
    constexpr int64_t kVectors = 100'000;
    constexpr int kDimension = 128;
    static const std::shared_ptr<const MipsIndex> index = random_index(kVectors, kDimension);
    Rng rng(2);
    std::vector<float> queries(static_cast<size_t>(state.range(0)) * kDimension);
    for (float& value : queries) value = static_cast<float>(rng.uniform() - 0.5);
    Laps laps;
    for (auto _ : state) {
      state.SetIterationTime(
          laps.time([&] { benchmark::DoNotOptimize(index->search(queries, 8)); }));
    }
    const auto asked = static_cast<double>(state.range(0));
    state.counters["ms_per_query"] = laps.median() * 1e3 / asked;
    state.counters["GB_per_s"] =
        asked * kVectors * kDimension * sizeof(float) / 1e9 / laps.median();
  });
}
BENCHMARK(exact_search)
    ->ArgName("queries")
    ->Arg(1)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime();

}  // namespace
}  // namespace realm::benchmarks
