// What the inverse cloze task puts into one batch: passages, pairs of the training text, and the
// negatives that are none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/trainer/data/ict_samplers.h"
#include "trainer/data/ict_example.h"

namespace realm {
namespace {

using testing::IctSamplers;
using testing::MemoryCorpus;

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

TEST_F(IctSamplers, AskWithTheTrainingTextWherePairsAreWanted) {
  const TrainingText training = only_asked(R"({"text": "South is [[long]].", "title": "m"}
{"text": "Old in [[town]] a.", "title": "a"}
)");
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

TEST_F(IctSamplers, ExchangeNamesInQuestionTitleAndPassageAlike) {
  passages_ = PassageTable::load(
      MemoryCorpus({{1, "Bero", "The town of Bero is old. Bero lies in the south.", "s", "", 1},
                    {2, "b", "It was founded in 1870. It is old.", "s", "", 1}}),
      *tokenizer_);
  options_.query_length = 30;
  options_.document_length = 60;
  options_.positions = 90;
  const TrainingText training = only_asked(
      R"({"text": "The town of Bero is in the [[south]].", "title": "Bero", "names": ["Bero"]}
)");
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
  const TrainingText training = only_asked(R"({"text": "M is [[long]].", "title": "m"}
)");
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

}  // namespace
}  // namespace realm
