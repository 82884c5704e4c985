// LocalLauncher: realm-train as processes of this machine, in a session of their own, at a lower
// priority than this process, so that they never take the processor from the window. Several ranks
// talk over the loopback device (trainer/parallel/rank_group.h).
//
// Thread-safe; does not block.
#pragma once

#include "app/services/launch/trainer_launcher.h"

namespace realm {

class LocalLauncher : public TrainerLauncher {
 public:
  const char* name() const override { return "this machine"; }
  // The process id is that of the first rank, which is the run's trainer to everybody else; the
  // others end with it. Where one cannot be started none is left.
  Launch start(const LaunchRequest& request) const override;
  // How one has ended is told once, and to the process that started it.
  std::vector<LaunchState> ask(std::span<const Launch> launches,
                               const std::stop_token& stop = {}) const override;
  void cancel(const Launch& launch) const override;
};

}  // namespace realm
