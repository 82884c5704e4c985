#include "trainer/training_loop.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"
#include "trainer/run_stages.h"

namespace realm {
namespace {

// A step takes half a second of a clock of its own and a measurement ten; either may do something
// beside.
class TaskOfOneWeight final : public TrainingTask {
 public:
  std::vector<AdamWeightDecay::Group> parameter_groups() override {
    return {{{whole("weight", weight)}, 1.0}};
  }
  Metrics step(int64_t step, RunWriter&) override {
    if (within_step) within_step(step);
    now += 0.5;
    weight.mutable_grad() = torch::ones({2});
    return {{"loss", 1}, {kTokens, 100}, {kExamples, 4}, {kWaitedSeconds, 0}};
  }
  Metrics evaluate() override {
    if (within_evaluation) within_evaluation(evaluations);
    ++evaluations;
    now += 10;
    return {{"held_out/loss", 2}};
  }
  void measure_probes(int64_t, RunWriter&) override {}
  void save_models(const std::filesystem::path&) const override {}
  TaskState state() const override { return {}; }
  void restore(const std::string&,
               const std::vector<std::pair<std::string, torch::Tensor>>&) override {}

  torch::Tensor weight = torch::zeros({2}).requires_grad_(true);
  double now = 0;  // seconds
  int evaluations = 0;
  std::function<void(int64_t step)> within_step;
  std::function<void(int done)> within_evaluation;
};

class TrainingLoops : public ::testing::Test {
 protected:
  TrainingLoops() {
    options_.steps = 4;
    options_.log_every_steps = options_.evaluate_every_steps = 2;
    options_.checkpoint_every_steps = 4;
  }
  static std::unique_ptr<RunWriter> begin_run(const std::filesystem::path& database) {
    RunWriter::create_run(database, {"r", "mlm", "{}", 4});
    return RunWriter::open_run(database, "r", std::nullopt, {.commit_interval_ms = 0});
  }
  std::vector<double> curve(const std::string& name) const {
    run_->flush();
    std::vector<double> out;
    for (const Scalar& scalar : RunReader::open(database_)->scalars("r", name))
      out.push_back(scalar.value);
    return out;
  }
  RunSummary summary() const { return RunReader::open(database_)->run("r").value(); }
  bool is_saved(int64_t step) const {
    return std::filesystem::exists(folder_ / ("checkpoints/step-" + std::to_string(step)));
  }
  void ask(ControlCommand command) const { request_control(database_, "r", command); }

  const testing::TempDirectory folder_;
  const std::filesystem::path database_ = folder_ / "runs.sqlite";
  const std::unique_ptr<RunWriter> run_ = begin_run(database_);
  const StopSignals signals_;
  const std::shared_ptr<RankGroup> ranks_ = RankGroup::alone();
  const TrainingReport report_;
  TrainOptions options_;
  TaskOfOneWeight task_;
  int64_t reached_ = 0;
  std::unique_ptr<TrainingLoop> loop_;

  // Until it has looked, whenever it did last.
  void look_again(const char* stage) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    while (std::chrono::steady_clock::now() < until) {
      loop_->look(stage);
      std::this_thread::yield();
    }
  }

  TrainingLoop& loop() {
    loop_ = std::make_unique<TrainingLoop>(
        TrainingLoop::Parts{options_, folder_.path(), *run_, task_, report_, signals_, *ranks_,
                            reached_, [this] { return task_.now; }});
    return *loop_;
  }
};

// Two steps of half a second each between rows: four examples and a hundred pieces in either.
TEST_F(TrainingLoops, TellTheRateOfUpdatesAlone) {
  EXPECT_EQ(loop().go(0), RunState::kFinished);
  EXPECT_EQ(curve("examples_per_second"), (std::vector<double>{8, 8}));
  EXPECT_EQ(curve("tokens_per_second"), (std::vector<double>{200, 200}));
  EXPECT_EQ(curve("held_out/loss").size(), 3U) << "before the first step, and twice after";
  EXPECT_TRUE(curve("waited_seconds").empty());
  EXPECT_EQ(reached_, 4);
}

TEST_F(TrainingLoops, EndAMeasurementThatAStopFindsWithoutRecordingIt) {
  TrainingLoop& loop = this->loop();
  task_.within_evaluation = [this](int done) {
    if (done == 1) ask(ControlCommand::kStopAndSave);
    look_again(kEvaluateStage);
    EXPECT_EQ(summary().stage, kEvaluateStage);
    EXPECT_EQ(done, 0) << "the look throws";
  };
  EXPECT_EQ(loop.go(0), RunState::kStopped);
  EXPECT_EQ(curve("held_out/loss").size(), 1U);
  EXPECT_EQ(reached_, 2);
  EXPECT_TRUE(is_saved(2));
}

// The third step stands still for an index: what it would have learned is not there.
TEST_F(TrainingLoops, EndAWaitThatAStopFindsBeforeItsStep) {
  TrainingLoop& loop = this->loop();
  task_.within_step = [&](int64_t step) {
    if (step != 2) return;
    ask(ControlCommand::kStopAndSave);
    loop.look(kRefreshStage);
    ADD_FAILURE() << "the look throws";
  };
  EXPECT_EQ(loop.go(0), RunState::kStopped);
  EXPECT_EQ(curve("loss").size(), 1U);
  EXPECT_EQ(reached_, 2);
  EXPECT_TRUE(is_saved(2));
}

TEST_F(TrainingLoops, EndAMeasurementWithoutSavingWhenToldToStopNow) {
  TrainingLoop& loop = this->loop();
  task_.within_evaluation = [&](int) {
    ask(ControlCommand::kStopNow);
    loop.look(kEvaluateStage);
  };
  EXPECT_EQ(loop.go(0), RunState::kStopped);
  EXPECT_EQ(task_.evaluations, 0);
  EXPECT_FALSE(is_saved(0));
}

TEST_F(TrainingLoops, WaitWithinAMeasurementWhilePaused) {
  TrainingLoop& loop = this->loop();
  std::jthread person;
  task_.within_evaluation = [&](int done) {
    if (done > 0) return;
    ask(ControlCommand::kPause);
    person = std::jthread([&] {
      while (summary().state != RunState::kPaused) std::this_thread::yield();
      ask(ControlCommand::kResume);
    });
    loop.look(kEvaluateStage);
  };
  EXPECT_EQ(loop.go(0), RunState::kFinished);
  EXPECT_EQ(task_.evaluations, 3);
}

// A look takes what was asked; what it does not heed itself is done before the next step.
TEST_F(TrainingLoops, KeepWhatALookWasAskedForTheNextStep) {
  TrainingLoop& loop = this->loop();
  task_.within_evaluation = [&](int done) {
    if (done != 1) return;
    ask(ControlCommand::kCheckpointNow);
    loop.look(kEvaluateStage);
  };
  EXPECT_EQ(loop.go(0), RunState::kFinished);
  EXPECT_TRUE(is_saved(2));
}

TEST_F(TrainingLoops, PassOnAnErrorAndKeepTheStepThatItCameIn) {
  task_.within_step = [](int64_t step) {
    if (step == 3) throw Error(ErrorCode::kIo, "The text is gone.");
  };
  EXPECT_THROW(loop().go(0), Error);
  EXPECT_EQ(reached_, 3);
}

}  // namespace
}  // namespace realm
