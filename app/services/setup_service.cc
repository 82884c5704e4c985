#include "app/services/setup_service.h"

#include <algorithm>
#include <utility>

#include "app/services/failing.h"
#include "engine/base/error.h"

namespace realm {

using namespace view;
using Clock = std::chrono::steady_clock;

SetupService::SetupService(SetupServiceOptions options) : options_(std::move(options)) {
  now_.offer = options_.functions.offer;
  now_.version = 1;
  published_.publish(now_);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

SetupService::~SetupService() {
  thread_.request_stop();
  {
    const MutexLock lock(mutex_);
    making_.request_stop();
  }
  changed_.notify_all();
}

void SetupService::submit(SetupCommand command) {
  {
    const MutexLock lock(mutex_);
    if (std::holds_alternative<StopSetup>(command)) {
      for (Waiting& waiting : waiting_) waiting.is_stopped = true;
      making_.request_stop();
      return;
    }
    if (std::holds_alternative<LookAtSetupFolder>(command)) {
      std::erase_if(waiting_, [](const Waiting& waiting) {
        return std::holds_alternative<LookAtSetupFolder>(waiting.command);
      });
    }
    waiting_.push_back({std::move(command), false});
  }
  changed_.notify_one();
}

void SetupService::run(const std::stop_token& stop) {
  while (true) {
    Waiting next;
    std::stop_token stop_making;
    {
      const MutexLock lock(mutex_);
      while (waiting_.empty() && !stop.stop_requested()) changed_.wait(mutex_, stop);
      if (stop.stop_requested()) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
      making_ = std::stop_source();
      if (next.is_stopped) making_.request_stop();
      stop_making = making_.get_token();
    }
    if (const auto* look = std::get_if<LookAtSetupFolder>(&next.command)) {
      look_at(look->folder);
    } else if (const auto* wanted = std::get_if<MakeEnglishWorkspace>(&next.command)) {
      make(*wanted, stop_making);
    }
    publish();
  }
}

void SetupService::look_at(const std::filesystem::path& folder) {
  now_.looked_at = SetupFolder{.folder = folder};
  const std::optional<Failure> failure =
      failing([&] { now_.looked_at = options_.functions.look_at(folder); });
  if (!failure) return;
  now_.looked_at->kind = SetupFolderKind::kOther;
  now_.looked_at->problem = failure->sentence;
}

void SetupService::make(const MakeEnglishWorkspace& command, const std::stop_token& stop) {
  now_.phase = SetupPhase::kRunning;
  now_.id = command.id;
  now_.folder = command.folder;
  now_.progress = {.since = Clock::now()};
  now_.result.reset();
  now_.failure.reset();
  publish();
  now_.failure = failing([&] {
    if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "It was stopped.");
    now_.result = std::make_shared<const SetupResult>(options_.functions.make(
        command.folder, stop, [this](const Progress& progress) { take(progress); }));
  });
  now_.phase = SetupPhase::kEnded;
  look_at(command.folder);  // it holds something now
}

void SetupService::take(const Progress& progress) {
  const Clock::time_point clock = Clock::now();
  SetupProgress& known = now_.progress;
  const bool is_new = known.stage != progress.stage || progress.done < known.done;
  if (is_new) known = {.stage = progress.stage, .first = progress.done, .since = clock};
  known.done = progress.done;
  known.total = progress.total;
  if (is_new || clock - told_at_ >= options_.tell_every) publish();
}

void SetupService::publish() {
  ++now_.version;
  told_at_ = Clock::now();
  published_.publish(now_);
  if (options_.wake) options_.wake();
}

}  // namespace realm
