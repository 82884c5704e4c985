// RankGroup: the processes ("ranks") that train one run together, data parallel (DESIGN.md 5.4).
//
// Each rank holds all weights and computes its share of every batch; gradients are summed, so that
// a run does the same steps however many ranks it has. The first rank alone writes: checkpoints and
// the run database. The processes find each other through torchrun's variables RANK, WORLD_SIZE,
// MASTER_ADDR and MASTER_PORT, or through srun's, and talk through Gloo (c10d). Gradients of CUDA
// cards go through NCCL where the program was built with it and each rank has a card of its own,
// else through the host's memory (card_group.h).
//
// Every call but rank(), size() and share_of() is collective: all ranks must make the same calls in
// the same order, and it blocks until they have. A rank that is gone is Error{kIo} in the others.
// Thread rule: one thread; another thread takes a twin(). In a group of one, every call returns at
// once and changes nothing.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/model/torch.h"
#include "trainer/data/batch_parts.h"
#include "trainer/parallel/rank_environment.h"

namespace realm {

inline constexpr int64_t kGradientBucket = int64_t{16} << 20;

class RankGroup {
 public:
  // This process by itself.
  static std::shared_ptr<RankGroup> alone();
  // The group that the variables name (rank_environment.h); alone() where there is one process.
  // Throws as meet(), and Error{kInvalidArgument} naming a variable that is missing or wrong.
  static std::shared_ptr<RankGroup> from_environment();
  // The group in which this process has that place. Blocks until all ranks are there, at most ten
  // minutes. Throws Error{kIo} when the ranks do not meet, Error{kUnsupported} where the program
  // was built without c10d.
  static std::shared_ptr<RankGroup> meet(const RankEnvironment& place);
  ~RankGroup();
  RankGroup(const RankGroup&) = delete;
  RankGroup& operator=(const RankGroup&) = delete;

  int rank() const { return rank_; }  // from 0
  int size() const { return size_; }  // at least 1
  bool is_first() const { return rank_ == 0; }

  // The same ranks over connections of their own, for another thread. `name` differs from twin to
  // twin.
  std::shared_ptr<RankGroup> twin(const std::string& name) const;

  // The run of examples that this rank computes; shares differ by one at most. Of fewer examples
  // than ranks, some ranks have none.
  BatchPart share_of(size_t examples) const;

  // Each value becomes its sum over the ranks.
  void sum(std::span<double> values);
  // Each gradient becomes its sum over the ranks. One that no rank has stays undefined; one that
  // some rank has counts as 0 in the others. No parameter may be there twice, as it would be summed
  // twice (trainer/trained_leaves.h). A message holds at least `bucket` values, but for the last.
  void sum_gradients(std::span<const torch::Tensor> parameters, int64_t bucket = kGradientBucket);
  // The rows [n, D] of all ranks, in order of rank; n may differ. The own rows keep their graph, so
  // gradients flow into them alone.
  torch::Tensor gather_rows(const torch::Tensor& own);
  // The first rank's text. What the others pass is not looked at.
  std::string from_first(const std::string& text);
  bool all(bool value);  // whether it holds at every rank

 private:
  struct Link;
  void find_cards(const torch::Device& own);
  RankGroup(int rank, int size, std::unique_ptr<Link> link);
  int rank_ = 0, size_ = 1;
  std::unique_ptr<Link> link_;  // null: alone
};

// Each value becomes its sum over the ranks, in one message.
template <typename... Doubles>
void sum_over_ranks(RankGroup& ranks, Doubles&... values) {
  double all[] = {values...};
  ranks.sum(all);
  size_t i = 0;
  ((values = all[i++]), ...);
}

}  // namespace realm
