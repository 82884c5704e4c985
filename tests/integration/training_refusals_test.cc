// What training runs say when they cannot be, or cannot go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "engine/checkpoint/model_folder.h"
#include "engine/checkpoint/model_writer.h"
#include "storage/corpus_store.h"
#include "storage/workspace.h"
#include "tests/integration/training_runs.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using testing::TrainingRuns;

// A weight that is not a number: the first step sees it, and no checkpoint is written.
TEST_F(TrainingRuns, EndWithASentenceWhenANumberIsNotFinite) {
  const PartTensors tensors =
      ModelFolder::open(testing::golden("cfg_b/encoder")).load(ModelPart::kEncoder);
  std::vector<std::vector<float>> values;
  std::vector<TensorToWrite> to_write;
  for (const PartTensors::Named& named : tensors.tensors)
    values.push_back(to_float32(named.tensor));
  for (size_t i = 0; i < tensors.tensors.size(); ++i) {
    if (tensors.tensors[i].name == "realm.encoder.layer.1.output.dense.weight")
      values[i][5] = std::numeric_limits<float>::quiet_NaN();
    to_write.push_back(
        {tensors.tensors[i].name, tensors.tensors[i].tensor.shape, ScalarType::kF32, values[i]});
  }
  const fs::path folder = world_.models() / "broken";
  write_model_folder(folder, {ModelPart::kEncoder, tensors.config, to_write, {}, true});
  fs::copy_file(testing::golden("cfg_b/vocab.txt"), folder / "vocab.txt");
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.initial_model = "broken";
  options.query_length = 40;  // the golden vocabulary cuts words into many pieces
  options.document_length = 56;
  options.positions = 96;
  options.held_out_text = "";
  expect_failure(
      options, ErrorCode::kCorruptData,
      "Step 0: the loss is not a number and the weight realm.encoder.layer.1.output.dense.weight "
      "is not finite");
  EXPECT_FALSE(fs::exists(world_.models() / "mlm"));
  for (const auto& run : fs::directory_iterator(world_.workspace() / "runs")) {
    EXPECT_FALSE(fs::exists(run.path() / "checkpoints"));
  }
}

TEST_F(TrainingRuns, RefuseADeviceThatIsNotThere) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.device = "cuda:63";
  expect_failure(options, ErrorCode::kNotFound, "cuda:63");
}

TEST_F(TrainingRuns, AreRefusedWhenTheyCannotFit) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.batch_size = 1'000'000'000;
  expect_failure(options, ErrorCode::kResourceExhausted, "of memory");
}

TEST_F(TrainingRuns, NameWhatTheyMiss) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.training_text = "/no/such/file.jsonl";
  expect_failure(options, ErrorCode::kNotFound, "/no/such/file.jsonl");
  options = world_.options(TrainTask::kMlm);
  options.initial_model = "nobody";
  expect_failure(options, ErrorCode::kNotFound, "\"nobody\"");
  options = world_.options(TrainTask::kPretrain);
  options.candidates = 32;  // 31 beside the null document, of 30
  expect_failure(options, ErrorCode::kInvalidArgument, "31 candidates");
  options = world_.options(TrainTask::kMlm);
  options.initial_model = "";
  expect_failure(options, ErrorCode::kNotFound, "initial_model");
}

TEST_F(TrainingRuns, RefuseAnEmptyCorpus) {
  const auto corpus = CorpusStore::open(world_.workspace() / "corpus.sqlite", OpenMode::kReadWrite);
  std::vector<DocumentEdit> edits;
  for (const Document& document : corpus->read_after(0, 100)) {
    DocumentEdit edit;
    edit.id = document.id;
    edit.removed = true;
    edits.push_back(edit);
  }
  corpus->apply(edits);
  expect_failure(world_.options(TrainTask::kIct), ErrorCode::kInvalidArgument, "empty");
}

TEST_F(TrainingRuns, RefuseTwoModelsOfDifferentVocabularies) {
  run_training(create_run(world_.options(TrainTask::kIct)), {});
  const fs::path other = world_.models() / "other";
  fs::create_directories(other);
  fs::copy(testing::golden("cfg_b/encoder"), other, fs::copy_options::recursive);
  fs::copy_file(testing::golden("cfg_b/vocab.txt"), other / "vocab.txt");
  TrainOptions options = world_.options(TrainTask::kPretrain);
  options.initial_model = "ict";
  options.initial_encoder = "other";
  expect_failure(options, ErrorCode::kMismatch, "different vocabularies");
}

TEST_F(TrainingRuns, AreNotMadeOfOptionsThatCannotBe) {
  TrainOptions options = world_.options(TrainTask::kMlm);
  options.steps = 0;
  EXPECT_THROW(create_run(options), Error);
  options = world_.options(TrainTask::kMlm);
  options.workspace = (world_.workspace() / "nowhere").string();
  EXPECT_THROW(create_run(options), Error);
  EXPECT_FALSE(fs::exists(world_.workspace() / "runs" / "runs.sqlite"));
}

}  // namespace
}  // namespace realm
