#include "trainer/tasks/reading_loss.h"

namespace realm {

TargetScores score_targets(KnowledgeAugmentedEncoder& encoder,
                           std::span<const ReadingExample> examples, const SpecialIds& special,
                           torch::Device device) {
  std::vector<BertInput> inputs;
  for (const ReadingExample& example : examples) inputs.push_back(example.input);
  const BertBatch batch = make_batch(inputs, special, device);
  const int64_t length = batch.ids.size(1);
  std::vector<int64_t> rows;
  std::vector<int64_t> targets;
  for (size_t i = 0; i < examples.size(); ++i) {
    for (size_t j = 0; j < examples[i].positions.size(); ++j) {
      rows.push_back(static_cast<int64_t>(i) * length + examples[i].positions[j]);
      targets.push_back(examples[i].targets[j]);
    }
  }
  const auto masked = static_cast<int64_t>(rows.size());
  for (size_t i = 0; i < examples.size(); ++i) {
    for (const int position : examples[i].visible) {
      rows.push_back(static_cast<int64_t>(i) * length + position);
      targets.push_back(examples[i].input.ids[static_cast<size_t>(position)]);
    }
  }
  const torch::Tensor row_tensor = torch::tensor(rows, torch::kInt64).to(device);
  const torch::Tensor target_tensor = torch::tensor(targets, torch::kInt64).to(device);
  const torch::Tensor log_p = torch::log_softmax(encoder(batch, row_tensor), -1);  // [R, V]
  const torch::Tensor chosen = log_p.gather(1, target_tensor.unsqueeze(1)).squeeze(1);
  const torch::Tensor is_top =
      log_p.detach().slice(0, 0, masked).argmax(1) == target_tensor.slice(0, 0, masked);
  const auto all = static_cast<int64_t>(rows.size());
  return {chosen.slice(0, 0, masked), is_top,
          all > masked ? chosen.slice(0, masked, all) : torch::Tensor()};
}

std::vector<AnswerScore> answer_scores(const TargetScores& scores,
                                       std::span<const ReadingExample> examples) {
  const torch::Tensor log_p = scores.log_p.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  const torch::Tensor is_top = scores.is_top.to(torch::kCPU).contiguous();
  const float* p = log_p.data_ptr<float>();
  const bool* top = is_top.data_ptr<bool>();
  std::vector<AnswerScore> out;
  for (const ReadingExample& example : examples) {
    AnswerScore score;
    score.right = true;
    for (size_t j = 0; j < example.targets.size(); ++j) {
      score.log_p += static_cast<double>(*p++);
      score.right = score.right && *top++;
    }
    out.push_back(score);
  }
  return out;
}

}  // namespace realm
