// Trainings on a text without marks: under every masking, and with a model as the tagger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/error.h"
#include "storage/run_database.h"
#include "tests/integration/training_world.h"
#include "tests/support/token_classifier_folder.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

using ::testing::HasSubstr;
using testing::TrainingWorld;

class Maskings : public ::testing::Test {
 protected:
  TrainOptions options(TrainTask task, Masking masking) const {
    TrainOptions options = world_.options(task);
    options.masking = masking;
    options.training_text =
        world_
            .write("plain.jsonl",
                   "{\"text\": \"The founder of Arda is Citano.\", \"title\": \"Arda\"}\n"
                   "{\"text\": \"The river of Bero is the Fawelo.\", \"title\": \"Bero\"}\n"
                   "{\"text\": \"There is the river.\"}\n")
            .string();
    return options;
  }
  void expect_finished(const TrainOptions& options) const {
    const std::filesystem::path run = create_run(options);
    EXPECT_EQ(run_training(run, {}), RunState::kFinished);
    const auto losses = RunReader::open(world_.workspace() / "runs" / "runs.sqlite")
                            ->scalars(run.filename().string(), "loss");
    EXPECT_EQ(losses.size(), 6U);
    for (const Scalar& loss : losses) EXPECT_TRUE(std::isfinite(loss.value));
  }
  TrainingWorld world_;
};

TEST_F(Maskings, TrainOnATextWithoutMarks) {
  for (const TrainTask task : {TrainTask::kMlm, TrainTask::kPretrain}) {
    for (const Masking masking : {Masking::kSalient, Masking::kRandomTokens, Masking::kRandomSpans})
      expect_finished(options(task, masking));
  }
}

TEST_F(Maskings, TakeAModelOfTheWorkspaceAsTheTagger) {
  testing::write_token_classifier(
      world_.models() / "tagger",
      {.pieces = {{"arda", 1}, {"is", 0}, {"the", 0}, {"of", 0}, {"river", 3}, {".", 0}}});
  TrainOptions options = this->options(TrainTask::kMlm, Masking::kSalient);
  options.span_tagger = "tagger";
  expect_finished(options);
  EXPECT_TRUE(std::filesystem::exists(world_.workspace() / "spans.sqlite"));

  options.span_tagger = "absent";
  const std::filesystem::path run = create_run(options);
  try {
    run_training(run, {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_THAT(error.what(), HasSubstr("span_tagger"));
  }
}

}  // namespace
}  // namespace realm
