#include "app/services/machine_service.h"

#include <optional>
#include <utility>

#include "app/services/machine_reader.h"

namespace realm {
namespace {

constexpr std::chrono::milliseconds kFirstPause{200};

}  // namespace

MachineService::MachineService(MachineServiceOptions options)
    : options_(std::move(options)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

MachineService::~MachineService() {
  thread_.request_stop();
  changed_.notify_all();
}

void MachineService::watch(view::WatchMachine wanted) {
  {
    const MutexLock lock(mutex_);
    wanted_ = std::move(wanted);
  }
  changed_.notify_one();
}

void MachineService::run(const std::stop_token& stop) {
  std::optional<MachineReader> reader;  // the driver is asked for only once it is wanted
  view::MachineSnapshot now;
  std::chrono::steady_clock::time_point last;
  while (true) {
    view::WatchMachine wanted;
    // The second look follows soon: only two together tell a share of time.
    const auto pause = now.samples.size() == 1 ? kFirstPause : options_.look_every;
    {
      const MutexLock lock(mutex_);
      const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::steady_clock::now() - last);
      if (!wanted_.on) {
        changed_.wait(mutex_, stop);
      } else if (since < pause && !stop.stop_requested()) {
        changed_.wait_for(mutex_, pause - since);
      }
      wanted = wanted_;
    }
    if (stop.stop_requested()) return;
    if (!wanted.on || std::chrono::steady_clock::now() - last < pause) continue;
    if (!reader) reader.emplace(options_.proc, options_.nvml);
    now.samples.push_back(std::make_shared<const view::MachineSample>(reader->look(wanted.folder)));
    if (now.samples.size() > kKept) now.samples.erase(now.samples.begin());
    last = std::chrono::steady_clock::now();
    ++now.version;
    published_.publish(now);
    if (options_.wake) options_.wake();
  }
}

}  // namespace realm
