#include "app/panels/train_panel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Headless;

RunSummary run_of(const RunId& id, RunState state) {
  RunSummary run;
  run.id = id;
  run.task = "pretrain";
  run.config_json = R"({"steps": 100, "output_model": "mine %s"})";
  run.output_model = "mine %s";
  run.state = state;
  run.step = 40;
  run.total_steps = 100;
  run.stage = "train";
  run.exit_message = state == RunState::kFailed ? "Step 3: the loss is not a number %d." : "";
  return run;
}

std::shared_ptr<const view::RunDetail> detail_of(const RunId& id, int points = 20) {
  auto detail = std::make_shared<view::RunDetail>();
  detail->run = id;
  detail->attempt = 1;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const char* name : {"gradient_norm", "held_out/p_y", "index/age_steps", "loss", "null_share",
                           "tokens_per_second"}) {
    view::Curve curve{.name = name};
    for (int i = 0; i < points; ++i) view::append(curve, i, i == 7 ? nan : 1.0 / (i + 1), i * 0.5);
    detail->curves.push_back(std::make_shared<const view::Curve>(std::move(curve)));
  }
  detail->events = std::make_shared<const std::vector<RunEvent>>(std::vector<RunEvent>{
      {"log", 1, "Saved %s.", "", 1000}, {"warning", 2, "Odd ## line.", "", 2000}});
  detail->films = view::films_of({{4, "river %n", R"({"p_y_given_x": 0.25})", 0}});
  detail->samples = std::make_shared<const std::vector<view::TrainingSample>>();
  return detail;
}

class TrainPanelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    window_.open();
    window_.apply(view::SetTab{view::Tab::kTrain});
  }
  void show(std::vector<RunSummary> runs, bool with_details = true,
            std::shared_ptr<const view::PlanReply> plan = {}) {
    view::TrainSnapshot snapshot;
    if (with_details) {
      for (const RunSummary& run : runs) snapshot.followed.push_back(detail_of(run.id));
    }
    snapshot.runs = std::make_shared<const std::vector<RunSummary>>(std::move(runs));
    snapshot.plan = std::move(plan);
    window_.show_runs(std::move(snapshot));
  }
  const view::TrainState& train() const { return window_.state().train; }
  Headless window_;
};

TEST_F(TrainPanelTest, WithoutRunsOffersTheFirst) {
  show({});
  EXPECT_TRUE(window_.has("train.empty"));
  window_.click("train.first");
  ASSERT_TRUE(train().form);
  EXPECT_EQ(window_.sent_to_training<view::CheckPlan>()->plan, train().form->plan);
}

TEST_F(TrainPanelTest, WatchesTheWorkspaceThatIsOpen) {
  EXPECT_NE(window_.sent_to_training<view::WatchRuns>(), nullptr);
}

TEST_F(TrainPanelTest, DrawsARunInEveryState) {
  for (const RunState state :
       {RunState::kCreated, RunState::kRunning, RunState::kPaused, RunState::kStopped,
        RunState::kFinished, RunState::kFailed, RunState::kLost}) {
    for (const bool with_details : {false, true}) {
      show({run_of("r", state)}, with_details);
      EXPECT_TRUE(window_.has("train.row.0"));
      EXPECT_TRUE(window_.has("train.sentence"));
      EXPECT_EQ(window_.has("train.gauge.loss"), with_details);
    }
  }
}

TEST_F(TrainPanelTest, LooksAtTheNewestRunUntilAnotherIsChosen) {
  show({run_of("new", RunState::kRunning), run_of("old", RunState::kFinished)});
  EXPECT_EQ(train().selected, "new");
  EXPECT_THAT(window_.sent_to_training<view::FollowRuns>()->runs, ElementsAre("new"));
  window_.click("train.row.1");
  EXPECT_EQ(train().selected, "old");
  EXPECT_THAT(window_.sent_to_training<view::FollowRuns>()->runs, ElementsAre("old"));
}

TEST_F(TrainPanelTest, ComparesRuns) {
  show({run_of("new", RunState::kFinished), run_of("old", RunState::kFinished)});
  window_.right_click("train.row.1");
  window_.click("train.row_menu.compare");
  EXPECT_THAT(train().compared, ElementsAre("old"));
  EXPECT_THAT(window_.sent_to_training<view::FollowRuns>()->runs, ElementsAre("new", "old"));
  window_.frames(2);
  EXPECT_TRUE(window_.has("train.chart.0.legend.1"));
  window_.click("train.tab.settings");
  EXPECT_EQ(train().look.bottom, view::TrainBottom::kSettings);
  window_.frames(2);
  EXPECT_TRUE(window_.has("train.settings_of.1")) << "each column says whose it is";
}

TEST_F(TrainPanelTest, SteersARunThatIsAlive) {
  show({run_of("r", RunState::kRunning)});
  window_.click("train.pause");
  EXPECT_EQ(window_.sent_to_training<view::SteerRun>()->command, ControlCommand::kPause);
  window_.click("train.checkpoint");
  EXPECT_EQ(window_.sent_to_training<view::SteerRun>()->command, ControlCommand::kCheckpointNow);
  window_.click("train.refresh");
  EXPECT_EQ(window_.sent_to_training<view::SteerRun>()->command, ControlCommand::kRefreshNow);
  window_.click("train.stop");
  EXPECT_EQ(window_.sent_to_training<view::SteerRun>()->command, ControlCommand::kStopAndSave);
  show({run_of("r", RunState::kPaused)});
  window_.click("train.resume");
  EXPECT_EQ(window_.sent_to_training<view::SteerRun>()->command, ControlCommand::kResume);
}

TEST_F(TrainPanelTest, ResumesARunThatEndedEarly) {
  show({run_of("r", RunState::kLost)});
  window_.click("train.resume");
  ASSERT_NE(window_.sent_to_training<view::ResumeRun>(), nullptr);
  show({run_of("r", RunState::kFinished)});
  EXPECT_FALSE(window_.has("train.resume"));
}

TEST_F(TrainPanelTest, SaysWhatHasBecomeOfACommand) {
  show({run_of("r", RunState::kRunning)});
  window_.click("train.pause");
  view::TrainSnapshot snapshot = *train().snapshot;
  snapshot.outcomes =
      std::make_shared<const std::vector<view::TrainOutcome>>(std::vector<view::TrainOutcome>{
          {.id = 1'000'000,
           .kind = view::TrainOutcomeKind::kSteer,
           .failure = view::Failure{ErrorCode::kIo, "The disk is full."}}});
  window_.show_runs(std::move(snapshot));
  ASSERT_FALSE(window_.state().toasts.empty());
  EXPECT_EQ(window_.state().toasts.back().text, "The disk is full.");
}

TEST_F(TrainPanelTest, ShowsAndHidesCurves) {
  show({run_of("r", RunState::kFinished)});
  window_.click("train.chart.0.legend.0");
  EXPECT_THAT(train().look.hidden, ElementsAre("r/loss"));
  window_.click("train.chart.0.legend.0");
  EXPECT_TRUE(train().look.hidden.empty());
  window_.click("train.log");
  EXPECT_TRUE(train().look.log_scale);
  window_.click("train.axis");
  window_.click("train.axis.1");
  EXPECT_EQ(train().look.axis, view::CurveXKind::kExamples);
}

TEST_F(TrainPanelTest, TheMenuOfAChartWorks) {
  show({run_of("r", RunState::kFinished)});
  window_.right_click("train.chart.0");
  window_.click("train.chart.0.follow");
  EXPECT_TRUE(train().look.follow);
  window_.right_click("train.chart.0");
  window_.click("train.chart.0.copy");
  window_.right_click("train.chart.0");
  window_.click("train.chart.0.svg");
  std::vector<std::string> copied;
  for (const view::Effect& effect : window_.effects()) {
    if (const auto* text = std::get_if<view::SetClipboard>(&effect)) copied.push_back(text->text);
  }
  ASSERT_EQ(copied.size(), 2U);
  EXPECT_THAT(copied[0], ::testing::StartsWith("x,name,value\n0,loss,1\n"));
  EXPECT_THAT(copied[1], HasSubstr("<svg"));
  window_.right_click("train.chart.0");
  window_.click("train.chart.0.log");
  EXPECT_TRUE(train().look.log_scale);
}

TEST_F(TrainPanelTest, TheFormShowsWhatStandsInTheWay) {
  show({run_of("r", RunState::kFinished)});
  window_.click("train.new");
  ASSERT_TRUE(train().form);
  EXPECT_FALSE(view::command_state(window_.state(), "train.start").enabled) << "not checked yet";
  auto reply = std::make_shared<view::PlanReply>();
  reply->id = train().form->pending;
  reply->plan = train().form->plan;
  reply->fields = {{.key = "steps",
                    .group = "schedule",
                    .unit = "steps",
                    .kind = "whole number",
                    .meaning = "updates",
                    .cost = "time",
                    .names = {},
                    .value = "700",
                    .usual = "700"},
                   {.key = "masking",
                    .group = "data",
                    .unit = "",
                    .kind = "name",
                    .meaning = "what is hidden",
                    .names = {"salient", "random_tokens"},
                    .value = "salient",
                    .usual = "salient"}};
  reply->problem = "The training option initial_model is empty.";
  show({run_of("r", RunState::kFinished)}, true, reply);
  EXPECT_TRUE(window_.has("train.problem"));
  EXPECT_EQ(view::command_state(window_.state(), "train.start").reason, reply->problem);
  EXPECT_TRUE(window_.has("train.option.steps"));
  EXPECT_TRUE(window_.has("train.cost.steps"));
  EXPECT_FALSE(window_.has("train.cost.masking")) << "it costs nothing to speak of";
  auto ready = std::make_shared<view::PlanReply>(*reply);
  ready->problem.clear();
  ready->needs = "memory at most 2 GB";
  show({run_of("r", RunState::kFinished)}, true, ready);
  EXPECT_TRUE(window_.has("train.needs"));
  window_.click("train.start");
  ASSERT_NE(window_.sent_to_training<view::StartRun>(), nullptr);
  EXPECT_EQ(window_.sent_to_training<view::StartRun>()->plan, train().form->plan);
  EXPECT_NE(train().form->starting, 0U);
  window_.click("train.leave");
  EXPECT_FALSE(train().form);
}

TEST_F(TrainPanelTest, ARunMayHaveSeveralProcessesAndACard) {
  show({run_of("r", RunState::kFinished)});
  window_.click("train.new");
  auto reply = std::make_shared<view::PlanReply>();
  reply->id = train().form->pending;
  reply->plan = train().form->plan;
  reply->fields = {{.key = "device", .kind = "text", .value = "cpu", .usual = "cpu"}};
  show({run_of("r", RunState::kFinished)}, true, reply);
  auto machine = std::make_shared<view::MachineSnapshot>();
  view::MachineSample sample;
  sample.gpus.push_back({.index = 0, .name = "Card"});
  machine->samples.push_back(std::make_shared<const view::MachineSample>(std::move(sample)));
  window_.bench().take(std::move(machine));
  window_.frames(2);
  window_.click("train.ranks");
  window_.click("train.ranks.1");
  EXPECT_EQ(train().form->plan.launch.ranks, 2);
  window_.click("train.option.device");
  window_.click("train.option.device.1");
  EXPECT_THAT(train().form->plan.settings, ::testing::Contains("device=cuda:0"));
}

TEST_F(TrainPanelTest, ARunMayBeSentToSlurmOnceItsScriptWasShown) {
  show({run_of("r", RunState::kFinished)});
  window_.click("train.new");
  const view::RequestId before = train().form->pending;
  window_.click("train.place");
  window_.click("train.place.1");
  EXPECT_EQ(train().form->plan.launch.place, LaunchPlace::kSlurm);
  EXPECT_GT(train().form->pending, before) << "the script is made anew";
  for (const char* field : {"train.partition", "train.time", "train.gpus", "train.sbatch"})
    EXPECT_TRUE(window_.has(field)) << field;
  auto reply = std::make_shared<view::PlanReply>();
  reply->id = train().form->pending;
  reply->plan = train().form->plan;
  reply->script = "#!/bin/sh\n#SBATCH --ntasks=%d\nsrun realm-train\n";
  show({run_of("r", RunState::kFinished)}, true, reply);
  EXPECT_TRUE(window_.has("train.script"));
  window_.click("train.start");
  ASSERT_NE(window_.sent_to_training<view::StartRun>(), nullptr);
  EXPECT_EQ(window_.sent_to_training<view::StartRun>()->plan.launch.place, LaunchPlace::kSlurm);
}

TEST_F(TrainPanelTest, ListsAndMenusAreMovedThroughWithTheArrowKeys) {
  show({run_of("r", RunState::kFinished), run_of("old", RunState::kFinished)});
  window_.right_click("train.row.1");
  window_.press("Down");  // to the first line: compare
  window_.press("Enter");
  EXPECT_THAT(train().compared, ElementsAre("old"));
  window_.click("train.new");
  window_.frames(2);
  window_.click("train.place");
  window_.press("Down");
  window_.frames(2);
  EXPECT_EQ(train().form->plan.launch.place, LaunchPlace::kThisMachine) << "not chosen yet";
  window_.press("Enter");
  window_.frames(2);
  ASSERT_TRUE(train().form);
  EXPECT_EQ(train().form->plan.launch.place, LaunchPlace::kSlurm);
  EXPECT_FALSE(window_.has("train.place.0")) << "the list is closed";
  window_.click("train.place");
  window_.press("Up");
  window_.press("Esc");
  window_.frames(2);
  EXPECT_EQ(train().form->plan.launch.place, LaunchPlace::kSlurm) << "Esc changes nothing";
  EXPECT_FALSE(window_.has("train.place.0"));
}

TEST_F(TrainPanelTest, TheLogShowsWholeLinesAtItsEnd) {
  for (const float height : {800.0F, 807.0F, 815.0F}) {
    window_.resize(1280, height);
    view::TrainSnapshot snapshot;
    auto detail = std::make_shared<view::RunDetail>(*detail_of("r"));
    std::vector<RunEvent> events(60, {"log", 1, "A line.", "", 1000});
    detail->events = std::make_shared<const std::vector<RunEvent>>(std::move(events));
    snapshot.followed.push_back(std::move(detail));
    snapshot.runs = std::make_shared<const std::vector<RunSummary>>(
        std::vector{run_of("r", RunState::kRunning)});
    window_.show_runs(std::move(snapshot));
    window_.frames(4);
    const view::Box lines = window_.box("train.log_lines"), line = window_.box("train.log_line");
    EXPECT_EQ(std::remainder(line.y - lines.y, line.height), 0) << height;
    EXPECT_LT(std::abs(line.bottom() - lines.bottom()), 2 * line.height);
  }
}

TEST_F(TrainPanelTest, WithoutSlurmTheChoiceSaysWhy) {
  view::TrainSnapshot snapshot;
  snapshot.runs = std::make_shared<const std::vector<RunSummary>>();
  snapshot.slurm_missing = "Slurm is not on this machine.";
  window_.show_runs(std::move(snapshot));
  window_.click("train.first");
  ASSERT_TRUE(train().form);
  EXPECT_TRUE(window_.has("train.place"));
  window_.click("train.place");
  EXPECT_FALSE(window_.has("train.place.1"));
}

TEST_F(TrainPanelTest, AQueuedRunCanOnlyLeaveTheQueue) {
  RunSummary run = run_of("r", RunState::kQueued);
  run.launch = "Slurm job 17 waits: Resources.";
  show({run});
  EXPECT_TRUE(window_.has("train.stop"));
  EXPECT_FALSE(window_.has("train.pause"));
  for (const char* command : {"train.pause", "train.resume", "train.checkpoint", "train.delete"})
    EXPECT_FALSE(view::command_state(window_.state(), command).enabled) << command;
  window_.click("train.stop");
  ASSERT_NE(window_.sent_to_training<view::SteerRun>(), nullptr);
}

TEST_F(TrainPanelTest, AChangedOptionIsCheckedAnew) {
  show({run_of("r", RunState::kFinished)});
  window_.click("train.new");
  view::RunForm form = *train().form;
  form.plan.task = "ict";
  const view::RequestId before = form.pending;
  window_.apply(view::ChangeRunForm{form});
  EXPECT_GT(train().form->pending, before);
  EXPECT_EQ(window_.sent_to_training<view::CheckPlan>()->plan.task, "ict");
}

TEST_F(TrainPanelTest, SaysThatTheRunsCannotBeRead) {
  view::TrainSnapshot snapshot;
  snapshot.failure = view::Failure{ErrorCode::kUnsupported, "The run database is newer."};
  window_.show_runs(std::move(snapshot));
  EXPECT_TRUE(window_.has("train.empty"));
}

TEST_F(TrainPanelTest, ClosingAsksWhatBecomesOfRunsThatGoOn) {
  show({run_of("r", RunState::kRunning), run_of("old", RunState::kFinished)});
  window_.apply(view::CloseWindow{});
  window_.frames(2);
  EXPECT_FALSE(window_.state().wants_quit);
  window_.click("living.cancel");
  EXPECT_FALSE(window_.state().wants_quit);
  EXPECT_EQ(window_.state().popup, view::Popup::kNone);
  window_.apply(view::CloseWindow{});
  window_.frames(2);
  window_.click("living.stop");
  EXPECT_TRUE(window_.state().wants_quit);
  EXPECT_EQ(window_.sent_to_training<view::SteerRun>()->command, ControlCommand::kStopAndSave);
}

TEST_F(TrainPanelTest, ClosingLeavesRunsAloneByDefault) {
  show({run_of("r", RunState::kRunning)});
  window_.apply(view::RunCommand{"file.quit"});
  window_.frames(2);
  window_.press("Enter");
  EXPECT_TRUE(window_.state().wants_quit);
  EXPECT_EQ(window_.sent_to_training<view::SteerRun>(), nullptr);
}

TEST_F(TrainPanelTest, FitsSmallWindows) {
  for (const auto& [width, height] : {std::pair{640.0F, 420.0F}, std::pair{1920.0F, 1080.0F}}) {
    window_.resize(width, height);
    show({run_of("r", RunState::kRunning)});
    EXPECT_GT(window_.vertices(), 0);
  }
}

}  // namespace
}  // namespace realm::panels
