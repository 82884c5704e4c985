// StopSignals: SIGTERM and SIGINT ask for stop-and-save while a run trains; the handlers that were
// there before come back after it. At most one at a time in a process.
#pragma once

#include <csignal>

namespace realm {

class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  bool arrived() const noexcept;  // one has, since construction

 private:
  struct sigaction old_term_, old_int_;
};

}  // namespace realm
