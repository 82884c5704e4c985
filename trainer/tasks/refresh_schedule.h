// RefreshSchedule: at which steps the index is refreshed (DESIGN.md 5.6; REALM_SPEC 6). Free of
// LibTorch; a plain value, one owner.
//
// A refresh is begun at a step and adopted at a later one; one is under way at a time. In the
// repeatable mode both depend on steps alone, so that runs repeat: one is due at every multiple of
// every_steps(), and begins then, or where one that was asked for is under way, when that is
// adopted. In the free mode a refresh is adopted at the first step at which it is done.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "trainer/options.h"

namespace realm {

class RefreshSchedule {
 public:
  explicit RefreshSchedule(const TrainOptions& options);

  bool is_repeatable() const noexcept { return mode_ == RefreshMode::kRepeatable; }
  // Steps from one refresh to the next: refresh_every_steps times stale_factor.
  int64_t every_steps() const noexcept { return every_; }

  // A refresh that a person asks for: begun at `step`, or where one is under way then, at the first
  // step at which none is.
  void request(int64_t step) { requests_.insert(step); }
  // Requests for steps up to `step` that were not begun yet, for checkpoints.
  std::vector<int64_t> open_requests(int64_t step) const;

  // Whether the refresh under way, begun at `begun`, becomes the index before step `step`.
  // `is_done` counts in the free mode only: in the repeatable one the trainer waits for it.
  bool is_adopted(int64_t step, int64_t begun, bool is_done) const noexcept;
  // Whether a refresh begins before step `step`, none being under way. `made_at`: the step whose
  // weights made the current index.
  bool begins(int64_t step, int64_t made_at) const noexcept;
  // To be called when one has begun: what was asked for until then is done.
  void begun(int64_t step) { requests_.erase(requests_.begin(), requests_.upper_bound(step)); }

 private:
  RefreshMode mode_;
  int64_t every_, lag_;
  std::set<int64_t> requests_;
};

}  // namespace realm
