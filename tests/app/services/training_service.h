// A TrainService over a new workspace, with runs that the test writes itself and a program in place
// of the trainer.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include "app/services/train_service.h"
#include "storage/run_database.h"
#include "storage/workspace.h"
#include "tests/support/temp_directory.h"

namespace realm::testing {

class Training : public ::testing::Test {
 protected:
  static constexpr std::chrono::milliseconds kOften{10};

  Training() : workspace_(Workspace::create(folder_ / "w")) {
    std::filesystem::create_directories(workspace_.runs_folder());
  }
  RunId add_run(const RunId& id, int64_t steps) {
    return RunWriter::create_run(workspace_.run_database(), {id, "pretrain", "{}", steps});
  }
  void start(const std::filesystem::path& trainer = {}) {
    service_ = std::make_unique<TrainService>(TrainServiceOptions{
        .trainer = trainer, .wake = [this] { changed_.notify_all(); }, .look_every = kOften});
    send(view::WatchRuns{folder_ / "w"});
  }
  view::RequestId send(view::TrainCommandBody body) {
    service_->submit({++last_id_, std::move(body)});
    return last_id_;
  }
  // The first snapshot for which it holds; fails the test after ten seconds.
  std::shared_ptr<const view::TrainSnapshot> wait_for(
      const std::function<bool(const view::TrainSnapshot&)>& holds) {
    std::unique_lock lock(mutex_);
    std::shared_ptr<const view::TrainSnapshot> found;
    const bool in_time = changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      found = service_->snapshot();
      return found && holds(*found);
    });
    EXPECT_TRUE(in_time);
    return found;
  }
  static const view::TrainOutcome* outcome_of(const view::TrainSnapshot& snapshot,
                                              view::RequestId id) {
    for (const view::TrainOutcome& outcome : *snapshot.outcomes) {
      if (outcome.id == id) return &outcome;
    }
    return nullptr;
  }
  view::TrainOutcome outcome(view::RequestId id) {
    return *outcome_of(*wait_for([&](const view::TrainSnapshot& s) { return outcome_of(s, id); }),
                       id);
  }

  TempDirectory folder_;
  Workspace workspace_;
  std::mutex mutex_;
  std::condition_variable changed_;
  view::RequestId last_id_ = 0;
  std::unique_ptr<TrainService> service_;
};

}  // namespace realm::testing
