// How a run ended or goes on, told from its row, its process and its checkpoints.
#include "storage/run_database.h"

#include <fmt/format.h>

#include <sys/wait.h>

#include <cmath>
#include <limits>
#include <thread>

#include "tests/storage/corpus_fixture.h"
#include "tests/storage/run_fixture.h"

namespace realm {
namespace {

using testing::error_code_of;

class RunStates : public testing::RunFixture {};

TEST_F(RunStates, ANewTrainerObeysNoOldControls) {
  create();
  writer();
  request_control(file, "run-1", ControlCommand::kStopNow);
  EXPECT_TRUE(writer(0)->take_controls().empty());
}

TEST_F(RunStates, WhatIsAskedWhileItsTrainerStartsIsHeeded) {
  create();
  request_control(file, "run-1", ControlCommand::kStopNow);
  {
    const auto first = writer();
    const std::vector<Control> taken = first->take_controls();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken.front().command, ControlCommand::kStopNow);
    first->finish(RunState::kStopped, "Stopped on request.");
  }
  // The clock of request_control is the machine's, years after the end above.
  request_control(file, "run-1", ControlCommand::kStopAndSave);
  time = 4'000'000'000'000;
  const auto second = writer(0);
  ASSERT_EQ(second->take_controls().size(), 1U);
  request_control(file, "run-1", ControlCommand::kPause);
  second->finish(RunState::kStopped, "Stopped on request.");
  EXPECT_TRUE(writer(0)->take_controls().empty()) << "it was asked of the one before";
}

TEST_F(RunStates, TellWhatWasAskedForUntilItIsTaken) {
  using enum ControlCommand;
  create();
  EXPECT_TRUE(reader()->run("run-1")->waiting.empty());
  request_control(file, "run-1", kPause);
  EXPECT_EQ(reader()->run("run-1")->waiting, std::vector<ControlCommand>{kPause});
  const auto run = writer();
  request_control(file, "run-1", kCheckpointNow);
  request_control(file, "run-1", kStopAndSave);
  const std::vector<ControlCommand> asked = {kPause, kCheckpointNow, kStopAndSave};
  EXPECT_EQ(reader()->run("run-1")->waiting, asked);
  EXPECT_EQ(reader()->runs().front().waiting, asked);
  EXPECT_EQ(reader()->read_since({.run = "run-1"}).summary.waiting, asked);
  ASSERT_EQ(run->take_controls().size(), 3U);
  EXPECT_TRUE(reader()->run("run-1")->waiting.empty());
  request_control(file, "run-1", kRefreshNow);
  run->set_paused(true);
  EXPECT_EQ(reader()->run("run-1")->waiting, std::vector<ControlCommand>{kRefreshNow});
}

TEST_F(RunStates, ARunThatHasEndedWaitsForNothing) {
  create("run-2");  // whose controls are its own
  create();
  {
    const auto run = writer();
    request_control(file, "run-1", ControlCommand::kStopAndSave);
    EXPECT_TRUE(reader()->run("run-2")->waiting.empty());
    run->finish(RunState::kFinished, "");
    EXPECT_TRUE(reader()->run("run-1")->waiting.empty());
  }
  writer(0);
  request_control(file, "run-1", ControlCommand::kStopAndSave);
  EXPECT_FALSE(reader()->run("run-1")->waiting.empty());
  set("boot_id = 'another'");
  ASSERT_EQ(reader()->run("run-1")->state, RunState::kLost);
  EXPECT_TRUE(reader()->run("run-1")->waiting.empty());
}

TEST_F(RunStates, TellWhetherARunHasEnded) {
  using enum RunState;
  for (const RunState state : {kCreated, kQueued, kRunning, kPaused})
    EXPECT_TRUE(is_going_on(state)) << run_state_name(state);
  for (const RunState state : {kStopped, kFinished, kFailed, kLost})
    EXPECT_FALSE(is_going_on(state)) << run_state_name(state);
}

TEST_F(RunStates, ShowsHowARunEnded) {
  create();
  for (const RunState state : {RunState::kStopped, RunState::kFinished, RunState::kFailed}) {
    writer(0)->finish(state, "a sentence");
    const RunSummary run = reader()->run("run-1").value();
    EXPECT_EQ(run.state, state);
    EXPECT_EQ(run.exit_message, "a sentence");
    EXPECT_EQ(run.ended, time);
  }
  const auto run = writer(0);
  EXPECT_EQ(reader()->run("run-1")->state, RunState::kRunning);
  EXPECT_EQ(reader()->run("run-1")->exit_message, "");
}

TEST_F(RunStates, ShowsAPause) {
  create();
  const auto run = writer();
  run->set_paused(true);
  EXPECT_EQ(reader()->run("run-1")->state, RunState::kPaused);
  run->set_paused(false);
  run->set_total_steps(99);
  EXPECT_EQ(reader()->run("run-1")->state, RunState::kRunning);
  EXPECT_EQ(reader()->run("run-1")->total_steps, 99);
}

TEST_F(RunStates, IsLostWhenItsProcessIsKilled) {
  create();
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto run = writer();
    run->append(loss({0, 1, 2}));  // committed: the first
    time += 100;
    run->append(loss({3}));  // still collected, lost with the process
    [[maybe_unused]] const ssize_t told = write(ready[1], "x", 1);
    pause();
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(reader()->run("run-1")->state, RunState::kRunning);
  EXPECT_EQ(reader()->run("run-1")->pid, child);
  EXPECT_EQ(error_code_of([&] { writer(0); }), ErrorCode::kBusy);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(reader()->run("run-1")->state, RunState::kLost);
  EXPECT_EQ(reader()->scalars("run-1", "loss").size(), 3U);
  EXPECT_NO_THROW(writer(1));
  close(ready[0]);
  close(ready[1]);
}

TEST_F(RunStates, IsLostWhenItsNumberWentToAnotherProcess) {
  create();
  writer();
  set("pid_start = pid_start - 1");
  EXPECT_EQ(reader()->run("run-1")->state, RunState::kLost);
}

TEST_F(RunStates, IsLostAfterAReboot) {
  create();
  writer();
  set("boot_id = 'another'");
  EXPECT_EQ(reader()->run("run-1")->state, RunState::kLost);
}

TEST_F(RunStates, OnAnotherMachineTheHeartbeatTells) {
  create();
  writer();
  set("host = 'elsewhere', boot_id = 'theirs'");
  time += 59'000;
  EXPECT_EQ(reader()->run("run-1")->state, RunState::kRunning);
  time += 2'000;
  EXPECT_EQ(reader()->run("run-1")->state, RunState::kLost);
}

TEST_F(RunStates, AResumedCurveGoesOnFromTheCheckpoint) {
  create();
  {
    const auto run = writer();
    run->append(loss({0, 1, 2, 3, 4, 5}));
    run->append_event({"refresh", 4, "generation 2", "", 0});
    run->append_event({"log", 4, "kept", "", 0});
    run->record_checkpoint({3, "checkpoints/3", "abc", 0});
  }
  const auto see = reader();
  const RunDelta before = see->read_since({.run = "run-1"});
  EXPECT_EQ(before.scalars.size(), 6U);
  EXPECT_FALSE(before.restarted);

  const auto run = writer(3);
  run->append(loss({4, 5}));
  run->flush();
  const RunDelta after = see->read_since(before.next);
  EXPECT_TRUE(after.restarted);
  std::vector<int64_t> steps;
  for (const Scalar& scalar : after.scalars) steps.push_back(scalar.step);
  EXPECT_EQ(steps, (std::vector<int64_t>{0, 1, 2, 3, 4, 5}));
  std::vector<std::string> kinds;
  for (const RunEvent& event : after.events) kinds.push_back(event.kind);
  EXPECT_EQ(kinds, (std::vector<std::string>{"log", "resume"}));
  EXPECT_EQ(after.summary.attempt, 2);
  EXPECT_EQ(after.summary.checkpoint->step, 3);
  EXPECT_FALSE(see->read_since(after.next).restarted);
}

TEST_F(RunStates, ARunWithoutACheckpointBeginsAgain) {
  create();
  writer()->append(loss({0, 1, 2}));
  writer()->append(loss({0}));
  EXPECT_EQ(reader()->scalars("run-1", "loss").size(), 1U);
}

}  // namespace
}  // namespace realm
