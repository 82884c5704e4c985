#include "engine/evaluation/cloze_evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/evaluation/scratch_layer.h"
#include "engine/index/faiss_index.h"
#include "tests/engine/evaluation/fake_engine.h"

namespace realm {
namespace {

using testing::fake_vector;
using testing::FakeCorpus;
using testing::FakeEngine;
using ::testing::HasSubstr;

Document passage(const std::string& title, const std::string& text) {
  Document document;
  document.title = title;
  document.text = text;
  return document;
}

class ClozeEvaluation : public ::testing::Test {
 protected:
  ClozeEvaluation()
      : corpus_({passage("P", "ppp green"), passage("Q", "qqq blue"), passage("R", "r red")}),
        index_(build()) {}

  std::shared_ptr<const MipsIndex> build() const {
    std::vector<DocumentId> ids;
    std::vector<float> rows;
    for (const Document& document : corpus_.documents()) {
      ids.push_back(document.id);
      const std::vector<float> row = fake_vector(document.text);
      rows.insert(rows.end(), row.begin(), row.end());
    }
    return make_index(kExactIndexType, VectorTable::from_memory(ids, rows, testing::kFakeDimension),
                      1);
  }

  ClozeScore score(const ClozeItem& item) {
    const std::vector<ClozeItem> items = {item};
    const EvaluationKnowledge knowledge{
        .corpus = corpus_, .index = index_, .index_model_fingerprint = ""};
    return evaluate_cloze(engine_, knowledge, items, options_, {}).at(0);
  }

  static ClozeItem item(const std::string& text, const std::string& title) {
    ClozeItem result;
    result.text = text;
    result.title = title;
    return result;
  }

  FakeCorpus corpus_;
  std::shared_ptr<const MipsIndex> index_;
  FakeEngine engine_;
  EvaluationOptions options_;
};

TEST_F(ClozeEvaluation, TakesItsFiguresFromTheAnswer) {
  // One p: f = 3, 0, 0 for the passages and 0 for the null document (which comes first among
  // equals).
  const ClozeScore result = score(item("p is [[green]]", "P"));
  const double p_gold = std::exp(3.0) / (std::exp(3.0) + 3);

  EXPECT_EQ(result.answer, "green");
  EXPECT_EQ(result.predicted, "green");
  EXPECT_TRUE(result.is_right);
  EXPECT_NEAR(result.p, p_gold + 0.25 / (std::exp(3.0) + 3), 1e-12);
  EXPECT_EQ(result.p_null, 0.25);
  EXPECT_EQ(result.p_baseline, 0.25);
  EXPECT_FALSE(result.is_baseline_right);
  EXPECT_EQ(result.gold_rank, 1);
  EXPECT_EQ(result.p_gold, 1);
  EXPECT_NEAR(result.p_z_gold.value(), p_gold, 1e-12);
  EXPECT_EQ(result.failure, "");
}

TEST_F(ClozeEvaluation, KeepsUtilitiesApartByWhetherThePassageHoldsTheAnswer) {
  const ClozeScore result = score(item("p is [[green]]", "P"));
  ASSERT_EQ(result.utility_with_answer.size(), 1U);
  EXPECT_NEAR(result.utility_with_answer[0], std::log(4.0), 1e-12);  // y is one piece
  EXPECT_EQ(result.utility_without_answer, (std::vector<double>{-1, -1}));
  // A word of the passage is not a part of one.
  EXPECT_EQ(score(item("p is [[gree]]", "P")).utility_with_answer.size(), 0U);
  EXPECT_FALSE(result.is_null_right);
  EXPECT_TRUE(score(item("p is [[grey]]", "P")).is_null_right);
}

TEST_F(ClozeEvaluation, CallsAWrongTopWordWrongThoughItsPassageIsFound) {
  const ClozeScore result = score(item("q is [[green]]", "P"));
  EXPECT_EQ(result.predicted, "blue");
  EXPECT_FALSE(result.is_right);
  EXPECT_EQ(result.gold_rank, 2);
}

TEST_F(ClozeEvaluation, ComparesTheBaselinesWordNormalised) {
  EXPECT_TRUE(score(item("r is [[red]]", "R")).is_baseline_right);  // it says "The Red!"
}

TEST_F(ClozeEvaluation, WorksWithoutABaselineAndWithoutAGoldPassage) {
  engine_.has_baseline = false;
  ClozeItem without = item("p is [[green]]", "P");
  without.title.reset();
  const ClozeScore result = score(without);
  EXPECT_TRUE(result.is_right);
  EXPECT_FALSE(result.p_baseline.has_value());
  EXPECT_FALSE(result.gold_rank.has_value());
}

TEST_F(ClozeEvaluation, AddsPassagesForTheItemAlone) {
  ClozeItem with = item("s is [[pink]]", "S");
  with.add.push_back(passage("S", "ssss pink"));
  const std::vector<ClozeItem> items = {with, item("s is [[pink]]", "S")};
  const EvaluationKnowledge knowledge{
      .corpus = corpus_, .index = index_, .index_model_fingerprint = ""};

  const std::vector<ClozeScore> scores = evaluate_cloze(engine_, knowledge, items, options_, {});

  EXPECT_TRUE(scores[0].is_right);
  EXPECT_EQ(scores[0].gold_rank, 1);
  EXPECT_FALSE(scores[1].is_right);
  EXPECT_FALSE(scores[1].gold_rank.has_value());
  EXPECT_EQ(engine_.embedded, 1);
  EXPECT_EQ(corpus_.size(), 3);
}

TEST_F(ClozeEvaluation, EditsAPassageForTheItemAlone) {
  ClozeItem edited = item("p is [[pink]]", "P");
  edited.edit = PassageEdit{"P", "ppp pink"};
  edited.old_answer = "green";
  const std::vector<ClozeItem> items = {edited, item("p is [[green]]", "P")};
  const EvaluationKnowledge knowledge{
      .corpus = corpus_, .index = index_, .index_model_fingerprint = ""};

  const std::vector<ClozeScore> scores = evaluate_cloze(engine_, knowledge, items, options_, {});

  EXPECT_TRUE(scores[0].is_right);
  EXPECT_EQ(scores[0].gold_rank, 1);
  EXPECT_EQ(scores[0].p_old, 0);
  EXPECT_TRUE(scores[1].is_right) << "the edit must not outlive its item";
}

TEST_F(ClozeEvaluation, ReportsAnItemThatCannotBeScoredAndGoesOn) {
  ClozeItem edited = item("p is [[pink]]", "X");
  edited.edit = PassageEdit{"X", "ppp pink"};
  const std::vector<ClozeItem> items = {item("nothing hidden", "P"), edited,
                                        item("p is [[green]]", "P")};
  const EvaluationKnowledge knowledge{
      .corpus = corpus_, .index = index_, .index_model_fingerprint = ""};

  const std::vector<ClozeScore> scores = evaluate_cloze(engine_, knowledge, items, options_, {});

  EXPECT_THAT(scores[0].failure, HasSubstr("hides no word"));
  EXPECT_EQ(scores[0].p, 0);
  EXPECT_THAT(scores[1].failure, HasSubstr("no passage \"X\""));
  EXPECT_TRUE(scores[2].is_right);
}

TEST_F(ClozeEvaluation, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  const std::vector<ClozeItem> items = {item("p is [[green]]", "P")};
  const EvaluationKnowledge knowledge{
      .corpus = corpus_, .index = index_, .index_model_fingerprint = ""};
  EXPECT_THROW(evaluate_cloze(engine_, knowledge, items, options_, source.get_token()), Error);
}

TEST_F(ClozeEvaluation, OfRetrievalAloneNeedsNoHiddenWord) {
  const std::vector<ClozeItem> items = {item("qq", "Q"), item("p", "R"), ClozeItem{}};
  const EvaluationKnowledge knowledge{
      .corpus = corpus_, .index = index_, .index_model_fingerprint = ""};

  const std::vector<ClozeScore> scores =
      evaluate_retrieval(engine_, knowledge, items, options_, {});

  EXPECT_EQ(scores[0].gold_rank, 1);
  EXPECT_EQ(scores[1].gold_rank, 3);  // P first, then Q and R with equal scores by their ids
  EXPECT_THAT(scores[2].failure, HasSubstr("\"title\""));
}

TEST_F(ClozeEvaluation, RefusesAnImpossibleK) {
  options_.candidates = 0;
  EXPECT_THROW(score(item("p is [[green]]", "P")), Error);
}

TEST_F(ClozeEvaluation, ScratchLayerShowsItsPassagesAfterThoseBelow) {
  ScratchLayer layer(corpus_, index_);
  const DocumentId added = layer.put(passage("S", "ssss pink"), engine_, {});
  Document changed = passage("P", "p violet");
  changed.id = 1;
  layer.put(changed, engine_, {});

  EXPECT_EQ(layer.size(), 4);
  EXPECT_EQ(layer.find(1).value().text, "p violet");
  EXPECT_EQ(layer.find(added).value().title, "S");
  EXPECT_NE(layer.fingerprint(), corpus_.fingerprint());
  std::vector<std::string> titles;
  for (DocumentId after = 0;;) {
    const std::vector<Document> page = layer.read_after(after, 2);
    if (page.empty()) break;
    for (const Document& document : page)
      titles.push_back(document.title + ":" + testing::last_word(document.text));
    after = page.back().id;
  }
  EXPECT_THAT(titles, ::testing::ElementsAre("P:violet", "Q:blue", "R:red", "S:pink"));
  changed.id = 99;
  EXPECT_THROW(layer.put(changed, engine_, {}), Error);
}

}  // namespace
}  // namespace realm
