#include "trainer/parallel/rank_environment.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {
namespace {

std::string text_of(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::optional<int> read_number(const std::string& text) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

// `size_name`: the variable that asks for several processes.
int whole_number(const char* size_name, const char* name, int smallest, int largest) {
  const std::optional<int> value = read_number(text_of(name));
  if (!value || *value < smallest || *value > largest) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} asks for several processes, so the variable {} must be a "
                            "number from {} to {}, but it is '{}'.",
                            size_name, name, smallest, largest, text_of(name)));
  }
  return *value;
}

// Of a job step with several tasks. SLURM_NTASKS will not do: the batch script has it, too.
constexpr const char* kSlurmSize = "SLURM_STEP_NUM_TASKS";

// Steps of one machine at the same time differ in it, but for jobs that are far apart.
uint16_t port_of_step() {
  constexpr int kFirst = 20'000, kCount = 10'000;
  const int job = read_number(text_of("SLURM_JOB_ID")).value_or(0);
  const int step = read_number(text_of("SLURM_STEP_ID")).value_or(0);
  return static_cast<uint16_t>(kFirst + (job % kCount + step % kCount) % kCount);
}

std::optional<RankEnvironment> slurm_environment() {
  const std::string size = text_of(kSlurmSize);
  if (size.empty() || size == "1") return std::nullopt;
  RankEnvironment out;
  out.size = whole_number(kSlurmSize, kSlurmSize, 1, 100'000);
  out.rank = whole_number(kSlurmSize, "SLURM_PROCID", 0, out.size - 1);
  out.address = text_of("MASTER_ADDR");
  if (out.address.empty()) {
    // On one machine no name has to be known.
    out.address = text_of("SLURM_STEP_NUM_NODES") == "1"
                      ? "127.0.0.1"
                      : first_host(text_of("SLURM_STEP_NODELIST"));
  }
  if (out.address.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} asks for several processes, so SLURM_STEP_NODELIST or MASTER_ADDR "
                            "must name the machine of the first.",
                            kSlurmSize));
  }
  out.port = text_of("MASTER_PORT").empty()
                 ? port_of_step()
                 : static_cast<uint16_t>(whole_number(kSlurmSize, "MASTER_PORT", 1, 65'535));
  return out;
}

}  // namespace

std::optional<RankEnvironment> rank_environment() {
  const std::string size = text_of("WORLD_SIZE");
  if (size.empty()) return slurm_environment();
  if (size == "1") return std::nullopt;
  RankEnvironment out;
  out.size = whole_number("WORLD_SIZE", "WORLD_SIZE", 1, 100'000);
  out.rank = whole_number("WORLD_SIZE", "RANK", 0, out.size - 1);
  out.port = static_cast<uint16_t>(whole_number("WORLD_SIZE", "MASTER_PORT", 1, 65'535));
  out.address = text_of("MASTER_ADDR");
  if (out.address.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "WORLD_SIZE asks for several processes, so the variable MASTER_ADDR must name the "
                "machine of the first.");
  }
  out.has_store = text_of("TORCHELASTIC_USE_AGENT_STORE") == "True";
  return out;
}

std::optional<int> local_rank() {
  const std::string torchrun = text_of("LOCAL_RANK");
  return read_number(torchrun.empty() ? text_of("SLURM_LOCALID") : torchrun);
}

std::string first_host(const std::string& list) {
  const size_t bracket = list.find_first_of("[,");
  if (bracket == std::string::npos || list[bracket] == ',') return list.substr(0, bracket);
  const size_t first_end = list.find_first_of("-,]", bracket);
  if (first_end == std::string::npos) return {};
  const size_t closing = list.find(']', first_end);
  if (closing == std::string::npos) return {};
  const size_t name_end = list.find(',', closing);
  const std::string suffix = list.substr(
      closing + 1, name_end == std::string::npos ? std::string::npos : name_end - closing - 1);
  return list.substr(0, bracket) + list.substr(bracket + 1, first_end - bracket - 1) + suffix;
}

}  // namespace realm
