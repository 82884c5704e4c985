#include "engine/base/free_cores.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <thread>

namespace realm {

int free_cores_of(std::string_view loadavg, int cores) noexcept {
  const size_t slash = loadavg.find('/');
  if (slash == std::string_view::npos) return cores;
  const size_t space = loadavg.substr(0, slash).rfind(' ');
  const size_t begin = space == std::string_view::npos ? 0 : space + 1;
  int running = 0;
  const auto [end, error] =
      std::from_chars(loadavg.data() + begin, loadavg.data() + slash, running);
  if (error != std::errc{} || end != loadavg.data() + slash) return cores;
  const int others = std::max(0, running - 1);
  return std::max(1, cores - others);
}

int free_cores() {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (cores == 1) return 1;
  std::ifstream stream("/proc/loadavg");
  std::string line;
  std::getline(stream, line);
  return free_cores_of(line, cores);
}

}  // namespace realm
