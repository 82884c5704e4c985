#include "app/services/launch/local_launcher.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace realm {
namespace {

// A trainer gives way to the window, and to whatever else a person works with.
constexpr int kNiceness = 10;
constexpr char kSessionNiceness[] = "10";

// Between fork and exec only calls that are safe in a signal handler are allowed.
[[noreturn]] void become_trainer(char* const* arguments, char* const* environment, int log,
                                 int failure) noexcept {
  setsid();
  setpriority(PRIO_PROCESS, 0, kNiceness);
  // Linux may schedule sessions as groups (autogroup); then niceness counts among the processes of
  // one session only, and the session has one of its own.
  const int group = open("/proc/self/autogroup", O_WRONLY);
  if (group >= 0) {
    const ssize_t unchanged = write(group, kSessionNiceness, sizeof(kSessionNiceness) - 1);
    static_cast<void>(unchanged);  // a system without it has no such file, or does not take it
    close(group);
  }
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);  // the parent may have blocked Ctrl+C
  execve(arguments[0], arguments, environment);
  const int reason = errno;
  const ssize_t ignored = write(failure, &reason, sizeof(reason));
  static_cast<void>(ignored);
  _exit(127);
}

// A port of this machine that nobody listens on now.
int free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const bool found = descriptor >= 0 && bind(descriptor, any, size) == 0 &&
                     getsockname(descriptor, any, &size) == 0;
  const int reason = errno;
  if (descriptor >= 0) close(descriptor);
  if (!found) {
    throw Error(ErrorCode::kIo, fmt::format("The processes of the run find no port to talk over: "
                                            "{}.",
                                            std::strerror(reason)));
  }
  return ntohs(address.sin_port);
}

std::vector<std::string> own_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string_view name = std::string_view(text).substr(0, text.find('='));
    // A window that was itself started among others says nothing of its trainers' places.
    if (name != "RANK" && name != "WORLD_SIZE" && name != "LOCAL_RANK" &&
        name != "SLURM_STEP_NUM_TASKS")
      out.push_back(text);
  }
  return out;
}

struct Process {
  std::string program, run_folder;
  std::vector<std::string> environment;
  std::vector<std::string> options;
};

pid_t start_process(Process process, int log) {
  int failure[2] = {-1, -1};
  if (pipe2(failure, O_CLOEXEC) != 0) {
    throw Error(ErrorCode::kIo,
                fmt::format("{} cannot be started: {}.", process.program, std::strerror(errno)));
  }
  std::string option = "--run";
  std::vector<char*> arguments = {process.program.data(), option.data(), process.run_folder.data()};
  for (std::string& more : process.options) arguments.push_back(more.data());
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (std::string& entry : process.environment) environment.push_back(entry.data());
  environment.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) become_trainer(arguments.data(), environment.data(), log, failure[1]);
  const int fork_reason = errno;
  close(failure[1]);
  int reason = 0;
  // Reads nothing when exec succeeded: it closes the pipe.
  const bool failed =
      pid > 0 && read(failure[0], &reason, sizeof(reason)) == static_cast<ssize_t>(sizeof(reason));
  close(failure[0]);
  if (pid < 0 || failed) {
    if (failed) waitpid(pid, nullptr, 0);
    throw Error(ErrorCode::kIo, fmt::format("{} cannot be started: {}.", process.program,
                                            std::strerror(failed ? reason : fork_reason)));
  }
  return pid;
}

// "exit code 1", of a process that has ended; empty: it was not this one's child, or that was told
// before.
std::string how_it_ended(int64_t pid) {
  int status = 0;
  if (waitpid(static_cast<pid_t>(pid), &status, WNOHANG) != static_cast<pid_t>(pid)) return {};
  return WIFSIGNALED(status) ? fmt::format("ended by signal {}", WTERMSIG(status))
                             : fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace

Launch LocalLauncher::start(const LaunchRequest& request) const {
  const std::filesystem::path log_file = request.run_folder / "trainer.log";
  const int log = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) {
    throw Error(ErrorCode::kIo, fmt::format("The trainer's log {} cannot be written: {}.",
                                            log_file.string(), std::strerror(errno)));
  }
  struct stat before {};
  const int64_t log_bytes = fstat(log, &before) == 0 ? before.st_size : 0;
  const int ranks = request.options.ranks;
  std::vector<pid_t> started;
  try {
    const int port = ranks > 1 ? free_port() : 0;
    for (int rank = 0; rank < ranks; ++rank) {
      Process process{request.program.string(), request.run_folder.string(), own_environment(), {}};
      if (ranks > 1) {
        for (const std::string& entry :
             {fmt::format("RANK={}", rank), fmt::format("LOCAL_RANK={}", rank),
              fmt::format("WORLD_SIZE={}", ranks), std::string("MASTER_ADDR=127.0.0.1"),
              fmt::format("MASTER_PORT={}", port)})
          process.environment.push_back(entry);
      }
      if (rank > 0) process.options.emplace_back("--quiet");  // the first tells
      started.push_back(start_process(std::move(process), log));
    }
  } catch (const Error&) {
    for (const pid_t pid : started) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
    close(log);
    throw;
  }
  close(log);
  return {.place = LaunchPlace::kThisMachine,
          .process = process_of(started.front()),
          .log_bytes = log_bytes};
}

std::vector<LaunchState> LocalLauncher::ask(std::span<const Launch> launches,
                                            const std::stop_token& /*stop*/) const {
  std::vector<LaunchState> out;
  for (const Launch& launch : launches) {
    switch (liveness(launch.process)) {
      case Liveness::kAlive:
        out.push_back({LaunchState::Phase::kRunning, {}});
        break;
      case Liveness::kElsewhere:
        out.push_back({LaunchState::Phase::kUnknown, {}});
        break;
      case Liveness::kGone:
        out.push_back({LaunchState::Phase::kGone, how_it_ended(launch.process.pid)});
        break;
    }
  }
  return out;
}

void LocalLauncher::cancel(const Launch& launch) const {
  if (liveness(launch.process) == Liveness::kAlive)
    kill(static_cast<pid_t>(launch.process.pid), SIGTERM);
}

}  // namespace realm
