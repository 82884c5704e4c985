#include "trainer/data/ict_example.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"
#include "tests/trainer/data/small_world.h"

namespace realm {
namespace {

using testing::letters_and;
using testing::MemoryCorpus;
using testing::TempDirectory;
using testing::text_of;

// Towns of the north (12), rivers of the south (12), three notes of one source, and one passage of
// a single sentence.
std::vector<Document> documents() {
  std::vector<Document> out;
  for (int i = 0; i < 12; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    out.push_back({1 + i, name,
                   "Town " + name + " is old. It was founded in 18" + std::to_string(i) + ".",
                   "towns", "", 1});
  }
  for (int i = 0; i < 12; ++i) {
    const std::string name(1, static_cast<char>('m' + i));
    out.push_back({20 + i, name,
                   "River " + name + " is long. It lies in the south. Old is " + name + ".",
                   "rivers", "", 1});
  }
  for (int i = 0; i < 3; ++i)
    out.push_back({40 + i, "note", "The note is old. It is long.", "notes", "", 1});
  out.push_back({50, "short", "Town short.", "towns", "", 1});
  return out;
}

class IctSamplers : public ::testing::Test {
 protected:
  IctSamplers() {
    options_.query_length = 16;
    options_.document_length = 40;
    options_.positions = 56;
    options_.batch_size = 6;
    options_.word_dropout = 0;
    options_.mask_digits_probability = 0;
    options_.same_source_probability = 0;
  }
  IctSampler sampler(const TrainingText* text = nullptr) const {
    return {options_, tokenizer_->vocabulary(), passages_, text};
  }
  std::string text(const BertInput& input) const { return text_of(*tokenizer_, input.ids); }
  // Between [CLS] and [SEP].
  std::string query(const BertInput& input) const {
    return text_of(*tokenizer_, {input.ids.begin() + 1, input.ids.end() - 1});
  }

  std::shared_ptr<const WordPieceTokenizer> tokenizer_ =
      letters_and({"town", "river", "is", "old", "long", "it", "was", "founded", "in", "the",
                   "south", "lies", "note", "short", "18"});
  PassageTable passages_ = PassageTable::load(MemoryCorpus(documents()), *tokenizer_);
  TrainOptions options_;
};

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

TEST_F(IctSamplers, NeverTakeAPassageTwiceNorOneOfASingleSentenceThatIsToBeRemoved) {
  options_.batch_size = 200;
  options_.remove_probability = 1.0;
  const IctSampler sampler = this->sampler();
  Rng rng(3);
  const IctBatch batch = sampler.sample(rng);
  EXPECT_EQ(batch.queries.size(), 27U);  // 28 passages, one of a single sentence
  for (const BertInput& document : batch.documents)
    EXPECT_EQ(text(document).find("short"), std::string::npos);
  std::multiset<std::string> titles;
  for (const BertInput& document : batch.documents) {
    const std::string whole = text(document);
    titles.insert(whole.substr(0, whole.find("[SEP]")));
  }
  EXPECT_EQ(std::set<std::string>(titles.begin(), titles.end()).size(),
            25U);  // the three notes are alike
}

TEST_F(IctSamplers, FillABatchFromOneSource) {
  options_.same_source_probability = 1.0;
  options_.remove_probability = 0;
  const IctSampler sampler = this->sampler();
  Rng rng(4);
  int of_one = 0;
  int mixed = 0;
  for (int i = 0; i < 200; ++i) {
    std::set<bool> kinds;
    bool has_note = false;
    for (const BertInput& document : sampler.sample(rng).documents) {
      const std::string body = text(document);
      has_note = has_note || body.find("note") != std::string::npos;
      kinds.insert(body.find("river") != std::string::npos);
    }
    (kinds.size() == 1 && !has_note ? of_one : mixed) += 1;
  }
  // The notes are too few for a batch of their own: about 3 in 27 batches are mixed.
  EXPECT_GT(of_one, 150);
  EXPECT_GT(mixed, 5);
  options_.same_source_probability = 0.0;
  of_one = 0;
  for (int i = 0; i < 200; ++i) {
    std::set<bool> kinds;
    for (const BertInput& document : sampler.sample(rng).documents)
      kinds.insert(text(document).find("river") != std::string::npos);
    of_one += kinds.size() == 1 ? 1 : 0;
  }
  EXPECT_LT(of_one, 40);
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

TEST_F(IctSamplers, AskWithTheTrainingTextWherePairsAreWanted) {
  const TempDirectory folder;
  const auto file = folder.write("x.jsonl", R"({"text": "South is [[long]].", "title": "m"}
{"text": "Old in [[town]] a.", "title": "a"}
)");
  const TrainingText training =
      TrainingText::load(file, *tokenizer_, passages_, {.query_length = options_.query_length});
  options_.pair_fraction = 1.0;
  options_.batch_size = 200;
  const IctSampler sampler = this->sampler(&training);
  Rng rng(8);
  const IctBatch batch = sampler.sample(rng);
  int pairs = 0;
  for (size_t b = 0; b < batch.queries.size(); ++b) {
    if (query(batch.queries[b]) == "south is [MASK] .") {
      EXPECT_EQ(text(batch.documents[b]),
                "[CLS] m [SEP] river m is long . it lies in the south . old is m . [SEP]");
      ++pairs;
    }
    if (query(batch.queries[b]) == "old in [MASK] a .") {
      EXPECT_THAT(text(batch.documents[b]), ::testing::StartsWith("[CLS] a [SEP] town a is old ."));
      ++pairs;
    }
  }
  EXPECT_EQ(pairs, 2);
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

TEST_F(IctSamplers, ExchangeNamesInQuestionTitleAndPassageAlike) {
  const TempDirectory folder;
  const auto file = folder.write(
      "x.jsonl",
      R"({"text": "The town of Bero is in the [[south]].", "title": "Bero", "names": ["Bero"]}
)");
  passages_ = PassageTable::load(
      MemoryCorpus({{1, "Bero", "The town of Bero is old. Bero lies in the south.", "s", "", 1},
                    {2, "b", "It was founded in 1870. It is old.", "s", "", 1}}),
      *tokenizer_);
  options_.query_length = 30;
  options_.document_length = 60;
  options_.positions = 90;
  const TrainingText training =
      TrainingText::load(file, *tokenizer_, passages_, {.query_length = options_.query_length});
  options_.pair_fraction = 1.0;
  options_.swap_probability = 1.0;
  const IctSampler sampler = this->sampler(&training);
  Rng rng(11);
  int pairs = 0;
  int exchanged = 0;
  for (int i = 0; i < 20; ++i) {
    const IctBatch batch = sampler.sample(rng);
    for (size_t b = 0; b < batch.queries.size(); ++b) {
      const std::string x = query(batch.queries[b]);
      if (!x.starts_with("the town o ##f ")) continue;
      ++pairs;
      const std::string lead = "the town o ##f ";
      const std::string name = x.substr(lead.size(), x.find(" is in the [MASK] .") - lead.size());
      exchanged += name != "b ##e ##r ##o" ? 1 : 0;  // half are names of the text, here Bero alone
      EXPECT_EQ(text(batch.documents[b]), "[CLS] " + name + " [SEP] the town o ##f " + name +
                                              " is old . " + name + " lies in the south . [SEP]");
    }
  }
  EXPECT_EQ(pairs, 20);
  EXPECT_GE(exchanged, 4);
}

TEST_F(IctSamplers, LeaveOutNegativesThatSayWhatTheQuestionHides) {
  const TempDirectory folder;
  const auto file = folder.write("x.jsonl", R"({"text": "M is [[long]].", "title": "m"}
)");
  const TrainingText training =
      TrainingText::load(file, *tokenizer_, passages_, {.query_length = options_.query_length});
  options_.pair_fraction = 1.0;
  options_.batch_size = 200;
  const IctSampler sampler = this->sampler(&training);
  Rng rng(12);
  const IctBatch batch = sampler.sample(rng);
  int asked = -1;
  for (size_t b = 0; b < batch.queries.size(); ++b) {
    if (query(batch.queries[b]) == "m is [MASK] .") asked = static_cast<int>(b);
  }
  ASSERT_GE(asked, 0);
  // The eleven other rivers and the three notes are long as well; the towns are not. What hides
  // nothing has negatives everywhere.
  std::set<int> left_out;
  for (const auto& [question, document] : batch.undecided) {
    EXPECT_EQ(question, asked);
    EXPECT_NE(document, asked);
    left_out.insert(document);
  }
  EXPECT_EQ(left_out.size(), 14U);
}

TEST_F(IctSamplers, FillABatchWithNeighboursWhereAsked) {
  options_.neighbour_probability = 1.0;
  options_.batch_size = 8;
  IctSampler sampler = this->sampler();
  // Every passage's neighbours are the notes, rows 24 to 26, and itself does not count twice.
  std::vector<int> asked;
  sampler.set_nearest([&](int64_t, int count) {
    asked.push_back(count);
    return std::vector<int64_t>{24, 25, 26};
  });
  Rng rng(13);
  for (int i = 0; i < 20; ++i) {
    const IctBatch batch = sampler.sample(rng);
    EXPECT_EQ(batch.documents.size(), 8U);
    int notes = 0;
    for (const BertInput& document : batch.documents)
      notes += text(document).find("note") != std::string::npos ? 1 : 0;
    EXPECT_EQ(notes, 3);
  }
  EXPECT_GE(asked.size(), 20U * 5);
  EXPECT_GE(*std::min_element(asked.begin(), asked.end()), 8);
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
