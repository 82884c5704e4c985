// The thread that makes the English workspace, with functions that make nothing.
#include "app/services/setup_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "engine/base/error.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using namespace view;
using ::testing::ElementsAre;

// A service whose functions the test steers.
class SetupServiceTest : public ::testing::Test {
 protected:
  using Make =
      std::function<SetupResult(const fs::path&, std::stop_token, const ProgressCallback&)>;

  void start(Make make) {
    SetupServiceOptions options;
    options.functions.offer.encoder = "tiny-encoder";
    options.functions.look_at = [this](const fs::path& folder) {
      if (folder == "/broken") throw Error(ErrorCode::kCorruptData, "It is damaged.");
      const bool begun = folder == made_in_;
      return SetupFolder{folder, begun ? SetupFolderKind::kBegun : SetupFolderKind::kFree, {}};
    };
    options.functions.make = [this, make = std::move(make)](const fs::path& folder,
                                                            std::stop_token stop,
                                                            const ProgressCallback& progress) {
      made_in_ = folder;
      return make(folder, std::move(stop), progress);
    };
    options.wake = [this] {
      const std::lock_guard lock(mutex_);
      changed_.notify_all();
    };
    options.tell_every = std::chrono::milliseconds(0);
    service_ = std::make_unique<SetupService>(std::move(options));
  }

  std::shared_ptr<const SetupSnapshot> wait_for(
      const std::function<bool(const SetupSnapshot&)>& condition) {
    std::unique_lock lock(mutex_);
    const bool came = changed_.wait_for(lock, std::chrono::seconds(20),
                                        [&] { return condition(*service_->snapshot()); });
    EXPECT_TRUE(came);
    return service_->snapshot();
  }
  std::shared_ptr<const SetupSnapshot> wait_for_end(RequestId id) {
    return wait_for(
        [id](const SetupSnapshot& now) { return now.id == id && now.phase == SetupPhase::kEnded; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  fs::path made_in_;
  std::unique_ptr<SetupService> service_;  // goes first
};

// Waits until it is to stop, as a long stage does.
SetupResult make_until_stopped(const std::stop_token& stop, const ProgressCallback& progress) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  progress({1, 10, "adding FOLDOC"});
  std::unique_lock lock(mutex);
  stopped.wait(lock, stop, [] { return false; });
  throw Error(ErrorCode::kCancelled, "It was stopped.");
}

TEST_F(SetupServiceTest, OffersBeforeAnythingIsAsked) {
  start({});
  ASSERT_NE(service_->snapshot(), nullptr);
  EXPECT_EQ(service_->snapshot()->offer.encoder, "tiny-encoder");
  EXPECT_EQ(service_->snapshot()->phase, SetupPhase::kIdle);
}

TEST_F(SetupServiceTest, TellsWhatAFolderIs) {
  start({});
  service_->submit(LookAtSetupFolder{"/new"});
  const auto now = wait_for([](const SetupSnapshot& snapshot) {
    return snapshot.looked_at && snapshot.looked_at->folder == "/new";
  });
  EXPECT_EQ(now->looked_at->kind, SetupFolderKind::kFree);
  service_->submit(LookAtSetupFolder{"/broken"});
  const auto broken = wait_for(
      [](const SetupSnapshot& snapshot) { return snapshot.looked_at->folder == "/broken"; });
  EXPECT_EQ(broken->looked_at->kind, SetupFolderKind::kOther);
  EXPECT_EQ(broken->looked_at->problem, "It is damaged.");
}

TEST_F(SetupServiceTest, MakesTellsHowFarAndWhatCameOfIt) {
  std::mutex mutex;
  std::condition_variable seen;
  bool may_go_on = false;
  start([&](const fs::path& folder, const std::stop_token&, const ProgressCallback& progress) {
    EXPECT_EQ(folder, "/english");
    progress({0, 0, "downloading dict-wn"});
    progress({300, 1000, "adding WordNet"});  // goes on where it was
    progress({400, 1000, "adding WordNet"});
    std::unique_lock lock(mutex);
    seen.wait(lock, [&] { return may_go_on; });
    return SetupResult{.documents = 4, .vectors = 0, .missing = {"No models."}, .seconds = 2};
  });
  service_->submit(MakeEnglishWorkspace{7, "/english"});
  const auto during = wait_for([](const SetupSnapshot& now) { return now.progress.done == 400; });
  EXPECT_EQ(during->phase, SetupPhase::kRunning);
  EXPECT_EQ(during->id, 7U);
  EXPECT_EQ(during->folder, "/english");
  EXPECT_EQ(during->progress.stage, "adding WordNet");
  EXPECT_EQ(during->progress.first, 300);
  EXPECT_EQ(during->progress.total, 1000);
  {
    const std::lock_guard lock(mutex);
    may_go_on = true;
    seen.notify_all();
  }
  const auto end = wait_for_end(7);
  EXPECT_FALSE(end->failure);
  ASSERT_NE(end->result, nullptr);
  EXPECT_EQ(end->result->documents, 4);
  EXPECT_THAT(end->result->missing, ElementsAre("No models."));
  ASSERT_TRUE(end->looked_at);
  EXPECT_EQ(end->looked_at->kind, SetupFolderKind::kBegun) << "the folder is another one now";
}

TEST_F(SetupServiceTest, StopsAndGoesOn) {
  int times = 0;
  start([&](const fs::path&, const std::stop_token& stop, const ProgressCallback& progress) {
    if (++times == 1) return make_until_stopped(stop, progress);
    return SetupResult{.documents = 9};
  });
  service_->submit(MakeEnglishWorkspace{1, "/english"});
  wait_for([](const SetupSnapshot& now) { return now.progress.stage == "adding FOLDOC"; });
  service_->submit(StopSetup{});
  const auto stopped = wait_for_end(1);
  ASSERT_TRUE(stopped->failure);
  EXPECT_EQ(stopped->failure->code, ErrorCode::kCancelled);
  EXPECT_EQ(stopped->result, nullptr);
  service_->submit(MakeEnglishWorkspace{2, "/english"});
  const auto end = wait_for_end(2);
  EXPECT_FALSE(end->failure);
  EXPECT_EQ(end->result->documents, 9);
}

TEST_F(SetupServiceTest, AFailureIsASentence) {
  start([](const fs::path&, const std::stop_token&, const ProgressCallback&) -> SetupResult {
    throw Error(ErrorCode::kIo, "The disk is full.");
  });
  service_->submit(MakeEnglishWorkspace{1, "/english"});
  const auto end = wait_for_end(1);
  ASSERT_TRUE(end->failure);
  EXPECT_EQ(end->failure->sentence, "The disk is full.");
}

TEST_F(SetupServiceTest, WhatWaitsIsStoppedToo) {
  int times = 0;
  start([&](const fs::path&, const std::stop_token& stop, const ProgressCallback& progress) {
    ++times;
    return make_until_stopped(stop, progress);
  });
  service_->submit(MakeEnglishWorkspace{1, "/english"});
  wait_for([](const SetupSnapshot& now) { return now.progress.stage == "adding FOLDOC"; });
  service_->submit(MakeEnglishWorkspace{2, "/english"});
  service_->submit(StopSetup{});
  const auto end = wait_for_end(2);
  ASSERT_TRUE(end->failure);
  EXPECT_EQ(end->failure->code, ErrorCode::kCancelled);
  EXPECT_EQ(times, 1);
}

TEST_F(SetupServiceTest, ClosingTheWindowStopsIt) {
  start([](const fs::path&, const std::stop_token& stop, const ProgressCallback& progress) {
    return make_until_stopped(stop, progress);
  });
  service_->submit(MakeEnglishWorkspace{1, "/english"});
  wait_for([](const SetupSnapshot& now) { return now.progress.stage == "adding FOLDOC"; });
  service_.reset();  // does not hang
}

}  // namespace
}  // namespace realm
