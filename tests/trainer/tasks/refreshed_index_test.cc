#include "trainer/tasks/refreshed_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"
#include "tests/trainer/tasks/task_world.h"

namespace realm {
namespace {

class RefreshedIndexOfFour : public ::testing::Test {
 protected:
  RefreshedIndexOfFour() {
    inputs_.options.refresh_every_steps = 2;
    inputs_.options.refresh_lag_steps = 1;
    RunWriter::create_run(file_, {"run", "pretrain", "{}", 10});
    run_ = RunWriter::open_run(file_, "run");
  }
  RunDelta written() const {
    run_->flush();
    return RunReader::open(file_)->read_since({"run", 0, 0, 0, 0});
  }
  std::vector<RunEvent> events(const std::string& kind) const {
    std::vector<RunEvent> out;
    for (const RunEvent& event : written().events) {
      if (event.kind == kind) out.push_back(event);
    }
    return out;
  }
  static std::map<std::string, double> by_name(const Metrics& metrics) {
    return {metrics.begin(), metrics.end()};
  }
  const testing::TempDirectory folder_;
  const std::filesystem::path file_ = folder_ / "runs.sqlite";
  std::unique_ptr<RunWriter> run_;
  TaskInputs inputs_ = testing::task_inputs();
  const Embedder embedder_ = testing::small_embedder(inputs_, 1);
  const Embedder other_ = testing::small_embedder(inputs_, 2);
};

TEST_F(RefreshedIndexOfFour, IsMadeOfASnapshotAndRecorded) {
  RefreshedIndex index(inputs_);
  index.build(embedder_);
  EXPECT_EQ(index.index().generation(), 0);
  EXPECT_EQ(index.index().size(), 4);
  const std::vector<float> before(index.vectors().rows().begin(), index.vectors().rows().end());
  for (int64_t step = 0; step <= 3; ++step)
    index.before_step(step, step < 2 ? embedder_ : other_, *run_);
  EXPECT_EQ(index.index().generation(), 1);
  EXPECT_EQ(index.made_at_step(), 2);
  const auto metrics = by_name(index.metrics(3));
  EXPECT_EQ(metrics.at("index/generation"), 1);
  EXPECT_EQ(metrics.at("index/age_steps"), 1);
  EXPECT_GE(metrics.at("index/age_seconds"), 0);

  const std::vector<RunEvent> refreshes = events("refresh");
  ASSERT_EQ(refreshes.size(), 1U);
  EXPECT_EQ(refreshes[0].step, 4);  // after the step that was the first to use it
  const auto data = nlohmann::json::parse(refreshes[0].data_json);
  EXPECT_EQ(data.at("generation"), 1);
  EXPECT_EQ(data.at("made_at_step"), 2);
  EXPECT_EQ(data.at("adopted_at_step"), 3);
  EXPECT_EQ(data.at("replaced_age_steps"), 3);
  EXPECT_EQ(data.at("probe_documents"), 4);
  EXPECT_EQ(data.at("probe_queries"), 2);
  EXPECT_EQ(data.at("k"), 1);
  EXPECT_GT(data.at("spent_seconds").get<double>(), 0);
  EXPECT_GE(data.at("wait_seconds").get<double>(), 0);
  // The drift is that of the vectors themselves.
  const std::vector<float> after(index.vectors().rows().begin(), index.vectors().rows().end());
  const double drift = mean_cosine(before, after, 4).value();
  EXPECT_NE(drift, 1.0);
  EXPECT_DOUBLE_EQ(data.at("drift_cosine").get<double>(), drift);
  std::map<std::string, double> scalars;
  for (const Scalar& scalar : written().scalars) scalars[scalar.name] = scalar.value;
  EXPECT_EQ(scalars.at("index/drift_cosine"), drift);
  EXPECT_EQ(scalars.at("index/overlap_at_k"), data.at("overlap_at_k").get<double>());
  EXPECT_EQ(scalars.at("index/replaced_age_steps"), 3);
  EXPECT_EQ(scalars.at("index/wait_seconds"), data.at("wait_seconds").get<double>());
  EXPECT_EQ(scalars.at("index/spent_seconds"), data.at("spent_seconds").get<double>());
  EXPECT_EQ(scalars.at("index/replaced_age_seconds"),
            data.at("replaced_age_seconds").get<double>());
}

TEST_F(RefreshedIndexOfFour, DoesNotDriftWithoutTraining) {
  RefreshedIndex index(inputs_);
  index.build(embedder_);
  for (int64_t step = 0; step <= 3; ++step) index.before_step(step, embedder_, *run_);
  const auto data = nlohmann::json::parse(events("refresh").at(0).data_json);
  EXPECT_NEAR(data.at("drift_cosine").get<double>(), 1.0, 1e-12);
  EXPECT_EQ(data.at("overlap_at_k"), 1.0);
}

TEST_F(RefreshedIndexOfFour, LeavesTheOwnersThreadsAlone) {
  const int before = torch::get_num_threads();
  torch::set_num_threads(2);
  inputs_.options.refresh_threads = 1;
  RefreshedIndex index(inputs_);
  index.build(embedder_);
  EXPECT_EQ(torch::get_num_threads(), 2);
  torch::set_num_threads(before);
}

TEST_F(RefreshedIndexOfFour, IsLeftUnmadeWhereTheRunIsStopped) {
  inputs_.looks.within_part = [](const char*) { throw Error(ErrorCode::kCancelled, "Stopped."); };
  RefreshedIndex index(inputs_);
  try {
    index.build(embedder_);
    ADD_FAILURE() << "built";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

TEST_F(RefreshedIndexOfFour, OfTheFreeModeIsAdoptedWhenItIsDoneAndSaysThatItDoesNotRepeat) {
  inputs_.options.refresh_mode = RefreshMode::kFree;
  RefreshedIndex index(inputs_);
  index.build(embedder_);
  int64_t step = 0;
  while (index.index().generation() < 2) index.before_step(step++, embedder_, *run_);
  const std::vector<RunEvent> warnings = events("warning");
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(nlohmann::json::parse(warnings[0].data_json).at("is_repeatable"), false);
  const std::vector<RunEvent> refreshes = events("refresh");
  ASSERT_EQ(refreshes.size(), 2U);
  // The second began two steps after the first at the soonest, and when the first was there.
  const auto first = nlohmann::json::parse(refreshes[0].data_json);
  const auto second = nlohmann::json::parse(refreshes[1].data_json);
  EXPECT_EQ(first.at("made_at_step"), 2);
  EXPECT_EQ(second.at("made_at_step"),
            std::max<int64_t>(4, first.at("adopted_at_step").get<int64_t>()));
}

TEST_F(RefreshedIndexOfFour, TellsHowFarARefreshHasCome) {
  RefreshedIndex index(inputs_);
  index.build(embedder_);
  EXPECT_FALSE(by_name(index.metrics(1)).contains("index/refresh_share"));
  for (int64_t step = 0; step <= 2; ++step) index.before_step(step, embedder_, *run_);
  const double share = by_name(index.metrics(2)).at("index/refresh_share");
  EXPECT_GE(share, 0);
  EXPECT_LE(share, 1);
  index.before_step(3, embedder_, *run_);  // adopted
  EXPECT_FALSE(by_name(index.metrics(3)).contains("index/refresh_share"));
}

// A stop that comes while the trainer waits: nothing is lost of the refresh under way, and the step
// can be begun again.
TEST_F(RefreshedIndexOfFour, CanBeWaitedForAgainWhereALookEndedTheWait) {
  RefreshedIndex index(inputs_);
  index.build(embedder_);
  for (int64_t step = 0; step <= 2; ++step) index.before_step(step, embedder_, *run_);
  const nlohmann::json before = index.state();
  inputs_.looks.within_part = [](const char* stage) { throw Error(ErrorCode::kCancelled, stage); };
  try {
    // Where the refresh is done already there is nothing to wait for.
    index.before_step(3, embedder_, *run_);
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "refresh index");
    EXPECT_EQ(index.state(), before);
    inputs_.looks.within_part = [](const char*) {};
    index.before_step(3, embedder_, *run_);
  }
  EXPECT_EQ(index.made_at_step(), 2);
  EXPECT_EQ(index.index().generation(), 1);
}

TEST_F(RefreshedIndexOfFour, IsRefreshedWhenAPersonAsks) {
  inputs_.options.refresh_every_steps = 100;
  RefreshedIndex index(inputs_);
  index.build(embedder_);
  index.before_step(0, embedder_, *run_);
  index.request(1, *run_);
  for (int64_t step = 1; step <= 2; ++step) index.before_step(step, embedder_, *run_);
  EXPECT_EQ(index.made_at_step(), 1);
  const std::vector<RunEvent> controls = events("control");
  ASSERT_EQ(controls.size(), 1U);
  EXPECT_EQ(controls[0].step, 1);
  EXPECT_EQ(nlohmann::json::parse(controls[0].data_json).at("command"), "refresh-now");
  // Again, as a resumed run does it: without a second record.
  index.repeat_request(5);
  for (int64_t step = 3; step <= 6; ++step) index.before_step(step, embedder_, *run_);
  EXPECT_EQ(index.made_at_step(), 5);
  EXPECT_EQ(events("control").size(), 1U);
}

TEST_F(RefreshedIndexOfFour, ComesBackFromACheckpointWithWhatWasUnderWay) {
  RefreshedIndex whole(inputs_);
  whole.build(embedder_);
  for (int64_t step = 0; step <= 2; ++step) whole.before_step(step, other_, *run_);
  whole.request(3, *run_);  // one is under way until 3
  const nlohmann::json saved = whole.state();
  const WeightList weights = whole.weights();
  EXPECT_EQ(saved.at("pending_step"), 2);
  RefreshedIndex resumed(inputs_);
  resumed.restore(saved, weights, other_);  // nothing was built before
  resumed.repeat_request(3);
  for (int64_t step = 3; step <= 4; ++step) {
    for (RefreshedIndex* index : {&whole, &resumed}) index->before_step(step, other_, *run_);
    EXPECT_EQ(whole.state(), resumed.state()) << step;
    EXPECT_THAT(
        std::vector<float>(resumed.vectors().rows().begin(), resumed.vectors().rows().end()),
        ::testing::ElementsAreArray(whole.vectors().rows().begin(), whole.vectors().rows().end()));
  }
  EXPECT_EQ(resumed.made_at_step(), 3);
  EXPECT_TRUE(saved.at("refresh_requests").empty());  // it is for a step after the checkpoint
}

}  // namespace
}  // namespace realm
