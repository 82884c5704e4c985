#include "trainer/tasks/batch_candidates.h"

#include <algorithm>

namespace realm {

BatchCandidates choose_batch_candidates(const TaskInputs& inputs, const MipsIndex& index,
                                        const torch::Tensor& queries,
                                        std::span<const TrainingSentence* const> sentences) {
  const int k = inputs.options.candidates;
  const auto wanted = static_cast<size_t>(k - 1);
  BatchCandidates out;
  out.generation = index.generation();
  const torch::Tensor flat = queries.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  // One more than wanted, to replace a trivial candidate.
  const auto hits = index.search({flat.data_ptr<float>(), static_cast<size_t>(flat.numel())},
                                 std::max(k, kRecallDepth));
  for (size_t b = 0; b < sentences.size(); ++b) {
    std::vector<int64_t> rows;
    int gold_rank = 0;
    for (size_t i = 0; i < hits[b].size(); ++i) {
      const int64_t row = inputs.passages.row_of(hits[b][i].id);
      if (row == sentences[b]->passage) gold_rank = static_cast<int>(i) + 1;
      if (wanted == 0 || i > wanted) continue;
      const bool trivial =
          inputs.options.drop_trivial_candidate &&
          inputs.passages.at(row).plain_text.find(sentences[b]->text) != std::string::npos;
      if (trivial) {
        ++out.dropped_trivial;
      } else if (rows.size() < wanted) {
        rows.push_back(row);
      }
    }
    rows.resize(wanted, -1);
    out.rows.push_back(std::move(rows));
    out.gold_rank.push_back(gold_rank);
  }
  return out;
}

}  // namespace realm
