#include "trainer/publish_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "engine/base/error.h"
#include "engine/checkpoint/model_folder.h"
#include "storage/workspace.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"
#include "trainer/saved_checkpoints.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

// A workspace with a run whose checkpoints the test writes.
class PublishCheckpoint : public ::testing::Test {
 protected:
  PublishCheckpoint() : workspace_(Workspace::create(temp_ / "w")), run_(temp_ / "w/runs/r1") {
    options_.task = TrainTask::kPretrain;
    options_.workspace = "/where/it/began";  // it was moved since
    options_.query_length = 40;
    fs::create_directories(run_);
    write_config();
  }
  void write_config() { write(run_ / "config.json", to_json(options_)); }
  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  static void copy_part(const fs::path& to, const std::string& part) {
    fs::create_directories(to);
    fs::copy(testing::golden("cfg_b/" + part), to / part);
    fs::copy_file(testing::golden("cfg_b/vocab.txt"), to / part / "vocab.txt");
  }
  void save(int64_t step, const std::vector<std::string>& parts = {"embedder", "encoder"},
            const std::string& fingerprint = "f") {
    const fs::path folder = run_ / "checkpoints" / fmt::format("step-{}", step);
    for (const std::string& part : parts) copy_part(folder / "models", part);
    write(folder / "state.json",
          fmt::format(R"({{"step": {}, "fingerprint": "{}"}})", step, fingerprint));
  }
  std::string refusal(const CheckpointWish& wish, ErrorCode code) {
    try {
      publish_checkpoint(run_, wish);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    return "";
  }

  testing::TempDirectory temp_;
  Workspace workspace_;
  fs::path run_;
  TrainOptions options_;
};

TEST_F(PublishCheckpoint, TakesTheNewestAtOrBeforeTheStep) {
  save(4);
  save(8);
  fs::create_directories(run_ / "checkpoints/step-12.tmp");  // a kill left it
  EXPECT_EQ(publish_checkpoint(run_, {}).step, 8);
  EXPECT_EQ(publish_checkpoint(run_, {.step = 7}).name, "r1@4");
  EXPECT_EQ(publish_checkpoint(run_, {.step = 4}).step, 4);
  EXPECT_THAT(refusal({.step = 3}, ErrorCode::kNotFound),
              AllOf(HasSubstr("step 3"), HasSubstr("4 and 8")));
}

TEST_F(PublishCheckpoint, GivesAModelThatSaysWhereItIsFrom) {
  save(8);
  const CheckpointModel made = publish_checkpoint(run_, {.name = "mine"});
  EXPECT_EQ(made.name, "mine");
  EXPECT_TRUE(made.can_be_asked);
  EXPECT_EQ(made.borrowed, "");
  const ModelFolder model = ModelFolder::open(workspace_.model_folder("mine"));
  EXPECT_TRUE(model.has(ModelPart::kEmbedder));
  EXPECT_TRUE(model.has(ModelPart::kEncoder));
  EXPECT_EQ(model.info().step, 8);
  EXPECT_EQ(model.info().query_length, 40);
  EXPECT_EQ(workspace_.models(), std::vector<std::string>{"mine"}) << "nothing else is left";
}

TEST_F(PublishCheckpoint, CopiesTheSameCheckpointOnceAndAnotherAgain) {
  save(8);
  publish_checkpoint(run_, {});
  const fs::path marker = workspace_.model_folder("r1@8") / "marker";
  write(marker, "");
  publish_checkpoint(run_, {});
  EXPECT_TRUE(fs::exists(marker));
  fs::remove_all(run_ / "checkpoints");
  save(8, {"embedder", "encoder"}, "trained anew");
  publish_checkpoint(run_, {});
  EXPECT_FALSE(fs::exists(marker));
}

TEST_F(PublishCheckpoint, LeavesOtherModelsAlone) {
  save(8);
  write(workspace_.model_folder("mine") / "vocab.txt", "");
  EXPECT_THAT(refusal({.name = "mine"}, ErrorCode::kInvalidArgument), HasSubstr("mine"));
  EXPECT_FALSE(fs::exists(workspace_.model_folder("mine") / "embedder"));
}

TEST_F(PublishCheckpoint, TakesThePartThatIsNotTrainedFromTheInitialModel) {
  options_.initial_model = "start";
  options_.task = TrainTask::kIct;
  write_config();
  copy_part(workspace_.model_folder("start"), "encoder");
  copy_part(workspace_.model_folder("start"), "embedder");
  save(8, {"embedder"});
  save(9, {"encoder"});
  EXPECT_EQ(publish_checkpoint(run_, {.step = 8}).borrowed, "the encoder of start");
  EXPECT_EQ(publish_checkpoint(run_, {.step = 8}).borrowed, "the encoder of start") << "again";
  EXPECT_EQ(publish_checkpoint(run_, {}).borrowed, "the embedder of start");
  for (const char* name : {"r1@8", "r1@9"}) {
    const ModelFolder model = ModelFolder::open(workspace_.model_folder(name));
    EXPECT_NO_THROW(model.load(ModelPart::kEncoder).require_complete());
    EXPECT_NO_THROW(model.load(ModelPart::kEmbedder).require_complete());
  }
}

TEST_F(PublishCheckpoint, NamesThePartThatNobodyHas) {
  options_.initial_model = "words";
  options_.task = TrainTask::kIct;
  write_config();
  write(workspace_.model_folder("words") / "vocab.txt", "[PAD]\n");
  save(8, {"embedder"});
  EXPECT_THAT(refusal({}, ErrorCode::kMismatch), AllOf(HasSubstr("encoder"), HasSubstr("words")));
  EXPECT_EQ(workspace_.models(), std::vector<std::string>{"words"});
  const CheckpointModel half = publish_checkpoint(run_, {.is_to_be_asked = false});
  EXPECT_FALSE(half.can_be_asked);
  EXPECT_TRUE(fs::exists(workspace_.model_folder("r1@8") / "embedder"));
  EXPECT_NE(refusal({}, ErrorCode::kMismatch), "") << "the half one is no answer";
}

TEST_F(PublishCheckpoint, SaysThatPlainBertIsNotAsked) {
  options_.task = TrainTask::kMlm;
  write_config();
  save(8, {});
  write(run_ / "checkpoints/step-8/models/bert/config.json", "{}");
  EXPECT_THAT(refusal({}, ErrorCode::kMismatch), HasSubstr("plain BERT"));
}

TEST_F(PublishCheckpoint, RefusesADamagedOneAndLeavesNothing) {
  save(8, {"embedder"});
  EXPECT_THAT(refusal({}, ErrorCode::kCorruptData),
              AllOf(HasSubstr("step 8"), HasSubstr("damaged")));
  save(9);
  const fs::path encoder = run_ / "checkpoints/step-9/models/encoder";
  for (const auto& file : fs::directory_iterator(encoder)) {
    if (file.path().filename() != "config.json" && file.file_size() > 1000)
      fs::resize_file(file.path(), 1000);
  }
  EXPECT_THAT(refusal({.is_to_be_asked = false}, ErrorCode::kCorruptData),
              AllOf(HasSubstr("step 9"), HasSubstr(encoder.string())));
  fs::remove(encoder / "config.json");
  EXPECT_NE(refusal({}, ErrorCode::kCorruptData), "");
  EXPECT_TRUE(workspace_.models().empty());
}

TEST_F(PublishCheckpoint, DoesNotPutAnotherStepInPlaceOfANamedModel) {
  save(8);
  save(9);
  EXPECT_EQ(publish_checkpoint(run_, {.step = 8, .name = "mine"}).step, 8);
  EXPECT_EQ(publish_checkpoint(run_, {.step = 8, .name = "mine"}).step, 8) << "the same again";
  EXPECT_THAT(refusal({.step = 9, .name = "mine"}, ErrorCode::kInvalidArgument),
              AllOf(HasSubstr("mine"), HasSubstr("step 8")));
}

TEST_F(PublishCheckpoint, SaysThatARunHasNone) {
  EXPECT_THAT(refusal({}, ErrorCode::kNotFound), HasSubstr("r1"));
  EXPECT_TRUE(saved_checkpoints(temp_ / "nowhere").empty());
}

}  // namespace
}  // namespace realm
