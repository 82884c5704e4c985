// A workspace with hundreds of runs: what reading their list costs the window's thread for runs,
// and what searching it costs each frame.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "app/view/train_state.h"
#include "storage/run_database.h"
#include "tests/support/temp_directory.h"
#include "trainer/options.h"

namespace realm::benchmarks {
namespace {

constexpr int kRuns = 300;

struct ManyRuns {
  ManyRuns() {
    for (int i = 0; i < kRuns; ++i) {
      TrainOptions options;
      options.output_model = fmt::format("model-{}", i);
      const std::string id = fmt::format("run-{}", i);
      RunWriter::create_run(database, {id, "pretrain", to_json(options), options.steps});
      const auto run = RunWriter::open_run(database, id);
      const Scalar loss{10, "loss", 1.0 / (i + 1), 0};
      run->append(std::span(&loss, 1));
      run->finish(RunState::kFinished, "All steps are done.");
    }
  }
  testing::TempDirectory folder;
  std::filesystem::path database = folder / "runs.sqlite";
};

const ManyRuns& many_runs() {
  static const ManyRuns runs;
  return runs;
}

void BM_RunListRead(benchmark::State& state) {
  const auto reader = RunReader::open(many_runs().database);
  for (auto _ : state) benchmark::DoNotOptimize(reader->runs());
  state.SetLabel(fmt::format("{} runs", kRuns));
}
BENCHMARK(BM_RunListRead)->Unit(benchmark::kMillisecond);

void BM_RunListSearched(benchmark::State& state) {
  view::TrainState train;
  auto snapshot = std::make_shared<view::TrainSnapshot>();
  snapshot->runs = std::make_shared<const std::vector<RunSummary>>(
      RunReader::open(many_runs().database)->runs());
  train.snapshot = snapshot;
  train.look.run_filter = "pretrain model-29 finished";
  for (auto _ : state) benchmark::DoNotOptimize(view::listed_runs(train));
  state.SetLabel(fmt::format("{} runs, a frame", kRuns));
}
BENCHMARK(BM_RunListSearched)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace realm::benchmarks
