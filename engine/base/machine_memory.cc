#include "engine/base/machine_memory.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string>

namespace realm {
namespace {

std::string read(const char* file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::optional<int64_t> number_in(std::string_view text) noexcept {
  int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() ? std::optional(value) : std::nullopt;
}

// What the control group leaves; nullopt: no limit, or none that can be read.
std::optional<int64_t> left_in_group(const char* limit_file, const char* used_file) {
  const auto limit = number_in(read(limit_file));
  const auto used = number_in(read(used_file));
  if (!limit || !used) return std::nullopt;  // "max" is no number
  return std::max<int64_t>(*limit - *used, 0);
}

}  // namespace

std::optional<int64_t> memory_field(std::string_view text, std::string_view name) noexcept {
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const bool begins_line = at == 0 || text[at - 1] == '\n';
    const size_t colon = at + name.size();
    if (!begins_line || colon >= text.size() || text[colon] != ':') continue;
    const size_t digits = text.find_first_not_of(" \t", colon + 1);
    if (digits == std::string_view::npos) return std::nullopt;
    const auto kib = number_in(text.substr(digits));
    return kib ? std::optional(*kib * 1024) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<int64_t> available_memory() {
  std::optional<int64_t> available = memory_field(read("/proc/meminfo"), "MemAvailable");
  for (const auto& left :
       {left_in_group("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        left_in_group("/sys/fs/cgroup/memory/memory.limit_in_bytes",
                      "/sys/fs/cgroup/memory/memory.usage_in_bytes")}) {
    if (left) available = available ? std::min(*available, *left) : *left;
  }
  return available;
}

std::optional<int64_t> resident_memory() {
  return memory_field(read("/proc/self/status"), "VmRSS");
}

std::optional<int64_t> peak_resident_memory() {
  return memory_field(read("/proc/self/status"), "VmHWM");
}

}  // namespace realm
