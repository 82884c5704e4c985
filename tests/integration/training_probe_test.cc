// Probe queries of a run say what the engine says of the published model (UI.md I 67).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/base/error.h"
#include "engine/index/faiss_index.h"
#include "engine/realm_engine.h"
#include "storage/corpus_store.h"
#include "storage/workspace.h"
#include "tests/integration/training_world.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::TrainingWorld;
using Json = nlohmann::json;

class TrainingProbes : public ::testing::Test {
 protected:
  TrainingProbes() {
    probes_ = world_.write(
        "probes.jsonl",
        R"({"name": "founder", "text": "The founder of Arda is [[Dotano]].", "title": "Arda"}
{"name": "river", "text": "[[Fawelo by]] Beda the river is."}
)");
  }
  TrainOptions options(TrainTask task) const {
    TrainOptions out = world_.options(task);
    out.probes = probes_.string();
    return out;
  }
  std::vector<RunProbe> probes(const fs::path& run, const std::string& name) const {
    return RunReader::open(world_.workspace() / "runs" / "runs.sqlite")
        ->probes(run.filename().string(), name);
  }
  // The last measurement of each probe against the answer of the engine with the published model
  // and an index of it.
  void expect_as_asked(const TrainOptions& options, const fs::path& run) const {
    EngineOptions engine_options;
    engine_options.model = world_.models() / options.output_model;
    engine_options.threads = 1;
    const auto engine = RealmEngine::open(engine_options);
    const auto corpus =
        CorpusStore::open(world_.workspace() / "corpus.sqlite", OpenMode::kReadOnly);
    const std::vector<Document> documents = corpus->read_after(0, 1000);
    std::vector<DocumentId> ids;
    for (const Document& document : documents) ids.push_back(document.id);
    const auto index =
        make_index(kExactIndexType,
                   VectorTable::from_memory(ids, engine->embed_documents(documents, {}),
                                            engine->card().dimension),
                   0);
    const Knowledge knowledge{*corpus, *index, engine->card().embedder_fingerprint, 0};
    for (const char* name : {"founder", "river"}) {
      const RunProbe last = probes(run, name).back();
      EXPECT_EQ(last.step, options.steps);
      const Json json = Json::parse(last.data_json);
      AskQuery query;
      query.text = json.at("query").at("text").get<std::string>();
      query.candidates = options.candidates;
      const AskResult asked = engine->ask(query, knowledge, {});
      EXPECT_EQ(json.at("query").at("answer"), asked.answer);
      EXPECT_EQ(json.at("query").at("pieces"), Json(asked.pieces));
      EXPECT_EQ(json.at("query").at("masks"), Json(asked.masks));
      const auto expect_close = [&](const Json& value, double expected, const char* what) {
        EXPECT_NEAR(value.get<double>(), expected, 1e-5 * std::abs(expected)) << name << what;
      };
      expect_close(json.at("p_y_given_x"), asked.p_y_given_x, " p(y|x)");
      expect_close(json.at("log_p_y_given_x"), asked.log_p_y_given_x, " log p(y|x)");
      expect_close(json.at("p_y_null"), asked.p_y_null, " p(y|null,x)");
      EXPECT_EQ(json.at("top")[0].at("word"), asked.top.at(0).word);
      expect_close(json.at("top")[0].at("p"), asked.top.at(0).p, " top word");
      ASSERT_EQ(json.at("documents").size(), asked.documents.size());
      for (const Json& z : json.at("documents")) {
        const auto same = std::find_if(asked.documents.begin(), asked.documents.end(),
                                       [&](const AskedDocument& other) {
                                         return other.document.id == z.at("id").get<int64_t>();
                                       });
        ASSERT_NE(same, asked.documents.end()) << z.at("id");
        EXPECT_EQ(z.at("title"), same->document.title);
        EXPECT_EQ(z.at("is_null"), same->is_null);
        EXPECT_NEAR(z.at("score").get<double>(), same->score, 1e-5);
        expect_close(z.at("p_z_given_x"), same->p_z_given_x, " p(z|x)");
        expect_close(z.at("p_y_given_zx"), same->p_y_given_zx, " p(y|z,x)");
        expect_close(z.at("posterior"), same->posterior, " p(z|x,y)");
        EXPECT_NEAR(z.at("retrieval_utility").get<double>(), same->retrieval_utility, 1e-5);
        EXPECT_NEAR(z.at("credit").get<double>(), same->credit, 1e-5);
      }
    }
  }
  TrainingWorld world_;
  fs::path probes_;
};

// With every passage among the candidates the choice of the stale index is the fresh one's.
TEST_F(TrainingProbes, OfPreTrainingAgreeWithTheEngine) {
  TrainOptions o = options(TrainTask::kPretrain);
  o.candidates = TrainingWorld::kTowns + 1;
  const fs::path run = create_run(o);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  std::vector<int64_t> steps;
  for (const RunProbe& probe : probes(run, "founder")) steps.push_back(probe.step);
  EXPECT_THAT(steps, ElementsAre(0, 6));
  EXPECT_EQ(probes(run, "").size(), 4U);
  expect_as_asked(o, run);
}

// With weights that do not move, the index of any age is a fresh one, and what it chooses as well.
TEST_F(TrainingProbes, TakeTheCandidatesThatTheEngineTakes) {
  TrainOptions o = options(TrainTask::kPretrain);
  o.learning_rate = 1e-15;
  const fs::path run = create_run(o);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  expect_as_asked(o, run);
  const Json json = Json::parse(probes(run, "founder").back().data_json);
  EXPECT_EQ(json.at("index").at("generation"), 1);
  EXPECT_EQ(json.at("index").at("made_at_step"), 3);
  EXPECT_EQ(json.at("gold").at("title"), "Arda");
  const bool is_candidate = json.at("gold").at("is_candidate").get<bool>();
  EXPECT_EQ(is_candidate, json.at("gold").at("rank").get<int64_t>() < o.candidates);
  EXPECT_TRUE(Json::parse(probes(run, "river").back().data_json).at("gold").is_null());
}

TEST_F(TrainingProbes, OfTheOtherTasksSayWhatTheirNetworkKnows) {
  const fs::path mlm = create_run(options(TrainTask::kMlm));
  run_training(mlm, {});
  const Json read = Json::parse(probes(mlm, "founder").back().data_json);
  EXPECT_EQ(read.at("documents").size(), 2U);
  EXPECT_GT(read.at("p_y_null").get<double>(), 0);
  EXPECT_FALSE(read.contains("p_y_given_x"));

  TrainOptions plain = options(TrainTask::kMlm);
  plain.passage = PassageRule::kNone;
  const fs::path bert = create_run(plain);
  run_training(bert, {});
  EXPECT_GT(Json::parse(probes(bert, "river").back().data_json)
                .at("baseline")
                .at("p_y_given_x")
                .get<double>(),
            0);

  const fs::path ict = create_run(options(TrainTask::kIct));
  run_training(ict, {});
  const Json found = Json::parse(probes(ict, "founder").back().data_json);
  EXPECT_GE(found.at("gold").at("rank").get<int64_t>(), 1);
  EXPECT_LE(found.at("gold").at("rank").get<int64_t>(), TrainingWorld::kTowns);
  EXPECT_EQ(found.at("index").at("age_steps"), 0);
  EXPECT_FALSE(found.contains("p_y_null"));
}

TEST_F(TrainingProbes, AreMeasuredWithoutAHeldOutTextToo) {
  TrainOptions o = options(TrainTask::kPretrain);
  o.held_out_text = "";
  const fs::path run = create_run(o);
  EXPECT_EQ(run_training(run, {}), RunState::kFinished);
  EXPECT_EQ(probes(run, "river").size(), 2U);
}

// Measuring changes nothing of the training.
TEST_F(TrainingProbes, LeaveTheRunAsItIs) {
  TrainOptions o = options(TrainTask::kPretrain);
  o.dropout = 0.1;
  o.evaluate_every_steps = 2;
  const fs::path with = create_run(o);
  run_training(with, {});
  o.probes = "";
  const fs::path without = create_run(o);
  run_training(without, {});
  EXPECT_EQ(testing::newest_stored(with).fingerprint, testing::newest_stored(without).fingerprint);
}

TEST_F(TrainingProbes, NeedAFileThatIsRight) {
  TrainOptions o = options(TrainTask::kMlm);
  o.probes = world_.write("wrong.jsonl", "{\"name\": \"x\"}\n").string();
  EXPECT_THROW(run_training(create_run(o), {}), Error);
}

}  // namespace
}  // namespace realm
