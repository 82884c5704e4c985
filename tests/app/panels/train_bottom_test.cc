// The log below the charts of the Train workspace.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "app/panels/train_panel.h"
#include "app/view/train_log.h"
#include "tests/app/panels/headless.h"
#include "tests/app/panels/sample_runs.h"

namespace realm::panels {
namespace {

using ::testing::HasSubstr;
using testing::Headless;
using ::testing::Not;
using testing::sample_detail;
using testing::sample_run;

class TrainBottomTest : public ::testing::Test {
 protected:
  void SetUp() override {
    window_.open();
    window_.apply(view::SetTab{view::Tab::kTrain});
  }
  void show(std::vector<RunEvent> events, RunState state = RunState::kRunning) {
    view::TrainSnapshot snapshot;
    auto detail = sample_detail("r");
    detail->events = std::make_shared<const std::vector<RunEvent>>(std::move(events));
    snapshot.followed.push_back(std::move(detail));
    snapshot.runs =
        std::make_shared<const std::vector<RunSummary>>(std::vector{sample_run("r", state)});
    window_.show_runs(std::move(snapshot));
    window_.frames(3);
  }
  // Lines with an error at each of the places.
  static std::vector<RunEvent> lines(int count, const std::vector<int>& errors) {
    std::vector<RunEvent> events;
    for (int i = 0; i < count; ++i)
      events.push_back({"log", i, fmt::format("Line %s {}.", i), "", 1000 + i});
    for (const int i : errors) events[static_cast<size_t>(i)].kind = "error";
    return events;
  }
  const view::TrainLook& look() const { return window_.state().train.look; }
  std::string copied() const {
    std::string text;
    for (const view::Effect& effect : window_.effects()) {
      if (const auto* clipboard = std::get_if<view::SetClipboard>(&effect)) text = clipboard->text;
    }
    return text;
  }
  Headless window_;
};

TEST_F(TrainBottomTest, WithoutErrorsThereIsNoWayToOne) {
  show(lines(80, {}));
  EXPECT_TRUE(window_.has("train.log_errors"));
  for (const char* button : {"train.error_before", "train.error_after"}) {
    window_.click(button);
    EXPECT_EQ(look().log_mark, "") << button;
  }
  EXPECT_FALSE(window_.has("train.log_mark"));
}

TEST_F(TrainBottomTest, GoesToEachErrorAndMarksIt) {
  const std::vector<RunEvent> events = lines(300, {20, 150});
  show(events);
  EXPECT_FALSE(window_.has("train.log_mark"));
  window_.click("train.error_before");
  EXPECT_EQ(look().log_mark, view::key_of(events[150]));
  window_.frames(2);
  const auto expect_in_sight = [&] {
    ASSERT_TRUE(window_.has("train.log_mark"));
    const view::Box pane = window_.box("train.log_lines"), line = window_.box("train.log_mark");
    EXPECT_GE(line.y, pane.y);
    EXPECT_LE(line.bottom(), pane.bottom());
    EXPECT_EQ(std::remainder(line.y - pane.y, line.height), 0) << "whole lines";
  };
  expect_in_sight();
  window_.click("train.error_before");
  EXPECT_EQ(look().log_mark, view::key_of(events[20]));
  window_.frames(2);
  expect_in_sight();
  window_.click("train.error_after");
  window_.click("train.error_after");
  EXPECT_EQ(look().log_mark, view::key_of(events[20])) << "around the end";
  window_.frames(2);
  expect_in_sight();
}

TEST_F(TrainBottomTest, StaysAtAnErrorWhenLinesCome) {
  std::vector<RunEvent> events = lines(300, {20});
  show(events);
  window_.click("train.error_after");
  window_.frames(2);
  const float at = window_.box("train.log_mark").y;
  events.push_back({"log", 300, "One more.", "", 5000});
  show(events);
  ASSERT_TRUE(window_.has("train.log_mark"));
  EXPECT_EQ(window_.box("train.log_mark").y, at);
}

TEST_F(TrainBottomTest, GoesThroughTheErrorsThatAreSearchedFor) {
  show({{"error", 1, "The disk is full.", "", 1}, {"error", 2, "NaN.", "", 2}});
  view::TrainLook next = look();
  next.log_filter = "disk";
  window_.apply(view::SetTrainLook{next});
  window_.frames(2);
  for (int i = 0; i < 2; ++i) {
    window_.click("train.error_after");
    EXPECT_THAT(look().log_mark, HasSubstr("The disk is full."));
  }
  EXPECT_EQ(look().log_filter, "disk");
}

TEST_F(TrainBottomTest, WhyARunFailedIsAnErrorOfItsLog) {
  show({{"log", 1, "Begun.", "", 1}}, RunState::kFailed);
  window_.click("train.error_after");
  EXPECT_THAT(look().log_mark, HasSubstr("Step 3: the loss is not a number %d."));
}

TEST_F(TrainBottomTest, CopiesTheLinesThatAreShown) {
  show(lines(300, {20}));
  window_.click("train.log_copy");
  EXPECT_THAT(copied(), HasSubstr("\t0\tlog\tLine %s 0.\n")) << "those out of sight, too";
  EXPECT_THAT(copied(), HasSubstr("\t299\tlog\tLine %s 299.\n"));
  window_.click("train.log_filter");
  window_.type("error");
  EXPECT_EQ(look().log_filter, "error");
  window_.click("train.log_copy");
  EXPECT_THAT(copied(), HasSubstr("\t20\terror\tLine %s 20.\n"));
  EXPECT_THAT(copied(), Not(HasSubstr("\tlog\t")));
}

TEST_F(TrainBottomTest, TheToolsKeepClearOfTheTabs) {
  for (const float width : {720.0F, 800.0F, 1100.0F, 1280.0F, 1920.0F}) {
    window_.resize(width, 900);
    show(lines(80, {3}));
    const view::Box tab = window_.box("train.tab.machine"), tool = window_.box("train.log_copy"),
                    field = window_.box("train.log_filter");
    EXPECT_TRUE(tool.x >= tab.right() || tool.y >= tab.bottom()) << width;
    EXPECT_GT(field.x, window_.box("train.error_after").right()) << width;
    EXPECT_GE(window_.box("train.log_lines").y, field.bottom()) << width;
  }
}

}  // namespace
}  // namespace realm::panels
