#include "engine/retrieval/device_index.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {
namespace {

constexpr int64_t kScores = int64_t{1} << 28;  // that are in memory at once, 1 GiB of them

class DeviceIndex final : public MipsIndex {
 public:
  DeviceIndex(VectorTable vectors, int64_t generation, torch::Device device)
      : vectors_(std::move(vectors)), generation_(generation) {
    const torch::NoGradGuard no_grad;
    // from_blob takes a pointer to change; it is only read.
    auto* const rows = const_cast<float*>(vectors_.rows().data());
    matrix_ = torch::from_blob(rows, {size(), dimension()}, torch::kFloat32)
                  .to(device, torch::kFloat32, /*non_blocking=*/false, /*copy=*/true);
    // Throws here, not in the middle of training, where a search finds no room.
    const std::vector<float> trial(static_cast<size_t>(group() * dimension()), 0.0F);
    if (size() > 0) search(trial, 1);
  }

  std::string type() const override { return kDeviceIndexType; }
  int dimension() const override { return vectors_.dimension(); }
  int64_t size() const override { return vectors_.size(); }
  int64_t generation() const override { return generation_; }
  bool contains(DocumentId id) const override { return vectors_.row_of(id) >= 0; }

  std::vector<float> vectors(std::span<const DocumentId> ids) const override {
    std::vector<float> out;
    for (const DocumentId id : ids) {
      const int64_t row = vectors_.row_of(id);
      if (row < 0)
        throw Error(ErrorCode::kNotFound, fmt::format("The index does not hold document {}.", id));
      const std::span<const float> vector = vectors_.row(row);
      out.insert(out.end(), vector.begin(), vector.end());
    }
    return out;
  }

  std::vector<std::vector<Hit>> search(std::span<const float> queries, int k) const override {
    const int64_t width = dimension();
    const auto values = static_cast<int64_t>(queries.size());
    if (values == 0 || values % width != 0) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("The index has dimension {}, but the queries have {} values in all.",
                              width, values));
    }
    const torch::NoGradGuard no_grad;
    const at::NoTF32Guard exact_products;
    auto* const data = const_cast<float*>(queries.data());  // only read
    const torch::Tensor all = torch::from_blob(data, {values / width, width}, torch::kFloat32);
    const int64_t reach = std::clamp<int64_t>(k, 0, size());
    std::vector<std::vector<Hit>> out;
    for (int64_t begin = 0; begin < all.size(0); begin += group()) {
      const torch::Tensor scores = torch::matmul(
          all.slice(0, begin, std::min(all.size(0), begin + group())).to(matrix_.device()),
          matrix_.t());  // [b, N]
      append_best(scores, reach, out);
    }
    return out;
  }

 private:
  // How many queries are searched for at once.
  int64_t group() const {
    return std::clamp<int64_t>(kScores / std::max<int64_t>(1, size()), 1, 512);
  }

  void append_best(const torch::Tensor& scores, int64_t reach,
                   std::vector<std::vector<Hit>>& out) const {
    if (reach == 0) {
      out.resize(out.size() + static_cast<size_t>(scores.size(0)));
      return;
    }
    // One more than wanted, to see a tie for the last place, of which topk keeps any.
    const int64_t wide = std::min(size(), reach + 1);
    const auto [best, rows] = torch::topk(scores, wide, 1);  // [b, wide]
    const torch::Tensor best_here = best.to(torch::kCPU).contiguous();
    const torch::Tensor rows_here = rows.to(torch::kCPU).contiguous();
    for (int64_t b = 0; b < scores.size(0); ++b) {
      const float* const score = best_here.data_ptr<float>() + b * wide;
      const int64_t* const row = rows_here.data_ptr<int64_t>() + b * wide;
      std::vector<Hit> hits;
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
      std::sort(hits.begin(), hits.end(), [](const Hit& left, const Hit& right) {
        return left.score != right.score ? left.score > right.score : left.id < right.id;
      });
      hits.resize(static_cast<size_t>(reach));
      out.push_back(std::move(hits));
    }
  }

  Hit hit(int64_t row, float score) const {
    return {vectors_.ids()[static_cast<size_t>(row)], score};
  }

  VectorTable vectors_;
  int64_t generation_;
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
