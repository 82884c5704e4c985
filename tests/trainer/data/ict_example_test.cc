// One question of the inverse cloze task: its sentence and what is hidden in it.
#include "trainer/data/ict_example.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/base/error.h"
#include "tests/trainer/data/ict_samplers.h"

namespace realm {
namespace {

using testing::IctSamplers;
using testing::MemoryCorpus;

TEST_F(IctSamplers, RemoveTheQuerysSentenceAsOftenAsAsked) {
  options_.remove_probability = 0.9;
  const IctSampler sampler = this->sampler();
  Rng rng(1);
  int removed = 0;
  int all = 0;
  for (int i = 0; i < 300; ++i) {
    const IctBatch batch = sampler.sample(rng);
    ASSERT_EQ(batch.queries.size(), 6U);
    ASSERT_EQ(batch.documents.size(), 6U);
    for (size_t b = 0; b < 6; ++b) {
      const bool has = text(batch.documents[b]).find(query(batch.queries[b])) != std::string::npos;
      EXPECT_EQ(has, !batch.removed[b])
          << text(batch.queries[b]) << " | " << text(batch.documents[b]);
      if (query(batch.queries[b]) == "town short .") continue;  // nothing would be left of it
      removed += batch.removed[b] ? 1 : 0;
      ++all;
    }
  }
  // Binomial with n 1800 and p 0.9: a standard deviation of 13.
  EXPECT_NEAR(static_cast<double>(removed) / all, 0.9, 0.03);
}

TEST_F(IctSamplers, LeaveMasksOutOfQueriesThatTheRetrieverReadsWithout) {
  options_.word_dropout = 0.5;  // masks words
  const auto masks = [&](QueryMasks reads) {
    Rng rng(4);
    std::ptrdiff_t count = 0;
    const IctSampler sampler(options_, tokenizer_->vocabulary(), passages_, nullptr, reads);
    for (const BertInput& input : sampler.sample(rng).queries)
      count += std::ranges::count(input.ids, tokenizer_->vocabulary().special().mask);
    return count;
  };
  EXPECT_GT(masks(QueryMasks::kKept), 0);
  EXPECT_EQ(masks(QueryMasks::kLeftOut), 0);
}

TEST_F(IctSamplers, KeepTitleAndTheOtherSentences) {
  options_.remove_probability = 1.0;
  options_.batch_size = 200;  // all passages at once
  const IctSampler sampler = this->sampler();
  Rng rng(2);
  const IctBatch batch = sampler.sample(rng);
  for (size_t b = 0; b < batch.queries.size(); ++b) {
    if (query(batch.queries[b]) != "river m is long .") continue;
    EXPECT_EQ(text(batch.documents[b]), "[CLS] m [SEP] it lies in the south . old is m . [SEP]");
  }
}

TEST_F(IctSamplers, MaskEveryNumberOfAQueryAndNothingElse) {
  options_.mask_digits_probability = 1.0;
  const IctSampler sampler = this->sampler();
  Rng rng(5);
  int numbers = 0;
  for (int i = 0; i < 100; ++i) {
    for (const BertInput& input : sampler.sample(rng).queries) {
      const std::string x = query(input);
      EXPECT_EQ(x.find_first_of("0123456789"), std::string::npos) << x;
      if (x.find("founded") == std::string::npos) {
        EXPECT_EQ(x.find("[MASK]"), std::string::npos) << x;
      } else {
        EXPECT_THAT(x, ::testing::StartsWith("it was founded in [MASK] [MASK]"));  // 18 ##i
        ++numbers;
      }
    }
  }
  EXPECT_GT(numbers, 50);
}

TEST_F(IctSamplers, LeaveNumbersAloneWhereNotAsked) {
  const IctSampler sampler = this->sampler();
  Rng rng(6);
  for (int i = 0; i < 50; ++i) {
    for (const BertInput& input : sampler.sample(rng).queries)
      EXPECT_EQ(query(input).find("[MASK]"), std::string::npos);
  }
}

TEST_F(IctSamplers, DropWordsAsOftenAsAsked) {
  options_.word_dropout = 0.25;
  const IctSampler sampler = this->sampler();
  Rng rng(7);
  double masked = 0;
  double words = 0;
  for (int i = 0; i < 300; ++i) {
    for (const BertInput& input : sampler.sample(rng).queries) {
      const std::string x = query(input);
      if (x.find("##") != std::string::npos) continue;  // count sentences of one-piece words alone
      for (const int32_t id : input.ids) {
        if (id == tokenizer_->vocabulary().special().cls ||
            id == tokenizer_->vocabulary().special().sep)
          continue;
        words += 1;
        masked += id == tokenizer_->vocabulary().special().mask ? 1 : 0;
      }
    }
  }
  EXPECT_NEAR(masked / words, 0.25, 0.03);
}

TEST_F(IctSamplers, RepeatForTheSameGenerator) {
  const IctSampler sampler = this->sampler();
  Rng first(9);
  Rng second(9);
  for (int i = 0; i < 5; ++i) {
    const IctBatch a = sampler.sample(first);
    const IctBatch b = sampler.sample(second);
    for (size_t j = 0; j < a.queries.size(); ++j) {
      EXPECT_EQ(a.queries[j].ids, b.queries[j].ids);
      EXPECT_EQ(a.documents[j].ids, b.documents[j].ids);
    }
  }
}

TEST_F(IctSamplers, AskASingleSentenceWithItselfLeftIn) {
  options_.batch_size = 200;
  options_.remove_probability = 0.5;
  const IctSampler sampler = this->sampler();
  Rng rng(3);
  const IctBatch batch = sampler.sample(rng);
  EXPECT_EQ(batch.queries.size(), 28U);
  int single = 0;
  for (size_t b = 0; b < batch.queries.size(); ++b) {
    if (query(batch.queries[b]) != "town short .") continue;
    ++single;
    EXPECT_FALSE(batch.removed[b]);
    EXPECT_EQ(text(batch.documents[b]), "[CLS] short [SEP] town short . [SEP]");
  }
  EXPECT_EQ(single, 1);
}

TEST_F(IctSamplers, MaskASalientSpanWhereverItStands) {
  passages_ = PassageTable::load(
      MemoryCorpus({{1, "a", "The town of Bero is old, and Bero lies in the south.", "s", "", 1},
                    {2, "b", "It was founded in 1870.", "s", "", 1}}),
      *tokenizer_);
  options_.query_length = 30;
  options_.remove_probability = 0.5;
  options_.mask_span_probability = 1.0;
  const IctSampler sampler = this->sampler();
  Rng rng(5);
  std::vector<std::string> queries;
  for (const BertInput& input : sampler.sample(rng).queries) queries.push_back(query(input));
  // "Bero" is b ##e ##r ##o; 1870 is 18 ##7 ##0.
  EXPECT_THAT(
      queries,
      ::testing::UnorderedElementsAre(
          "the town o ##f [MASK] [MASK] [MASK] [MASK] is old , a ##n ##d [MASK] [MASK] [MASK] "
          "[MASK] lies in the south .",
          "it was founded in [MASK] [MASK] [MASK] ."));
}

TEST_F(IctSamplers, NeedTwoPassagesOfTwoSentences) {
  options_.remove_probability = 1.0;
  passages_ = PassageTable::load(
      MemoryCorpus({{1, "a", "Town a. It is old.", "s", "", 1}, {2, "b", "Town b.", "s", "", 1}}),
      *tokenizer_);
  try {
    sampler();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("has 1"));
  }
}

}  // namespace
}  // namespace realm
