// Training with the index being refreshed beside it (DESIGN.md 5.6).
#include <benchmark/benchmark.h>

#include "storage/run_database.h"
#include "tests/benchmarks/benchmark_world.h"
#include "tests/benchmarks/laps.h"
#include "trainer/optimizer.h"
#include "trainer/tasks/index_refresher.h"

namespace realm::benchmarks {
namespace {

TrainOptions pretrain_options() {
  TrainOptions options = preset("starter", TrainTask::kPretrain);
  options.workspace = starter_workspace().string();
  options.initial_model = "starter";
  options.training_text = starter_questions_file().string();
  options.threads = 1;
  options.warm_pair_fraction = 0;
  options.refresh_every_steps = 1'000'000'000;  // the benchmark begins them itself
  return options;
}

// Steps of pre-training with the starter's model and corpus, one thread: by themselves, and while
// another thread embeds the corpus. In each round ten steps alone, then as many as one refresh
// lasts: what else the machine does falls on both.
void training_beside_refresh(benchmark::State& state) {
  guarded(state, [&] {
    const std::shared_ptr<const TaskInputs> inputs = load_task_inputs(pretrain_options());
    torch::set_num_threads(inputs->options.threads);
    const auto task = make_pretrain_task(inputs);
    task->begin();
    const Embedder snapshot = load_or_make_embedder(*inputs);
    IndexRefresher refresher(*inputs);
    refresher.build_now(snapshot, 0, 0);
    const std::filesystem::path database = scratch_folder() / "refresh" / "runs.sqlite";
    std::filesystem::create_directories(database.parent_path());
    const RunId id = RunWriter::create_run(database, {"", "pretrain", "{}", 0});
    const auto run = RunWriter::open_run(database, id);
    AdamWeightDecay optimizer(task->parameter_groups(), {});
    int64_t step = 0;
    const auto take_step = [&] {
      optimizer.zero_gradients();
      task->step(step++, *run);
      benchmark::DoNotOptimize(optimizer.step(1e-9));
    };
    Laps alone;
    Laps beside;
    Laps refreshes;
    constexpr int kAlone = 10;
    for (auto _ : state) {
      double seconds = 0;
      for (int i = 0; i < kAlone; ++i) seconds += alone.time(take_step);
      refresher.begin(snapshot, step);
      do {
        seconds += beside.time(take_step);
      } while (!refresher.is_done());
      refreshes.add(refresher.adopt([] {}).spent_seconds);
      state.SetIterationTime(seconds);
    }
    state.counters["steps_per_s_alone"] = 1 / alone.median();
    state.counters["steps_per_s_beside_refresh"] = 1 / beside.median();
    state.counters["share_of_speed_kept"] = alone.median() / beside.median();
    state.counters["refresh_passages_per_s"] =
        static_cast<double>(inputs->passages.size()) / refreshes.median();
  });
}
BENCHMARK(training_beside_refresh)->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(5);

}  // namespace
}  // namespace realm::benchmarks
