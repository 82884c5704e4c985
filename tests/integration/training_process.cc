#include "tests/integration/training_process.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace realm::testing {

TrainingProcess::TrainingProcess(
    const std::filesystem::path& run_folder, std::optional<int64_t> largest_file,
    const std::vector<std::pair<std::string, std::string>>& environment) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("cannot make a pipe");
  const std::string folder = run_folder.string();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot start a process");
  if (pid_ == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    if (largest_file) {
      const rlimit limit{static_cast<rlim_t>(*largest_file), static_cast<rlim_t>(*largest_file)};
      ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execl(REALM_TRAIN_PROGRAM, "realm-train", "--run", folder.c_str(),
            static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(ends[1]);
  output_ = ends[0];
}

TrainingProcess::~TrainingProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(output_);
}

bool TrainingProcess::wait_for_line(const std::string& prefix) {
  for (;;) {
    for (size_t end = said_.find('\n', line_); end != std::string::npos;
         end = said_.find('\n', line_)) {
      const bool found = said_.compare(line_, prefix.size(), prefix) == 0;
      line_ = end + 1;
      if (found) return true;
    }
    char buffer[4096];
    const ssize_t got = ::read(output_, buffer, sizeof buffer);
    if (got <= 0) return false;
    said_.append(buffer, static_cast<size_t>(got));
  }
}

bool TrainingProcess::wait_until(const std::function<bool()>& condition) {
  while (!condition()) {
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (ended.si_pid == pid_) return condition();
    ::sched_yield();
  }
  return true;
}

TrainingProcess::Ending TrainingProcess::end_by(int signal) {
  ::kill(pid_, signal);
  return wait();
}

TrainingProcess::Ending TrainingProcess::wait() {
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(output_, buffer, sizeof buffer)) > 0;)
    said_.append(buffer, static_cast<size_t>(got));
  int status = 0;
  rusage used{};
  ::wait4(pid_, &status, 0, &used);
  pid_ = -1;
  const int64_t peak = static_cast<int64_t>(used.ru_maxrss) * 1024;
  if (WIFSIGNALED(status)) return {true, WTERMSIG(status), peak};
  return {false, WEXITSTATUS(status), peak};
}

}  // namespace realm::testing
