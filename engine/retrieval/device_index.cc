#include "engine/retrieval/device_index.h"

#include <algorithm>

#include "engine/index/table_index.h"

namespace realm {
namespace {

constexpr int64_t kScores = int64_t{1} << 28;  // that are in memory at once, 1 GiB of them

class DeviceIndex final : public TableIndex {
 public:
  DeviceIndex(VectorTable vectors, int64_t generation, torch::Device device)
      : TableIndex(kDeviceIndexType, std::move(vectors), generation) {
    const torch::NoGradGuard no_grad;
    // from_blob takes a pointer to change; it is only read.
    auto* const rows = const_cast<float*>(table().rows().data());
    matrix_ = torch::from_blob(rows, {size(), dimension()}, torch::kFloat32)
                  .to(device, torch::kFloat32, /*non_blocking=*/false, /*copy=*/true);
    // Throws here, not in the middle of training, where a search finds no room.
    const std::vector<float> trial(static_cast<size_t>(group() * dimension()), 0.0F);
    if (size() > 0) search(trial, 1);
  }

 protected:
  void find(std::span<const float> queries, int64_t reach,
            std::vector<std::vector<Hit>>& results) const override {
    const torch::NoGradGuard no_grad;
    const at::NoTF32Guard exact_products;
    auto* const data = const_cast<float*>(queries.data());  // only read
    const auto count = static_cast<int64_t>(results.size());
    const torch::Tensor all = torch::from_blob(data, {count, dimension()}, torch::kFloat32);
    for (int64_t begin = 0; begin < count; begin += group()) {
      const torch::Tensor scores =
          torch::matmul(all.slice(0, begin, std::min(count, begin + group())).to(matrix_.device()),
                        matrix_.t());  // [b, N]
      append_best(scores, reach, std::span(results).subspan(static_cast<size_t>(begin)));
    }
  }

 private:
  // How many queries are searched for at once.
  int64_t group() const {
    return std::clamp<int64_t>(kScores / std::max<int64_t>(1, size()), 1, 512);
  }

  void append_best(const torch::Tensor& scores, int64_t reach,
                   std::span<std::vector<Hit>> results) const {
    // One more than wanted, to see a tie for the last place, of which topk keeps any.
    const int64_t wide = std::min(size(), reach + 1);
    const auto [best, rows] = torch::topk(scores, wide, 1);  // [b, wide]
    const torch::Tensor best_here = best.to(torch::kCPU).contiguous();
    const torch::Tensor rows_here = rows.to(torch::kCPU).contiguous();
    for (int64_t b = 0; b < scores.size(0); ++b) {
      const float* const score = best_here.data_ptr<float>() + b * wide;
      const int64_t* const row = rows_here.data_ptr<int64_t>() + b * wide;
      std::vector<Hit>& hits = results[static_cast<size_t>(b)];
      if (wide > reach && score[reach - 1] == score[reach]) {
        const torch::Tensor tied =
            (scores[b] >= score[reach]).nonzero().flatten().to(torch::kCPU).contiguous();
        const torch::Tensor of_tied =
            scores[b].index_select(0, tied.to(scores.device())).to(torch::kCPU).contiguous();
        for (int64_t i = 0; i < tied.numel(); ++i)
          hits.push_back(hit(tied.data_ptr<int64_t>()[i], of_tied.data_ptr<float>()[i]));
      } else {
        for (int64_t i = 0; i < reach; ++i) hits.push_back(hit(row[i], score[i]));
      }
    }
  }

  torch::Tensor matrix_;  // [N, D] on the device
};

}  // namespace

std::shared_ptr<const MipsIndex> make_device_index(VectorTable vectors, int64_t generation,
                                                   torch::Device device) {
  try {
    return std::make_shared<DeviceIndex>(std::move(vectors), generation, device);
  } catch (const c10::OutOfMemoryError&) {
    return nullptr;
  }
}

}  // namespace realm
