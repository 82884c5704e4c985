#include "trainer/tasks/vocabulary_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"
#include "storage/workspace.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using ::testing::HasSubstr;

class VocabularyTask : public ::testing::Test {
 protected:
  VocabularyTask() {
    options_.task = TrainTask::kVocabulary;
    options_.workspace = workspace_.folder().string();
    options_.vocabulary_size = 64;
    options_.output_model = "words";
    options_.vocabulary_text =
        folder_.write("text", "hug hug hug pun pun pun\nhugs hugs bun bun\npug pug\n").string();
  }
  std::filesystem::path made() const { return workspace_.models_folder() / "words" / "vocab.txt"; }
  const testing::TempDirectory folder_;
  const Workspace workspace_ = Workspace::create(folder_ / "workspace");
  TrainOptions options_;
};

TEST_F(VocabularyTask, TellsHowFarItHasCome) {
  std::vector<Progress> told;
  EXPECT_TRUE(train_vocabulary(options_, [&](const Progress& stage) {
    told.push_back(stage);
    return true;
  }));
  EXPECT_TRUE(std::filesystem::exists(made()));
  ASSERT_GE(told.size(), 4U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(told[i].stage, "count words");
    EXPECT_EQ(told[i].total, static_cast<int64_t>(std::filesystem::file_size(folder_ / "text")));
  }
  EXPECT_EQ(told[0].done, 24);
  EXPECT_EQ(told[2].done, told[2].total);
  EXPECT_EQ(told.back().stage, "make word pieces");
  EXPECT_EQ(told.back().total, 64);
  EXPECT_GT(told.back().done, 5);
}

TEST_F(VocabularyTask, StopsAtEachLineAndAtEachMergeAndWritesNothing) {
  size_t asked = 0;
  ASSERT_TRUE(train_vocabulary(options_, [&](const Progress&) { return ++asked > 0; }));
  std::filesystem::remove_all(made().parent_path());
  for (size_t last = 1; last <= asked; ++last) {
    size_t now = 0;
    EXPECT_FALSE(train_vocabulary(options_, [&](const Progress&) { return ++now < last; }));
    EXPECT_EQ(now, last) << "it is not asked again";
    EXPECT_FALSE(std::filesystem::exists(made().parent_path()));
  }
}

}  // namespace
}  // namespace realm
