#include "app/view/train_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace realm::view {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::shared_ptr<const Curve> curve(const std::string& name, const std::vector<double>& steps,
                                   const std::vector<double>& values) {
  Curve made{.name = name};
  for (size_t i = 0; i < steps.size(); ++i) append(made, steps[i], values[i], steps[i] / 2);
  return std::make_shared<const Curve>(std::move(made));
}

RunDetail detail_of(std::vector<std::shared_ptr<const Curve>> curves) {
  return {.run = "r",
          .attempt = 1,
          .curves = std::move(curves),
          .events = std::make_shared<const std::vector<RunEvent>>(),
          .samples = std::make_shared<const std::vector<TrainingSample>>()};
}

RunSummary run_in(RunState state) {
  RunSummary run;
  run.id = "r";
  run.task = "pretrain";
  run.state = state;
  run.step = 10;
  run.total_steps = 110;
  run.stage = "train";
  run.heartbeat = 1'000'000;
  return run;
}

TEST(TrainState, TellsAStalledRunByItsHeartbeat) {
  const RunSummary run = run_in(RunState::kRunning);
  EXPECT_EQ(stalled_seconds(run, 1000 + 29), 0);
  EXPECT_EQ(stalled_seconds(run, 1000 + 40), 40);
  EXPECT_EQ(stalled_seconds(run, 0), 0) << "the time is not known";
  EXPECT_EQ(seconds_to_stall(run, 1000 + 3), 27);
  EXPECT_EQ(seconds_to_stall(run, 1000 + 45), 1);
  EXPECT_EQ(seconds_to_stall(run_in(RunState::kFinished), 1003), std::nullopt);
  EXPECT_THAT(state_sentence(run, 1040), HasSubstr("No progress for 40 s"));
  EXPECT_EQ(state_sentence(run, 1001), "Training.");
  EXPECT_EQ(stalled_seconds(run_in(RunState::kFinished), 9'999), 0);
}

TEST(TrainState, TellsAStageByItsOwnEnd) {
  RunSummary run = run_in(RunState::kRunning);
  EXPECT_EQ(share_done(run), 10.0 / 110);
  EXPECT_TRUE(counts_steps(run));
  run.step = 0;
  run.stage = "count words 30/40";
  EXPECT_EQ(share_done(run), 0.75);
  EXPECT_FALSE(counts_steps(run)) << "no step is done in it";
  EXPECT_EQ(state_sentence(run, 1001), "Counting words, as the workspace has no vocabulary: 75 %.");
  EXPECT_THAT(state_sentence(run, 1040), HasSubstr("in the stage \u201Ccount words\u201D"));
  run.task = "vocabulary";
  run.stage = "make word pieces 7/28";
  EXPECT_EQ(state_sentence(run, 1001), "Making word pieces: 25 %.");
  run.stage = "start";
  run.total_steps = 0;
  EXPECT_EQ(share_done(run), std::nullopt);
}

TEST(TrainState, FindsRunsByTheirWords) {
  std::vector<RunSummary> runs(4, run_in(RunState::kFinished));
  runs[0].id = "20261128-ict";
  runs[0].task = "ict";
  runs[1].output_model = "my \"Best\" one";
  runs[2].state = RunState::kLost;
  runs[2].tags = {"Night", "big batch"};
  runs[3].note = "before the change";
  TrainState train;
  EXPECT_TRUE(listed_runs(train).empty());
  auto snapshot = std::make_shared<TrainSnapshot>();
  snapshot->runs = std::make_shared<const std::vector<RunSummary>>(runs);
  train.snapshot = snapshot;
  const auto found = [&](const char* filter) {
    train.look.run_filter = filter;
    return listed_runs(train);
  };
  EXPECT_THAT(found("  "), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(found("ICT"), ElementsAre(0));
  EXPECT_THAT(found("best pretrain"), ElementsAre(1));
  EXPECT_THAT(found("night lost"), ElementsAre(2));
  EXPECT_THAT(found("change"), ElementsAre(3));
  EXPECT_TRUE(found("night finished").empty());
  EXPECT_EQ(title_of(runs[1]), "pretrain \u2192 my \"Best\" one");
}

TEST(TrainState, SaysWhyARunEnded) {
  RunSummary run = run_in(RunState::kFailed);
  run.exit_message = "Step 7: the loss is not a number.";
  EXPECT_EQ(state_sentence(run, 0), "Step 7: the loss is not a number.");
  EXPECT_THAT(state_sentence(run_in(RunState::kLost), 0), HasSubstr("gone"));
}

TEST(TrainState, SaysWhyARunWaitsAndWhereItRuns) {
  RunSummary run = run_in(RunState::kQueued);
  run.launch = "Slurm job 17 waits: Resources.";
  EXPECT_EQ(state_sentence(run, 9'999), run.launch);
  EXPECT_EQ(stalled_seconds(run, 9'999), 0) << "nothing is expected of it yet";
  EXPECT_TRUE(is_alive(run));
  run.state = RunState::kRunning;
  run.launch = "Slurm job 17 on node3.";
  EXPECT_EQ(state_sentence(run, 1001), "Training. Slurm job 17 on node3.");
  run.state = RunState::kLost;
  run.exit_message = "Slurm job 17 ended before its end (TIMEOUT) and left no word.";
  EXPECT_EQ(state_sentence(run, 1001), run.exit_message);
}

// 10 steps took 5 s, 100 are left.
TEST(TrainState, TellsTheTimeLeftFromThePaceOfTheLastNumbers) {
  const RunDetail detail = detail_of({curve("loss", {0, 10}, {2, 1})});
  EXPECT_DOUBLE_EQ(seconds_left(run_in(RunState::kRunning), detail).value(), 50.0);
  EXPECT_FALSE(seconds_left(run_in(RunState::kStopped), detail));
  EXPECT_FALSE(seconds_left(run_in(RunState::kRunning), detail_of({curve("loss", {1}, {2})})));
}

TEST(TrainState, GathersNumbersInCharts) {
  const RunDetail detail = detail_of({curve("held_out/loss", {0}, {1}), curve("loss", {0}, {1}),
                                      curve("my_number", {0}, {1}), curve("null_share", {0}, {1}),
                                      curve("p_y", {0}, {1})});
  const std::vector<ChartSpec> charts = charts_of({&detail});
  ASSERT_EQ(charts.size(), 3U);
  EXPECT_THAT(charts[0].names, ElementsAre("loss", "held_out/loss"));
  EXPECT_THAT(charts[1].names, ElementsAre("null_share"));
  EXPECT_THAT(charts[2].names, ElementsAre("my_number")) << "a number that nobody foresaw";
}

TEST(TrainState, ShowsTheLastValueAndTheBest) {
  const RunDetail detail =
      detail_of({curve("held_out/recall_at_5", {0, 1, 2}, {0.1, 0.9, 0.7}),
                 curve("index/age_steps", {0, 1}, {3, 4}), curve("loss", {0, 1, 2}, {3, 1, 2})});
  const std::vector<Gauge> gauges = gauges_of(detail);
  ASSERT_EQ(gauges.size(), 3U);
  EXPECT_EQ(gauges[0].last, 2);
  EXPECT_EQ(gauges[0].best, 1);
  EXPECT_EQ(gauges[1].best, 0.9);
  EXPECT_FALSE(gauges[2].best);
}

TEST(TrainState, ShowsTheBatchWhereNothingIsHeldOut) {
  const auto names = [](const RunDetail& detail) {
    std::vector<std::string> out;
    for (const Gauge& gauge : gauges_of(detail)) out.push_back(gauge.name);
    return out;
  };
  const auto utility = curve("retrieval_utility", {0, 1}, {1, 2}),
             share = curve("null_share", {0}, {0.5});
  EXPECT_THAT(names(detail_of({share, utility})), ElementsAre("retrieval_utility", "null_share"));
  EXPECT_THAT(names(detail_of({curve("held_out/retrieval_utility", {0}, {3}), share, utility})),
              ElementsAre("held_out/retrieval_utility", "null_share"));
}

TEST(TrainState, CallsARunByTheModelThatItMakes) {
  RunSummary run = run_in(RunState::kFinished);
  EXPECT_EQ(label_of(run), "r");
  EXPECT_EQ(title_of(run), "pretrain");
  run.output_model = "mine";
  EXPECT_EQ(label_of(run), "mine");
  EXPECT_EQ(title_of(run), "pretrain \u2192 mine");
}

TEST(TrainState, ComparesSettings) {
  RunSummary a = run_in(RunState::kFinished), b = a;
  a.config_json = R"({"steps": 5, "task": "ict"})";
  b.config_json = R"({"steps": 6, "task": "ict", "seed": 1})";
  const std::vector<SettingRow> rows = settings_of({&a, &b});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].key, "steps");
  EXPECT_TRUE(rows[0].differs);
  EXPECT_THAT(rows[1].values, ElementsAre("ict", "ict"));
  EXPECT_FALSE(rows[1].differs);
  EXPECT_THAT(rows[2].values, ElementsAre("", "1"));
  b.config_json = "broken";
  EXPECT_EQ(settings_of({&a, &b}).size(), 2U);
}

TEST(TrainState, ShowsWhatThePartsOfARunDo) {
  RunSummary run = run_in(RunState::kRunning);
  run.config_json = R"({"batch_size": 4, "refresh_mode": "repeatable", "refresh_lag_steps": 10})";
  RunDetail detail = detail_of({curve("examples_per_second", {5}, {38}),
                                curve("index/age_steps", {5, 10}, {5, 10}),
                                curve("index/refresh_steps", {5, 10}, {1, 6})});
  std::vector<TrainLight> lights = lights_of(run, detail);
  ASSERT_EQ(lights.size(), 3U);
  EXPECT_EQ(lights[0].name, "generator");
  EXPECT_EQ(lights[0].state, LightState::kWorks);
  EXPECT_EQ(lights[1].text, "step 10");
  EXPECT_EQ(lights[2].state, LightState::kWorks);
  EXPECT_EQ(lights[2].done, 0.6);
  // The refresh is over: the age goes on, its own number does not.
  detail = detail_of({curve("index/age_steps", {5, 10, 15}, {5, 10, 2}),
                      curve("index/refresh_steps", {5, 10}, {1, 6})});
  lights = lights_of(run, detail);
  EXPECT_EQ(lights[2].state, LightState::kOff);
  EXPECT_EQ(lights[2].text, "index 2 steps old");
  run.stage = "evaluate";
  EXPECT_EQ(lights_of(run, detail)[0].state, LightState::kOff) << "no examples are drawn";
  run.state = RunState::kPaused;
  EXPECT_EQ(lights_of(run, detail)[1].state, LightState::kWaits);
  run.task = "ict";
  EXPECT_EQ(lights_of(run, detail).size(), 2U) << "it has no index";
  EXPECT_TRUE(lights_of(run_in(RunState::kFinished), detail).empty());
}

TEST(TrainState, CountsExamplesByTheBatch) {
  RunSummary run = run_in(RunState::kRunning);
  EXPECT_EQ(examples_a_step(run), 1);
  run.config_json = R"({"batch_size": 64})";
  EXPECT_EQ(examples_a_step(run), 64);
  run.config_json = "broken";
  EXPECT_EQ(examples_a_step(run), 1);
}

TEST(TrainState, KeepsOneSettingAKey) {
  RunPlan plan{.settings = {"steps=5", "steps_more=1"}};
  const std::string seven = "7";
  change_setting(plan, "steps", &seven);
  EXPECT_THAT(plan.settings, ElementsAre("steps_more=1", "steps=7"));
  EXPECT_EQ(*setting_of(plan, "steps"), "steps=7");
  change_setting(plan, "steps", nullptr);
  EXPECT_EQ(setting_of(plan, "steps"), nullptr);
}

}  // namespace
}  // namespace realm::view
