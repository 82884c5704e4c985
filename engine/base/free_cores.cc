#include "engine/base/free_cores.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>
#include <thread>

#include "engine/base/first_line.h"

namespace realm {

namespace {

int own_running_threads() {
  int running = 0;
  std::error_code ignored;  // a thread may end while it is looked at
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", ignored))
    running += is_running(first_line(task.path() / "stat")) ? 1 : 0;
  return std::max(1, running);
}

}  // namespace

bool is_running(std::string_view stat) noexcept {
  const size_t name_end = stat.rfind(')');
  return name_end != std::string_view::npos && stat.substr(name_end + 1).starts_with(" R");
}

int free_cores_of(std::string_view loadavg, int own, int cores) noexcept {
  const size_t slash = loadavg.find('/');
  if (slash == std::string_view::npos) return cores;
  const size_t space = loadavg.substr(0, slash).rfind(' ');
  const size_t begin = space == std::string_view::npos ? 0 : space + 1;
  int running = 0;
  const auto [end, error] =
      std::from_chars(loadavg.data() + begin, loadavg.data() + slash, running);
  if (error != std::errc{} || end != loadavg.data() + slash) return cores;
  const int others = std::max(0, running - own);
  return std::max(1, cores - others);
}

int free_cores() {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (cores == 1) return 1;
  return free_cores_of(first_line("/proc/loadavg"), own_running_threads(), cores);
}

}  // namespace realm
