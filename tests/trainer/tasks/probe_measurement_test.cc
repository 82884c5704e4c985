#include "trainer/tasks/probe_measurement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/index/faiss_index.h"
#include "engine/model/model_io.h"
#include "storage/workspace.h"
#include "tests/support/temp_directory.h"
#include "tests/trainer/data/small_world.h"
#include "tests/trainer/tasks/task_world.h"
#include "trainer/tasks/retrieval_probe.h"

namespace realm {
namespace {

using Json = nlohmann::json;

TEST(RankOf, CountsTheRowsThatScoreHigher) {
  const VectorTable vectors = VectorTable::from_memory({3, 5, 9, 12}, {1, 0, 0, 1, 2, 0, 1, 5}, 2);
  const std::vector<float> query = {1, 0};  // scores 1, 0, 2, 1
  EXPECT_EQ(rank_of(vectors, query, 9), 1);
  EXPECT_EQ(rank_of(vectors, query, 3), 2);  // before 12, whose score is the same
  EXPECT_EQ(rank_of(vectors, query, 12), 3);
  EXPECT_EQ(rank_of(vectors, query, 5), 4);
}

class ProbeMeasurement : public ::testing::Test {
 protected:
  ProbeMeasurement() {
    const testing::TempDirectory folder;
    inputs_.probes = load_probes(
        folder.write("probes.jsonl",
                     "{\"name\": \"named\", \"text\": \"b is near [[c]]\", \"title\": \"b\"}\n"
                     "{\"name\": \"free\", \"text\": \"[[ab]] is near d\"}\n"),
        *inputs_.tokenizer, inputs_.passages, inputs_.lengths());
    inputs_.options.candidates = 4;
  }
  Json measure(const ProbedModel& model, size_t probe) const {
    return Json::parse(measure_probe(inputs_, model, inputs_.probes.at(probe), 30));
  }
  TaskInputs inputs_ = testing::task_inputs();
  Embedder embedder_ = testing::small_embedder(inputs_, 1);
  KnowledgeAugmentedEncoder encoder_ = testing::small_encoder(inputs_, 2);
  const VectorTable vectors_ = embed_corpus(inputs_, embedder_, {});
  const std::shared_ptr<const MipsIndex> index_ = make_index(kExactIndexType, vectors_, 7);
  const ProbedIndex retrieval_{index_.get(), &vectors_, 25};
};

// p(y|x) = sum of p(z|x) p(y|z,x) over the candidates listed, which add up to one.
TEST_F(ProbeMeasurement, AddsUp) {
  for (const size_t probe : {0U, 1U}) {
    const Json json = measure({&embedder_, &encoder_, retrieval_}, probe);
    ASSERT_EQ(json.at("documents").size(), 4U);
    double sum = 0;
    double marginal = 0;
    double score = HUGE_VAL;
    int nulls = 0;
    for (const Json& z : json.at("documents")) {
      sum += z.at("p_z_given_x").get<double>();
      marginal += z.at("p_z_given_x").get<double>() * z.at("p_y_given_zx").get<double>();
      EXPECT_LE(z.at("score").get<double>(), score);
      score = z.at("score").get<double>();
      if (!z.at("is_null").get<bool>()) continue;
      ++nulls;
      EXPECT_EQ(z.at("id"), 0);
      EXPECT_EQ(z.at("p_y_given_zx"), json.at("p_y_null"));
      EXPECT_EQ(z.at("retrieval_utility"), 0);
    }
    EXPECT_EQ(nulls, 1);
    EXPECT_NEAR(sum, 1.0, 1e-12);
    EXPECT_NEAR(marginal / json.at("p_y_given_x").get<double>(), 1.0, 1e-12);
    EXPECT_NEAR(std::log(marginal), json.at("log_p_y_given_x").get<double>(), 1e-10);
    EXPECT_EQ(json.at("index").at("generation"), 7);
    EXPECT_EQ(json.at("index").at("age_steps"), 5);
    EXPECT_EQ(json.at("top").size(), 5U);
  }
}

TEST_F(ProbeMeasurement, RanksTheNamedPassageAmongAll) {
  const Json json = measure({&embedder_, &encoder_, retrieval_}, 0);
  const Json& gold = json.at("gold");
  EXPECT_EQ(gold.at("id"), 12);
  EXPECT_EQ(gold.at("title"), "b");
  // All but one passage are candidates, ordered by fresh scores: the rank follows from the list.
  int64_t rank = 0;
  bool is_candidate = false;
  for (const Json& z : json.at("documents")) {
    rank += z.at("is_null").get<bool>() || is_candidate ? 0 : 1;
    if (z.at("id") != 12) continue;
    is_candidate = true;
    EXPECT_EQ(gold.at("p_z_given_x"), z.at("p_z_given_x"));
  }
  EXPECT_EQ(gold.at("is_candidate"), is_candidate);
  EXPECT_EQ(gold.at("rank"), is_candidate ? rank : 4);
  EXPECT_TRUE(measure({&embedder_, &encoder_, retrieval_}, 1).at("gold").is_null());
}

// An index of other weights chooses, but the current ones score.
TEST_F(ProbeMeasurement, ScoresWithCurrentWeightsWhateverTheIndex) {
  inputs_.options.candidates = 5;  // all, so that the choice is the same
  const VectorTable old =
      VectorTable::from_memory({11, 12, 13, 14}, std::vector<float>(16, 0.5F), 4);
  const auto old_index = make_index(kExactIndexType, old, 3);
  const Json stale = measure({&embedder_, &encoder_, {old_index.get(), &old, 0}}, 0);
  const Json fresh = measure({&embedder_, &encoder_, retrieval_}, 0);
  ASSERT_EQ(stale.at("documents").size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(stale.at("documents")[i].at("id"), fresh.at("documents")[i].at("id"));
    EXPECT_NEAR(stale.at("documents")[i].at("score").get<double>(),
                fresh.at("documents")[i].at("score").get<double>(), 1e-5);
  }
  EXPECT_NEAR(stale.at("log_p_y_given_x").get<double>(), fresh.at("log_p_y_given_x").get<double>(),
              1e-5);
  EXPECT_EQ(stale.at("gold").at("rank"), 2);  // equal scores go by id
}

TEST_F(ProbeMeasurement, ReadsBesideTheNamedPassageWithoutARetriever) {
  const Json json = measure({nullptr, &encoder_, {}}, 0);
  EXPECT_FALSE(json.contains("p_y_given_x"));
  EXPECT_FALSE(json.contains("index"));
  ASSERT_EQ(json.at("documents").size(), 2U);
  const Json& gold = json.at("documents")[0];
  EXPECT_EQ(gold.at("id"), 12);
  EXPECT_FALSE(gold.contains("p_z_given_x"));
  EXPECT_NEAR(gold.at("retrieval_utility").get<double>(),
              gold.at("log_p_y_given_zx").get<double>() - json.at("log_p_y_null").get<double>(),
              1e-12);
  // The same reader reads the same beside a retriever.
  const Json full = measure({&embedder_, &encoder_, retrieval_}, 0);
  EXPECT_NEAR(json.at("log_p_y_null").get<double>(), full.at("log_p_y_null").get<double>(), 1e-5);
  EXPECT_EQ(measure({nullptr, &encoder_, {}}, 1).at("documents").size(), 1U);
}

TEST_F(ProbeMeasurement, RetrievesWithoutAReader) {
  const Json json = measure({&embedder_, nullptr, retrieval_}, 0);
  EXPECT_FALSE(json.contains("p_y_null"));
  EXPECT_EQ(json.at("gold").at("id"), 12);
  EXPECT_FALSE(json.at("documents")[0].contains("p_y_given_zx"));
  EXPECT_TRUE(json.at("documents")[0].contains("p_z_given_x"));
}

TEST_F(ProbeMeasurement, ReadsAloneLikeBert) {
  const Json json = Json::parse(measure_probe_alone(inputs_, encoder_, inputs_.probes.at(1)));
  EXPECT_EQ(json.at("query").at("answer"), "ab");
  const double log_p = json.at("baseline").at("log_p_y_given_x").get<double>();
  EXPECT_LT(log_p, 0);
  EXPECT_NEAR(std::exp(log_p), json.at("baseline").at("p_y_given_x").get<double>(), 1e-12);
}

class ProbesBesideABaseline : public ProbeMeasurement {
 protected:
  ProbesBesideABaseline() {
    inputs_.models_folder = workspace_.models_folder();
    RunWriter::create_run(database_, {"r", "pretrain", "{}", 10});
    run_ = RunWriter::open_run(database_, "r");
  }
  void use_as_baseline(const TaskInputs& of) {
    save_bert(workspace_.models_folder() / "plain", bert_, *of.tokenizer);
    workspace_.set_active_baseline("plain");
  }
  std::vector<Json> record(ProbeRecorder& recorder, const ProbedModel& model) {
    recorder.record(model, ++step_, *run_);
    run_->flush();
    std::vector<Json> out;
    for (const RunProbe& probe : RunReader::open(database_)->probes("r", "")) {
      if (probe.step == step_) out.push_back(Json::parse(probe.data_json));
    }
    return out;
  }
  const testing::TempDirectory folder_;
  Workspace workspace_ = Workspace::create(folder_ / "workspace");
  const std::filesystem::path database_ = workspace_.run_database();
  std::unique_ptr<RunWriter> run_;
  KnowledgeAugmentedEncoder bert_ = testing::small_encoder(inputs_, 3);
  int64_t step_ = 0;
};

// What BERT says alone is the same at every step, also once its folder is gone.
TEST_F(ProbesBesideABaseline, SayWhatPlainBertSaysOnceForAll) {
  use_as_baseline(inputs_);
  ProbeRecorder recorder(inputs_);
  const std::vector<Json> first = record(recorder, {&embedder_, &encoder_, retrieval_});
  ASSERT_EQ(first.size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    const double alone = Json::parse(
        measure_probe_alone(inputs_, bert_, inputs_.probes[i]))["baseline"]["p_y_given_x"];
    EXPECT_EQ(first[i].at("baseline").at("name"), "plain");
    EXPECT_NEAR(first[i].at("baseline").at("p_y_given_x").get<double>(), alone, 1e-6);
    EXPECT_NEAR(std::exp(first[i].at("baseline").at("log_p_y_given_x").get<double>()), alone, 1e-6);
  }
  std::filesystem::remove_all(workspace_.models_folder() / "plain");
  const std::vector<Json> second = record(recorder, {nullptr, &encoder_, {}});
  ASSERT_EQ(second.size(), 2U);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(second[i].at("baseline"), first[i].at("baseline"));
  EXPECT_FALSE(record(recorder, {&embedder_, nullptr, retrieval_})[0].contains("baseline"))
      << "nothing is read";
}

TEST_F(ProbesBesideABaseline, AreWithoutOneOfOtherWordsAndWithoutAny) {
  ProbeRecorder none(inputs_);
  EXPECT_FALSE(record(none, {nullptr, &encoder_, {}})[0].contains("baseline"));
  TaskInputs other = testing::task_inputs();
  other.tokenizer = testing::letters_and({"is", "near", "far"});
  bert_ = testing::small_encoder(other, 3);
  use_as_baseline(other);
  ProbeRecorder recorder(inputs_);
  EXPECT_FALSE(record(recorder, {nullptr, &encoder_, {}})[0].contains("baseline"));
}

TEST_F(ProbesBesideABaseline, AreMeasuredWhereItCannotBeReadWhichTheyTell) {
  use_as_baseline(inputs_);
  std::filesystem::remove_all(workspace_.models_folder() / "plain");
  ProbeRecorder recorder(inputs_);
  EXPECT_FALSE(record(recorder, {nullptr, &encoder_, {}})[0].contains("baseline"));
  record(recorder, {nullptr, &encoder_, {}});
  int warnings = 0;
  for (const RunEvent& event : RunReader::open(database_)->read_since({.run = "r"}).events)
    warnings += event.kind == "warning" ? 1 : 0;
  EXPECT_EQ(warnings, 1);
}

// A stop between two probes: a measurement is whole or not there.
TEST_F(ProbesBesideABaseline, AreRecordedAllOrNone) {
  int looks = 0;
  inputs_.looks.within_part = [&](const char*) {
    if (++looks == 2) throw Error(ErrorCode::kCancelled, "Stopped.");
  };
  ProbeRecorder recorder(inputs_);
  EXPECT_THROW(recorder.record({nullptr, &encoder_, {}}, 1, *run_), Error);
  run_->flush();
  EXPECT_TRUE(RunReader::open(database_)->probes("r", "").empty());
}

}  // namespace
}  // namespace realm
