#include "trainer/tasks/warm_pairs.h"

#include <algorithm>
#include <cmath>

#include "trainer/data/batch_parts.h"
#include "trainer/tasks/reading_loss.h"

namespace realm {
namespace {

// The sampler sorts the examples of several batches by length: of a batch larger than what is used,
// a part would be all of the short ones.
TrainOptions options_of(TrainOptions options) {
  options.batch_size =
      static_cast<int>(std::lround(options.warm_pair_fraction * options.batch_size));
  return options;
}

}  // namespace

WarmPairs::WarmPairs(const TaskInputs& inputs)
    : inputs_(inputs),
      options_(options_of(inputs.options)),
      sampler_(options_, inputs.vocabulary(), inputs.passages, *inputs.text) {}

std::vector<ReadingExample> WarmPairs::draw(int64_t step) {
  return options_.batch_size > 0 ? sampler_.batch(step) : std::vector<ReadingExample>();
}

std::optional<WarmPairs::Learned> WarmPairs::learn(KnowledgeAugmentedEncoder& encoder,
                                                   int64_t step) {
  const std::vector<ReadingExample> pairs = draw(step);
  if (pairs.empty()) return std::nullopt;
  Learned out;
  double pieces = 0;
  for (const ReadingExample& pair : pairs) {
    pieces += static_cast<double>(pair.positions.size());
    out.tokens += static_cast<int64_t>(pair.input.ids.size());
  }
  for (const BatchPart& part :
       parts_of(inputs_.ranks->share_of(pairs.size()), options_.accumulate_steps)) {
    const torch::Tensor loss =
        -score_targets(encoder, std::span(pairs).subspan(part.begin, part.size),
                       inputs_.vocabulary().special(), inputs_.device)
             .log_p.sum() /
        pieces;
    (options_.warm_pair_fraction * loss).backward();
    out.loss += loss.item<double>();
  }
  sum_over_ranks(*inputs_.ranks, out.loss);
  return out;
}

}  // namespace realm
