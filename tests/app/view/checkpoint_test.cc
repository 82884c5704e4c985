// A run's checkpoint on its way into Ask, and the way back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/view/workbench.h"
#include "tests/app/view/fake_session.h"
#include "tests/app/view/sent_commands.h"

namespace realm::view {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class CheckpointTest : public ::testing::Test {
 protected:
  CheckpointTest() {
    bench_.start({.workspace = "/w"});
    status_.model.emplace();
    status_.active_model = "starter";
    status_.index.type = "exact";
    status_.index.matches_model = true;
    engine();
    runs_.folder = "/w";
    runs_.is_known = true;
    RunSummary run;
    run.id = "r";
    run.task = "pretrain";
    run.state = RunState::kStopped;
    show(run);
  }
  void show(const RunSummary& run) {
    runs_.runs = std::make_shared<const std::vector<RunSummary>>(std::vector{run});
    runs_.deleted = std::make_shared<const std::vector<RunSummary>>();
    runs_.checkpoints = {{"r", {4000, 8000}}};
    train();
  }
  Effects train() {
    ++runs_.version;
    runs_.outcomes = std::make_shared<const std::vector<TrainOutcome>>(train_outcomes_);
    return bench_.take(std::make_shared<const TrainSnapshot>(runs_));
  }
  Effects engine() {
    ++engine_.version;
    engine_.phase = EnginePhase::kReady;
    engine_.folder = "/w";
    engine_.status = std::make_shared<const SessionStatus>(status_);
    engine_.outcomes = std::make_shared<const std::vector<Outcome>>(outcomes_);
    return bench_.take(std::make_shared<const EngineSnapshot>(engine_));
  }
  // The step that a click would ask, or the reason why none.
  std::string offered(std::optional<int64_t> step) {
    const CheckpointOffer offer = offer_checkpoint(bench_.state(), "r", step);
    return offer.step ? std::to_string(*offer.step) : offer.reason;
  }
  // Copied and loaded as "r@8000".
  Effects let_it_answer(std::string left_out = {}) {
    const Effects first = bench_.apply(AskCheckpoint{"r", std::nullopt, "The [[Rhine]] flows."});
    RequestId copying = 0;
    for (const Effect& effect : first) {
      if (const auto* send = std::get_if<SendTrainCommand>(&effect)) copying = send->command.id;
    }
    train_outcomes_.push_back({.id = copying,
                               .kind = TrainOutcomeKind::kPublish,
                               .run = "r",
                               .name = "r@8000",
                               .step = 8000,
                               .borrowed = "the encoder of starter"});
    const Effects second = train();
    EXPECT_NE(sent<UseModel>(second), nullptr);
    outcomes_.push_back({.id = sent_id<UseModel>(second),
                         .kind = OutcomeKind::kUseModel,
                         .title = "r@8000",
                         .left_out = std::move(left_out)});
    status_.active_model = "r@8000";
    status_.model_before = "starter";
    return engine();
  }

  Workbench bench_;
  SessionStatus status_;
  EngineSnapshot engine_;
  TrainSnapshot runs_;
  std::vector<Outcome> outcomes_;
  std::vector<TrainOutcome> train_outcomes_;
};

TEST_F(CheckpointTest, IsTheNewestOnDiskAtOrBeforeTheStep) {
  EXPECT_EQ(offered(std::nullopt), "8000");
  EXPECT_EQ(offered(9000), "8000");
  EXPECT_EQ(offered(8000), "8000");
  EXPECT_EQ(offered(7999), "4000");
  EXPECT_THAT(offered(3999), AllOf(HasSubstr("3,999"), HasSubstr("4,000 and 8,000")));
}

TEST_F(CheckpointTest, SaysWhyThereIsNone) {
  RunSummary run = runs_.runs->front();
  run.state = RunState::kRunning;
  show(run);
  runs_.checkpoints.clear();
  train();
  EXPECT_THAT(offered(std::nullopt), HasSubstr("no checkpoint yet"));
  run.state = RunState::kStopped;
  show(run);
  runs_.checkpoints.clear();
  train();
  EXPECT_THAT(offered(std::nullopt), HasSubstr("on disk"));
  run.task = "vocabulary";
  show(run);
  EXPECT_THAT(offered(std::nullopt), HasSubstr("vocabulary"));
  run.task = "mlm";
  run.config_json = R"({"passage": "none"})";
  show(run);
  EXPECT_THAT(offered(std::nullopt), HasSubstr("plain BERT"));
  run.config_json = R"({"passage": "gold"})";
  show(run);
  EXPECT_EQ(offered(std::nullopt), "8000");
  status_.read_only = true;
  engine();
  EXPECT_THAT(offered(std::nullopt), HasSubstr("reading only"));
}

TEST_F(CheckpointTest, IsCopiedThenLoadedThenAsked) {
  const Effects effects = let_it_answer();
  ASSERT_NE(sent<Ask>(effects), nullptr);
  EXPECT_EQ(sent<Ask>(effects)->query.text, "The [[Rhine]] flows.");
  EXPECT_EQ(bench_.state().tab, Tab::kAsk);
  EXPECT_EQ(bench_.state().ask.sentence.text(), "The [[Rhine]] flows.");
  ASSERT_FALSE(bench_.state().toasts.empty());
  EXPECT_THAT(bench_.state().toasts.back().text,
              AllOf(HasSubstr("Step 8,000 of r"), HasSubstr("the encoder of starter"),
                    HasSubstr("goes back to starter")));
  EXPECT_FALSE(bench_.state().train.checkpoint) << "another one can be asked";
}

TEST_F(CheckpointTest, ThatCannotBeCopiedLeavesTheModelAsItIs) {
  const Effects first = bench_.apply(AskCheckpoint{"r"});
  EXPECT_THAT(offered(std::nullopt), HasSubstr("on its way"));
  for (const Effect& effect : first) {
    const auto* send = std::get_if<SendTrainCommand>(&effect);
    if (send == nullptr) continue;
    train_outcomes_.push_back({.id = send->command.id,
                               .kind = TrainOutcomeKind::kPublish,
                               .failure = Failure{ErrorCode::kNotFound, "It was removed."}});
  }
  EXPECT_EQ(sent<UseModel>(train()), nullptr);
  EXPECT_EQ(bench_.state().toasts.back().text, "It was removed.");
  EXPECT_EQ(offered(std::nullopt), "8000") << "it can be tried again";
}

TEST_F(CheckpointTest, WithAForeignIndexIsAskedOnceItsOwnIsThere) {
  const auto reply = std::make_shared<AskReply>();
  reply->id = sent_id<Ask>(bench_.apply(UseSentence{"The [[Rhine]] flows."}));
  reply->result = std::make_shared<const AskResult>(testing::fermat_result());
  engine_.ask = reply;
  engine();
  ASSERT_TRUE(bench_.state().ask.result);
  status_.index.matches_model = false;
  const Effects effects = let_it_answer();
  EXPECT_TRUE(has_foreign_index(bench_.state()));
  EXPECT_FALSE(bench_.state().ask.result) << "that was the other model's";
  const auto refusal = std::make_shared<AskReply>();
  refusal->id = sent_id<Ask>(effects);
  refusal->failure = Failure{ErrorCode::kMismatch, "Index generation 1 was made by another."};
  engine_.ask = refusal;
  engine();
  EXPECT_TRUE(bench_.state().ask.failure);
  const RequestId build = sent_id<BuildIndex>(bench_.apply(RunCommand{"index.build"}));
  ASSERT_NE(build, 0U);
  outcomes_.push_back({.id = build, .kind = OutcomeKind::kBuildIndex});
  status_.index.matches_model = true;
  const Effects after = engine();
  ASSERT_NE(sent<Ask>(after), nullptr);
  EXPECT_EQ(sent<Ask>(after)->query.text, "The [[Rhine]] flows.");
}

TEST_F(CheckpointTest, GivesWayToTheModelBefore) {
  EXPECT_FALSE(command_state(bench_.state(), "model.use_before").enabled);
  let_it_answer();
  EXPECT_EQ(command_state(bench_.state(), "model.use_before").title, "Go back to starter");
  const Effects effects = bench_.apply(RunCommand{"model.use_before"});
  ASSERT_NE(sent<UseModel>(effects), nullptr);
  EXPECT_EQ(sent<UseModel>(effects)->name, "starter");
  outcomes_.push_back(
      {.id = sent_id<UseModel>(effects), .kind = OutcomeKind::kUseModel, .title = "starter"});
  std::swap(status_.active_model, status_.model_before);
  EXPECT_NE(sent<Ask>(engine()), nullptr);
  EXPECT_EQ(bench_.state().toasts.back().text, "starter is the model now.");
}

TEST_F(CheckpointTest, SaysWhichBaselineCannotStandBesideIt) {
  let_it_answer("bert");
  EXPECT_NE(bench_.state().toasts.back().text.find(
                "The baseline bert has other words and stands beside it no more."),
            std::string::npos)
      << bench_.state().toasts.back().text;
  const Effects effects = bench_.apply(UseStoredModel{"other", true});
  ASSERT_NE(sent<UseModel>(effects), nullptr);
  EXPECT_TRUE(sent<UseModel>(effects)->as_baseline);
  outcomes_.push_back({.id = sent_id<UseModel>(effects),
                       .kind = OutcomeKind::kUseModel,
                       .title = "other",
                       .as_baseline = true});
  engine();
  EXPECT_EQ(bench_.state().toasts.back().text, "other is the baseline now.");
}

TEST(SavedCurves, AreDrawnAsPngAndWrittenAsTextOtherwise) {
  Workbench bench;
  bench.start({});
  bench.apply(SaveCurves{CurvePicture{.title = "Loss"}, "loss.png"});
  EXPECT_EQ(bench.state().popup, Popup::kSaveCurves);
  EXPECT_EQ(bench.state().popup_text, "loss.png");
  const Effects png = bench.apply(SaveCurvesTo{"loss.PNG"});
  ASSERT_FALSE(png.empty());
  const auto* draw = std::get_if<DrawCurves>(&png.front());
  ASSERT_NE(draw, nullptr);
  EXPECT_EQ(draw->picture->title, "Loss");
  EXPECT_EQ(bench.state().popup, Popup::kSaveCurves) << "until it is written";
  bench.apply(SaveCurves{CurvePicture{.title = "Loss"}, "loss.csv"});
  const Effects csv = bench.apply(SaveCurvesTo{"loss.csv"});
  ASSERT_NE(sent<WriteCurves>(csv), nullptr);
  EXPECT_EQ(sent<WriteCurves>(csv)->file, "loss.csv");
}

TEST(SavedCurves, KeepThePopupWithTheReasonUntilTheyAreWritten) {
  Workbench bench;
  bench.start({});
  const auto answer = [&](std::optional<Failure> failure) {
    auto snapshot = std::make_shared<EngineSnapshot>();
    snapshot->version = engine_of(bench.state()).version + 1;
    snapshot->outcomes = std::make_shared<const std::vector<Outcome>>(
        std::vector<Outcome>{{.id = bench.state().popup_saving,
                              .kind = OutcomeKind::kWriteCurves,
                              .file = "/no/loss.csv",
                              .failure = std::move(failure)}});
    bench.take(std::shared_ptr<const EngineSnapshot>(snapshot));
  };
  bench.apply(SaveCurves{CurvePicture{.title = "Loss"}, "loss.csv"});
  bench.apply(ChangePopup{"/no/loss.csv", 0});
  EXPECT_NE(sent<WriteCurves>(bench.apply(SaveCurvesTo{"/no/loss.csv"})), nullptr);
  EXPECT_EQ(sent<WriteCurves>(bench.apply(SaveCurvesTo{"/no/loss.csv"})), nullptr)
      << "one at a time";
  answer(Failure{ErrorCode::kIo, "There is no folder /no."});
  EXPECT_EQ(bench.state().popup, Popup::kSaveCurves);
  EXPECT_EQ(bench.state().popup_text, "/no/loss.csv");
  EXPECT_EQ(bench.state().popup_failure, "There is no folder /no.");
  EXPECT_TRUE(bench.state().toasts.empty()) << "it is told once";
  bench.apply(ChangePopup{"/no/loss2.csv", 0});
  EXPECT_EQ(bench.state().popup_failure, "");
  bench.apply(SaveCurvesTo{"/tmp/loss.csv"});
  answer(std::nullopt);
  EXPECT_EQ(bench.state().popup, Popup::kNone);
  ASSERT_EQ(bench.state().toasts.size(), 1U);
  EXPECT_EQ(bench.state().toasts[0].kind, ToastKind::kDone);
}

}  // namespace
}  // namespace realm::view
