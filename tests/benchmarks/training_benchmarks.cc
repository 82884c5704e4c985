// A step of training.
#include <benchmark/benchmark.h>

#include "engine/checkpoint/model_folder.h"
#include "engine/model/model_io.h"
#include "tests/benchmarks/benchmark_world.h"
#include "tests/benchmarks/laps.h"
#include "trainer/optimizer.h"
#include "trainer/tasks/reading_loss.h"

namespace realm::benchmarks {
namespace {

// Forward, backward and update of a reader on 32 passages, four pieces hidden in each.
void training_step(benchmark::State& state, std::filesystem::path (*folder)()) {
  guarded(state, [&] {
    const ModelFolder model = ModelFolder::open(folder());
    const auto tokenizer = load_tokenizer(model);
    const SpecialIds& special = tokenizer->vocabulary().special();
    KnowledgeAugmentedEncoder encoder = load_encoder(model, torch::kCPU);
    AdamWeightDecay optimizer({{encoder->named(), 1.0}}, {});
    std::vector<ReadingExample> examples;
    double pieces = 0;
    for (const Document& passage : starter_passages(32)) {
      ReadingExample example;
      example.input =
          pack_document(tokenizer->token_ids(passage.title), tokenizer->token_ids(passage.text),
                        sequence_lengths(model), special);
      for (int position = 1; position <= 4; ++position) {
        int32_t& piece = example.input.ids.at(static_cast<size_t>(position));
        example.positions.push_back(position);
        example.targets.push_back(piece);
        piece = special.mask;
      }
      pieces += static_cast<double>(example.input.ids.size());
      examples.push_back(std::move(example));
    }
    encoder->train();
    Laps laps;
    for (auto _ : state) {
      state.SetIterationTime(laps.time([&] {
        optimizer.zero_gradients();
        const TargetScores scores =
            score_targets(encoder, examples, special, torch::Device(torch::kCPU));
        (-scores.log_p.mean()).backward();
        benchmark::DoNotOptimize(optimizer.step(1e-4));
      }));
    }
    state.counters["steps_per_s"] = 1 / laps.median();
    state.counters["pieces_per_s"] = pieces / laps.median();
  });
}
BENCHMARK_CAPTURE(training_step, starter, &starter_model)
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime();
BENCHMARK_CAPTURE(training_step, 6x384, &random_model_6x384)
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime();

}  // namespace
}  // namespace realm::benchmarks
