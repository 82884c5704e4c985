// RefreshedIndex: the index that pre-training takes candidates from, refreshed by schedule while
// training goes on, with every refresh recorded (DESIGN.md 5.6; REALM_SPEC 6). Thread rule: one
// owner; it runs the refresher's thread.
//
// Recorded at the step of each adoption, as an event of kind "refresh" whose JSON has the names
// without "index/", and as scalars:
//   index/replaced_age_steps, _seconds  how old the index was that ended, since its weights
//   index/drift_cosine, /overlap_at_k   what the refresh changed (trainer/tasks/index_change.h)
//   index/wait_seconds                  for which the trainer stood still
//   index/spent_seconds                 that the refresh took
// While one is under way its index/refresh_share, of the corpus that is embedded, is among the
// metrics, and recorded every few seconds while the trainer waits for it.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "storage/run_database.h"
#include "trainer/tasks/index_refresher.h"
#include "trainer/tasks/refresh_schedule.h"

namespace realm {

class RefreshedIndex {
 public:
  explicit RefreshedIndex(const TaskInputs& inputs)
      : inputs_(inputs), refresher_(inputs), schedule_(inputs.options) {}

  // Generation 0. Blocks.
  void build(const Embedder& embedder) { refresher_.build_now(embedder, 0, 0); }
  // Adopts and begins what is due before step `step`. Blocks in the repeatable mode until a refresh
  // that is due is done, for the seconds that it returns; heeds inputs.looks meanwhile, and where
  // they end it nothing is done.
  double before_step(int64_t step, const Embedder& embedder, RunWriter& run);
  // A person asks for a refresh, before step `step`: begins at once or after the one under way.
  // Recorded as an event of kind "control" with the step.
  void request(int64_t step, RunWriter& run);
  // The same again in a run that goes on from before `step`: in the repeatable mode alone, as
  // nothing else is repeated in the free one.
  void repeat_request(int64_t step);

  const MipsIndex& index() const { return refresher_.index(); }
  const VectorTable& vectors() const { return refresher_.vectors(); }
  int64_t made_at_step() const { return refresher_.made_at_step(); }
  // index/generation, index/age_steps and index/age_seconds of the index in use at `step`; of a
  // refresh under way index/refresh_steps since it began and index/refresh_share.
  Metrics metrics(int64_t step) const;

  // For checkpoints: JSON object and the weights behind the index.
  nlohmann::json state() const;
  WeightList weights() const { return refresher_.weights(); }
  // Instead of build. Of `like` only the sizes count. Blocks for as long.
  void restore(const nlohmann::json& saved, const WeightList& weights, const Embedder& like);

 private:
  bool is_adopted(int64_t step);
  IndexRefresher::Adopted wait(int64_t step, RunWriter& run);
  void record(int64_t step, const IndexRefresher::Adopted& adopted, RunWriter& run) const;

  const TaskInputs& inputs_;
  IndexRefresher refresher_;
  RefreshSchedule schedule_;
  int64_t step_ = -1;  // the last one begun
  bool said_free_ = false;
};

}  // namespace realm
