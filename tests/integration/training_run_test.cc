// Whole training runs: what each kind of them writes.
#include "trainer/training_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/checkpoint/model_folder.h"
#include "tests/integration/training_runs.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"
#include "trainer/run_estimate.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::newest_stored;
using testing::TrainingRuns;

void expect_finite(const std::vector<Scalar>& curve, size_t count, const std::string& name) {
  EXPECT_EQ(curve.size(), count) << name;
  for (const Scalar& scalar : curve)
    EXPECT_TRUE(std::isfinite(scalar.value)) << name << " at " << scalar.step;
}

TEST_F(TrainingRuns, OfMaskedLanguageModellingGiveAnEncoder) {
  const TrainOptions options = world_.options(TrainTask::kMlm);
  const fs::path run = create_run(options);
  std::vector<int64_t> reported;
  const RunState state = run_training(
      run, [&](const TrainingProgress& progress) { reported.push_back(progress.step); });
  EXPECT_EQ(state, RunState::kFinished);
  EXPECT_EQ(summary(run).state, RunState::kFinished);
  EXPECT_EQ(summary(run).step, 6);
  for (const char* name :
       {"loss", "piece_accuracy", "learning_rate", "gradient_norm", "tokens_per_second"}) {
    expect_finite(scalars(run, name), 6, name);
  }
  for (const char* name : {"held_out/loss", "held_out/log_p_y", "held_out/answer_right",
                           "held_out/null_loss", "held_out/null_log_p_y"}) {
    expect_finite(scalars(run, name), 2, name);  // before the first step and after the last
  }
  EXPECT_THAT(reported, ::testing::Contains(6));
  EXPECT_EQ(newest_stored(run).step, 6);
  const ModelFolder model = ModelFolder::open(world_.models() / "mlm");
  model.load(ModelPart::kEncoder).require_complete();
  EXPECT_EQ(model.info().step, 6);
  EXPECT_EQ(model.info().query_length, 20);
  EXPECT_EQ(model.info().document_length, 44);
  EXPECT_EQ(model.config(ModelPart::kEncoder).hidden, 32);
  EXPECT_FALSE(model.has(ModelPart::kEmbedder));
}

// The same run in both precisions: near each other, and both learn.
TEST_F(TrainingRuns, InBf16StayNearThoseInFp32AndLearn) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 200;
  options.batch_size = 8;
  options.evaluate_every_steps = 1000;
  options.held_out_text = "";
  const fs::path exact = create_run(options);
  run_training(exact, {});
  options.precision = TrainPrecision::kBf16;
  const fs::path rough = create_run(options);
  run_training(rough, {});
  const std::vector<Scalar> a = scalars(exact, "loss");
  const std::vector<Scalar> b = scalars(rough, "loss");
  ASSERT_EQ(a.size(), 200U);
  ASSERT_EQ(b.size(), 200U);
  EXPECT_NEAR(b.front().value, a.front().value, 0.02);
  double begin = 0;
  double end_exact = 0;
  double end_rough = 0;
  for (size_t i = 0; i < 20; ++i) {
    begin += b[i].value / 20;
    end_exact += a[180 + i].value / 20;
    end_rough += b[180 + i].value / 20;
  }
  EXPECT_NEAR(end_rough, end_exact, 0.2);
  EXPECT_LT(end_rough, begin - 0.5);
  EXPECT_NE(newest_stored(exact).fingerprint, newest_stored(rough).fingerprint);
}

TEST_F(TrainingRuns, WithoutPassagesGiveABert) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.passage = PassageRule::kNone;
  options.output_model = "baseline";
  run_training(create_run(options), {});
  const ModelFolder model = ModelFolder::open(world_.models() / "baseline");
  EXPECT_TRUE(model.has(ModelPart::kBert));
  model.load(ModelPart::kBert).require_complete();
  // What goes on from it is estimated as what it is, not as a network from scratch.
  TrainOptions further = options;
  further.initial_model = "baseline";
  further.hidden = 1024;
  const auto parameters = [](const TrainOptions& o) {
    return estimate_run(o, {.calibration_seconds = 0}).parameters;
  };
  EXPECT_EQ(parameters(further), parameters(options));
  further.grow_to_layers = options.layers + 1;
  EXPECT_GT(parameters(further), parameters(options));
}

TEST_F(TrainingRuns, OfTheInverseClozeTaskGiveAnEmbedder) {
  const fs::path run = create_run(world_.options(TrainTask::kIct));
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  expect_finite(scalars(run, "loss"), 6, "loss");
  // Four random embeddings: the loss begins near log 4.
  EXPECT_NEAR(scalars(run, "loss").front().value, std::log(4.0), 1.0);
  for (const char* name :
       {"held_out/loss", "held_out/recall_at_1", "held_out/recall_at_5", "held_out/recall_at_8"}) {
    expect_finite(scalars(run, name), 2, name);
  }
  EXPECT_GE(scalars(run, "held_out/recall_at_8").back().value,
            scalars(run, "held_out/recall_at_1").back().value);
  ModelFolder::open(world_.models() / "ict").load(ModelPart::kEmbedder).require_complete();
}

TEST_F(TrainingRuns, OfPreTrainingGiveBoth) {
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.steps = 10;
  const fs::path run = create_run(options);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  for (const char* name : {"loss", "retrieval_utility", "null_share", "recall_at_k",
                           "index/age_steps", "index/age_seconds", "index/generation", "p_y"}) {
    expect_finite(scalars(run, name), 10, name);
  }
  for (const char* name :
       {"held_out/loss", "held_out/log_p_y", "held_out/retrieval_utility", "held_out/null_share",
        "held_out/recall_at_1", "held_out/recall_at_5", "held_out/recall_at_8", "held_out/p_gold",
        "held_out/index_generation"}) {
    expect_finite(scalars(run, name), 3, name);  // at steps 0, 6 and 10
  }
  const ModelFolder model = ModelFolder::open(world_.models() / "pretrain");
  model.load(ModelPart::kEmbedder).require_complete();
  model.load(ModelPart::kEncoder).require_complete();
}

TEST_F(TrainingRuns, CanMarginaliseEachPieceByItselfAndMixWarmPairsIn) {
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.marginal = MarginalForm::kPerPiece;
  options.warm_pair_fraction = 0.5;
  options.candidates = 1;  // the null document alone
  const fs::path run = create_run(options);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  expect_finite(scalars(run, "loss"), 6, "loss");
  expect_finite(scalars(run, "warm_loss"), 6, "warm_loss");
  for (const Scalar& scalar : scalars(run, "null_share")) EXPECT_NEAR(scalar.value, 1.0, 1e-6);
}

TEST_F(TrainingRuns, GoOnFromAModelAndGiveTheSameForTheSameSeed) {
  TrainOptions ict = world_.options(TrainTask::kIct);
  run_training(create_run(ict), {});
  TrainOptions mlm = world_.options(TrainTask::kMlm);
  run_training(create_run(mlm), {});
  TrainOptions joint = world_.options(TrainTask::kPretrain);
  joint.initial_model = "ict";
  joint.initial_encoder = "mlm";
  const fs::path first = create_run(joint);
  run_training(first, {});
  joint.output_model = "again";
  const fs::path second = create_run(joint);
  run_training(second, {});
  EXPECT_EQ(newest_stored(first).fingerprint, newest_stored(second).fingerprint);
  joint.seed = 2;
  const fs::path other = create_run(joint);
  run_training(other, {});
  EXPECT_NE(newest_stored(first).fingerprint, newest_stored(other).fingerprint);
  // Steps were taken from the given weights, not from new ones.
  const auto before = ModelFolder::open(world_.models() / "ict").load(ModelPart::kEmbedder);
  const auto after = ModelFolder::open(world_.models() / "pretrain").load(ModelPart::kEmbedder);
  EXPECT_NE(before.fingerprint(), after.fingerprint());
}

TEST_F(TrainingRuns, TakeTheCorpusWhereThereIsNoTrainingText) {
  for (const TrainTask task : {TrainTask::kMlm, TrainTask::kPretrain}) {
    TrainOptions options = world_.options(task);
    options.training_text = "";
    options.steps = 2;
    options.output_model = "";
    const fs::path run = create_run(options);
    EXPECT_EQ(run_training(run, {}), RunState::kFinished);
    const auto reader = RunReader::open(world_.workspace() / "runs" / "runs.sqlite");
    std::vector<std::string> said;
    for (const RunEvent& event : reader->read_since({run.filename().string(), 0, 0, 0, 0}).events)
      said.push_back(event.message);
    // Three sentences of each of the thirty passages, of which all name something.
    EXPECT_THAT(said, ::testing::Contains(::testing::StartsWith(
                          "X: 90 sentences, their salient spans found by the tagger")));
  }
}

TEST_F(TrainingRuns, KeepTheirOptionsInTheirFolder) {
  const TrainOptions options = world_.options(TrainTask::kIct);
  const fs::path run = create_run(options);
  EXPECT_EQ(testing::read_file(run / "config.json"), to_json(options));
  EXPECT_EQ(summary(run).state, RunState::kCreated);
  EXPECT_EQ(summary(run).total_steps, 6);
  EXPECT_EQ(nlohmann::json::parse(summary(run).config_json),
            nlohmann::json::parse(to_json(options)));
}

TEST_F(TrainingRuns, AreTrainedInTheWorkspaceThatTheyLieIn) {
  TrainOptions options = world_.options(TrainTask::kIct);
  options.output_model = "mine";
  const fs::path run = create_run(options);
  const fs::path copy = world_.workspace().parent_path() / "copy";
  fs::copy(world_.workspace(), copy, fs::copy_options::recursive);
  EXPECT_EQ(run_training(copy / "runs" / run.filename(), {}), RunState::kFinished);
  EXPECT_TRUE(fs::exists(copy / "models" / "mine"));
  EXPECT_FALSE(fs::exists(world_.models() / "mine"));
  EXPECT_EQ(summary(run).state, RunState::kCreated) << "the one that it was copied from";
}

TEST_F(TrainingRuns, CountAVocabularyFirstWhereThereIsNone) {
  std::filesystem::remove_all(world_.models() / "words");
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.initial_model.clear();
  options.vocabulary_size = 150;
  options.query_length = 32;
  options.positions = 76;
  const std::filesystem::path run = create_run(options);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  const std::filesystem::path file = world_.models() / "vocabulary" / "vocab.txt";
  EXPECT_THAT(testing::read_file(file), HasSubstr("\nfounder\n"));
  EXPECT_EQ(train_options_from_json(testing::read_file(run / "config.json")).initial_model,
            "vocabulary");
  const auto counted = std::filesystem::last_write_time(file);
  EXPECT_EQ(run_training(create_run(options), {}), RunState::kFinished);
  EXPECT_EQ(std::filesystem::last_write_time(file), counted) << "it is there already";
}

TEST_F(TrainingRuns, MakeAVocabularyOfTheCorpus) {
  TrainOptions options = world_.options(TrainTask::kVocabulary);
  options.vocabulary_size = 150;
  options.output_model = "fresh";
  EXPECT_EQ(run_training(create_run(options), {}), RunState::kFinished);
  const std::string vocabulary = testing::read_file(world_.models() / "fresh" / "vocab.txt");
  EXPECT_THAT(vocabulary, HasSubstr("[MASK]\n"));
  EXPECT_THAT(vocabulary, HasSubstr("\nfounder\n"));
  TrainOptions mlm = world_.options(TrainTask::kMlm);
  mlm.initial_model = "fresh";
  mlm.query_length = 32;
  mlm.positions = 76;
  EXPECT_EQ(run_training(create_run(mlm), {}), RunState::kFinished);
}

}  // namespace
}  // namespace realm
