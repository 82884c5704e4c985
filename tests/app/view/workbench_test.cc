// The rules of the window as a whole and of Ask.
#include "app/view/workbench.h"

#include <gtest/gtest.h>

#include "tests/app/view/workbench_world.h"

namespace realm::view {
namespace {

TEST_F(WorkbenchTest, StartOpensTheWorkspaceAndAsksTheGivenSentence) {
  StartOptions options;
  options.workspace = "/w";
  options.ask = std::string(kSentence);
  const Effects effects = bench_.start(options);
  ASSERT_NE(sent<OpenWorkspace>(effects), nullptr);
  ASSERT_NE(sent<Ask>(effects), nullptr);
  EXPECT_EQ(sent<Ask>(effects)->query.text, kSentence);
  EXPECT_NE(state().pending, 0U);
}

TEST_F(WorkbenchTest, AWorkspaceThatOpensShowsItsFirstPage) {
  StartOptions options;
  options.workspace = "/w";
  bench_.start(options);
  const Effects effects = bench_.take(engine_.ready());
  EXPECT_NE(sent<LoadPage>(effects), nullptr);
  EXPECT_EQ(bench_.state().memory.recent, std::vector<std::string>{"/w"});
}

TEST_F(WorkbenchTest, AskingNeedsAHiddenWord) {
  open();
  EXPECT_EQ(ask("3 is a prime."), 0U);
  EXPECT_FALSE(state().hint.empty());
  EXPECT_NE(ask(kSentence), 0U);
  EXPECT_TRUE(state().hint.empty());
}

TEST_F(WorkbenchTest, TheOldResultStaysUntilTheNewOneComes) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  EXPECT_FALSE(is_outdated(state()));
  const RequestId second = ask("5 is a [[Fermat]] prime.");
  EXPECT_TRUE(is_outdated(state()));
  ASSERT_TRUE(state().result);
  EXPECT_EQ(state().result->query.text, kSentence);
  bench_.take(engine_.answer(second, result_for("5 is a [[Fermat]] prime.")));
  EXPECT_FALSE(is_outdated(state()));
}

TEST_F(WorkbenchTest, AnAnswerToAnOlderQuestionIsIgnored) {
  open();
  const RequestId first = ask(kSentence);
  const RequestId second = ask("5 is a [[Fermat]] prime.");
  bench_.take(engine_.answer(first, result_for(kSentence)));
  EXPECT_FALSE(state().result);
  EXPECT_EQ(state().pending, second);
}

TEST_F(WorkbenchTest, HidingAWordByAClickPredictsAtOnceUnlessSwitchedOff) {
  open();
  const TextEditor sentence(TextFieldKind::kSentence, kSentence);
  EXPECT_NE(sent<Ask>(bench_.apply(SetSentence{.sentence = sentence, .hid_word = true})), nullptr);
  StartOptions options;
  options.preferences.predict_on_hide = false;
  open(options);
  EXPECT_EQ(sent<Ask>(bench_.apply(SetSentence{.sentence = sentence, .hid_word = true})), nullptr);
}

TEST_F(WorkbenchTest, AFailedQuestionKeepsTheLastResultAndSaysWhy) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  bench_.take(engine_.refuse(ask("[[x]]"), ErrorCode::kInvalidArgument));
  EXPECT_TRUE(state().failure);
  EXPECT_TRUE(state().result);
  EXPECT_EQ(state().pending, 0U);
}

TEST_F(WorkbenchTest, EscapeCancelsWhatIsBeingAsked) {
  open();
  const RequestId id = ask(kSentence);
  const Effects effects = bench_.apply(RunCommand{"ask.cancel"});
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_EQ(std::get<CancelRequest>(effects[0]).id, id);
  bench_.take(engine_.refuse(id, ErrorCode::kCancelled));
  EXPECT_FALSE(state().failure);
  EXPECT_FALSE(state().hint.empty());
}

TEST_F(WorkbenchTest, AKeptEditAsksAgainAndComparesWithBefore) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  const Effects effects = bench_.take(engine_.outcome(
      {.id = 50, .kind = OutcomeKind::kEdit, .touched = {1}, .title = "257 (number)"}));
  ASSERT_NE(sent<Ask>(effects), nullptr);
  EXPECT_NE(sent<LoadPage>(effects), nullptr);
  AskResult after = result_for(kSentence);
  after.p_y_given_x = 0.02;
  bench_.take(engine_.answer(sent_id<Ask>(effects), after));
  ASSERT_TRUE(state().reference);
  EXPECT_EQ(state().reference->label, "after the edit of \u201C257 (number)\u201D");
  EXPECT_GT(state().reference->result->p_y_given_x, 0.5);
  // The next question of the user's own has nothing to be compared with.
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  EXPECT_FALSE(state().reference);
}

TEST_F(WorkbenchTest, APinnedResultStaysForComparison) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  bench_.apply(RunCommand{"ask.pin_result"});
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  ASSERT_TRUE(state().reference);
  EXPECT_TRUE(state().reference->is_pinned);
  bench_.apply(RunCommand{"ask.pin_result"});
  EXPECT_FALSE(state().reference);
}

TEST_F(WorkbenchTest, TheMostHelpfulPassageIsReadFirst) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  EXPECT_EQ(state().reading, 1);
  EXPECT_FALSE(state().sorting_document);
  bench_.apply(SelectPassage{.id = 2});
  EXPECT_EQ(state().reading, 2);
  EXPECT_EQ(state().sorting_document, 2);
  bench_.apply(SelectPassage{.id = 2});
  EXPECT_FALSE(state().sorting_document);
}

TEST_F(WorkbenchTest, WatchedWordsAreAskedForAtOnce) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  const Effects effects = bench_.apply(AddWatch{"  gauss "});
  ASSERT_NE(sent<Ask>(effects), nullptr);
  EXPECT_EQ(sent<Ask>(effects)->query.watch, std::vector<std::string>{"gauss"});
  EXPECT_TRUE(bench_.apply(AddWatch{"gauss"}).empty());
  EXPECT_TRUE(bench_.apply(AddWatch{"   "}).empty());
}

TEST_F(WorkbenchTest, AnExcludedPassageIsNoLongerPinned) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  bench_.apply(SetPinned{{7, "Rhine"}, true});
  const Effects effects = bench_.apply(SetExcluded{{7, "Rhine"}, true});
  ASSERT_NE(sent<Ask>(effects), nullptr);
  EXPECT_EQ(sent<Ask>(effects)->query.excluded, std::vector<DocumentId>{7});
  EXPECT_TRUE(sent<Ask>(effects)->query.pinned.empty());
}

TEST_F(WorkbenchTest, SettingsAreWrittenAMomentAfterTheyChange) {
  StartOptions options;
  options.folders.config = "/config";
  options.folders.state = "/state";
  open(options);
  bench_.apply(RunCommand{"view.theme"});
  EXPECT_EQ(sent<WriteTextFile>(bench_.tick(0.5)), nullptr);
  EXPECT_GT(bench_.next_deadline(), 0);
  const Effects effects = bench_.tick(2);
  ASSERT_NE(sent<WriteTextFile>(effects), nullptr);
  EXPECT_EQ(sent<WriteTextFile>(effects)->file, "/config/settings.json");
  EXPECT_EQ(sent<WriteTextFile>(bench_.tick(4)), nullptr);
  EXPECT_LT(bench_.next_deadline(), 0);
}

TEST_F(WorkbenchTest, LooksAgainWhenARunWouldBeSilentForTooLong) {
  open();
  RunSummary run;
  run.id = "r";
  run.state = RunState::kRunning;
  run.heartbeat = 1'000'000;
  TrainSnapshot runs;
  runs.version = 1;
  runs.folder = "/w";
  runs.is_known = true;
  runs.runs = std::make_shared<const std::vector<RunSummary>>(std::vector{run});
  runs.deleted = std::make_shared<const std::vector<RunSummary>>();
  runs.outcomes = std::make_shared<const std::vector<TrainOutcome>>();
  bench_.take(std::make_shared<const TrainSnapshot>(runs));
  bench_.apply(SetTab{Tab::kTrain});
  bench_.tick(50, 1000 + 10);
  EXPECT_GT(bench_.next_deadline(), 0);
  EXPECT_LE(bench_.next_deadline(), 20);
  bench_.tick(75, 1000 + 35);
  EXPECT_LE(bench_.next_deadline(), 1) << "the seconds are counted";
}

TEST_F(WorkbenchTest, TheScaleCannotLeaveItsRange) {
  open();
  for (int i = 0; i < 60; ++i) bench_.apply(RunCommand{"view.scale_up"});
  EXPECT_FLOAT_EQ(bench_.state().preferences.scale, kMaxScale);
  for (int i = 0; i < 60; ++i) bench_.apply(RunCommand{"view.scale_down"});
  EXPECT_FLOAT_EQ(bench_.state().preferences.scale, kMinScale);
  bench_.apply(RunCommand{"view.scale_reset"});
  EXPECT_FLOAT_EQ(bench_.state().preferences.scale, 1);
}

}  // namespace
}  // namespace realm::view
