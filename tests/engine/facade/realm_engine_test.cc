#include "engine/realm_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/error.h"
#include "engine/index/faiss_index.h"
#include "engine/retrieval/overlay_index.h"
#include "tests/engine/facade/engine_fixture.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

using testing::embed;
using testing::FacadeCorpus;
using testing::golden;
using ::testing::HasSubstr;
using testing::make_bundle;
using testing::TempDirectory;
using testing::twelve_documents;

using testing::Engines;
using testing::kOneMask;
using testing::kThreeMasks;

// The identities of REALM_SPEC 1 and 5.4 among the numbers that are shown.
void expect_identities(const AskResult& result) {
  double p_z = 0;
  double p_y = 0;
  double posterior = 0;
  double credit = 0;
  int nulls = 0;
  for (size_t i = 0; i < result.documents.size(); ++i) {
    const AskedDocument& z = result.documents[i];
    EXPECT_EQ(z.rank, static_cast<int>(i) + 1);
    EXPECT_LE(z.p_z_given_x, result.documents[i - std::min<size_t>(i, 1)].p_z_given_x);
    EXPECT_NEAR(z.p_y_given_zx, std::exp(z.log_p_y_given_zx), 1e-12);
    EXPECT_NEAR(z.posterior, z.p_y_given_zx * z.p_z_given_x / result.p_y_given_x,
                1e-6 * z.posterior + 1e-15);
    EXPECT_NEAR(z.credit, (z.p_y_given_zx / result.p_y_given_x - 1.0) * z.p_z_given_x, 1e-9);
    EXPECT_NEAR(z.retrieval_utility, z.log_p_y_given_zx - std::log(result.p_y_null), 1e-9);
    p_z += z.p_z_given_x;
    p_y += z.p_z_given_x * z.p_y_given_zx;
    posterior += z.posterior;
    credit += z.credit;
    if (z.is_null) {
      ++nulls;
      EXPECT_EQ(z.document.id, kNullDocumentId);
      EXPECT_EQ(z.retrieval_utility, 0.0);
      EXPECT_EQ(z.p_y_given_zx, result.p_y_null);
    }
  }
  EXPECT_EQ(nulls, 1);
  EXPECT_NEAR(p_z, 1.0, 1e-12);
  EXPECT_NEAR(p_y, result.p_y_given_x, 1e-6 * p_y);
  EXPECT_NEAR(posterior, 1.0, 1e-12);
  EXPECT_NEAR(credit, 0.0, 1e-12);
  EXPECT_NEAR(std::exp(result.log_p_y_given_x), result.p_y_given_x, 1e-12);
  double top = 0;
  for (size_t i = 0; i < result.top.size(); ++i) {
    const PredictedWord& word = result.top[i];
    ASSERT_EQ(word.by_document.size(), result.documents.size());
    EXPECT_NEAR(std::accumulate(word.by_document.begin(), word.by_document.end(), 0.0), word.p,
                1e-12);
    EXPECT_EQ(word.pieces.size(), result.masks.size());
    EXPECT_LE(word.p, result.top[i - std::min<size_t>(i, 1)].p + 1e-15);
    top += word.p;
  }
  EXPECT_NEAR(result.top_other, 1.0 - top, 1e-6);
}

TEST_F(Engines, AnswerWithNumbersThatKeepTheIdentities) {
  for (const char* text : {kOneMask, kThreeMasks, "Paris lies on the [MASK] ."}) {
    for (const int k : {1, 2, 8, 13, 100}) {
      SCOPED_TRACE(std::string(text) + " k " + std::to_string(k));
      const AskResult result = ask(about(text, k));
      EXPECT_EQ(result.documents.size(), static_cast<size_t>(std::min(k, 13)));
      expect_identities(result);
    }
  }
}

TEST_F(Engines, TellWhatWasAskedAndOfWhat) {
  const AskResult result = ask(about(kOneMask));
  EXPECT_EQ(result.answer, "Austria");
  EXPECT_TRUE(result.answer_is_given);
  EXPECT_THAT(result.answer_pieces, ::testing::ElementsAre("austria"));
  EXPECT_THAT(result.pieces,
              ::testing::ElementsAre("vienna", "is", "the", "capital", "o", "##f", "[MASK]", ".",
                                     "the", "city", "lies", "on", "the", "danube", "."));
  EXPECT_THAT(result.masks, ::testing::ElementsAre(6));
  EXPECT_FALSE(result.truncated);
  EXPECT_EQ(result.model_name, "golden");
  EXPECT_EQ(result.model_step, 321);
  EXPECT_EQ(result.model_fingerprint, engine_->card().fingerprint);
  EXPECT_EQ(result.corpus_name, "facade");
  EXPECT_EQ(result.corpus_revision, 17);
  EXPECT_EQ(result.corpus_documents, 12);
  EXPECT_EQ(result.index_type, "exact");
  EXPECT_EQ(result.index_generation, 5);
  EXPECT_EQ(result.top.size(), 10U);
  EXPECT_GT(result.timings_ms.total, 0.0);
}

TEST_F(Engines, TakeTheTopWordForAnAnswerThatIsNotGiven) {
  const AskResult result = ask(about("Vienna is the capital of [MASK]."));
  EXPECT_FALSE(result.answer_is_given);
  ASSERT_FALSE(result.top.empty());
  EXPECT_EQ(result.answer, result.top.front().word);
  EXPECT_NEAR(result.p_y_given_x, result.top.front().p, 1e-12);
}

TEST_F(Engines, GiveAPlainMaskItsAnswersPieces) {
  AskQuery query = about("Vienna is the [MASK] Austria.");
  query.answer = "capital of";
  const AskResult with_answer = ask(query);
  const AskResult with_brackets = ask(about(kThreeMasks));
  EXPECT_EQ(with_answer.masks, with_brackets.masks);
  EXPECT_EQ(with_answer.p_y_given_x, with_brackets.p_y_given_x);
}

TEST_F(Engines, ReadTheNullDocumentAloneForKOfOne) {
  const AskResult one = ask(about(kOneMask, 1));
  ASSERT_EQ(one.documents.size(), 1U);
  EXPECT_TRUE(one.documents.front().is_null);
  EXPECT_EQ(one.documents.front().p_z_given_x, 1.0);
  EXPECT_EQ(one.p_y_given_x, one.p_y_null);
  EXPECT_NEAR(one.p_y_null, ask(about(kOneMask, 8)).p_y_null, 1e-6 * one.p_y_null);
}

TEST_F(Engines, AskAnEmptyCorpusOfTheNullDocument) {
  const FacadeCorpus empty({});
  const auto index =
      make_index(kExactIndexType, VectorTable::from_memory({}, {}, engine_->card().dimension), 1);
  AskQuery query = about(kOneMask);
  query.exact_sum = true;
  const AskResult result =
      engine_->ask(query, {empty, *index, engine_->card().embedder_fingerprint, 0}, {});
  ASSERT_EQ(result.documents.size(), 1U);
  EXPECT_TRUE(result.documents.front().is_null);
  EXPECT_NEAR(*result.exact_p_y_given_x, result.p_y_given_x, 1e-6 * result.p_y_given_x);
  EXPECT_EQ(*result.mass_outside_top_k, 0.0);
}

// With all documents among the candidates nothing is outside, and both sums are one.
TEST_F(Engines, SumExactlyOverTheWholeCorpus) {
  AskQuery query = about(kOneMask, 13);
  query.exact_sum = true;
  const AskResult whole = ask(query);
  EXPECT_LT(*whole.mass_outside_top_k, 1e-6);
  EXPECT_NEAR(*whole.exact_p_y_given_x, whole.p_y_given_x, 1e-5 * whole.p_y_given_x);
  // With fewer candidates the exact sum stays, and what is outside is told.
  query.candidates = 4;
  const AskResult some = ask(query);
  EXPECT_NEAR(*some.exact_p_y_given_x, whole.p_y_given_x, 1e-5 * whole.p_y_given_x);
  double outside = 1.0;
  for (const AskedDocument& z : whole.documents) {
    for (const AskedDocument& kept : some.documents) {
      if (kept.document.id == z.document.id) outside -= z.p_z_given_x;
    }
  }
  EXPECT_NEAR(*some.mass_outside_top_k, outside, 1e-6);
  EXPECT_GT(outside, 0.1);
  EXPECT_FALSE(ask(about(kOneMask)).exact_p_y_given_x.has_value());
  EXPECT_FALSE(ask(about(kOneMask)).mass_outside_top_k.has_value());
}

// Four bits a value distort the index's own scores; the exact sum is exact all the same.
TEST_F(Engines, SumExactlyBehindAnApproximateIndex) {
  AskQuery query = about(kOneMask, 3);
  query.exact_sum = true;
  const AskResult exact = ask(query);
  const auto approximate = embed(*engine_, corpus_->documents(), "SQ4");
  const AskResult result =
      engine_->ask(query, {*corpus_, *approximate, engine_->card().embedder_fingerprint, 0}, {});
  EXPECT_NEAR(*result.exact_p_y_given_x, *exact.exact_p_y_given_x, 1e-6 * *exact.exact_p_y_given_x);
}

TEST_F(Engines, DoNotDependOnTheOrderOfTheCandidates) {
  AskQuery query = about(kOneMask, 6);
  query.pinned = {30, 70, 90, 120, 10};
  const AskResult straight = ask(query);
  std::reverse(query.pinned.begin(), query.pinned.end());
  const AskResult reversed = ask(query);
  EXPECT_EQ(straight.p_y_given_x, reversed.p_y_given_x);
  ASSERT_EQ(straight.documents.size(), reversed.documents.size());
  for (size_t i = 0; i < straight.documents.size(); ++i) {
    EXPECT_EQ(straight.documents[i].document.id, reversed.documents[i].document.id);
    EXPECT_EQ(straight.documents[i].posterior, reversed.documents[i].posterior);
  }
}

TEST_F(Engines, KeepPinnedDocumentsAndLeaveExcludedOnesOut) {
  AskQuery query = about(kOneMask, 4);
  const AskResult plain = ask(query);
  std::vector<DocumentId> real;
  for (const AskedDocument& z : plain.documents) {
    if (!z.is_null) real.push_back(z.document.id);
  }
  ASSERT_EQ(real.size(), 3U);
  query.excluded = {real[0]};
  for (const AskedDocument& z : ask(query).documents) EXPECT_NE(z.document.id, real[0]);
  // One that was not retrieved.
  DocumentId other = 10;
  while (std::find(real.begin(), real.end(), other) != real.end()) other += 10;
  query.pinned = {other};
  const AskResult pinned = ask(query);
  const auto place =
      std::find_if(pinned.documents.begin(), pinned.documents.end(),
                   [other](const AskedDocument& z) { return z.document.id == other; });
  ASSERT_NE(place, pinned.documents.end());
  EXPECT_TRUE(place->is_pinned);
  EXPECT_EQ(pinned.documents.size(), 4U);
  expect_identities(pinned);
}

TEST_F(Engines, RetrieveWhatAskReads) {
  for (const char* text : {kOneMask, kThreeMasks}) {
    const AskQuery query = about(text, 6);
    const std::vector<RetrievedDocument> retrieved = engine_->retrieve(query, knowledge(), {});
    const AskResult asked = ask(query);
    ASSERT_EQ(retrieved.size(), asked.documents.size());
    for (size_t i = 0; i < retrieved.size(); ++i) {
      EXPECT_EQ(retrieved[i].id, asked.documents[i].document.id);
      EXPECT_EQ(retrieved[i].is_null, asked.documents[i].is_null);
      EXPECT_EQ(retrieved[i].score, asked.documents[i].score);
      EXPECT_EQ(retrieved[i].probability, asked.documents[i].p_z_given_x);
    }
  }
}

TEST_F(Engines, ScoreByTheInnerProductOfTheEmbeddings) {
  const AskResult result = ask(about(kOneMask, 13));
  const AskedDocument& null = *std::find_if(result.documents.begin(), result.documents.end(),
                                            [](const AskedDocument& z) { return z.is_null; });
  // p(z|x) is the softmax of the scores.
  for (const AskedDocument& z : result.documents) {
    EXPECT_NEAR(std::log(z.p_z_given_x / null.p_z_given_x), z.score - null.score, 1e-9);
  }
}

TEST_F(Engines, WatchWordsWhateverTheirRank) {
  AskQuery query = about(kOneMask);
  query.words = 360;  // the whole vocabulary
  query.watch = {"Austria", "bohemia", "the danube", "\xE2\x82\xAC", ""};
  const AskResult result = ask(query);
  ASSERT_EQ(result.watch.size(), 5U);
  EXPECT_NEAR(result.watch[0].p, result.p_y_given_x, 1e-12);
  ASSERT_TRUE(result.watch[0].rank.has_value());
  for (size_t w = 0; w < 2; ++w) {
    const WatchedWord& word = result.watch[w];
    EXPECT_EQ(word.note, "");
    EXPECT_NEAR(std::accumulate(word.by_document.begin(), word.by_document.end(), 0.0), word.p,
                1e-12);
    const PredictedWord& listed = result.top[static_cast<size_t>(*word.rank) - 1];
    EXPECT_EQ(listed.pieces, word.pieces);
    EXPECT_NEAR(listed.p, word.p, 1e-12);
    EXPECT_NEAR(listed.baseline_p, word.baseline_p, 1e-15);
    EXPECT_NEAR(listed.null_p, word.null_p, 1e-15);
  }
  EXPECT_THAT(result.watch[2].note, HasSubstr("2 pieces"));
  EXPECT_FALSE(result.watch[2].rank.has_value());
  for (const size_t w : {size_t{3}, size_t{4}})
    EXPECT_THAT(result.watch[w].note, HasSubstr("no pieces"));
  EXPECT_EQ(result.top.size(), 360U);
  EXPECT_LT(result.top_other, 1e-4);
}

TEST_F(Engines, SetTheBaselineBesideTheAnswer) {
  const AskResult result = ask(about(kThreeMasks));
  ASSERT_TRUE(result.baseline.has_value());
  EXPECT_EQ(result.baseline->name, "encoder");
  EXPECT_NEAR(std::exp(result.baseline->log_p_y_given_x), result.baseline->p_y_given_x, 1e-15);
  EXPECT_EQ(result.baseline->top.size(), 10U);
  for (size_t i = 1; i < 10; ++i)
    EXPECT_LE(result.baseline->top[i].p, result.baseline->top[i - 1].p);
  // It reads no document, so k changes nothing of it.
  EXPECT_NEAR(ask(about(kThreeMasks, 2)).baseline->p_y_given_x, result.baseline->p_y_given_x,
              1e-6 * result.baseline->p_y_given_x);
}

TEST_F(Engines, SayNothingOfABaselineThatThereIsNot) {
  EngineOptions options;
  options.model = folder_->path() / "model";
  options.threads = 1;
  const auto engine = RealmEngine::open(options);
  EXPECT_EQ(engine->card().baseline_name, "");
  const AskResult result = engine->ask(about(kOneMask), knowledge(), {});
  EXPECT_FALSE(result.baseline.has_value());
  for (const PredictedWord& word : result.top) EXPECT_EQ(word.baseline_p, 0.0);
}

// Eight bits of a number are left, and the answer is nearly the same; the identities hold as they
// are.
TEST_F(Engines, AnswerNearlyTheSameInBfloat16) {
  EngineOptions options;
  options.model = folder_->path() / "model";
  options.baseline = golden("cfg_b/encoder");
  options.threads = 1;
  options.precision = Precision::kBf16;
  const auto half = RealmEngine::open(options);
  EXPECT_EQ(half->card().embedder_fingerprint, engine_->card().embedder_fingerprint);
  const AskResult expected = ask(about(kThreeMasks));
  const AskResult result = half->ask(about(kThreeMasks), knowledge(), {});
  expect_identities(result);
  EXPECT_NEAR(result.log_p_y_given_x, expected.log_p_y_given_x,
              0.05 * std::abs(expected.log_p_y_given_x));
  EXPECT_NEAR(result.baseline->log_p_y_given_x, expected.baseline->log_p_y_given_x,
              0.05 * std::abs(expected.baseline->log_p_y_given_x));
  EXPECT_NE(result.p_y_given_x, expected.p_y_given_x);
}

}  // namespace
}  // namespace realm
