#include "trainer/tasks/warm_pairs.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/support/temp_directory.h"
#include "tests/trainer/tasks/task_world.h"

namespace realm {
namespace {

// X: sentences of 2 to 33 words of one piece, the last of them hidden, which name no passage. A
// step has two pairs.
class WarmPairsOfManyLengths : public ::testing::Test {
 protected:
  WarmPairsOfManyLengths() {
    inputs_.options.query_length = 40;
    inputs_.options.positions = 64;
    inputs_.options.batch_size = 8;
    inputs_.options.warm_pair_fraction = 0.25;
    std::string lines;
    for (int words = 2; words <= 33; ++words) {
      std::string text;
      for (int i = 1; i < words; ++i) text += "a ";
      lines += fmt::format("{{\"text\": \"{}[[b]]\"}}\n", text);
    }
    const testing::TempDirectory folder;
    inputs_.text =
        TrainingText::load(folder.write("x.jsonl", lines), *inputs_.tokenizer, inputs_.passages,
                           {.query_length = inputs_.options.query_length});
  }
  TaskInputs inputs_ = testing::task_inputs();
};

// Behind [CLS], the last of n pieces stands at n.
TEST_F(WarmPairsOfManyLengths, AreOfAllLengthsAlike) {
  WarmPairs warm(inputs_);
  double sum = 0;
  int count = 0;
  for (int64_t step = 0; step < 800; ++step) {
    const std::vector<ReadingExample> pairs = warm.draw(step);
    ASSERT_EQ(pairs.size(), 2U);
    for (const ReadingExample& pair : pairs) {
      sum += pair.positions.front();
      ++count;
    }
  }
  // The standard deviation of this mean is sqrt((32^2 - 1) / 12 / 1600) = 0.23.
  EXPECT_NEAR(sum / count, (2 + 33) / 2.0, 0.8);
}

TEST_F(WarmPairsOfManyLengths, GoOnFromTheirState) {
  WarmPairs whole(inputs_);
  for (int64_t step = 0; step < 11; ++step) whole.draw(step);  // within the second group of eight
  WarmPairs resumed(inputs_);
  resumed.restore(whole.state());
  for (int64_t step = 11; step < 30; ++step) {
    const auto a = whole.draw(step), b = resumed.draw(step);
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].input.ids, b[i].input.ids) << step;
  }
}

TEST_F(WarmPairsOfManyLengths, AreNoneWhereLessThanHalfAPairIsWanted) {
  inputs_.options.warm_pair_fraction = 0.05;
  auto encoder = testing::small_encoder(inputs_, 1);
  WarmPairs warm(inputs_);
  EXPECT_TRUE(warm.draw(0).empty());
  EXPECT_FALSE(warm.learn(encoder, 0).has_value());
}

TEST_F(WarmPairsOfManyLengths, TellTheirPiecesAndLeaveAGradient) {
  inputs_.options.positions = 32;
  inputs_.text->sentences.resize(8);  // of 2 to 9 words, which the network can take
  auto encoder = testing::small_encoder(inputs_, 1);
  WarmPairs warm(inputs_), same(inputs_);
  int64_t pieces = 0;
  for (const ReadingExample& pair : same.draw(0))
    pieces += static_cast<int64_t>(pair.input.ids.size());
  const auto learned = warm.learn(encoder, 0);
  ASSERT_TRUE(learned.has_value());
  EXPECT_EQ(learned->tokens, pieces);
  EXPECT_GT(learned->loss, 0);
  EXPECT_TRUE(encoder->named().front().parameter.grad().defined());
}

}  // namespace
}  // namespace realm
