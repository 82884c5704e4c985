// The whole way of a question, from its text to posterior and utility, against the reference
// implementation: the fixtures name the queries and the blocks in words (scorer.json, encoder.json
// and openqa.json; REALM_SPEC 12).
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/engine/facade/facade_world.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

using nlohmann::json;
using testing::embed;
using testing::FacadeCorpus;
using testing::find_parity;
using testing::make_bundle;
using testing::read_json;
using testing::TempDirectory;

void expect_close(double actual, double expected, const std::string& what) {
  EXPECT_NEAR(actual, expected, 2e-5 * (1.0 + std::abs(expected))) << what;
}

struct Configuration {
  const char* name;
  int query_length, document_length;
  std::vector<std::string> queries;  // the fixture's texts with its masked pieces in [[ ]]
};

class FacadeParity : public ::testing::TestWithParam<Configuration> {};

TEST_P(FacadeParity, AsksAsTheReferenceDoes) {
  const auto found = find_parity(std::string(GetParam().name) + "/encoder.json");
  if (!found) GTEST_SKIP() << testing::parity_skip_reason(GetParam().name);
  const std::filesystem::path source = found->parent_path();
  const TempDirectory folder;
  EngineOptions options;
  options.model =
      make_bundle(source, folder.path(), GetParam().query_length, GetParam().document_length);
  options.threads = 1;
  const auto engine = RealmEngine::open(options);
  EXPECT_EQ(engine->card().lengths.query, GetParam().query_length);
  EXPECT_EQ(engine->card().lengths.document, GetParam().document_length);

  std::vector<Document> documents;
  const json blocks_file = read_json(source / "openqa.json");
  for (const json& block : blocks_file.at("blocks")) {
    const auto id = static_cast<DocumentId>(documents.size()) + 1;
    documents.push_back(
        {id, block.at("title").get<std::string>(), block.at("text").get<std::string>(), "", "", 1});
  }
  const FacadeCorpus corpus(documents);
  const auto index = embed(*engine, documents);
  const Knowledge knowledge{corpus, *index, engine->card().embedder_fingerprint, 0};
  const json scorer = read_json(source / "scorer.json");
  const json expected = read_json(source / "encoder.json").at("expected").at("per_example");

  for (size_t b = 0; b < GetParam().queries.size(); ++b) {
    const json& example = expected.at(b);
    AskQuery query;
    query.text = GetParam().queries[b];
    const json& blocks = scorer.at("candidate_block_index").at(b);
    query.candidates = static_cast<int>(blocks.size());
    for (const json& block : blocks) {
      if (!block.is_null()) query.pinned.push_back(block.get<DocumentId>() + 1);
    }
    const AskResult result = engine->ask(query, knowledge, {});
    ASSERT_EQ(result.masks.size(), example.at("positions").size());
    for (size_t m = 0; m < result.masks.size(); ++m) {
      EXPECT_EQ(result.masks[m] + 1, example.at("positions").at(m).get<int>());
    }
    ASSERT_EQ(result.documents.size(), blocks.size());
    for (size_t c = 0; c < blocks.size(); ++c) {
      const DocumentId id =
          blocks.at(c).is_null() ? kNullDocumentId : blocks.at(c).get<DocumentId>() + 1;
      const auto place =
          std::find_if(result.documents.begin(), result.documents.end(),
                       [id](const AskedDocument& document) { return document.document.id == id; });
      ASSERT_NE(place, result.documents.end()) << "candidate " << c;
      const std::string what = "query " + std::to_string(b) + " candidate " + std::to_string(c);
      const auto pieces = example.at("masked_lm_log_prob").at(c).get<std::vector<double>>();
      EXPECT_EQ(place->is_null, blocks.at(c).is_null());
      expect_close(place->score, scorer.at("expected").at("relevance_score").at(b).at(c),
                   what + " f(x,z)");
      expect_close(place->p_z_given_x, scorer.at("expected").at("candidate_softmax").at(b).at(c),
                   what + " p(z|x)");
      expect_close(place->log_p_y_given_zx, std::accumulate(pieces.begin(), pieces.end(), 0.0),
                   what + " log p(y|z,x)");
      expect_close(place->posterior, example.at("derived_posterior_over_candidates").at(c),
                   what + " posterior");
      expect_close(place->retrieval_utility, example.at("derived_RU_per_candidate_paper").at(c),
                   what + " RU");
    }
    expect_close(result.log_p_y_given_x, example.at("derived_paper_product_log_marginal"),
                 "log p(y|x)");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Configurations, FacadeParity,
    ::testing::Values(
        Configuration{"cfg_a",
                      24,
                      48,
                      {"Vienna is the capital of Austria. The city lies [[on the Danube]].",
                       "In 1618, Prague saw a defenestration; historians still debate its effects "
                       "on [[Bohemia.]]"}},
        Configuration{"cfg_b",
                      20,
                      40,
                      {"Vienna is the capital of Austria. The city lies on the [[Danube]].",
                       "In 1618, Prague saw a defenestration; [[historians]] still debate its "
                       "effects on Bohemia.",
                       "Italy is a country. Its capital, Rome, stands [[by]] the Tiber and is its "
                       "largest city."}}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace realm
