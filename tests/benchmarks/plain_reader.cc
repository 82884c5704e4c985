#include "tests/benchmarks/plain_reader.h"

#include <ATen/autocast_mode.h>

namespace realm::benchmarks {
namespace {

constexpr int64_t kVisible = -100;  // no target

// LibTorch's autocast on the CPU, within a scope.
class Autocast {
 public:
  explicit Autocast(bool on) { set(on); }
  ~Autocast() {
    set(false);
    at::autocast::clear_cache();
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  static void set(bool on) {
#if TORCH_VERSION_MAJOR >= 2
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
    at::autocast::set_autocast_enabled(at::kCPU, on);
#else
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    at::autocast::set_cpu_enabled(on);
#endif
  }
};

}  // namespace

PlainReader::PlainReader(const KnowledgeAugmentedEncoder& encoder, double rate)
    : bert_(encoder->config(), encoder->named(), true),
      optimizer_(bert_.parameters(), torch::optim::AdamWOptions(rate).weight_decay(0.01)) {}

torch::Tensor PlainReader::loss(const PlainBatch& batch, const torch::Tensor& targets) const {
  const torch::Tensor transformed = bert_.norm(
      torch::gelu(bert_.dense(bert_.hidden(batch), "cls.predictions.transform.dense"), "tanh"),
      "cls.predictions.transform.LayerNorm");
  const torch::Tensor logits =
      torch::linear(transformed, bert_.weight("realm.embeddings.word_embeddings.weight"),
                    bert_.weight("cls.predictions.bias"));  // [B, L, V]
  return torch::nn::functional::cross_entropy(
      logits.flatten(0, 1).to(torch::kFloat32), targets.flatten(),
      torch::nn::functional::CrossEntropyFuncOptions().ignore_index(kVisible));
}

double PlainReader::step(std::span<const ReadingExample> examples, const SpecialIds& special,
                         bool bf16) {
  std::vector<BertInput> inputs;
  for (const ReadingExample& example : examples) inputs.push_back(example.input);
  const PlainBatch batch = plain_batch(inputs, special);
  torch::Tensor targets = torch::full_like(batch.ids, kVisible);
  for (size_t i = 0; i < examples.size(); ++i) {
    for (size_t j = 0; j < examples[i].positions.size(); ++j)
      targets[static_cast<int64_t>(i)][examples[i].positions[j]] = examples[i].targets[j];
  }
  optimizer_.zero_grad();
  torch::Tensor value;
  {
    const Autocast autocast(bf16);
    value = loss(batch, targets);
  }
  value.backward();
  torch::nn::utils::clip_grad_norm_(bert_.parameters(), 1.0);
  optimizer_.step();
  return value.item<double>();
}

}  // namespace realm::benchmarks
