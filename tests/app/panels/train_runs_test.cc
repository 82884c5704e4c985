// The list of runs in the Train workspace: notes, more steps, the trash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/panels/train_panel.h"
#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using ::testing::HasSubstr;
using testing::Headless;

RunSummary run_of(const RunId& id, RunState state) {
  RunSummary run;
  run.id = id;
  run.task = "pretrain";
  run.config_json = R"({"steps": 100})";
  run.state = state;
  run.step = 100;
  run.total_steps = 100;
  run.trained_ms = 754'000;
  return run;
}

class TrainRunsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    window_.open();
    window_.apply(view::SetTab{view::Tab::kTrain});
  }
  void show(std::vector<RunSummary> runs, std::vector<RunSummary> deleted = {},
            std::map<RunId, std::string> troubles = {}) {
    view::TrainSnapshot snapshot;
    snapshot.headlines["r"] = {"held_out/p_y", "p(y|x)", 0.25, 0.5};
    snapshot.runs = std::make_shared<const std::vector<RunSummary>>(std::move(runs));
    snapshot.deleted = std::make_shared<const std::vector<RunSummary>>(std::move(deleted));
    snapshot.troubles = std::move(troubles);
    window_.show_runs(std::move(snapshot));
    window_.frames(2);
  }
  const view::TrainState& train() const { return window_.state().train; }
  const view::NoteRun* noted() const { return window_.sent_to_training<view::NoteRun>(); }
  Headless window_;
};

TEST_F(TrainRunsTest, ARunIsAskedFromItsMenuAndFromItsHead) {
  view::TrainSnapshot snapshot;
  snapshot.runs = std::make_shared<const std::vector<RunSummary>>(
      std::vector{run_of("r", RunState::kFinished)});
  snapshot.deleted = std::make_shared<const std::vector<RunSummary>>();
  window_.show_runs(snapshot);
  window_.frames(2);
  window_.click("train.ask_checkpoint");
  EXPECT_EQ(window_.sent_to_training<view::PublishCheckpoint>(), nullptr) << "there is none";
  snapshot.checkpoints = {{"r", {50, 100}}};
  window_.show_runs(snapshot);
  window_.frames(2);
  window_.right_click("train.row.0");
  window_.click("train.row_menu.ask");
  ASSERT_NE(window_.sent_to_training<view::PublishCheckpoint>(), nullptr);
  EXPECT_EQ(window_.sent_to_training<view::PublishCheckpoint>()->step, 100);
  EXPECT_EQ(window_.sent_to_training<view::PublishCheckpoint>()->run, "r");
}

TEST_F(TrainRunsTest, ManyRunsAreSearchedScrolledAndStillDrawnAsFew) {
  std::vector<RunSummary> runs;
  for (int i = 0; i < 300; ++i) {
    runs.push_back(run_of("run-" + std::to_string(i), RunState::kFinished));
    if (i % 100 == 7) runs.back().tags = {"kept"};
  }
  show({runs.begin(), runs.begin() + 3});
  EXPECT_FALSE(window_.has("train.run_filter")) << "a few are seen at a glance";
  show({runs.begin(), runs.begin() + 20});
  const int of_twenty = window_.vertices();
  show(runs);
  EXPECT_LT(window_.vertices(), of_twenty + 600) << "only what is in sight is drawn";
  EXPECT_TRUE(window_.has("train.row.0"));
  EXPECT_FALSE(window_.has("train.row.200"));
  window_.click("train.run_filter");
  window_.type("kept");
  window_.frames(2);
  EXPECT_FALSE(window_.has("train.row.0"));
  EXPECT_TRUE(window_.has("train.row.207"));
  window_.click("train.row.107");
  EXPECT_EQ(train().selected, "run-107");
  window_.click("train.run_filter");
  window_.type("nothing");
  window_.frames(2);
  EXPECT_FALSE(window_.has("train.row.107"));
  EXPECT_EQ(train().selected, "run-107") << "what is looked at stays";
}

TEST_F(TrainRunsTest, ARunThatIsAboutToBeginIsNotResumed) {
  const auto can_resume = [&](RunState state) {
    show({run_of("r", state)});
    return view::command_state(window_.state(), "train.resume").enabled;
  };
  EXPECT_FALSE(can_resume(RunState::kCreated));
  EXPECT_TRUE(can_resume(RunState::kLost)) << "its trainer ended before it could begin";
}

TEST_F(TrainRunsTest, TellsTheLastNumberTheBestAndTheTime) {
  show({run_of("r", RunState::kFinished)});
  EXPECT_EQ(view::result_of(train(), train().snapshot->runs->front()),
            "p(y|x) 0.250, best 0.500 \u00B7 12 min 34 s");
}

TEST_F(TrainRunsTest, KeepsWhatIsWrittenASecondLater) {
  RunSummary run = run_of("r", RunState::kRunning);
  run.tags = {"old"};
  run.note = "Before %s ## ";
  show({run, run_of("other", RunState::kFinished)});
  window_.click("train.tab.notes");
  window_.click("train.note");
  window_.type("now");
  ASSERT_TRUE(train().notes);
  EXPECT_THAT(train().notes->note.text(), HasSubstr("now"));
  EXPECT_EQ(train().notes->tags, "old");
  EXPECT_EQ(noted(), nullptr) << "not while it is being written";
  window_.bench().tick(window_.state().now, 0);
  for (const view::Effect& effect : window_.bench().tick(window_.state().now + 1.1)) {
    const auto* send = std::get_if<view::SendTrainCommand>(&effect);
    const auto* note = send ? std::get_if<view::NoteRun>(&send->command.body) : nullptr;
    if (note == nullptr) continue;
    EXPECT_EQ(note->run, "r");
    EXPECT_EQ(note->tags, "old");
    EXPECT_THAT(note->note, HasSubstr("now"));
  }
  EXPECT_LT(train().notes->changed_at, 0);
}

TEST_F(TrainRunsTest, LeavingARunKeepsItsNotes) {
  show({run_of("r", RunState::kFinished), run_of("other", RunState::kFinished)});
  window_.apply(view::RunCommand{"train.note"});
  EXPECT_EQ(train().look.bottom, view::TrainBottom::kNotes);
  window_.frames(2);
  window_.type("why");
  window_.apply(view::SelectRun{"other"});
  ASSERT_NE(noted(), nullptr);
  EXPECT_EQ(noted()->note, "why");
  EXPECT_FALSE(train().notes);
}

// A letter, Enter and Delete in the note are its own.
TEST_F(TrainRunsTest, TheNoteHasTheKeyboard) {
  show({run_of("r", RunState::kFinished)});
  window_.apply(view::RunCommand{"train.note"});
  window_.frames(2);
  window_.type("a");
  window_.press("Enter");
  window_.press("Delete");
  window_.type("b");
  EXPECT_EQ(train().notes->note.text(), "a\nb");
  EXPECT_EQ(window_.sent_to_training<view::DeleteRun>(), nullptr);
}

TEST_F(TrainRunsTest, DeletesAndPutsBack) {
  show({run_of("r", RunState::kFinished), run_of("other", RunState::kFinished)});
  window_.right_click("train.row.0");
  window_.click("train.row_menu.delete");
  ASSERT_NE(window_.sent_to_training<view::DeleteRun>(), nullptr);
  EXPECT_EQ(window_.sent_to_training<view::DeleteRun>()->run, "r");
  RunSummary deleted = run_of("r", RunState::kFinished);
  deleted.deleted = 1000;
  show({run_of("other", RunState::kFinished)}, {deleted});
  EXPECT_EQ(train().selected, "other") << "what is gone is not looked at";
  window_.click("train.undelete");
  EXPECT_EQ(window_.sent_to_training<view::UndeleteRun>()->run, "r");
}

TEST_F(TrainRunsTest, SaysWhyARunCannotBeDeletedOrExtended) {
  show({run_of("r", RunState::kRunning)});
  for (const char* id : {"train.delete", "train.extend"}) {
    const view::CommandState can = view::command_state(window_.state(), id);
    EXPECT_FALSE(can.enabled);
    EXPECT_THAT(can.reason, HasSubstr("going on"));
  }
  EXPECT_FALSE(view::command_state(window_.state(), "train.undelete").enabled);
  show({run_of("r", RunState::kStopped)}, {}, {{"r", "Its folder is gone %s."}});
  EXPECT_TRUE(window_.has("train.trouble"));
  EXPECT_EQ(view::command_state(window_.state(), "train.extend").reason, "Its folder is gone %s.");
  EXPECT_EQ(view::command_state(window_.state(), "train.resume").reason, "Its folder is gone %s.");
  EXPECT_TRUE(view::command_state(window_.state(), "train.delete").enabled);
}

TEST_F(TrainRunsTest, ExtendsARunThatHasEnded) {
  show({run_of("r", RunState::kFinished)});
  window_.click("train.extend");
  window_.frames(2);
  EXPECT_EQ(window_.state().popup_text, "50") << "half as many";
  window_.type("many");
  window_.click("extend.go");
  EXPECT_EQ(window_.sent_to_training<view::ExtendRun>(), nullptr);
  window_.press("A", /*ctrl=*/true);
  window_.type("25");
  window_.click("extend.go");
  ASSERT_NE(window_.sent_to_training<view::ExtendRun>(), nullptr);
  EXPECT_EQ(window_.sent_to_training<view::ExtendRun>()->more, 25);
  EXPECT_EQ(window_.state().popup, view::Popup::kNone);
}

}  // namespace
}  // namespace realm::panels
