// Curves of many numbers: made ready on another thread, while what is on screen stays there.
#include "app/panels/train_charts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/app/panels/headless.h"

namespace realm {
namespace {

using testing::Headless;

constexpr int kMany = 30'000;

class TrainChartsTest : public ::testing::Test {
 protected:
  TrainChartsTest() {
    window_.set_background(
        [this](std::function<void()> work) { work_.push_back(std::move(work)); });
    window_.open();
    window_.apply(view::SetTab{view::Tab::kTrain});
    curve_.name = "loss";
    for (int i = 0; i < kMany; ++i) view::append(curve_, i, 2 + std::sin(i * 0.01), i);
  }
  void show() {
    auto detail = std::make_shared<view::RunDetail>();
    detail->run = "r";
    detail->attempt = 1;
    detail->curves.push_back(std::make_shared<const view::Curve>(curve_));
    detail->events = std::make_shared<const std::vector<RunEvent>>();
    detail->samples = std::make_shared<const std::vector<view::TrainingSample>>();
    RunSummary run;
    run.id = "r";
    run.task = "pretrain";
    run.state = RunState::kRunning;
    view::TrainSnapshot snapshot;
    snapshot.runs = std::make_shared<const std::vector<RunSummary>>(std::vector{run});
    snapshot.followed.push_back(std::move(detail));
    window_.show_runs(std::move(snapshot));
  }
  void do_work() {
    for (const auto& work : std::exchange(work_, {})) work();
    window_.frames(2);
  }

  Headless window_;
  view::Curve curve_;
  std::vector<std::function<void()>> work_;
};

TEST_F(TrainChartsTest, LongCurvesAreMadeReadyElsewhere) {
  show();
  ASSERT_EQ(work_.size(), 1U) << "once, however many frames are drawn";
  const int without = window_.vertices();
  do_work();
  const int with = window_.vertices();
  EXPECT_GT(with, without + 500);
  EXPECT_TRUE(work_.empty());
}

TEST_F(TrainChartsTest, WhatWasDrawnStaysUntilTheNewIsReady) {
  show();
  do_work();
  const int drawn = window_.vertices();
  view::append(curve_, kMany, 2, kMany);
  show();
  ASSERT_EQ(work_.size(), 1U);
  EXPECT_NEAR(window_.vertices(), drawn, drawn / 10);
  // More comes while it is made ready: that is begun once this is there.
  view::append(curve_, kMany + 1, 2, kMany + 1);
  show();
  EXPECT_EQ(work_.size(), 1U);
  do_work();
  EXPECT_EQ(work_.size(), 1U);
  do_work();
  EXPECT_TRUE(work_.empty());
}

TEST_F(TrainChartsTest, ShortCurvesAreThereAtOnce) {
  curve_ = {.name = "loss"};
  for (int i = 0; i < 100; ++i) view::append(curve_, i, i, i);
  show();
  EXPECT_TRUE(work_.empty());
}

}  // namespace
}  // namespace realm
