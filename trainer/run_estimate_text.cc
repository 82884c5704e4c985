// RunEstimate as sentences, and the refusal of what does not fit.
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "trainer/run_estimate.h"

namespace realm {
namespace {

int64_t sum(const std::vector<EstimatedBytes>& items) {
  int64_t total = 0;
  for (const EstimatedBytes& item : items) total += item.bytes;
  return total;
}

std::string size_text(int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (value >= 1e9) return fmt::format("{:.1f} GB", value / 1e9);
  if (value >= 1e6) return fmt::format("{:.0f} MB", value / 1e6);
  return fmt::format("{:.0f} kB", value / 1e3);
}

std::string duration_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", std::ceil(seconds));
  if (seconds < 2 * 3600) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 2 * 86400) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} days", seconds / 86400);
}

std::string items_text(const std::vector<EstimatedBytes>& items) {
  std::string out;
  for (const EstimatedBytes& item : items) {
    if (item.bytes == 0) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", item.name, size_text(item.bytes));
  }
  return out;
}

std::string free_text(const std::optional<int64_t>& bytes) {
  return bytes ? size_text(*bytes) + " free" : "free not known";
}

nlohmann::ordered_json or_null(const auto& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

}  // namespace

int64_t RunEstimate::memory_bytes() const { return sum(memory); }
int64_t RunEstimate::disk_bytes() const { return sum(disk); }

void require_room(const TrainOptions& options, const RunEstimate& estimate, RunStart start) {
  const int64_t beside = estimate.memory_bytes() - estimate.program.value_or(0);
  if (options.device == "cpu" && estimate.free_memory && beside > *estimate.free_memory) {
    throw Error(
        ErrorCode::kResourceExhausted,
        fmt::format("The run needs up to {} of memory ({}), but {} are free; a smaller "
                    "batch_size, a larger accumulate_steps or activation_checkpointing=true "
                    "needs less.",
                    size_text(beside), items_text(estimate.memory),
                    size_text(*estimate.free_memory)));
  }
  if (start == RunStart::kBegins && estimate.free_disk &&
      estimate.disk_bytes() > *estimate.free_disk) {
    throw Error(ErrorCode::kResourceExhausted,
                fmt::format("The run needs {} of disk ({}), but {} are free in the workspace {}.",
                            size_text(estimate.disk_bytes()), items_text(estimate.disk),
                            size_text(*estimate.free_disk), options.workspace));
  }
}

std::string describe(const RunEstimate& e) {
  std::string out =
      fmt::format("parameters  {:.2f} million\n", static_cast<double>(e.parameters) / 1e6);
  if (e.counted_vocabulary > 0) {
    out += fmt::format("first       counts a vocabulary of {} pieces, as the workspace has none\n",
                       e.counted_vocabulary);
  }
  out += fmt::format("memory      at most {}, {}: {}\n", size_text(e.memory_bytes()),
                     free_text(e.free_memory), items_text(e.memory));
  out += fmt::format("disk        {}, {}: {}\n", size_text(e.disk_bytes()), free_text(e.free_disk),
                     items_text(e.disk));
  out += "time        ";
  if (const auto seconds = e.seconds()) {
    out += fmt::format("at least {}: {} steps of {:.3g} operations", duration_text(*seconds),
                       e.steps, e.step_flops);
    if (e.refreshes > 0)
      out += fmt::format(", {} refreshes of {:.3g}", e.refreshes, e.refresh_flops);
    out += fmt::format(", at {:.0f} GFLOP/s measured now in fp32", *e.gemm_rate / 1e9);
  } else {
    out += fmt::format("not known; {} steps of {:.3g} operations", e.steps, e.step_flops);
  }
  return out;
}

std::string to_json(const RunEstimate& e) {
  nlohmann::ordered_json memory = {{"total", e.memory_bytes()}, {"free", or_null(e.free_memory)}};
  for (const EstimatedBytes& item : e.memory) memory[item.name] = item.bytes;
  nlohmann::ordered_json disk = {{"total", e.disk_bytes()}, {"free", or_null(e.free_disk)}};
  for (const EstimatedBytes& item : e.disk) disk[item.name] = item.bytes;
  const nlohmann::ordered_json json = {{"parameters", e.parameters},
                                       {"counted_vocabulary", e.counted_vocabulary},
                                       {"memory_bytes", memory},
                                       {"disk_bytes", disk},
                                       {"steps", e.steps},
                                       {"step_flops", e.step_flops},
                                       {"refreshes", e.refreshes},
                                       {"refresh_flops", e.refresh_flops},
                                       {"gemm_flops_per_second", or_null(e.gemm_rate)},
                                       {"seconds_at_least", or_null(e.seconds())}};
  return json.dump(2) + "\n";
}

}  // namespace realm
