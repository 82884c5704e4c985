#include "tests/support/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <stdexcept>

namespace realm::testing {
namespace {

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& set) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!set.contains(text.substr(0, text.find('=')))) out.push_back(text);
  }
  for (const auto& [name, value] : set) out.push_back(name + "=" + value);
  return out;
}

}  // namespace

ChildProcess::ChildProcess(const Start& start) {
  std::vector<std::string> words = {start.program.string()};
  words.insert(words.end(), start.arguments.begin(), start.arguments.end());
  std::vector<std::string> environment = environment_with(start.environment);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, start.output.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int error = posix_spawnp(&pid_, start.program.c_str(), &files, nullptr,
                                 pointers(words).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    throw std::runtime_error(
        fmt::format("{} cannot be started: {}", start.program.string(), std::strerror(error)));
  }
}

ChildProcess::~ChildProcess() {
  if (has_ended()) return;
  kill(pid_, SIGTERM);
  wait();
}

bool ChildProcess::has_ended() {
  int status = 0;
  if (!exit_code_ && waitpid(pid_, &status, WNOHANG) == pid_) exit_code_ = exit_code_of(status);
  return exit_code_.has_value();
}

void ChildProcess::kill_now() {
  if (!has_ended()) kill(pid_, SIGKILL);
}

int ChildProcess::wait() {
  int status = 0;
  if (!exit_code_ && waitpid(pid_, &status, 0) == pid_) exit_code_ = exit_code_of(status);
  return exit_code_.value_or(-1);
}

double ChildProcess::cpu_seconds() const {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double ChildProcess::memory_mib(const std::string& name) const {
  std::ifstream status(fmt::format("/proc/{}/status", pid_));
  for (std::string key; status >> key;) {
    double kib = 0;
    if (key == name + ":" && status >> kib) return kib / 1024;
    std::getline(status, key);
  }
  return 0;
}

}  // namespace realm::testing
