#include "trainer/initial_model.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

// What a run that names no initial model begins from.
class FirstVocabulary : public ::testing::Test {
 protected:
  std::string initial(TrainTask task = TrainTask::kIct, const std::string& named = "") const {
    TrainOptions options;
    options.task = task;
    options.initial_model = named;
    return with_vocabulary(options, models_.path()).initial_model;
  }
  bool counts(const std::string& named) const {
    TrainOptions options;
    options.task = TrainTask::kMlm;
    options.initial_model = named;
    return counts_vocabulary(options, models_.path());
  }
  testing::TempDirectory models_;
};

TEST_F(FirstVocabulary, IsCountedWhereThereIsNoModel) {
  EXPECT_EQ(initial(), kFirstVocabulary);
  EXPECT_TRUE(counts(kFirstVocabulary));
  EXPECT_EQ(initial(TrainTask::kVocabulary), "");
}

TEST_F(FirstVocabulary, IsTakenWhereItIsThere) {
  models_.write("vocabulary/vocab.txt", "[PAD]\n");
  models_.write("other/vocab.txt", "[PAD]\n");
  EXPECT_EQ(initial(), kFirstVocabulary);
  EXPECT_FALSE(counts(kFirstVocabulary));
}

TEST_F(FirstVocabulary, IsCountedAgainAfterAKill) {
  std::filesystem::create_directories(models_ / "vocabulary");
  std::filesystem::create_directories(models_ / ".incoming-x");
  EXPECT_EQ(initial(), kFirstVocabulary);
  EXPECT_TRUE(counts(kFirstVocabulary));
}

TEST_F(FirstVocabulary, IsNotCountedInPlaceOfAModelThatTheUserHas) {
  models_.write("mine/vocab.txt", "[PAD]\n");
  EXPECT_EQ(initial(), "") << "which one is the user's to say";
  EXPECT_EQ(initial(TrainTask::kPretrain, "mine"), "mine");
  EXPECT_FALSE(counts("mine"));
  EXPECT_FALSE(counts("typo"));
}

TEST(OutputModel, OfAVocabularyMustNotHaveWeights) {
  const testing::TempDirectory models;
  models.write("words/vocab.txt", "[PAD]\n");
  models.write("plain/vocab.txt", "[PAD]\n");
  models.write("plain/config.json", "{}");
  models.write("trained/vocab.txt", "[PAD]\n");
  models.write("trained/encoder/model.safetensors", "");
  TrainOptions options;
  options.task = TrainTask::kVocabulary;
  for (const char* fit : {"", "new", "words"}) {
    options.output_model = fit;
    EXPECT_NO_THROW(require_no_weights(options, models.path())) << fit;
  }
  for (const char* other : {"plain", "trained"}) {
    options.output_model = other;
    try {
      require_no_weights(options, models.path());
      ADD_FAILURE() << other;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_NE(std::string(error.what()).find(other), std::string::npos) << error.what();
    }
  }
  options.task = TrainTask::kMlm;  // replaces the whole model
  EXPECT_NO_THROW(require_no_weights(options, models.path()));
}

}  // namespace
}  // namespace realm
