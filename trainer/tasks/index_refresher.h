// IndexRefresher: embeds the corpus with a snapshot of the embedder while training goes on
// (DESIGN.md 5.6; REALM_SPEC 6). When a refresh begins and is adopted is for RefreshSchedule to
// say.
//
// Only the choice of candidates is stale; scores and gradients use current weights. The corpus is
// embedded on options.refresh_device by a thread of the refresher's own with
// options.refresh_threads of LibTorch's, also when the caller waits for it: so the same weights
// give the same bits. That thread also measures what the refresh changes. Thread rule: one owner.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "engine/index/mips_index.h"
#include "engine/index/vector_table.h"
#include "trainer/tasks/index_change.h"
#include "trainer/tasks/task_inputs.h"

namespace realm {

using WeightList = std::vector<std::pair<std::string, torch::Tensor>>;

class IndexRefresher {
 public:
  // How many documents, at even distances in the corpus, the drift of a refresh is measured on.
  static constexpr int kProbeDocuments = 1000;

  explicit IndexRefresher(const TaskInputs& inputs);
  ~IndexRefresher();  // cancels a refresh under way

  // Embeds the corpus with these weights now and makes it generation `generation`. Blocks; heeds
  // inputs.looks meanwhile, as it is a part of a run's start.
  void build_now(const Embedder& weights, int64_t generation, int64_t made_at_step);
  // Takes a copy of the weights and embeds the corpus with it beside the caller.
  void begin(const Embedder& weights, int64_t step);

  struct Adopted {
    double wait_seconds = 0;   // of the training thread
    double spent_seconds = 0;  // of the refresh: embedding and measuring
    // Of the index that was replaced, when it was.
    int64_t replaced_made_at_step = 0;
    double replaced_age_seconds = 0;
    // Between the replaced index and the new one. The queries are held-out ones, embedded with the
    // weights that made the new one; k is the number of passages that training takes.
    IndexChange change;
  };
  // Makes the refresh under way the current index. Blocks until it is done, and calls `look` some
  // ten times a second meanwhile; what that throws is passed on, and the refresh is under way as
  // before. Rethrows what stopped it.
  Adopted adopt(const std::function<void()>& look);

  bool is_refreshing() const { return pending_.has_value(); }
  bool is_done() const;  // a refresh is under way and adopt() would not wait
  int64_t pending_step() const { return pending_->step; }
  // Of the corpus, in [0, 1], that the refresh under way has embedded.
  double pending_share() const { return embedded_share_; }
  const MipsIndex& index() const { return *index_; }
  const VectorTable& vectors() const { return *vectors_; }  // of the index
  // The step whose weights embedded the current index.
  int64_t made_at_step() const { return made_at_step_; }
  // Since its weights were copied. A restored index begins at 0 again.
  double age_seconds() const;

  // The weights of the current index ("index.") and of the refresh under way ("pending."), for
  // checkpoints.
  WeightList weights() const;
  struct Restored {
    int64_t generation = 0, made_at_step = 0;
    std::optional<int64_t> pending_step;
  };
  // Embeds the corpus once, and begins the refresh that was under way. Of `like` only the sizes
  // count. Blocks as build_now does.
  void restore(const Restored& saved, const WeightList& weights, const Embedder& like);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Built {
    std::shared_ptr<const MipsIndex> index;
    std::optional<VectorTable> vectors;
    IndexChange change;
    double seconds = 0;
  };
  struct Pending {
    int64_t step = 0;
    int64_t generation = 0;
    Time begun;
    Embedder weights{nullptr};
    std::future<Built> result;
    std::jthread thread;  // last: joined before the rest goes
  };
  Embedder copy_of(const Embedder& weights) const;
  void start(Embedder weights, int64_t step, int64_t generation);
  void take(Built built);
  // The refresher's thread.
  Built build(Embedder& embedder, int64_t generation, const std::shared_ptr<const MipsIndex>& old,
              const std::stop_token& stop);
  std::vector<float> embed_queries(Embedder& embedder) const;  // [n, P], held-out ones

  const TaskInputs& inputs_;
  std::shared_ptr<RankGroup> ranks_;  // of the refresher's thread
  std::shared_ptr<const MipsIndex> index_;
  std::optional<VectorTable> vectors_;
  Embedder index_weights_{nullptr};
  int64_t made_at_step_ = 0;
  Time made_at_;
  std::atomic<double> embedded_share_{0};  // written by the refresher's thread
  std::optional<Pending> pending_;
};

}  // namespace realm
