// realm-train as a process of its own, which a test can read and kill.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace realm::testing {

class TrainingProcess {
 public:
  // Starts realm-train on a run folder. `largest_file`: bytes at which every file that it writes is
  // full, as a disk would be.
  // `environment`: variables that it gets beside this process's own.
  explicit TrainingProcess(
      const std::filesystem::path& run_folder, std::optional<int64_t> largest_file = std::nullopt,
      const std::vector<std::pair<std::string, std::string>>& environment = {});
  ~TrainingProcess();  // kills it if it still runs
  TrainingProcess(const TrainingProcess&) = delete;
  TrainingProcess& operator=(const TrainingProcess&) = delete;

  // Reads what it says until a line begins with `prefix`; false when it ended before.
  bool wait_for_line(const std::string& prefix);
  // Looks again and again until `condition` holds; false when the process ended before.
  bool wait_until(const std::function<bool()>& condition);
  struct Ending {
    bool by_signal = false;
    int value = 0;           // exit status, or the signal
    int64_t peak_bytes = 0;  // most memory that it held
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
