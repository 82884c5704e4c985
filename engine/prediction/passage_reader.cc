#include "engine/prediction/passage_reader.h"

#include <algorithm>

#include "engine/base/cancellation.h"

namespace realm {

PassageReader::PassageReader(KnowledgeAugmentedEncoder encoder, ModelSetting setting)
    : encoder_(std::move(encoder)), setting_(std::move(setting)) {}

Reading PassageReader::read(const MaskedText& x, const std::vector<Document>& documents,
                            const std::stop_token& stop) {
  constexpr size_t kGroup = 16;
  const SpecialIds& special = setting_.special();
  Reading all;
  for (size_t begin = 0; begin < documents.size(); begin += kGroup) {
    throw_if_cancelled(stop);
    std::vector<BertInput> inputs;
    for (size_t i = begin; i < std::min(documents.size(), begin + kGroup); ++i) {
      inputs.push_back(pack_joint(x.ids, setting_.tokenizer->token_ids(documents[i].text),
                                  setting_.lengths, special));
    }
    Reading part = run(inputs, x.masks);
    if (all.documents == 0) {
      all = std::move(part);
    } else {
      all.log_p.insert(all.log_p.end(), part.log_p.begin(), part.log_p.end());
      all.documents += part.documents;
    }
  }
  return all;
}

Reading PassageReader::read_alone(const MaskedText& x) {
  return run({pack_query(x.ids, setting_.lengths, setting_.special())}, x.masks);
}

Reading PassageReader::run(const std::vector<BertInput>& inputs, const std::vector<int>& masks) {
  const torch::NoGradGuard no_grad;
  setting_.choose_threads();
  const BertBatch batch = make_batch(inputs, setting_.special(), setting_.device);
  const int64_t length = batch.ids.size(1);
  std::vector<int64_t> rows;
  for (size_t k = 0; k < inputs.size(); ++k) {
    for (const int mask : masks)
      rows.push_back(static_cast<int64_t>(k) * length + mask + 1);  // behind [CLS]
  }
  const torch::Tensor logits =
      encoder_(batch, torch::tensor(rows, torch::kInt64).to(setting_.device));  // [K*M, V]
  const torch::Tensor log_p =
      torch::log_softmax(logits.to(torch::kFloat32), -1).to(torch::kCPU).contiguous();
  return {{log_p.data_ptr<float>(), log_p.data_ptr<float>() + log_p.numel()},
          static_cast<int>(inputs.size()),
          static_cast<int>(masks.size()),
          static_cast<int>(log_p.size(1))};
}

}  // namespace realm
