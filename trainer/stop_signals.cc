#include "trainer/stop_signals.h"

#include <atomic>

namespace realm {
namespace {

std::atomic<bool> signalled{false};  // all that a handler may touch
void on_signal(int) { signalled = true; }

}  // namespace

StopSignals::StopSignals() : old_term_{}, old_int_{} {
  signalled = false;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, &old_term_);
  sigaction(SIGINT, &action, &old_int_);
}

StopSignals::~StopSignals() {
  sigaction(SIGTERM, &old_term_, nullptr);
  sigaction(SIGINT, &old_int_, nullptr);
}

bool StopSignals::arrived() const noexcept { return signalled; }

}  // namespace realm
