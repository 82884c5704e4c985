// What is told of a run before it begins, from its workspace: what it starts from, and what stands
// in its way. The model `small` has 3 layers of 24, 3 heads, 56 inside and 96 positions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "engine/base/error.h"
#include "storage/corpus_store.h"
#include "storage/workspace.h"
#include "tests/support/parity.h"
#include "tests/support/temp_directory.h"
#include "trainer/run_estimate.h"
#include "trainer/training_run.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class RunPlan : public ::testing::Test {
 protected:
  static constexpr int kDocuments = 5;

  RunPlan() : workspace_(Workspace::create(folder_ / "w")) {
    for (const char* part : {"embedder", "encoder"}) {
      fs::create_directories(model("small"));
      fs::copy(testing::golden(std::string("cfg_b/") + part), model("small") / part,
               fs::copy_options::recursive);
    }
    fs::copy_file(testing::golden("cfg_b/vocab.txt"), model("small") / "vocab.txt");
    fs::create_directories(model("words"));
    fs::copy_file(testing::golden("cfg_b/vocab.txt"), model("words") / "vocab.txt");
    std::vector<DocumentEdit> edits(kDocuments);
    for (int i = 0; i < kDocuments; ++i) {
      edits[static_cast<size_t>(i)].change.title = "t" + std::to_string(i);
      edits[static_cast<size_t>(i)].change.text = "A town.";
    }
    CorpusStore::open(workspace_.corpus_database(), OpenMode::kReadWrite)->apply(edits);
  }
  fs::path model(const char* name) const { return workspace_.models_folder() / name; }
  TrainOptions options(TrainTask task, const char* initial_model = "small") const {
    TrainOptions o;
    o.task = task;
    o.workspace = workspace_.folder().string();
    o.initial_model = initial_model;
    o.query_length = 40;
    o.document_length = 56;
    o.batch_size = 4;
    o.candidates = 3;
    return o;
  }
  static RunEstimate estimate(const TrainOptions& o, int ranks = 1) {
    return estimate_run(o, {.calibration_seconds = 0, .ranks = ranks});
  }
  template <typename Call>
  static void expect_refused(const Call& call, ErrorCode code,
                             const ::testing::Matcher<std::string>& sentence) {
    try {
      call();
      ADD_FAILURE() << "not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      EXPECT_THAT(std::string(error.what()), sentence);
    }
  }

  testing::TempDirectory folder_;
  Workspace workspace_;
};

int64_t bytes(const RunEstimate& e, const std::string& name) {
  for (const EstimatedBytes& item : e.memory) {
    if (item.name == name) return item.bytes;
  }
  return -1;
}

// Of 1000 steps: the first index, and one at every further multiple of the interval.
TEST_F(RunPlan, CountsRefreshesAtTheIntervalThatTheyAreMadeAt) {
  TrainOptions o = options(TrainTask::kPretrain);
  o.steps = 1000;
  o.refresh_every_steps = 10;
  EXPECT_EQ(estimate(o).refreshes, 100);
  o.stale_factor = 30;  // 0, 300, 600, 900
  EXPECT_EQ(estimate(o).refreshes, 4);
  TrainOptions ict = options(TrainTask::kIct);
  ict.steps = 1000;
  EXPECT_EQ(estimate(ict).refreshes, 0);
  ict.neighbour_probability = 0.5;  // every 100 steps
  EXPECT_EQ(estimate(ict).refreshes, 10);
  EXPECT_GT(estimate(ict).refresh_flops, 0);
}

TEST_F(RunPlan, NeedsEverythingButTheBatchOnceAProcess) {
  const TrainOptions o = options(TrainTask::kMlm);
  const RunEstimate one = estimate(o);
  const RunEstimate two = estimate(o, 2);
  for (const char* name : {"weights", "gradients", "moments"})
    EXPECT_EQ(bytes(two, name), 2 * bytes(one, name)) << name;
  EXPECT_EQ(bytes(two, "activations"), bytes(one, "activations"));
  EXPECT_DOUBLE_EQ(two.step_flops, one.step_flops);
  EXPECT_EQ(two.place.threads, 1);
  EXPECT_EQ(two.place.ranks, 2);
}

// 40 + 56 = 96 pieces fit; one more does not.
TEST_F(RunPlan, RefusesInputsThatTheInitialModelDoesNotTake) {
  TrainOptions o = options(TrainTask::kMlm);
  EXPECT_NO_THROW(estimate(o));
  o.document_length = 57;
  expect_refused([&] { estimate(o); }, ErrorCode::kInvalidArgument,
                 AllOf(HasSubstr("query_length=40 and document_length=57"), HasSubstr("up to 97"),
                       HasSubstr("\"small\" takes up to 96")));
  o.passage = PassageRule::kNone;  // x alone
  EXPECT_NO_THROW(estimate(o));
  TrainOptions ict = options(TrainTask::kIct);
  ict.document_length = 96;  // each by itself
  EXPECT_NO_THROW(estimate(ict));
  ict.document_length = 97;
  expect_refused([&] { estimate(ict); }, ErrorCode::kInvalidArgument, HasSubstr("retriever"));
  // A new network's joint inputs are cut to its positions.
  EXPECT_NO_THROW(estimate(options(TrainTask::kMlm, "words")));
}

TEST_F(RunPlan, RefusesFilesThatAreNotThere) {
  for (const char* key : {"training_text", "held_out_text", "probes"}) {
    for (const std::string& path : {std::string("/nope"), folder_.path().string()}) {
      TrainOptions o = options(TrainTask::kPretrain);
      set_option(o, std::string(key) + "=" + path);
      expect_refused([&] { estimate(o); }, ErrorCode::kNotFound,
                     AllOf(HasSubstr(key), HasSubstr(path)));
      set_option(o, std::string(key) + "=" + folder_.write("text", "").string());
      EXPECT_NO_THROW(estimate(o)) << key;
    }
  }
  TrainOptions words = options(TrainTask::kVocabulary);
  words.vocabulary_text = "/nope";
  expect_refused([&] { estimate(words); }, ErrorCode::kNotFound, HasSubstr("vocabulary_text"));
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  words.vocabulary_text = pipe.string();
  EXPECT_NO_THROW(estimate(words)) << "it is not opened";
}

// Of 5 documents, 5 can stand beside the null document.
TEST_F(RunPlan, RefusesMoreCandidatesThanThereAreDocuments) {
  TrainOptions o = options(TrainTask::kPretrain);
  o.candidates = 6;
  EXPECT_NO_THROW(estimate(o));
  o.candidates = 7;
  expect_refused(
      [&] { estimate(o); }, ErrorCode::kInvalidArgument,
      AllOf(HasSubstr("6 candidates"), HasSubstr("5 documents"), HasSubstr("at most 6")));
}

TEST_F(RunPlan, RefusesAnOutputModelThatTheWorkspaceWouldNotTake) {
  for (const char* name : {"a b", "a/b", ".a", "-a"}) {
    TrainOptions o = options(TrainTask::kMlm);
    o.output_model = name;
    const auto is_named = AllOf(HasSubstr("output_model"), HasSubstr(name));
    expect_refused([&] { estimate(o); }, ErrorCode::kInvalidArgument, is_named);
    expect_refused([&] { create_run(o); }, ErrorCode::kInvalidArgument, is_named);
  }
  EXPECT_FALSE(fs::exists(workspace_.run_database()));
}

TEST_F(RunPlan, SaysWhatItStartsFrom) {
  const RunEstimate e = estimate(options(TrainTask::kPretrain));
  EXPECT_THAT(describe(e), HasSubstr("from small: retriever of 3 layers x 24, reader of 3 layers x "
                                     "24, inputs of up to 96 pieces\n"));
  TrainOptions fresh = options(TrainTask::kPretrain, "words");
  fresh.initial_encoder = "small";
  EXPECT_THAT(describe(estimate(fresh)),
              HasSubstr("from scratch and small: retriever of 2 layers x 128, reader of 3"));
}

// config.json says what is trained.
TEST_F(RunPlan, KeepsTheSizesOfTheNetworkThatItStartsFrom) {
  TrainOptions o = options(TrainTask::kPretrain);
  o.positions = 512;
  const TrainOptions kept =
      train_options_from_json(testing::read_file(create_run(o) / "config.json"));
  EXPECT_EQ(kept.layers, 3);
  EXPECT_EQ(kept.hidden, 24);
  EXPECT_EQ(kept.heads, 3);
  EXPECT_EQ(kept.intermediate, 56);
  EXPECT_EQ(kept.positions, 96);
  EXPECT_EQ(kept.projection, 16);
  // A new retriever has the options' size.
  TrainOptions fresh = options(TrainTask::kPretrain, "words");
  fresh.initial_encoder = "small";
  EXPECT_EQ(to_json(with_initial_sizes(fresh, workspace_.models_folder())), to_json(fresh));
  // What is wrong with it is told elsewhere.
  const TrainOptions nobody = options(TrainTask::kMlm, "nobody");
  EXPECT_EQ(to_json(with_initial_sizes(nobody, workspace_.models_folder())), to_json(nobody));
}

TEST_F(RunPlan, RefusesASizeThatTheInitialModelDoesNotHave) {
  const auto start = [&](const TrainOptions& o) {
    require_room(o, estimate(o), RunStart::kBegins);
  };
  TrainOptions o = options(TrainTask::kPretrain);
  EXPECT_NO_THROW(start(o)) << "nobody chose 2 layers of 128";
  o.layers = 12;
  o.hidden = 768;
  expect_refused([&] { start(o); }, ErrorCode::kInvalidArgument,
                 AllOf(HasSubstr("layers=12 and hidden=768"), HasSubstr("\"small\""),
                       HasSubstr("layers=3 and hidden=24"), HasSubstr("initial_model=vocabulary")));
  EXPECT_NO_THROW(require_room(o, estimate(o), RunStart::kResumes));
  o.layers = 3;
  o.hidden = 24;
  EXPECT_NO_THROW(start(o));
  TrainOptions fresh = options(TrainTask::kPretrain, "words");
  fresh.layers = 3;
  EXPECT_NO_THROW(start(fresh));
  TrainOptions deeper = options(TrainTask::kMlm);
  deeper.grow_to_layers = 5;
  for (const int layers : {3, 5}) {
    deeper.layers = layers;
    EXPECT_NO_THROW(start(deeper)) << layers;
  }
  deeper.layers = 6;
  expect_refused([&] { start(deeper); }, ErrorCode::kInvalidArgument, HasSubstr("layers=6"));
  TrainOptions small_recipe = options(TrainTask::kMlm);
  small_recipe.layers = 4;  // the recipe's, which is used to go on from any reader
  EXPECT_NO_THROW(start(small_recipe));
}

}  // namespace
}  // namespace realm
