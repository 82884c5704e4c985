// realm-train as a process of its own, which a test can read and kill.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace realm::testing {

class TrainingProcess {
 public:
  // Starts realm-train on a run folder.
  explicit TrainingProcess(const std::filesystem::path& run_folder);
  ~TrainingProcess();  // kills it if it still runs
  TrainingProcess(const TrainingProcess&) = delete;
  TrainingProcess& operator=(const TrainingProcess&) = delete;

  // Reads what it says until a line begins with `prefix`; false when it ended before.
  bool wait_for_line(const std::string& prefix);
  struct Ending {
    bool by_signal = false;
    int value = 0;  // exit status, or the signal
  };
  // Sends the signal and waits for the end.
  Ending end_by(int signal);
  Ending wait();
  const std::string& said() const { return said_; }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string said_;  // all that was read
  size_t line_ = 0;   // where the current line begins in it
};

}  // namespace realm::testing
