// Embedding, edits, refusals and what an engine says of itself.
#include "engine/realm_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <string>

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

TEST_F(Engines, EmbedADocumentTheSameWhateverStandsBesideIt) {
  const std::vector<Document> documents = twelve_documents();
  const std::vector<float> together = engine_->embed_documents(documents, {});
  const auto width = static_cast<size_t>(engine_->card().dimension);
  ASSERT_EQ(together.size(), 12 * width);
  for (size_t i = 0; i < documents.size(); ++i) {
    const std::vector<float> alone = engine_->embed_documents({&documents[i], 1}, {});
    for (size_t d = 0; d < width; ++d) EXPECT_NEAR(alone[d], together[i * width + d], 1e-5);
  }
  EXPECT_TRUE(engine_->embed_documents({}, {}).empty());
}

TEST_F(Engines, ReportTheirProgressWhileTheyEmbed) {
  std::vector<Document> documents;
  for (int i = 0; i < 20; ++i) {
    for (const Document& document : twelve_documents()) documents.push_back(document);
  }
  int64_t last = 0;
  engine_->embed_documents(documents, {}, [&](const Progress& progress) {
    EXPECT_GT(progress.done, last);
    EXPECT_EQ(progress.total, 240);
    last = progress.done;
  });
  EXPECT_EQ(last, 240);
}

TEST_F(Engines, FollowAnEditThroughTheOverlay) {
  std::vector<Document> documents = twelve_documents();
  documents[0].text = "The quick fox jumps over Vienna.";
  const FacadeCorpus edited(documents);
  OverlayIndex overlay(*index_);
  overlay.put(10, engine_->embed_documents({&documents[0], 1}, {}));
  AskQuery query = about(kOneMask);
  query.pinned = {10};
  const AskResult followed =
      engine_->ask(query, {edited, overlay, engine_->card().embedder_fingerprint, 0}, {});
  const auto rebuilt_index = embed(*engine_, documents);
  const AskResult rebuilt =
      engine_->ask(query, {edited, *rebuilt_index, engine_->card().embedder_fingerprint, 0}, {});
  EXPECT_NE(followed.p_y_given_x, ask(query).p_y_given_x);
  EXPECT_NEAR(followed.p_y_given_x, rebuilt.p_y_given_x, 1e-6 * rebuilt.p_y_given_x);
}

TEST_F(Engines, RefuseAnIndexOfAnotherModel) {
  const Knowledge other{*corpus_, **index_, "0123456789abcdef", 0};
  expect_error([&] { engine_->ask(about(kOneMask), other, {}); }, ErrorCode::kMismatch,
               "0123456789ab");
  expect_error([&] { engine_->retrieve(about(kOneMask), other, {}); }, ErrorCode::kMismatch,
               "another model");
  const auto narrow = make_index(kExactIndexType, VectorTable::from_memory({10}, {1, 2}, 2), 1);
  const Knowledge wrong{*corpus_, *narrow, engine_->card().embedder_fingerprint, 0};
  expect_error([&] { engine_->ask(about(kOneMask), wrong, {}); }, ErrorCode::kMismatch,
               "dimension 2");
}

TEST_F(Engines, NameADocumentThatTheIndexHoldsAndTheCorpusDoesNot) {
  std::vector<Document> documents = twelve_documents();
  documents.erase(documents.begin() + 6);  // id 70
  const FacadeCorpus without(documents);
  AskQuery query = about(kOneMask, 13);
  expect_error(
      [&] {
        engine_->ask(query, {without, **index_, engine_->card().embedder_fingerprint, 0}, {});
      },
      ErrorCode::kMismatch, "document 70");
}

TEST_F(Engines, RefuseQueriesThatCannotBeAsked) {
  expect_error([] { ask(about("Vienna is the capital of Austria.")); }, ErrorCode::kInvalidArgument,
               "[MASK]");
  expect_error([] { ask(about("Vienna is the capital of [[Austria.")); },
               ErrorCode::kInvalidArgument, "[[");
  expect_error([] { ask(about("\xC3( [MASK]")); }, ErrorCode::kInvalidArgument, "UTF-8");
  expect_error([] { ask(about("the \xE2\x82\xAC is [[\xE2\x82\xAC]]")); },
               ErrorCode::kInvalidArgument, "\xE2\x82\xAC");
  std::string late = "the";
  for (int i = 0; i < 40; ++i) late += " the";
  expect_error([&] { ask(about(late + " [[Danube]]")); }, ErrorCode::kInvalidArgument, "takes 28");
  AskQuery no_k = about(kOneMask, 0);
  expect_error([&] { ask(no_k); }, ErrorCode::kInvalidArgument, "at least 1");
  AskQuery pinned = about(kOneMask);
  pinned.pinned = {77};
  expect_error([&] { ask(pinned); }, ErrorCode::kNotFound, "77");
}

TEST_F(Engines, StopWhenToldTo) {
  std::stop_source source;
  source.request_stop();
  AskQuery query = about(kOneMask);
  expect_error([&] { engine_->ask(query, knowledge(), source.get_token()); }, ErrorCode::kCancelled,
               "cancelled");
  expect_error([&] { engine_->retrieve(query, knowledge(), source.get_token()); },
               ErrorCode::kCancelled, "cancelled");
  const std::vector<Document> documents = twelve_documents();
  expect_error([&] { engine_->embed_documents(documents, source.get_token()); },
               ErrorCode::kCancelled, "cancelled");
  // In the middle too: the first report of progress asks for it.
  std::vector<Document> many;
  for (int i = 0; i < 40; ++i) many.insert(many.end(), documents.begin(), documents.end());
  std::stop_source later;
  int reports = 0;
  expect_error(
      [&] {
        engine_->embed_documents(many, later.get_token(), [&](const Progress&) {
          ++reports;
          later.request_stop();
        });
      },
      ErrorCode::kCancelled, "cancelled");
  EXPECT_EQ(reports, 1);
}

TEST_F(Engines, NameAModelThatCannotBeOpened) {
  EngineOptions options;
  options.model = folder_->path() / "nothing";
  expect_error([&] { RealmEngine::open(options); }, ErrorCode::kNotFound, "nothing");
  options.model = golden("cfg_b/encoder");  // no embedder in it
  expect_error([&] { RealmEngine::open(options); }, ErrorCode::kMismatch, "cls.dense");
  options.model = folder_->path() / "model";
  options.device = "abacus";
  expect_error([&] { RealmEngine::open(options); }, ErrorCode::kInvalidArgument, "abacus");
  options.device = "cpu";
  options.baseline = golden("formats/bert_legacy");  // another vocabulary
  expect_error([&] { RealmEngine::open(options); }, ErrorCode::kMismatch, "vocabulary");
}

// The scores of a sentence with one and with two masks in the same place, by document.
TEST_F(Engines, LeaveTheMasksOutOfTheQueryWhereTheModelSaysSo) {
  const auto scores = [](RealmEngine& engine, const char* text) {
    const Knowledge knowledge{*corpus_, **index_, engine.card().embedder_fingerprint, 0};
    AskQuery query;
    query.text = text;
    query.candidates = 12;
    std::map<DocumentId, double> out;
    for (const AskedDocument& z : engine.ask(query, knowledge, {}).documents)
      out[z.document.id] = z.score;
    return out;
  };
  const char* const one = "Vienna is the capital of [[Austria]].";
  const char* const two = "Vienna is the capital of [[the city]].";
  EXPECT_NE(scores(*engine_, one), scores(*engine_, two));

  const TempDirectory folder;
  EngineOptions options;
  options.model = make_bundle(golden("cfg_b"), folder.path(), 30, 60);
  options.threads = 1;
  const std::filesystem::path file = options.model / "embedder" / "config.json";
  std::string config;
  std::getline(std::ifstream(file), config, '\0');
  config.insert(config.find('{') + 1, R"("retriever_query_masks": false, )");
  std::ofstream(file) << config;
  const auto engine = RealmEngine::open(options);
  ASSERT_EQ(engine->card().embedder_fingerprint, engine_->card().embedder_fingerprint);
  EXPECT_EQ(scores(*engine, one), scores(*engine, two));
  EXPECT_NE(scores(*engine, one), scores(*engine_, one));
}

TEST_F(Engines, DescribeTheirModel) {
  const ModelCard& card = engine_->card();
  EXPECT_EQ(card.name, "golden");
  EXPECT_EQ(card.step, 321);
  EXPECT_EQ(card.dimension, 16);
  EXPECT_EQ(card.layers, 3);
  EXPECT_EQ(card.hidden, 24);
  EXPECT_EQ(card.vocabulary, 360);
  EXPECT_EQ(card.lengths.query, 30);
  EXPECT_EQ(card.lengths.document, 60);
  EXPECT_EQ(card.lengths.joint, 90);
  EXPECT_EQ(card.device, "cpu");
  EXPECT_EQ(card.fingerprint.size(), 64U);
  EXPECT_NE(card.fingerprint, card.embedder_fingerprint);
  EXPECT_EQ(card.baseline_name, "encoder");
}

}  // namespace
}  // namespace realm
