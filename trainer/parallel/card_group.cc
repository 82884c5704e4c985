#include "trainer/parallel/card_group.h"

#include <unistd.h>

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#ifdef REALM_WITH_C10D
#include <torch/csrc/distributed/c10d/Store.hpp>
#endif

namespace realm {

double place_of(const torch::Device& device) {
  if (!device.is_cuda()) return 0;
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  const int card = device.has_index() ? device.index() : 0;
  constexpr size_t kExact = (size_t{1} << 52) - 1;  // whole numbers that a double holds
  const size_t hash = std::hash<std::string>()(fmt::format("{}:{}", host, card)) & kExact;
  return static_cast<double>(hash == 0 ? 1 : hash);
}

bool each_has_its_own(std::span<const double> places) {
  const std::set<double> unlike(places.begin(), places.end());
  return unlike.size() == places.size() && !unlike.contains(0.0);
}

#ifdef USE_C10D_NCCL

namespace {

// As Gloo's: a measurement or a checkpoint of the first rank takes its time.
constexpr std::chrono::hours kPatience{2};

class NcclGroup : public CardGroup {
 public:
  NcclGroup(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size) {
    const auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = kPatience;
    group_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, options);
  }
  void sum(torch::Tensor tensor) override {
    std::vector<torch::Tensor> tensors = {std::move(tensor)};
    group_->allreduce(tensors)->wait();  // the card's current stream waits for it
  }

 private:
  c10::intrusive_ptr<c10d::ProcessGroupNCCL> group_;
};

}  // namespace

std::unique_ptr<CardGroup> CardGroup::make(const c10::intrusive_ptr<c10d::Store>& store, int rank,
                                           int size) {
  return std::make_unique<NcclGroup>(store, rank, size);
}

#elif defined(REALM_WITH_C10D)

std::unique_ptr<CardGroup> CardGroup::make(const c10::intrusive_ptr<c10d::Store>&, int, int) {
  return nullptr;
}

#endif

}  // namespace realm
