// A trainer that is killed at random moments, twenty times in one run, and what the window's
// service shows of it each time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "app/services/train_service.h"
#include "engine/base/rng.h"
#include "tests/integration/training_world.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

using namespace view;
using testing::TrainingWorld;

class KilledTrainers : public ::testing::Test {
 protected:
  ~KilledTrainers() override {
    service_.reset();
    for (const pid_t pid : pids_) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
  }
  // A window that opens the workspace and looks at the run.
  void open_window(const RunId& run) {
    service_ = std::make_unique<TrainService>(
        TrainServiceOptions{.trainer = REALM_TRAIN_PROGRAM,
                            .wake = [this] { changed_.notify_all(); },
                            .look_every = std::chrono::milliseconds(10)});
    send(WatchRuns{world_.workspace()});
    send(FollowRuns{{run}});
  }
  RequestId send(TrainCommandBody body) {
    service_->submit({++last_id_, std::move(body)});
    return last_id_;
  }
  using Holds = std::function<bool(const TrainSnapshot&, const RunSummary&)>;
  // The first snapshot with the run for which it holds; nullptr after `time`.
  std::shared_ptr<const TrainSnapshot> wait_for(const Holds& holds, std::chrono::seconds time) {
    std::unique_lock lock(mutex_);
    std::shared_ptr<const TrainSnapshot> found;
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
      found = service_->snapshot();
      if (found && !found->runs->empty() && holds(*found, found->runs->front())) return found;
      changed_.wait_for(lock, std::chrono::milliseconds(20));
    }
    return nullptr;
  }
  // Every curve stands as a run that was never killed would have drawn it: each step once, in
  // order.
  static void expect_whole_curves(const TrainSnapshot& snapshot) {
    ASSERT_EQ(snapshot.followed.size(), 1U);
    for (const auto& curve : snapshot.followed[0]->curves) {
      const auto& steps = curve->steps;
      EXPECT_TRUE(std::adjacent_find(steps.begin(), steps.end(), std::greater_equal<>()) ==
                  steps.end())
          << curve->name << " goes back";
    }
  }

  TrainingWorld world_;
  std::mutex mutex_;
  std::condition_variable changed_;
  RequestId last_id_ = 0;
  std::vector<pid_t> pids_;
  std::unique_ptr<TrainService> service_;
};

TEST_F(KilledTrainers, AreShownAsLostEachTimeAndGoOn) {
  constexpr int kKills = 20;
  constexpr std::chrono::seconds kSoon{5}, kLong{60};
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.steps = 1'000'000;  // more than it gets to between the kills, however fast the machine
  options.log_every_steps = 5;
  options.checkpoint_every_steps = 25;
  options.evaluate_every_steps = 50;
  options.output_model = "";
  const RunId run = create_run(options).filename().string();
  open_window(run);
  Rng rng(20261128);
  int loading = 0, saved = 0;
  int64_t step = 0;
  for (int kills = 0; kills < kKills; ++kills) {
    SCOPED_TRACE(kills);
    send(ResumeRun{run});
    const int attempt = kills + 1;
    const auto running = wait_for(
        [&](const TrainSnapshot&, const RunSummary& now) {
          return now.attempt == attempt && now.state == RunState::kRunning;
        },
        kLong);
    ASSERT_NE(running, nullptr) << "it has not begun";
    const auto pid = static_cast<pid_t>(running->runs->front().pid);
    pids_.push_back(pid);
    std::this_thread::sleep_for(std::chrono::milliseconds(rng.below(1500)));
    ASSERT_EQ(kill(pid, SIGKILL), 0);
    if (kills % 3 == 2) {  // the window went down, too, and comes again
      service_.reset();
      open_window(run);
    }
    const auto lost = wait_for(
        [&](const TrainSnapshot& all, const RunSummary& now) {
          return now.state == RunState::kLost && !all.followed.empty() &&
                 all.followed[0]->attempt == attempt;
        },
        kSoon);
    ASSERT_NE(lost, nullptr) << "it is shown as "
                             << run_state_name(service_->snapshot()->runs->front().state);
    const RunSummary& now = lost->runs->front();
    EXPECT_EQ(now.attempt, attempt);
    EXPECT_FALSE(lost->failure);
    EXPECT_TRUE(lost->troubles.empty());
    if (now.stage == "load" || now.stage == "start") ++loading;
    if (now.checkpoint) {
      ++saved;
      EXPECT_GE(now.checkpoint->step, step) << "what was saved stays saved";
      step = now.checkpoint->step;
    }
    expect_whole_curves(*lost);
    waitpid(pid, nullptr, 0);
    pids_.pop_back();
  }
  EXPECT_GT(saved, 0) << "none of the kills came late enough";
  RecordProperty("killed_while_loading", loading);
  RecordProperty("checkpoint_step", static_cast<int>(step));
  // And it can still be told to stop.
  send(ResumeRun{run});
  const auto again = wait_for(
      [&](const TrainSnapshot&, const RunSummary& now) {
        // Past loading: on a fast machine a checkpoint is due so often that "save checkpoint" is
        // what each commit finds.
        return now.attempt == kKills + 1 && now.state == RunState::kRunning &&
               now.stage != "load" && now.stage != "start";
      },
      kLong);
  ASSERT_NE(again, nullptr);
  pids_.push_back(static_cast<pid_t>(again->runs->front().pid));
  send(SteerRun{run, ControlCommand::kStopAndSave});
  const auto stopped = wait_for(
      [](const TrainSnapshot&, const RunSummary& now) { return now.state == RunState::kStopped; },
      kLong);
  ASSERT_NE(stopped, nullptr);
  EXPECT_EQ(stopped->runs->front().step, stopped->runs->front().checkpoint->step);
  expect_whole_curves(*stopped);
}

}  // namespace
}  // namespace realm
