// Passages into vectors: ours, the plain way beside it, and the machine's own matrix product, by
// turns in one benchmark, so that whatever else the machine does at the time falls on all three.
// The fastest lap of each counts.
#include <benchmark/benchmark.h>

#include "engine/checkpoint/model_folder.h"
#include "engine/model/model_io.h"
#include "tests/benchmarks/benchmark_world.h"
#include "tests/benchmarks/laps.h"
#include "tests/benchmarks/plain_embedder.h"

namespace realm::benchmarks {
namespace {

// A product of two square float32 matrices.
class MatrixProduct {
 public:
  static constexpr int64_t kSize = 2048;
  static constexpr double kGflop = 2.0 * kSize * kSize * kSize / 1e9;
  void run() const {
    const torch::NoGradGuard no_grad;
    benchmark::DoNotOptimize(torch::mm(a_, b_));
  }

 private:
  torch::Tensor a_ = torch::randn({kSize, kSize});
  torch::Tensor b_ = torch::randn({kSize, kSize});
};

// The multiplications and additions that our embedder does for a text of so many pieces. Padding
// does not count, and of the last layer only what [CLS] needs is done behind the attention.
double gflop_of_text(const ModelConfig& config, double pieces) {
  const auto h = static_cast<double>(config.hidden);
  const auto wide = static_cast<double>(config.intermediate);
  const double attention = pieces * (3 * h * h + 2 * pieces * h);  // projections, scores, sums
  const double rest = h * h + 2 * h * wide;                        // of one piece
  const auto layers = static_cast<double>(config.layers);
  return 2e-9 * (layers * attention + ((layers - 1) * pieces + 1) * rest);
}

std::vector<BertInput> packed(const RealmEngine& engine, const std::vector<Document>& passages) {
  std::vector<BertInput> out;
  for (const Document& passage : passages) {
    out.push_back(pack_document(engine.tokenizer().token_ids(passage.title),
                                engine.tokenizer().token_ids(passage.text), engine.card().lengths,
                                engine.tokenizer().vocabulary().special()));
  }
  return out;
}

// From texts to vectors, the tokenizer's time included on both sides.
void embed(benchmark::State& state, std::filesystem::path (*folder)(), size_t count) {
  guarded(state, [&] {
    const auto threads = static_cast<int>(state.range(0));
    const auto engine = open_engine(folder(), threads);
    const std::vector<Document> passages = starter_passages(count);
    const Embedder embedder = load_embedder(ModelFolder::open(folder()), torch::kCPU);
    const PlainEmbedder plain(embedder);
    const MatrixProduct product;
    const SpecialIds& special = engine->tokenizer().vocabulary().special();

    const std::vector<BertInput> inputs = packed(*engine, passages);
    double pieces = 0, gflop = 0;
    for (const BertInput& input : inputs) {
      pieces += static_cast<double>(input.ids.size());
      gflop += gflop_of_text(embedder->config(), static_cast<double>(input.ids.size()));
    }
    std::vector<float> ours = engine->embed_documents(passages, {});
    const torch::Tensor theirs = plain.embed(inputs, special);
    const double apart =
        (torch::from_blob(ours.data(), theirs.sizes()) - theirs).abs().max().item<double>();
    if (!(apart < 1e-3))
      throw std::runtime_error("the two ways give vectors that are " + std::to_string(apart) +
                               " apart");

    Laps our_laps, plain_laps, product_laps;
    for (auto _ : state) {
      state.SetIterationTime(
          our_laps.time([&] { benchmark::DoNotOptimize(engine->embed_documents(passages, {})); }));
      plain_laps.time(
          [&] { benchmark::DoNotOptimize(plain.embed(packed(*engine, passages), special)); });
      for (int i = 0; i < 3; ++i) product_laps.time([&] { product.run(); });
    }
    const auto texts = static_cast<double>(passages.size());
    state.counters["threads_in_use"] = torch::get_num_threads();
    state.counters["passages_per_s"] = texts / our_laps.best();
    state.counters["pieces_per_s"] = pieces / our_laps.best();
    state.counters["plain_passages_per_s"] = texts / plain_laps.best();
    state.counters["times_plain"] = plain_laps.best() / our_laps.best();
    state.counters["GFLOP_per_s"] = gflop / our_laps.best();
    state.counters["gemm_GFLOP_per_s"] = MatrixProduct::kGflop / product_laps.best();
    state.counters["of_gemm_ceiling"] =
        gflop / our_laps.best() / (MatrixProduct::kGflop / product_laps.best());
  });
}

// 0: as many as there are cores free, which is what the programs do.
void with_threads(benchmark::internal::Benchmark* const registered) {
  registered->ArgName("threads")->Arg(1)->Arg(0);
  registered->Iterations(7)->Unit(benchmark::kMillisecond)->UseManualTime();
}
BENCHMARK_CAPTURE(embed, starter, &starter_model, 1024)->Apply(with_threads);
BENCHMARK_CAPTURE(embed, 6x384, &random_model_6x384, 128)->Apply(with_threads);

}  // namespace
}  // namespace realm::benchmarks
