#include "engine/model/bert_batch.h"

#include <algorithm>

#include "engine/base/check.h"

namespace realm {

BertBatch make_batch(std::span<const BertInput> inputs, const SpecialIds& special,
                     torch::Device device) {
  REALM_CHECK(!inputs.empty());
  size_t longest = 0;
  bool padded = false;
  for (const BertInput& input : inputs) {
    REALM_CHECK(!input.ids.empty() && input.ids.size() == input.segments.size());
    padded |= longest != 0 && input.ids.size() != longest;
    longest = std::max(longest, input.ids.size());
  }
  const auto rows = static_cast<int64_t>(inputs.size());
  const auto columns = static_cast<int64_t>(longest);
  BertBatch batch;
  batch.ids = torch::full({rows, columns}, static_cast<int64_t>(special.pad), torch::kInt64);
  batch.segments = torch::zeros({rows, columns}, torch::kInt64);
  if (padded) batch.attention = torch::zeros({rows, columns}, torch::kFloat32);
  auto* ids = batch.ids.data_ptr<int64_t>();
  auto* segments = batch.segments.data_ptr<int64_t>();
  float* attention = padded ? batch.attention.data_ptr<float>() : nullptr;
  for (size_t row = 0; row < inputs.size(); ++row) {
    const BertInput& input = inputs[row];
    std::copy(input.ids.begin(), input.ids.end(), ids + row * longest);
    std::copy(input.segments.begin(), input.segments.end(), segments + row * longest);
    if (attention != nullptr) std::fill_n(attention + row * longest, input.ids.size(), 1.0F);
  }
  if (!device.is_cpu()) {
    batch.ids = batch.ids.to(device);
    batch.segments = batch.segments.to(device);
    if (padded) batch.attention = batch.attention.to(device);
  }
  return batch;
}

}  // namespace realm
