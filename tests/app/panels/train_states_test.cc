// Every tab of the Train workspace with a run in every state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "app/panels/train_panel.h"
#include "tests/app/panels/headless.h"
#include "tests/app/panels/sample_runs.h"

namespace realm::panels {
namespace {

using ::testing::HasSubstr;
using testing::Headless;

struct TabCase {
  view::TrainBottom bottom;
  const char* button;
  const char* widget;  // that it shows of the sample run
  bool needs_numbers;  // else it is there before the run's numbers are read
};
constexpr TabCase kTabs[] = {
    {view::TrainBottom::kLog, "train.tab.log", "train.log_lines", true},
    {view::TrainBottom::kProbes, "train.tab.probes", "train.film.0", true},
    {view::TrainBottom::kSamples, "train.tab.samples", "train.sample.0", true},
    {view::TrainBottom::kSettings, "train.tab.settings", "train.setting_lines", false},
    {view::TrainBottom::kNotes, "train.tab.notes", "train.note", false},
    {view::TrainBottom::kMachine, "train.tab.machine", "train.machine.host", false}};

struct StateCase {
  RunState state;
  const char* word;                  // in the list
  const char* sentence;              // in the head, a part of it
  std::vector<const char*> offered;  // buttons of the head
  std::vector<const char*> withheld;
  bool goes_on = false, went_wrong = false;
};
std::vector<StateCase> state_cases() {
  return {{RunState::kCreated,
           "starting",
           "not begun yet",
           {"train.stop"},
           {"train.pause", "train.resume", "train.checkpoint", "train.refresh", "train.extend"}},
          {RunState::kQueued,
           "queued",
           "waits for its turn",
           {"train.stop"},
           {"train.pause", "train.resume", "train.checkpoint", "train.refresh", "train.extend"}},
          {RunState::kRunning,
           "running",
           "Training.",
           {"train.stop", "train.pause", "train.checkpoint", "train.refresh"},
           {"train.resume", "train.extend"},
           true},
          {RunState::kPaused,
           "paused",
           "until it is told to go on",
           {"train.stop", "train.resume", "train.checkpoint", "train.refresh"},
           {"train.pause", "train.extend"},
           true},
          {RunState::kStopped,
           "stopped",
           "It has stopped.",
           {"train.resume", "train.extend"},
           {"train.stop", "train.pause", "train.checkpoint", "train.refresh"}},
          {RunState::kFinished,
           "finished",
           "It has finished.",
           {"train.extend"},
           {"train.stop", "train.pause", "train.resume", "train.checkpoint", "train.refresh"}},
          {RunState::kFailed,
           "failed",
           "not a number %d.",
           {"train.resume", "train.extend"},
           {"train.stop", "train.pause", "train.checkpoint", "train.refresh"},
           false,
           true},
          {RunState::kLost,
           "lost",
           "left no word",
           {"train.resume", "train.extend"},
           {"train.stop", "train.pause", "train.checkpoint", "train.refresh"},
           false,
           true}};
}

class TrainStatesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    window_.open();
    window_.apply(view::SetTab{view::Tab::kTrain});
    auto machine = std::make_shared<view::MachineSnapshot>();
    view::MachineSample sample;
    sample.cores = {0.5, 0.25};
    sample.memory_used = 3'000'000'000;
    sample.memory_total = 16'000'000'000;
    sample.disk_free = 1'000'000'000;
    sample.disk_total = 64'000'000'000;
    machine->samples.push_back(std::make_shared<const view::MachineSample>(std::move(sample)));
    window_.bench().take(std::move(machine));
  }
  void show(std::vector<RunSummary> runs, bool with_numbers) {
    view::TrainSnapshot snapshot;
    for (const RunSummary& run : runs) {
      if (with_numbers) snapshot.followed.push_back(testing::sample_detail(run.id));
      snapshot.checkpoints[run.id] = {10, 30};
    }
    snapshot.runs = std::make_shared<const std::vector<RunSummary>>(std::move(runs));
    window_.show_runs(std::move(snapshot));
  }
  void go_to(view::TrainBottom tab) {
    view::TrainLook look = window_.state().train.look;
    look.bottom = tab;
    look.log_mark.clear();
    window_.apply(view::SetTrainLook{std::move(look)});
    window_.frames(2);
  }
  // True of the run whichever tab is open.
  void expect_head(const StateCase& expected, bool with_numbers) {
    const RunSummary& run = *view::selected_run(window_.state().train);
    EXPECT_EQ(view::state_word(run.state), expected.word);
    EXPECT_THAT(view::state_sentence(run, 0), HasSubstr(expected.sentence));
    EXPECT_TRUE(window_.has("train.row.0"));
    EXPECT_TRUE(window_.has("train.sentence"));
    EXPECT_GT(window_.box("train.sentence").height, 0);
    EXPECT_FALSE(window_.has("train.waiting")) << "nothing was asked for";
    EXPECT_EQ(window_.has("train.gauge.loss"), with_numbers);
    EXPECT_EQ(window_.has("train.chart.0"), with_numbers);
    const bool is_starting = run.state == RunState::kCreated;
    if (!is_starting) {
      EXPECT_EQ(window_.has("train.light.trainer"), with_numbers && expected.goes_on);
    }
    for (const char* command : expected.offered) {
      EXPECT_TRUE(window_.has(command)) << command;
      EXPECT_TRUE(view::command_state(window_.state(), command).enabled) << command;
    }
    for (const char* command : expected.withheld) {
      EXPECT_FALSE(window_.has(command)) << command;
      EXPECT_TRUE(is_starting || !view::command_state(window_.state(), command).enabled) << command;
    }
    for (const TabCase& tab : kTabs) EXPECT_TRUE(window_.has(tab.button)) << tab.button;
  }
  Headless window_;
};

TEST_F(TrainStatesTest, WithoutARunNoTabIsThere) {
  for (const TabCase& tab : kTabs) {
    SCOPED_TRACE(tab.button);
    show({}, false);
    go_to(tab.bottom);
    EXPECT_TRUE(window_.has("train.empty"));
    EXPECT_TRUE(window_.has("train.first"));
    EXPECT_TRUE(view::command_state(window_.state(), "train.new").enabled);
    for (const char* command : {"train.stop", "train.pause", "train.resume", "train.extend"})
      EXPECT_FALSE(view::command_state(window_.state(), command).enabled) << command;
    EXPECT_FALSE(window_.has("train.sentence"));
    EXPECT_FALSE(window_.has(tab.button));
    EXPECT_FALSE(window_.has(tab.widget));
  }
}

TEST_F(TrainStatesTest, EveryTabIsDrawnInEveryState) {
  for (const StateCase& expected : state_cases()) {
    for (const bool with_numbers : {false, true}) {
      show({testing::sample_run("r", expected.state)}, with_numbers);
      for (const TabCase& tab : kTabs) {
        SCOPED_TRACE(::testing::Message() << expected.word << ", " << tab.button
                                          << (with_numbers ? "" : ", nothing read yet"));
        go_to(tab.bottom);
        expect_head(expected, with_numbers);
        for (const TabCase& other : kTabs) {
          const bool is_open = other.bottom == tab.bottom;
          EXPECT_EQ(window_.has(other.widget), is_open && (with_numbers || !tab.needs_numbers))
              << other.widget;
        }
      }
    }
  }
}

TEST_F(TrainStatesTest, TheLogOfARunThatWentWrongHasAnError) {
  for (const StateCase& expected : state_cases()) {
    SCOPED_TRACE(expected.word);
    show({testing::sample_run("r", expected.state)}, true);
    go_to(view::TrainBottom::kLog);
    window_.click("train.error_after");
    EXPECT_EQ(!window_.state().train.look.log_mark.empty(), expected.went_wrong);
  }
}

TEST_F(TrainStatesTest, ItsNewestCheckpointIsAskedInEveryStateButTheQueue) {
  for (const StateCase& expected : state_cases()) {
    SCOPED_TRACE(expected.word);
    show({testing::sample_run("r", expected.state)}, true);
    EXPECT_EQ(window_.has("train.ask_checkpoint"), expected.state != RunState::kQueued);
    if (expected.state == RunState::kQueued) continue;
    EXPECT_TRUE(view::command_state(window_.state(), "train.ask_checkpoint").enabled);
  }
}

TEST_F(TrainStatesTest, OneRunOfEachStateIsListed) {
  std::vector<RunSummary> runs;
  for (const StateCase& expected : state_cases())
    runs.push_back(testing::sample_run(expected.word, expected.state));
  show(runs, false);
  for (size_t i = 0; i < runs.size(); ++i) {
    SCOPED_TRACE(runs[i].id);
    EXPECT_TRUE(window_.has("train.row." + std::to_string(i)));
    view::TrainLook look = window_.state().train.look;
    look.run_filter = runs[i].id;  // its state's word
    window_.apply(view::SetTrainLook{std::move(look)});
    EXPECT_EQ(view::listed_runs(window_.state().train), std::vector<size_t>{i});
    look = window_.state().train.look;
    look.run_filter.clear();
    window_.apply(view::SetTrainLook{std::move(look)});
  }
}

TEST_F(TrainStatesTest, FitSmallAndLargeWindowsInBothThemes) {
  for (const view::ThemeKind theme : {view::ThemeKind::kLight, view::ThemeKind::kDark}) {
    window_.set_theme(theme);
    for (const auto& [width, height] : {std::pair{640.0F, 420.0F}, std::pair{1920.0F, 1080.0F}}) {
      window_.resize(width, height);
      for (const StateCase& expected : state_cases()) {
        show({testing::sample_run("r", expected.state)}, true);
        for (const TabCase& tab : kTabs) {
          go_to(tab.bottom);
          EXPECT_GT(window_.vertices(), 0);
          EXPECT_TRUE(window_.has("train.sentence"));
        }
      }
    }
  }
}

}  // namespace
}  // namespace realm::panels
