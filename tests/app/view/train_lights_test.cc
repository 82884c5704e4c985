// What a run's refresher does, as its light tells it.
#include <gtest/gtest.h>

#include "app/view/train_state.h"

namespace realm::view {
namespace {

std::shared_ptr<const Curve> curve(const std::string& name, const std::vector<double>& steps,
                                   const std::vector<double>& values) {
  Curve made{.name = name};
  for (size_t i = 0; i < steps.size(); ++i) append(made, steps[i], values[i], steps[i]);
  return std::make_shared<const Curve>(std::move(made));
}

TrainLight refresher(const RunSummary& run, std::vector<std::shared_ptr<const Curve>> curves) {
  RunDetail detail;
  detail.curves = std::move(curves);
  return lights_of(run, detail).at(2);
}

RunSummary run_of(const std::string& mode) {
  RunSummary run;
  run.task = "pretrain";
  run.state = RunState::kRunning;
  run.stage = "train";
  run.config_json = R"({"refresh_lag_steps": 10, "refresh_mode": ")" + mode + "\"}";
  return run;
}

TEST(TrainLights, DrawTheShareOfTheCorpusInEveryMode) {
  for (const char* mode : {"free", "repeatable"}) {
    const TrainLight light =
        refresher(run_of(mode), {curve("index/age_steps", {5, 10}, {5, 10}),
                                 curve("index/refresh_steps", {5, 10}, {1, 6}),
                                 curve("index/refresh_share", {5, 10}, {0.1, 0.75})});
    EXPECT_EQ(light.state, LightState::kWorks) << mode;
    EXPECT_EQ(light.done, 0.75) << mode;
    EXPECT_EQ(light.text, "embeds the corpus, begun 6 steps ago");
  }
}

// Runs of before told no share: in the repeatable mode the step of the adoption is known.
TEST(TrainLights, DrawTheStepsOfARunThatTellsNoShare) {
  const std::vector<std::shared_ptr<const Curve>> curves = {
      curve("index/age_steps", {10}, {10}), curve("index/refresh_steps", {10}, {6})};
  EXPECT_EQ(refresher(run_of("repeatable"), curves).done, 0.6);
  EXPECT_EQ(refresher(run_of("free"), curves).done, std::nullopt);
}

TEST(TrainLights, DrawTheShareThatARunWaitsFor) {
  RunSummary run = run_of("repeatable");
  run.stage = "refresh index";
  const auto age = curve("index/age_steps", {10}, {10});
  TrainLight light = refresher(run, {age, curve("index/refresh_share", {10, 13}, {0.2, 0.5})});
  EXPECT_EQ(light.text, "training waits for it");
  EXPECT_EQ(light.done, 0.5);
  // Of the refresh before: nothing is told of this one yet.
  light = refresher(run, {age, curve("index/refresh_share", {5}, {0.9})});
  EXPECT_EQ(light.done, std::nullopt);
}

TEST(TrainLights, LeaveAShareThatIsOver) {
  const TrainLight light =
      refresher(run_of("free"), {curve("index/age_steps", {10, 15}, {10, 2}),
                                 curve("index/refresh_steps", {10}, {6}),
                                 curve("index/refresh_share", {10, 13}, {0.5, 1})});
  EXPECT_EQ(light.state, LightState::kOff);
  EXPECT_EQ(light.done, std::nullopt);
  EXPECT_EQ(light.text, "index 2 steps old");
}

}  // namespace
}  // namespace realm::view
