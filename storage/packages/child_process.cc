#include "storage/packages/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <mutex>
#include <string_view>

#include "engine/base/check.h"
#include "engine/base/error.h"

namespace realm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenLooks(50), kGrace(2000);

class SpawnActions {
 public:
  SpawnActions() { REALM_CHECK(posix_spawn_file_actions_init(&actions) == 0); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  posix_spawn_file_actions_t actions{};
};

class SpawnAttributes {
 public:
  SpawnAttributes() { REALM_CHECK(posix_spawnattr_init(&attributes) == 0); }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  posix_spawnattr_t attributes{};
};

// What the program says is read for its reasons, so it says it in English.
std::vector<std::string> english_environment() {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with("LC_ALL=") && !text.starts_with("LANGUAGE=")) entries.emplace_back(text);
  }
  entries.emplace_back("LC_ALL=C.UTF-8");
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

pid_t start(const ChildCommand& command) {
  SpawnActions files;
  SpawnAttributes options;
  constexpr mode_t kLogMode = 0644;
  posix_spawn_file_actions_addopen(&files.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files.actions, STDOUT_FILENO, command.log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, kLogMode);
  posix_spawn_file_actions_adddup2(&files.actions, STDOUT_FILENO, STDERR_FILENO);
  if (!command.output.empty()) {
    posix_spawn_file_actions_addopen(&files.actions, STDOUT_FILENO, command.output.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, kLogMode);
  }
  posix_spawn_file_actions_addchdir_np(&files.actions, command.folder.c_str());
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&options.attributes, &none);  // the parent may have blocked Ctrl+C
  posix_spawnattr_setpgroup(&options.attributes, 0);
  posix_spawnattr_setflags(&options.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = english_environment();
  pid_t pid = -1;
  const int reason =
      posix_spawnp(&pid, command.arguments[0].c_str(), &files.actions, &options.attributes,
                   pointers(arguments).data(), pointers(environment).data());
  if (reason != 0) {
    throw Error(reason == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                fmt::format("The program '{}' cannot be started: {}.", command.arguments[0],
                            std::strerror(reason)));
  }
  return pid;
}

// Nothing while the program runs.
bool has_ended(pid_t pid, int& status) {
  const pid_t ended = waitpid(pid, &status, WNOHANG);
  if (ended < 0) status = 0;  // somebody else has waited for it
  return ended != 0;
}

void end_group(pid_t pid) {
  kill(-pid, SIGTERM);
  int status = 0;
  const Clock::time_point deadline = Clock::now() + kGrace;
  std::mutex mutex;
  std::condition_variable pause;
  std::unique_lock lock(mutex);
  while (!has_ended(pid, status)) {
    if (Clock::now() >= deadline) {
      kill(-pid, SIGKILL);
      waitpid(pid, &status, 0);
      break;
    }
    pause.wait_for(lock, std::chrono::milliseconds(5));
  }
  kill(-pid, SIGKILL);  // what it had started and did not take along
}

}  // namespace

int run_child(const ChildCommand& command, const std::stop_token& stop,
              const std::function<void()>& tick) {
  REALM_CHECK(!command.arguments.empty());
  const Clock::time_point began = Clock::now();
  const pid_t pid = start(command);
  std::mutex mutex;
  std::condition_variable_any pause;
  std::unique_lock lock(mutex);
  int status = 0;
  auto wait = std::chrono::milliseconds(1);  // most unpack within milliseconds
  while (!has_ended(pid, status)) {
    if (stop.stop_requested()) {
      end_group(pid);
      throw Error(ErrorCode::kCancelled,
                  fmt::format("'{}' was stopped before its end.", command.arguments[0]));
    }
    if (command.time_limit.count() > 0 && Clock::now() - began > command.time_limit) {
      end_group(pid);
      throw Error(ErrorCode::kIo,
                  fmt::format("'{}' was ended, as it took longer than {} s.", command.arguments[0],
                              command.time_limit.count() / 1000));
    }
    if (tick) tick();
    pause.wait_for(lock, stop, wait, [] { return false; });
    wait = std::min(2 * wait, kBetweenLooks);
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace realm
