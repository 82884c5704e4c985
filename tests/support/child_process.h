// ChildProcess: a program that a test or benchmark starts, and what the kernel says of it (Linux's
// /proc). Ended with its owner. One thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace realm::testing {

class ChildProcess {
 public:
  struct Start {
    std::filesystem::path program;  // looked for on the PATH where it has no slash
    std::vector<std::string> arguments{};
    std::map<std::string, std::string> environment{};  // set beside what this process has
    std::filesystem::path output{"/dev/null"};         // standard output
  };

  // Throws where the program cannot be started. Its errors go where ours go.
  explicit ChildProcess(const Start& start);
  ~ChildProcess();  // SIGTERM, then waits
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  bool has_ended();
  void kill_now();  // SIGKILL, unless it has ended
  int wait();       // exit code; 128 + the signal where one ended it

  double cpu_seconds() const;  // of all its threads so far
  // "VmRSS": resident now, "VmHWM": resident at most; of which "RssAnon" is its own and "RssFile"
  // pages of files, of libraries for the most part. 0 where it has ended.
  double memory_mib(const std::string& name) const;

 private:
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

}  // namespace realm::testing
