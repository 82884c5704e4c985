// Runs that the window plans, starts and goes on with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/app/services/launch/slurm_stand_in.h"
#include "tests/app/services/training_service.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::Training;
using namespace view;

TEST_F(Training, ChecksAPlanAndSaysWhatIsWrongWithIt) {
  start();
  const auto reply_to = [&](const RunPlan& plan) {
    const RequestId id = send(CheckPlan{plan});
    return *wait_for([&](const TrainSnapshot& s) { return s.plan && s.plan->id == id; })->plan;
  };
  const PlanReply wrong = reply_to({"ict", "starter", {"steps=many"}});
  EXPECT_THAT(wrong.problem, HasSubstr("steps"));
  EXPECT_FALSE(wrong.fields.empty()) << "the preset alone is still shown";
  EXPECT_THAT(reply_to({"vocabulary", "starter", {}}).problem, HasSubstr("output_model"));
  const PlanReply changed =
      reply_to({"vocabulary", "starter", {"vocabulary_size=1234", "output_model=words"}});
  EXPECT_EQ(changed.problem, "");
  for (const FormField& field : changed.fields) {
    if (field.key != "vocabulary_size") continue;
    EXPECT_EQ(field.value, "1234");
    EXPECT_EQ(field.usual, "6000");
    EXPECT_EQ(field.unit, "pieces");
    EXPECT_THAT(field.cost, HasSubstr("memory"));
  }
  EXPECT_THAT(reply_to({"mlm", "starter", {"training_text=/nope"}}).problem,
              HasSubstr("training_text names /nope"));
  EXPECT_THAT(reply_to({"mlm", "starter", {"output_model=a b"}}).problem,
              HasSubstr("output_model"));
  EXPECT_THAT(reply_to({"ict", "starter", {"initial_model=nowhere"}}).problem,
              HasSubstr("nowhere"));
  EXPECT_THAT(reply_to({"ict", "stater", {}}).problem, HasSubstr("starter"));
}

TEST_F(Training, RefusesAVocabularyInAModelThatHasWeights) {
  const fs::path vocabulary = workspace_.model_folder("trained") / "vocab.txt";
  fs::create_directories(workspace_.model_folder("trained") / "encoder");
  std::ofstream(vocabulary) << "[PAD]\n";
  start("/bin/true");
  const RunPlan plan{"vocabulary", "starter", {"vocabulary_size=300", "output_model=trained"}};
  const RequestId id = send(CheckPlan{plan});
  const auto reply =
      wait_for([&](const TrainSnapshot& s) { return s.plan && s.plan->id == id; })->plan;
  EXPECT_THAT(reply->problem, HasSubstr("\"trained\", whose weights belong to"));
  const TrainOutcome started = outcome(send(StartRun{plan}));
  ASSERT_TRUE(started.failure);
  EXPECT_EQ(started.failure->sentence, reply->problem);
  EXPECT_TRUE(service_->snapshot()->runs->empty());
  EXPECT_EQ(testing::read_file(vocabulary), "[PAD]\n");
}

TEST_F(Training, StartsARunWithItsTrainer) {
  const fs::path trainer = folder_.write("trainer", "#!/bin/sh\necho \"$2\" > \"$2/began\"\n");
  fs::permissions(trainer, fs::perms::owner_all);
  start(trainer);
  const TrainOutcome nameless = outcome(send(StartRun{{"vocabulary", "starter", {}}}));
  ASSERT_TRUE(nameless.failure);
  EXPECT_THAT(nameless.failure->sentence, HasSubstr("output_model"));
  const TrainOutcome started = outcome(
      send(StartRun{{"vocabulary", "starter", {"vocabulary_size=300", "output_model=words"}}}));
  ASSERT_FALSE(started.failure) << started.failure->sentence;
  const fs::path run = workspace_.run_folder(started.run);
  wait_for([&](const TrainSnapshot& s) {
    return !s.runs->empty() && s.runs->front().id == started.run;
  });
  for (int i = 0; i < 1000 && !fs::exists(run / "began"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(fs::exists(run / "began"));
  EXPECT_TRUE(fs::exists(run / "config.json"));
}

TEST_F(Training, SendsARunToSlurmAndTakesItOutOfTheQueue) {
  const testing::SlurmStandIn slurm;
  slurm.queue("17|PENDING||Resources");
  start("/bin/true");
  RunPlan plan{"vocabulary", "starter", {"vocabulary_size=300", "output_model=words"}};
  plan.launch.place = LaunchPlace::kSlurm;
  plan.launch.slurm.partition = "main";
  const RequestId checked = send(CheckPlan{plan});
  const auto reply =
      wait_for([&](const TrainSnapshot& s) { return s.plan && s.plan->id == checked; })->plan;
  EXPECT_EQ(reply->problem, "");
  const TrainOutcome started = outcome(send(StartRun{plan}));
  ASSERT_FALSE(started.failure) << started.failure->sentence;
  const fs::path script = workspace_.run_folder(started.run) / "trainer.sbatch";
  EXPECT_EQ(testing::read_file(script), reply->script) << "what was shown is what was sent";
  const auto queued = wait_for([](const TrainSnapshot& s) {
    return !s.runs->empty() && s.runs->front().launch == "Slurm job 17 waits: Resources.";
  });
  EXPECT_EQ(queued->runs->front().state, RunState::kQueued);
  const TrainOutcome deleted = outcome(send(DeleteRun{started.run}));
  ASSERT_TRUE(deleted.failure);
  EXPECT_THAT(deleted.failure->sentence, HasSubstr("waits in the queue"));
  EXPECT_FALSE(outcome(send(SteerRun{started.run, ControlCommand::kStopAndSave})).failure);
  EXPECT_EQ(slurm.calls("scancel"), "17\n");
  slurm.queue("17|CANCELLED||None");
  EXPECT_FALSE(outcome(send(ResumeRun{started.run})).failure);
  EXPECT_EQ(slurm.calls("sbatch"), "--parsable trainer.sbatch\n--parsable trainer.sbatch\n");
  slurm.does("sbatch", "echo 'sbatch: error: no' >&2; exit 1");
  const TrainOutcome refused = outcome(send(StartRun{plan}));
  ASSERT_TRUE(refused.failure);
  EXPECT_EQ(refused.failure->sentence, "Slurm did not take the job: no.");
  EXPECT_EQ(wait_for([](const TrainSnapshot& s) { return s.is_known; })->runs->size(), 1U);
}

TEST_F(Training, SaysWhyARunCannotBeStartedOrResumed) {
  start();
  const TrainOutcome started =
      outcome(send(StartRun{{"vocabulary", "starter", {"output_model=w"}}}));
  ASSERT_TRUE(started.failure);
  EXPECT_THAT(started.failure->sentence, HasSubstr("realm-train"));
  add_run("a", 10);
  service_.reset();
  start("/bin/true");
  const TrainOutcome resumed = outcome(send(ResumeRun{"a"}));
  ASSERT_TRUE(resumed.failure);
  EXPECT_THAT(resumed.failure->sentence, HasSubstr("folder of run a is gone"));
}

TEST_F(Training, ExtendsARunAndGoesOn) {
  const fs::path trainer = folder_.write("trainer", "#!/bin/sh\necho on > \"$2/went\"\n");
  fs::permissions(trainer, fs::perms::owner_all);
  add_run("a", 10);
  fs::create_directories(workspace_.run_folder("a"));
  std::ofstream(workspace_.run_folder("a") / "config.json") << R"({"task": "ict", "steps": 10})";
  start(trainer);
  EXPECT_FALSE(outcome(send(ExtendRun{"a", 5})).failure);
  wait_for([](const TrainSnapshot& s) { return s.runs->front().total_steps == 15; });
  for (int i = 0; i < 1000 && !fs::exists(workspace_.run_folder("a") / "went"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(fs::exists(workspace_.run_folder("a") / "went"));
  EXPECT_TRUE(outcome(send(ExtendRun{"a", 0})).failure);
}

TEST_F(Training, KeepsWatchedQueriesForNewRuns) {
  start();
  EXPECT_EQ(wait_for([](const TrainSnapshot& s) { return s.is_known; })->probes_file, "");
  const TrainOutcome first = outcome(send(WatchQuery{"3 is a [[Fermat]] prime.", "Fermat", "257"}));
  ASSERT_FALSE(first.failure) << first.failure->sentence;
  EXPECT_EQ(first.name, "Fermat");
  EXPECT_EQ(outcome(send(WatchQuery{"5 is a [[Fermat]] prime.", "Fermat", ""})).name, "Fermat 2");
  const TrainOutcome again = outcome(send(WatchQuery{"3 is a [[Fermat]] prime.", "Fermat", ""}));
  ASSERT_TRUE(again.failure);
  EXPECT_THAT(again.failure->sentence, HasSubstr("watched already"));
  const fs::path file = service_->snapshot()->probes_file;
  EXPECT_EQ(file, folder_ / "w" / "probes.jsonl");
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  EXPECT_EQ(line, R"({"name":"Fermat","text":"3 is a [[Fermat]] prime.","title":"257"})");
  std::getline(stream, line);
  EXPECT_EQ(line, R"({"name":"Fermat 2","text":"5 is a [[Fermat]] prime."})");
  EXPECT_FALSE(std::getline(stream, line));
}

}  // namespace
}  // namespace realm
