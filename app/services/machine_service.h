// MachineService: the window's thread that looks at the machine once a second while somebody wants
// to see it, and sleeps otherwise.
//
// Thread rule: watch and snapshot may be called from any thread and do not block. The destructor
// waits for a look that is being taken.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "app/services/nvml.h"
#include "app/view/machine_state.h"
#include "engine/base/mutex.h"
#include "engine/base/published.h"

namespace realm {

struct MachineServiceOptions {
  std::function<void()> wake{};  // called after every look, on the service's thread
  std::chrono::milliseconds look_every{1000};
  std::filesystem::path proc{"/proc"};
  std::string nvml = Nvml::kLibrary;
};

class MachineService {
 public:
  static constexpr size_t kKept = 120;  // samples

  explicit MachineService(MachineServiceOptions options);
  ~MachineService();
  MachineService(const MachineService&) = delete;
  MachineService& operator=(const MachineService&) = delete;

  void watch(view::WatchMachine wanted);
  std::shared_ptr<const view::MachineSnapshot> snapshot() const { return published_.get(); }

 private:
  void run(const std::stop_token& stop);

  const MachineServiceOptions options_;
  Published<view::MachineSnapshot> published_;
  Mutex mutex_;
  CondVar changed_;
  view::WatchMachine wanted_ REALM_GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace realm
