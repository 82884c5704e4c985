// Windows that are killed at random moments: the runs that they started or steered go on, and the
// next window shows each as it is.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "app/services/train_service.h"
#include "engine/base/rng.h"
#include "tests/integration/training_world.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"
#include "tests/support/virtual_display.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

using namespace view;
using namespace std::chrono_literals;
using testing::TrainingWorld;

// The part of a window that looks after runs, without the drawing.
class Window {
 public:
  explicit Window(const std::filesystem::path& workspace)
      : service_({.trainer = REALM_TRAIN_PROGRAM,
                  .wake = [this] { changed_.notify_all(); },
                  .look_every = 10ms}) {
    send(WatchRuns{workspace});
  }
  RequestId send(TrainCommandBody body) {
    service_.submit({++last_id_, std::move(body)});
    return last_id_;
  }
  // The first snapshot for which it holds; nullptr after `time`.
  std::shared_ptr<const TrainSnapshot> wait_for(
      const std::function<bool(const TrainSnapshot&)>& holds, std::chrono::seconds time = 30s) {
    std::unique_lock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
      const auto found = service_.snapshot();
      if (found && found->is_known && holds(*found)) return found;
      changed_.wait_for(lock, 20ms);
    }
    return nullptr;
  }
  std::shared_ptr<const TrainSnapshot> wait_for_state(const RunId& id, RunState state) {
    return wait_for([&](const TrainSnapshot& all) {
      return std::any_of(all.runs->begin(), all.runs->end(),
                         [&](const RunSummary& run) { return run.id == id && run.state == state; });
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  RequestId last_id_ = 0;
  TrainService service_;
};

class KilledWindows : public ::testing::Test {
 protected:
  ~KilledWindows() override {
    try {
      for (const RunSummary& run : RunReader::open(database_)->runs()) {
        if (run.state == RunState::kRunning || run.state == RunState::kPaused)
          kill(static_cast<pid_t>(run.pid), SIGKILL);
      }
    } catch (const std::exception&) {
      // No run was made.
    }
    while (waitpid(-1, nullptr, WNOHANG) > 0) continue;
  }
  TrainOptions endless() const {
    TrainOptions options = world_.options(TrainTask::kPretrain);
    options.steps = 1'000'000;
    options.log_every_steps = 5;
    options.checkpoint_every_steps = 25;
    options.evaluate_every_steps = 50;
    options.output_model = "";
    return options;
  }
  // A window as a process of its own, which does `work` until it is killed.
  template <typename Work>
  void kill_one(std::chrono::milliseconds after, const Work& work) {
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      Window window(world_.workspace());
      work(window);
      for (;;) pause();
    }
    std::this_thread::sleep_for(after);
    ASSERT_EQ(kill(pid, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended before it was killed";
  }
  const TrainingWorld world_;
  const std::filesystem::path database_ = world_.workspace() / "runs" / "runs.sqlite";
  Rng rng_{20261129};
};

TEST_F(KilledWindows, WhileTheyStartARunLeaveOneThatCanGoOn) {
  constexpr int kKills = 6;
  const TrainOptions options = endless();
  RunPlan plan{"pretrain", "", {}};
  for (const auto& [key, value] :
       {std::pair<std::string, std::string>{"training_text", options.training_text},
        {"initial_model", "words"},
        {"steps", "1000000"},
        {"batch_size", std::to_string(options.batch_size)},
        {"layers", std::to_string(options.layers)},
        {"hidden", std::to_string(options.hidden)},
        {"heads", std::to_string(options.heads)},
        {"intermediate", std::to_string(options.intermediate)}})
    plan.settings.push_back(key + "=" + value);
  size_t known = 0;
  int created = 0;
  for (int kills = 0; kills < kKills; ++kills) {
    SCOPED_TRACE(kills);
    kill_one(std::chrono::milliseconds(rng_.below(120)),
             [&](Window& window) { window.send(StartRun{plan}); });
    Window next(world_.workspace());
    const auto shown = next.wait_for([](const TrainSnapshot&) { return true; });
    ASSERT_NE(shown, nullptr);
    EXPECT_FALSE(shown->failure) << shown->failure->sentence;
    ASSERT_GE(shown->runs->size(), known) << "no run is lost";
    ASSERT_LE(shown->runs->size(), known + 1);
    if (shown->runs->size() == known) continue;  // it was killed before it had begun
    known = shown->runs->size();
    const RunSummary& run = shown->runs->front();
    const bool is_whole = shown->troubles.count(run.id) == 0;
    if (run.state == RunState::kCreated) {
      ++created;
      // Either its trainer is about to open it, or it was never started and a person resumes it.
      const auto begun = next.wait_for(
          [&](const TrainSnapshot& all) { return all.runs->front().state == RunState::kRunning; },
          2s);
      if (!begun && is_whole) next.send(ResumeRun{run.id});
    }
    if (!is_whole) continue;  // killed between its record and its folder: said in a sentence
    ASSERT_NE(next.wait_for_state(run.id, RunState::kRunning), nullptr);
    next.send(SteerRun{run.id, ControlCommand::kStopNow});
    ASSERT_NE(next.wait_for_state(run.id, RunState::kStopped), nullptr);
  }
  EXPECT_GT(known, 0U) << "none of the kills came late enough";
  RecordProperty("shown_as_created", created);
}

TEST_F(KilledWindows, WhileTheySteerARunLeaveItToTheNext) {
  constexpr int kKills = 4;
  const RunId run = create_run(endless()).filename().string();
  {
    Window first(world_.workspace());
    first.send(ResumeRun{run});
    ASSERT_NE(first.wait_for_state(run, RunState::kRunning), nullptr);
  }
  for (int kills = 0; kills < kKills; ++kills) {
    SCOPED_TRACE(kills);
    kill_one(std::chrono::milliseconds(100 + rng_.below(400)), [&](Window& window) {
      for (;;) {
        window.send(SteerRun{run, ControlCommand::kPause});
        std::this_thread::sleep_for(5ms);
        window.send(SteerRun{run, ControlCommand::kResume});
        std::this_thread::sleep_for(5ms);
      }
    });
    Window next(world_.workspace());
    const auto shown = next.wait_for([](const TrainSnapshot& all) { return !all.runs->empty(); });
    ASSERT_NE(shown, nullptr);
    EXPECT_FALSE(shown->failure);
    const RunState state = shown->runs->front().state;
    EXPECT_TRUE(state == RunState::kRunning || state == RunState::kPaused) << run_state_name(state);
    next.send(SteerRun{run, ControlCommand::kResume});
    ASSERT_NE(next.wait_for_state(run, RunState::kRunning), nullptr);
  }
  Window last(world_.workspace());
  last.send(SteerRun{run, ControlCommand::kStopAndSave});
  ASSERT_NE(last.wait_for_state(run, RunState::kStopped), nullptr);
}

#ifdef REALM_WORKBENCH_PROGRAM
class DrawnWindow {
 public:
  DrawnWindow(const std::filesystem::path& workspace, const std::filesystem::path& home,
              const std::string& display, std::vector<std::string> more)
      : process_({.program = REALM_WORKBENCH_PROGRAM,
                  .arguments = arguments_of(workspace, std::move(more)),
                  .environment = {{"DISPLAY", display},
                                  {"HOME", home.string()},
                                  {"XDG_CONFIG_HOME", ""},
                                  {"XDG_STATE_HOME", ""},
                                  {"XDG_DATA_HOME", ""}}}) {}
  testing::ChildProcess& process() { return process_; }

 private:
  static std::vector<std::string> arguments_of(const std::filesystem::path& workspace,
                                               std::vector<std::string> more) {
    more.insert(more.begin(), {workspace.string(), "--workspace-tab", "train"});
    return more;
  }
  testing::ChildProcess process_;
};

TEST_F(KilledWindows, OnScreenLeaveTheRunGoingOnAndTheNextOneOpens) {
  if (std::system("command -v Xvfb > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "Xvfb is not installed (package xvfb).";
  constexpr int kKills = 6;
  const testing::VirtualDisplay display("1280x800x24");
  const testing::TempDirectory home;
  const RunId run = create_run(endless()).filename().string();
  {
    Window first(world_.workspace());
    first.send(ResumeRun{run});
    ASSERT_NE(first.wait_for_state(run, RunState::kRunning), nullptr);
  }
  int64_t step = -1, pid = 0;
  for (int kills = 0; kills < kKills; ++kills) {
    SCOPED_TRACE(kills);
    {
      DrawnWindow window(world_.workspace(), home.path(), display.name(), {});
      std::this_thread::sleep_for(std::chrono::milliseconds(rng_.below(2000)));
      ASSERT_FALSE(window.process().has_ended()) << "it ended before it was killed";
      window.process().kill_now();
      EXPECT_EQ(window.process().wait(), 128 + SIGKILL);
    }
    Window next(world_.workspace());
    const auto shown = next.wait_for([&](const TrainSnapshot& all) {
      return !all.runs->empty() && all.runs->front().step > step;
    });
    ASSERT_NE(shown, nullptr) << "the run does not go on";
    const RunSummary& now = shown->runs->front();
    EXPECT_EQ(now.state, RunState::kRunning);
    EXPECT_TRUE(pid == 0 || now.pid == pid) << "it is another trainer";
    EXPECT_TRUE(shown->troubles.empty());
    step = now.step;
    pid = now.pid;
  }
  // One after the kills, over what they left of the window's own files, with the trainer killed
  // too.
  ASSERT_EQ(kill(static_cast<pid_t>(pid), SIGKILL), 0);
  DrawnWindow last(world_.workspace(), home.path(), display.name(),
                   {"--exit-after-screenshot", "--screenshot", (home / "last.png").string()});
  EXPECT_EQ(last.process().wait(), 0);
  EXPECT_GT(std::filesystem::file_size(home / "last.png"), 20000U);
  Window after(world_.workspace());
  EXPECT_NE(after.wait_for_state(run, RunState::kLost), nullptr);
}
#endif

}  // namespace
}  // namespace realm
