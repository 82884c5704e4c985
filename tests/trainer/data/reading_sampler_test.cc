#include "trainer/data/reading_sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/support/temp_directory.h"
#include "tests/trainer/data/small_world.h"

namespace realm {
namespace {

using testing::letters_and;
using testing::MemoryCorpus;
using testing::TempDirectory;
using testing::text_of;

class Samplers : public ::testing::Test {
 protected:
  Samplers() {
    options_.query_length = 14;
    options_.document_length = 40;
    options_.positions = 54;
    options_.batch_size = 3;
    options_.steps = 100;
    options_.seed = 5;
    passages_ = PassageTable::load(corpus_, *tokenizer_);
    const auto file =
        folder_.write("x.jsonl",
                      R"({"text": "The town [[Arda]] is old.", "title": "Arda", "names": ["Arda"]}
{"text": "Old is [[Bero]].", "title": "Bero", "names": ["Bero"]}
{"text": "A town was [[founded]].", "title": "Bero"}
{"text": "The [[town]] is old."}
)");
    text_ =
        TrainingText::load(file, *tokenizer_, passages_, {.query_length = options_.query_length});
  }
  ReadingSampler sampler() const { return {options_, tokenizer_->vocabulary(), passages_, text_}; }
  const SpecialIds& special() const { return tokenizer_->vocabulary().special(); }
  std::string text(const ReadingExample& example) const {
    return text_of(*tokenizer_, example.input.ids);
  }

  TempDirectory folder_;
  std::shared_ptr<const WordPieceTokenizer> tokenizer_ =
      letters_and({"the", "town", "is", "old", "was", "founded", "arda", "bero", "in", "north"});
  MemoryCorpus corpus_{{{1, "Arda", "Arda is in the north. Old was Arda. A town.", "n", "", 1},
                        {2, "Bero", "Bero was founded in 18. The town is Bero.", "n", "", 1}}};
  PassageTable passages_;
  TrainingText text_;
  TrainOptions options_;
};

std::string fingerprint(const std::vector<ReadingExample>& batch) {
  std::ostringstream out;
  for (const ReadingExample& example : batch) {
    for (const int32_t id : example.input.ids) out << id << ' ';
    for (const int position : example.positions) out << 'p' << position;
    for (const int32_t id : example.targets) out << 't' << id;
    for (const int position : example.visible) out << 'v' << position;
    out << '\n';
  }
  return out.str();
}

TEST_F(Samplers, PackSentenceAndPassageWithTheMasksInPlace) {
  ReadingSampler sampler = this->sampler();
  std::set<std::string> kinds;
  for (int64_t step = 0; step < 60; ++step) {
    const std::vector<ReadingExample> batch = sampler.batch(step);
    ASSERT_EQ(batch.size(), 3U);
    for (const ReadingExample& example : batch) {
      ASSERT_FALSE(example.positions.empty());
      ASSERT_EQ(example.positions.size(), example.targets.size());
      EXPECT_EQ(example.input.ids.front(), special().cls);
      EXPECT_EQ(example.input.ids.back(), special().sep);
      const auto first_sep =
          std::find(example.input.ids.begin(), example.input.ids.end(), special().sep);
      const auto x_length = first_sep - example.input.ids.begin();
      for (const int position : example.positions) {
        EXPECT_LT(position, x_length) << text(example);
        EXPECT_EQ(example.input.ids[static_cast<size_t>(position)], special().mask)
            << text(example);
      }
      // Nothing but what is scored is masked.
      EXPECT_EQ(std::count(example.input.ids.begin(), example.input.ids.end(), special().mask),
                static_cast<std::ptrdiff_t>(example.positions.size()));
      for (size_t i = 0; i < example.input.ids.size(); ++i) {
        EXPECT_EQ(example.input.segments[i], static_cast<std::ptrdiff_t>(i) > x_length ? 1 : 0);
      }
    }
  }
}

// Swapping may make a sentence longer than the model's query; its masks must never leave x.
TEST_F(Samplers, KeepTheMasksInsideTheQueryWhenNamesAreSwapped) {
  options_.query_length = 9;  // "The town [MASK] is old." leaves room for one more piece
  options_.swap_probability = 1.0;
  ReadingSampler sampler = this->sampler();
  int swapped = 0;
  for (int64_t step = 0; step < 100; ++step) {
    for (const ReadingExample& example : sampler.batch(step)) {
      for (size_t j = 0; j < example.positions.size(); ++j) {
        ASSERT_LT(example.positions[j], options_.query_length - 1);
        ASSERT_EQ(example.input.ids[static_cast<size_t>(example.positions[j])], special().mask)
            << text(example);
        const std::string& piece = tokenizer_->vocabulary().piece(example.targets[j]);
        swapped +=
            piece != "arda" && piece != "bero" && piece != "founded" && piece != "town" ? 1 : 0;
      }
    }
  }
  EXPECT_GT(swapped, 50);  // names that fit are swapped all the same
}

// 15 % of three to seven pieces are one piece, and every chosen one is a target, masked or not.
TEST_F(Samplers, HideRandomPiecesWhereTheOptionsSaySo) {
  for (const Masking masking : {Masking::kRandomTokens, Masking::kRandomSpans}) {
    options_.masking = masking;
    options_.swap_probability = 0;
    options_.passage_mask_probability = 0;
    ReadingSampler sampler = this->sampler();
    std::set<std::string> targets;
    for (int64_t step = 0; step < 100; ++step) {
      for (const ReadingExample& example : sampler.batch(step)) {
        ASSERT_EQ(example.positions.size(), example.targets.size());
        for (const int32_t target : example.targets)
          targets.insert(tokenizer_->vocabulary().piece(target));
      }
    }
    EXPECT_TRUE(targets.contains("is"));  // no span of the text has it
    EXPECT_TRUE(targets.contains("."));
  }
}

TEST_F(Samplers, AreTheSameForTheSameSeed) {
  ReadingSampler first = sampler();
  ReadingSampler second = sampler();
  for (int64_t step = 0; step < 30; ++step)
    EXPECT_EQ(fingerprint(first.batch(step)), fingerprint(second.batch(step)));
  const std::string before = fingerprint(sampler().batch(0));
  options_.seed = 6;  // what sampler() makes from here on has this seed
  EXPECT_NE(fingerprint(sampler().batch(0)), before);
}

// Groups are of eight batches: stops before, inside and at the end of one, and after several.
TEST_F(Samplers, GoOnExactlyWhereTheirStateWasTaken) {
  for (const int64_t stop : {0, 1, 5, 7, 8, 9, 16, 23, 40}) {
    ReadingSampler whole = sampler();
    for (int64_t step = 0; step < stop; ++step) whole.batch(step);
    ReadingSampler resumed = sampler();
    resumed.restore(whole.state());
    for (int64_t step = stop; step < stop + 20; ++step) {
      ASSERT_EQ(fingerprint(resumed.batch(step)), fingerprint(whole.batch(step)))
          << "stopped at " << stop << ", step " << step;
    }
  }
}

TEST_F(Samplers, GoOnExactlyAfterTheyWereRestoredTwice) {
  ReadingSampler whole = sampler();
  for (int64_t step = 0; step < 11; ++step) whole.batch(step);
  ReadingSampler second = sampler();
  second.restore(whole.state());
  ReadingSampler third = sampler();
  third.restore(second.state());
  EXPECT_EQ(fingerprint(third.batch(11)), fingerprint(whole.batch(11)));
}

TEST_F(Samplers, ReadOneSentenceFirstThenTwoThenAll) {
  options_.swap_probability = 0;
  options_.null_probability = 0;
  options_.wrong_probability = 0;
  options_.one_sentence_until = 0.3;
  options_.two_sentences_until = 0.6;
  const auto full_stops = [&](int64_t step) {
    std::set<std::ptrdiff_t> counts;  // full stops of the passage of Arda
    for (uint64_t seed = 1; seed < 8; ++seed) {
      options_.seed = static_cast<int64_t>(seed);
      for (const ReadingExample& example : sampler().batch(step)) {
        if (example.targets.front() != *tokenizer_->vocabulary().find("arda")) continue;
        const auto sep =
            std::find(example.input.ids.begin(), example.input.ids.end(), special().sep);
        counts.insert(
            std::count(sep, example.input.ids.end(), *tokenizer_->vocabulary().find(".")));
      }
    }
    return counts;
  };
  EXPECT_THAT(full_stops(0), ::testing::ElementsAre(1));
  EXPECT_THAT(full_stops(29), ::testing::ElementsAre(1));
  EXPECT_THAT(full_stops(30), ::testing::ElementsAre(2));
  EXPECT_THAT(full_stops(60), ::testing::ElementsAre(3));
}

TEST_F(Samplers, GiveTheNullDocumentAsOftenAsAsked) {
  options_.null_probability = 1.0;
  options_.swap_probability = 0.0;
  ReadingSampler sampler = this->sampler();
  for (const ReadingExample& example : sampler.batch(0)) {
    EXPECT_THAT(text(example), ::testing::EndsWith("[SEP] [SEP]"));
  }
}

TEST_F(Samplers, GivePlainBertTheSentenceAlone) {
  options_.passage = PassageRule::kNone;
  ReadingSampler sampler = this->sampler();
  for (const ReadingExample& example : sampler.batch(0)) {
    EXPECT_EQ(std::count(example.input.ids.begin(), example.input.ids.end(), special().sep), 1);
  }
}

TEST_F(Samplers, MeasureWithTheWholePassageOrTheNullDocument) {
  const ReadingSampler sampler = this->sampler();
  Rng rng(1);
  EXPECT_EQ(
      text(sampler.plain_example(text_.sentences[0], true, rng)),
      "[CLS] the town [MASK] is old . [SEP] arda is in the north . old was arda . a town . [SEP]");
  EXPECT_EQ(text(sampler.plain_example(text_.sentences[0], false, rng)),
            "[CLS] the town [MASK] is old . [SEP] [SEP]");
}

TEST_F(Samplers, MaskAMentionInThePassageOnlyOfANameThatStandsElsewhere) {
  options_.passage_mask_probability = 1.0;
  options_.swap_probability = 0.0;
  options_.null_probability = 0.0;
  options_.wrong_probability = 0.0;
  options_.one_sentence_until = 0.0;
  options_.two_sentences_until = 0.0;
  ReadingSampler sampler = this->sampler();
  std::set<std::string> inputs;
  for (int64_t step = 0; step < 60; ++step) {
    for (const ReadingExample& example : sampler.batch(step)) {
      ASSERT_EQ(example.positions.size(), example.targets.size());
      for (const int position : example.positions) {
        EXPECT_EQ(example.input.ids[static_cast<size_t>(position)], special().mask);
      }
      inputs.insert(text(example) + " -> " + text_of(*tokenizer_, example.targets));
    }
  }
  // "Bero" is hidden in x, so one of its two mentions in the passage may be, but not both.
  EXPECT_TRUE(inputs.contains(
      "[CLS] old is [MASK] . [SEP] [MASK] was founded in 1 ##8 . the town is bero . [SEP] -> bero "
      "bero"));
  EXPECT_TRUE(inputs.contains(
      "[CLS] old is [MASK] . [SEP] bero was founded in 1 ##8 . the town is [MASK] . [SEP] -> bero "
      "bero"));
  // The sentence without a passage has nothing there to hide.
  EXPECT_TRUE(inputs.contains("[CLS] the [MASK] is old . [SEP] [SEP] -> town"));
}

}  // namespace
}  // namespace realm
