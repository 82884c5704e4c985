#include "app/view/train_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace realm::view {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

RunSummary run_in(RunState state, const std::string& exit_message = "") {
  RunSummary run;
  run.id = "r";
  run.state = state;
  run.step = 7;
  run.exit_message = exit_message;
  run.heartbeat = 5000;
  return run;
}

RunDetail detail_of(std::vector<RunEvent> events) {
  RunDetail detail;
  detail.events = std::make_shared<const std::vector<RunEvent>>(std::move(events));
  return detail;
}

std::vector<std::string> messages(const ShownLog& log) {
  std::vector<std::string> out;
  for (const RunEvent* event : log.lines) out.push_back(event->message);
  return out;
}

TEST(TrainLog, IsSearched) {
  const RunSummary run = run_in(RunState::kRunning);
  const RunDetail detail = detail_of(
      {{"log", 1, "Saved the checkpoint.", "", 0}, {"warning", 2, "Does not repeat.", "", 0}});
  EXPECT_EQ(shown_log(run, detail, "").lines.size(), 2U);
  EXPECT_THAT(messages(shown_log(run, detail, " WARN repeat")), ElementsAre("Does not repeat."));
  EXPECT_THAT(shown_log(run, detail, "saved warning").lines, IsEmpty());
}

TEST(TrainLog, KnowsWhichOfTheShownLinesAreErrors) {
  const RunSummary run = run_in(RunState::kRunning);
  const RunDetail detail = detail_of({{"log", 1, "Begun.", "", 0},
                                      {"error", 2, "The disk is full.", "", 0},
                                      {"warning", 3, "The disk is slow.", "", 0},
                                      {"error", 4, "NaN.", "", 0}});
  EXPECT_THAT(shown_log(run, detail, "").errors, ElementsAre(1, 3));
  EXPECT_THAT(shown_log(run, detail, "disk").errors, ElementsAre(0));
  EXPECT_THAT(shown_log(run, detail, "begun").errors, IsEmpty());
}

TEST(TrainLog, GoesFromErrorToErrorAndAroundTheEnds) {
  ShownLog log;
  log.errors = {2, 5, 9};
  EXPECT_EQ(next_error(log, std::nullopt, 1), 2U);
  EXPECT_EQ(next_error(log, std::nullopt, -1), 9U);
  EXPECT_EQ(next_error(log, 2, 1), 5U);
  EXPECT_EQ(next_error(log, 9, 1), 2U);
  EXPECT_EQ(next_error(log, 5, -1), 2U);
  EXPECT_EQ(next_error(log, 2, -1), 9U);
  EXPECT_EQ(errors_text(log, std::nullopt), "3 errors");
  EXPECT_EQ(errors_text(log, 5), "error 2 of 3");
  log.errors = {4};
  EXPECT_EQ(next_error(log, 4, 1), 4U);
  EXPECT_EQ(next_error(log, 4, -1), 4U);
  EXPECT_EQ(errors_text(log, std::nullopt), "1 error");
  EXPECT_FALSE(next_error(ShownLog(), std::nullopt, 1));
  EXPECT_EQ(errors_text(ShownLog(), std::nullopt), "no errors");
}

TEST(TrainLog, FindsAMarkedErrorAgainWhenLinesHaveComeAndGone) {
  const RunSummary run = run_in(RunState::kRunning);
  const RunEvent error{"error", 2, "The disk is full.", "", 9};
  const RunDetail before = detail_of({{"log", 1, "Begun.", "", 0}, error});
  const RunDetail after = detail_of({error, {"error", 3, "The disk is full.", "", 10}});
  EXPECT_EQ(find_line(shown_log(run, before, ""), key_of(error)), 1U);
  EXPECT_EQ(find_line(shown_log(run, after, ""), key_of(error)), 0U);
  EXPECT_FALSE(find_line(shown_log(run, after, "nan"), key_of(error)));
  EXPECT_FALSE(find_line(shown_log(run, after, ""), ""));
}

TEST(TrainLog, EndsWithWhyTheRunWentWrong) {
  const RunDetail detail = detail_of({{"log", 1, "Begun.", "", 0}});
  const ShownLog log =
      shown_log(run_in(RunState::kFailed, "Step 7: the loss is not a number."), detail, "");
  ASSERT_EQ(log.lines.size(), 2U);
  EXPECT_EQ(log.lines[1]->message, "Step 7: the loss is not a number.");
  EXPECT_EQ(log.lines[1]->step, 7);
  EXPECT_EQ(log.lines[1]->time, 5000) << "when it was last heard of";
  EXPECT_THAT(log.errors, ElementsAre(1));
  RunSummary ended = run_in(RunState::kFailed, "NaN.");
  ended.ended = 6000;
  EXPECT_EQ(shown_log(ended, detail, "").lines[1]->time, 6000);
  EXPECT_EQ(shown_log(run_in(RunState::kLost), detail, "gone").errors.size(), 1U)
      << "nobody has said why";
  EXPECT_THAT(shown_log(run_in(RunState::kFailed, "NaN."), detail, "begun").errors, IsEmpty());
  for (const RunState state : {RunState::kRunning, RunState::kStopped, RunState::kFinished})
    EXPECT_EQ(shown_log(run_in(state, "Stopped."), detail, "").lines.size(), 1U);
}

TEST(TrainLog, SaysItOnceWhereTheTrainerHasSaidIt) {
  const RunSummary run = run_in(RunState::kFailed, "NaN.");
  const RunEvent error{"error", 7, "NaN.", "", 0}, resumed{"resume", 5, "Resumed.", "", 0};
  EXPECT_THAT(messages(shown_log(run, detail_of({error}), "")), ElementsAre("NaN."));
  EXPECT_THAT(messages(shown_log(run, detail_of({error, resumed}), "")),
              ElementsAre("NaN.", "Resumed.", "NaN."))
      << "the first is of the trainer before";
  EXPECT_THAT(messages(shown_log(run, detail_of({resumed, error}), "")),
              ElementsAre("Resumed.", "NaN."));
}

TEST(TrainLog, OutlivesAMove) {
  ShownLog log = shown_log(run_in(RunState::kFailed, "NaN."), detail_of({}), "");
  const ShownLog moved = std::move(log);
  EXPECT_THAT(messages(moved), ElementsAre("NaN."));
}

TEST(TrainLog, IsTextWithALineAnEvent) {
  const RunDetail detail = detail_of({{"log", 1, "Begun.", "", 0}, {"error", 1200, "NaN.", "", 0}});
  EXPECT_THAT(log_text(shown_log(run_in(RunState::kRunning), detail, "")),
              MatchesRegex("..:..:..\t1\tlog\tBegun.\n..:..:..\t1200\terror\tNaN.\n"));
  EXPECT_EQ(log_text(ShownLog()), "");
}

}  // namespace
}  // namespace realm::view
