// RunFollower: a run's numbers, events and probes, read piece by piece while its trainer writes
// them. Used by TrainService alone. Thread rule: one thread; blocks on disk.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/view/train_messages.h"
#include "storage/run_database.h"

namespace realm {

class RunFollower {
 public:
  static constexpr size_t kMostEvents = 5000;  // the newest are kept

  explicit RunFollower(RunId run);

  const RunId& run() const { return cursor_.run; }
  // Reads what is new; true when something is. Throws what RunReader::read_since throws.
  bool read(const RunReader& reader);
  // Everything so far; never nullptr.
  std::shared_ptr<const view::RunDetail> detail() const { return detail_; }

 private:
  void forget();
  void take(const RunDelta& delta);
  void publish(int attempt);

  RunCursor cursor_;
  std::map<std::string, view::Curve> curves_;
  std::map<std::string, std::shared_ptr<const view::Curve>> published_;  // of curves_, unchanged
  std::optional<UnixMillis> first_time_;
  std::vector<RunEvent> events_;
  std::vector<RunProbe> probes_;
  std::vector<view::TrainingSample> samples_;
  // Made anew only where something came.
  std::vector<std::shared_ptr<const view::ProbeFilm>> films_;
  std::shared_ptr<const std::vector<view::TrainingSample>> published_samples_;
  std::shared_ptr<const view::RunDetail> detail_;
};

}  // namespace realm
