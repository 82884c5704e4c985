// A workspace that a training run takes seconds on: thirty towns with a founder and a river each, a
// vocabulary without a model, training and held-out sentences in other words than the passages.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/temp_directory.h"
#include "trainer/options.h"

namespace realm::testing {

class TrainingWorld {
 public:
  static constexpr int kTowns = 30;

  TrainingWorld();

  std::filesystem::path workspace() const { return folder_ / "workspace"; }
  std::filesystem::path models() const { return workspace() / "models"; }
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    return folder_.write(name, content);
  }

  // Options of a small run of this task, from the vocabulary alone: 2 layers of 32, four examples a
  // step.
  TrainOptions options(TrainTask task) const;

 private:
  TempDirectory folder_;
};

// The newest checkpoint of a run: its step, fingerprint and task state, and the bytes of its
// tensors.
struct StoredCheckpoint {
  int64_t step = 0;
  std::string fingerprint, task, tensors;
};
StoredCheckpoint newest_stored(const std::filesystem::path& run_folder);

}  // namespace realm::testing
