#include "engine/base/job_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void fail_on_error(JobQueue::JobId id, const std::exception_ptr&) {
  ADD_FAILURE() << "job " << id << " threw";
}

// A job that says when it has begun and ends when it is cancelled.
struct Sitter {
  std::promise<void> begun;
  std::atomic<bool> cancelled{false};

  JobQueue::Job job() {
    return [this](const std::stop_token& stop) {
      Mutex mutex;
      CondVar never;
      const MutexLock lock(mutex);
      begun.set_value();
      while (!stop.stop_requested()) never.wait(mutex, stop);
      cancelled = true;
    };
  }
};

TEST(JobQueue, RunsJobsInOrderOnOneOtherThread) {
  std::vector<int> order;
  std::vector<std::thread::id> threads;
  JobQueue queue(fail_on_error);
  for (int i = 0; i < 5; ++i) {
    queue.push([&, i](const std::stop_token&) {
      order.push_back(i);
      threads.push_back(std::this_thread::get_id());
    });
  }
  queue.wait_until_idle();
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_NE(threads.front(), std::this_thread::get_id());
  EXPECT_EQ(threads.front(), threads.back());
  EXPECT_TRUE(queue.idle());
}

TEST(JobQueue, HandsWhatAJobThrewToItsHandlerAndGoesOn) {
  std::vector<std::string> errors;
  JobQueue queue([&](JobQueue::JobId id, const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      errors.push_back(std::to_string(id) + " " + e.what());
    }
  });
  bool ran = false;
  const JobQueue::JobId bad =
      queue.push([](const std::stop_token&) { throw std::runtime_error("broken"); });
  queue.push([&](const std::stop_token&) { ran = true; });
  queue.wait_until_idle();
  EXPECT_THAT(errors, ElementsAre(std::to_string(bad) + " broken"));
  EXPECT_TRUE(ran);
}

TEST(JobQueue, CancelTriggersTheTokenOfTheJobThatRuns) {
  Sitter sitter;
  JobQueue queue(fail_on_error);
  const JobQueue::JobId id = queue.push(sitter.job());
  sitter.begun.get_future().wait();
  EXPECT_FALSE(queue.idle());

  EXPECT_TRUE(queue.cancel(id));
  queue.wait_until_idle();

  EXPECT_TRUE(sitter.cancelled);
  EXPECT_FALSE(queue.cancel(id));
}

TEST(JobQueue, CancelDropsAJobThatWaits) {
  Sitter sitter;
  bool ran = false;
  JobQueue queue(fail_on_error);
  const JobQueue::JobId first = queue.push(sitter.job());
  const JobQueue::JobId second = queue.push([&](const std::stop_token&) { ran = true; });
  sitter.begun.get_future().wait();

  EXPECT_TRUE(queue.cancel(second));
  queue.cancel(first);
  queue.wait_until_idle();

  EXPECT_FALSE(ran);
}

TEST(JobQueue, ReplaceCancelsAllThatCameBefore) {
  Sitter sitter;
  std::vector<int> ran;
  JobQueue queue(fail_on_error);
  queue.push(sitter.job());
  queue.push([&](const std::stop_token&) { ran.push_back(1); });
  sitter.begun.get_future().wait();

  queue.replace([&](const std::stop_token& stop) {
    if (!stop.stop_requested()) ran.push_back(2);
  });
  queue.wait_until_idle();

  EXPECT_TRUE(sitter.cancelled);
  EXPECT_THAT(ran, ElementsAre(2));
}

TEST(JobQueue, TheDestructorCancelsAndDropsJobs) {
  Sitter sitter;
  std::vector<int> ran;
  auto owned = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = owned;
  {
    JobQueue queue(fail_on_error);
    queue.push(sitter.job());
    queue.push([&ran, owned = std::move(owned)](const std::stop_token&) { ran.push_back(*owned); });
    sitter.begun.get_future().wait();
  }
  EXPECT_TRUE(sitter.cancelled);
  EXPECT_THAT(ran, IsEmpty());
  EXPECT_TRUE(watch.expired());
}

TEST(JobQueue, WhatAJobOwnsIsGoneOnceTheQueueIsIdle) {
  auto owned = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = owned;
  JobQueue queue(fail_on_error);
  queue.push([owned = std::move(owned)](const std::stop_token&) {});
  queue.wait_until_idle();
  EXPECT_TRUE(watch.expired());
}

TEST(JobQueue, TakesJobsFromManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kJobs = 200;
  int count = 0;  // touched by the worker alone
  JobQueue queue(fail_on_error);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < kJobs; ++j) queue.push([&](const std::stop_token&) { ++count; });
      });
    }
  }
  queue.wait_until_idle();
  EXPECT_EQ(count, kThreads * kJobs);
}

}  // namespace
}  // namespace realm
