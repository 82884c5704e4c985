#include "app/services/trainer_launcher.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <fstream>

#include "engine/base/error.h"

namespace realm {
namespace {

// Between fork and exec only calls that are safe in a signal handler are allowed.
[[noreturn]] void become_trainer(char* const* arguments, int log, int failure) noexcept {
  setsid();
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);  // the parent may have blocked Ctrl+C
  execv(arguments[0], arguments);
  const int reason = errno;
  const ssize_t ignored = write(failure, &reason, sizeof(reason));
  static_cast<void>(ignored);
  _exit(127);
}

}  // namespace

int64_t launch_trainer(const std::filesystem::path& program,
                       const std::filesystem::path& run_folder) {
  const std::filesystem::path log_file = run_folder / "trainer.log";
  const int log = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  int failure[2] = {-1, -1};
  if (log < 0 || pipe2(failure, O_CLOEXEC) != 0) {
    const int reason = errno;
    if (log >= 0) close(log);
    throw Error(ErrorCode::kIo, fmt::format("The trainer's log {} cannot be written: {}.",
                                            log_file.string(), std::strerror(reason)));
  }
  std::string path = program.string(), option = "--run", folder = run_folder.string();
  char* arguments[] = {path.data(), option.data(), folder.data(), nullptr};
  const pid_t pid = fork();
  if (pid == 0) become_trainer(arguments, log, failure[1]);
  const int fork_reason = errno;
  close(log);
  close(failure[1]);
  int reason = 0;
  // Reads nothing when exec succeeded: it closes the pipe.
  const bool failed =
      pid > 0 && read(failure[0], &reason, sizeof(reason)) == static_cast<ssize_t>(sizeof(reason));
  close(failure[0]);
  if (pid < 0 || failed) {
    if (failed) waitpid(pid, nullptr, 0);
    throw Error(ErrorCode::kIo, fmt::format("{} cannot be started: {}.", path,
                                            std::strerror(failed ? reason : fork_reason)));
  }
  return pid;
}

std::optional<int> trainer_exit(int64_t pid) {
  int status = 0;
  const pid_t ended = waitpid(static_cast<pid_t>(pid), &status, WNOHANG);
  if (ended == 0) return std::nullopt;
  if (ended < 0) return 0;  // somebody else has waited for it
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void ask_trainer_to_leave(int64_t pid) { kill(static_cast<pid_t>(pid), SIGTERM); }

std::string trainer_log_tail(const std::filesystem::path& run_folder, int lines) {
  std::ifstream stream(run_folder / "trainer.log");
  std::deque<std::string> last;
  for (std::string line; std::getline(stream, line);) {
    last.push_back(line);
    if (static_cast<int>(last.size()) > lines) last.pop_front();
  }
  std::string text;
  for (const std::string& line : last) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace realm
