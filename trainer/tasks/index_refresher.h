// IndexRefresher: embeds the corpus with a snapshot of the embedder while training goes on
// (DESIGN.md 5.6; REALM_SPEC 6).
//
// A refresh begun at step s is adopted at step s + refresh_lag_steps exactly: the training thread
// waits if it must, so that runs repeat. Only the choice of candidates is stale; scores and
// gradients use current weights. Thread rule: one owner; it runs one thread of its own.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "engine/index/mips_index.h"
#include "engine/index/vector_table.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {

using WeightList = std::vector<std::pair<std::string, torch::Tensor>>;

class IndexRefresher {
 public:
  explicit IndexRefresher(const TaskInputs& inputs);
  ~IndexRefresher();  // cancels a refresh under way

  // Embeds the corpus with these weights now and makes it generation `generation`. Blocks.
  void build_now(const Embedder& weights, int64_t generation, int64_t made_at_step);
  // Takes a copy of the weights and embeds the corpus with it beside the caller.
  void begin(const Embedder& weights, int64_t step);

  struct Adopted {
    double waited_seconds = 0;  // of the training thread
    double spent_seconds = 0;   // of the refresh
  };
  // Makes the refresh under way the current index. Blocks until it is done. Rethrows what stopped
  // it.
  Adopted adopt();

  bool is_refreshing() const { return pending_.has_value(); }
  int64_t pending_step() const { return pending_->step; }
  const MipsIndex& index() const { return *index_; }
  int64_t made_at_step() const {
    return made_at_step_;
  }  // whose weights embedded the current index

  // The weights of the current index ("index.") and of the refresh under way ("pending."), for
  // checkpoints.
  WeightList weights() const;
  struct Restored {
    int64_t generation = 0, made_at_step = 0;
    std::optional<int64_t> pending_step;
  };
  void restore(const Restored& saved, const WeightList& weights);

 private:
  struct Built {
    VectorTable vectors;
    double seconds;
  };
  struct Pending {
    int64_t step = 0;
    Embedder weights{nullptr};
    std::future<Built> result;
    std::jthread thread;  // last: joined before the rest goes
  };
  Embedder copy_of(const Embedder& weights) const;
  void start(Embedder weights, int64_t step);
  void take(VectorTable vectors, Embedder weights, int64_t generation, int64_t step);

  const TaskInputs& inputs_;
  std::shared_ptr<const MipsIndex> index_;
  Embedder index_weights_{nullptr};
  int64_t made_at_step_ = 0;
  std::optional<Pending> pending_;
};

}  // namespace realm
