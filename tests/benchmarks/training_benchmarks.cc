// A step of training: ours, and the step as it is commonly written beside it, by turns in one
// benchmark. The fastest lap of each counts.
#include <benchmark/benchmark.h>

#include "engine/checkpoint/model_folder.h"
#include "engine/model/compute_mode.h"
#include "engine/model/model_io.h"
#include "tests/benchmarks/benchmark_world.h"
#include "tests/benchmarks/laps.h"
#include "tests/benchmarks/plain_reader.h"
#include "trainer/optimizer.h"
#include "trainer/tasks/reading_loss.h"

namespace realm::benchmarks {
namespace {

constexpr int kExamples = 16;

// BERT's usual proportions, random weights, a vocabulary of 30,522.
ModelConfig reader_of(int layers, int hidden) {
  ModelConfig config;
  config.vocabulary = 30522;
  config.layers = layers;
  config.hidden = hidden;
  config.heads = std::max(2, hidden / 64);
  config.intermediate = 4 * hidden;
  config.positions = 192;
  config.pad_token_id = 0;
  config.hidden_dropout = config.attention_dropout = 0;
  return config;
}

// Passages of the starter, four pieces hidden in each.
std::vector<ReadingExample> reading_examples(const WordPieceTokenizer& tokenizer) {
  std::vector<ReadingExample> out;
  for (const Document& passage : starter_passages(kExamples)) {
    ReadingExample example;
    example.input =
        pack_document(tokenizer.token_ids(passage.title), tokenizer.token_ids(passage.text),
                      {64, 128, 192}, tokenizer.vocabulary().special());
    for (int position = 1; position <= 4; ++position) {
      int32_t& piece = example.input.ids.at(static_cast<size_t>(position));
      example.positions.push_back(position);
      example.targets.push_back(piece);
      piece = tokenizer.vocabulary().special().mask;
    }
    out.push_back(std::move(example));
  }
  return out;
}

// Forward, backward and update of a reader, one thread. bf16: the products, in ours and in
// autocast's way.
void training_step(benchmark::State& state, int layers, int hidden, bool bf16) {
  guarded(state, [&] {
    torch::set_num_threads(1);
    torch::manual_seed(7);
    const auto tokenizer = load_tokenizer(ModelFolder::open(starter_model()));
    const SpecialIds& special = tokenizer->vocabulary().special();
    const std::vector<ReadingExample> examples = reading_examples(*tokenizer);
    KnowledgeAugmentedEncoder encoder(reader_of(layers, hidden));
    encoder->train();
    constexpr double kRate = 1e-5;
    PlainReader plain(encoder, kRate);
    AdamWeightDecay optimizer({{encoder->named(), 1.0}}, {});
    const auto our_step = [&] {
      optimizer.zero_gradients();
      torch::Tensor loss;
      {
        const ComputeModeGuard mode({bf16, false});
        const TargetScores scores =
            score_targets(encoder, examples, special, torch::Device(torch::kCPU));
        loss = -scores.log_p.mean();
        loss.backward();
      }
      optimizer.step(kRate);
      return loss.item<double>();
    };
    const double apart = std::abs(our_step() - plain.step(examples, special, bf16));
    if (!(apart < (bf16 ? 0.1 : 1e-3)))
      throw std::runtime_error("the two steps' losses are " + std::to_string(apart) + " apart");

    double pieces = 0;
    for (const ReadingExample& example : examples)
      pieces += static_cast<double>(example.input.ids.size());
    Laps ours, theirs;
    for (auto _ : state) {
      state.SetIterationTime(ours.time([&] { benchmark::DoNotOptimize(our_step()); }));
      theirs.time([&] { benchmark::DoNotOptimize(plain.step(examples, special, bf16)); });
    }
    state.counters["examples_per_s"] = kExamples / ours.best();
    state.counters["pieces_per_s"] = pieces / ours.best();
    state.counters["plain_pieces_per_s"] = pieces / theirs.best();
    state.counters["times_plain"] = theirs.best() / ours.best();
  });
}

#define REALM_TRAINING_STEP(name, layers, hidden, bf16, laps)  \
  BENCHMARK_CAPTURE(training_step, name, layers, hidden, bf16) \
      ->Unit(benchmark::kMillisecond)                          \
      ->Iterations(laps)                                       \
      ->UseManualTime()
REALM_TRAINING_STEP(2x128_fp32, 2, 128, false, 9);
REALM_TRAINING_STEP(2x128_bf16, 2, 128, true, 9);
REALM_TRAINING_STEP(6x384_fp32, 6, 384, false, 5);
REALM_TRAINING_STEP(6x384_bf16, 6, 384, true, 5);
REALM_TRAINING_STEP(12x768_fp32, 12, 768, false, 3);
REALM_TRAINING_STEP(12x768_bf16, 12, 768, true, 3);

}  // namespace
}  // namespace realm::benchmarks
