// RunEstimate as sentences and as JSON.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "trainer/run_estimate.h"
#include "trainer/run_room.h"

namespace realm {
namespace {

std::string duration_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", std::ceil(seconds));
  if (seconds < 2 * 3600) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 2 * 86400) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} days", seconds / 86400);
}

std::string free_text(const std::optional<int64_t>& bytes) {
  return bytes ? size_text(*bytes) + " free" : "free not known";
}

const char* precision_text(TrainPrecision precision) {
  return precision == TrainPrecision::kBf16 ? "bf16" : "fp32";
}

// "from starter: retriever of 2 layers x 128, reader of 6 layers x 128, inputs of up to 192
// pieces".
std::string start_text(const std::vector<InitialNetwork>& networks) {
  std::vector<std::string> from;
  std::vector<std::string> sizes;
  int64_t positions = networks.front().config.positions;
  for (const InitialNetwork& n : networks) {
    const std::string model = n.model.empty() ? "scratch" : n.model;
    if (std::find(from.begin(), from.end(), model) == from.end()) from.push_back(model);
    sizes.push_back(fmt::format("{} of {} layers x {}", network_name(n.part), n.config.layers,
                                n.config.hidden));
    positions = std::min(positions, n.config.positions);
  }
  return fmt::format("from {}: {}, inputs of up to {} pieces", fmt::join(from, " and "),
                     fmt::join(sizes, ", "), positions);
}

std::string device_text(const RunEstimate& e) {
  const RunPlace& place = e.place;
  std::string out = place.device;
  if (!place.refresh_device.empty() && place.refresh_device != place.device)
    out += fmt::format(", refreshes on {}", place.refresh_device);
  out += fmt::format(": {}{} thread{}",
                     place.ranks > 1 ? fmt::format("{} processes of ", place.ranks) : "",
                     place.threads, place.threads == 1 ? "" : "s");
  if (place.cores) out += fmt::format(" on {} cores", *place.cores);
  for (const UsedCard& used : used_cards(place)) {
    out += fmt::format(", {} {}", used.name, used.card.name);
    if (e.card_memory > 0 && used.processes > 0) {
      out += fmt::format(" with at most {}, {}", size_text(used.processes * e.card_memory),
                         free_text(used.card.free));
    }
  }
  if (e.card_memory > 0)
    out += fmt::format("; a card holds {}", items_text(e.memory, Holder::kCards));
  return out;
}

// That the run leaves the window no core; empty: it does.
std::string crowd_text(const RunPlace& place) {
  const int threads = place.ranks * place.threads;
  if (!place.cores || *place.cores < 2 || threads < *place.cores) return {};
  return fmt::format(
      "the run computes in up to {} threads at once and this machine has {} cores, so the window "
      "becomes slow; fewer threads, refresh_threads or processes leave it one.",
      threads, *place.cores);
}

nlohmann::ordered_json or_null(const auto& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json networks_json(const std::vector<InitialNetwork>& networks) {
  auto out = nlohmann::ordered_json::array();
  for (const InitialNetwork& n : networks) {
    const auto model = n.model.empty() ? std::nullopt : std::optional(n.model);
    out.push_back({{"network", network_name(n.part)},
                   {"model", or_null(model)},
                   {"layers", n.config.layers},
                   {"hidden", n.config.hidden},
                   {"heads", n.config.heads},
                   {"intermediate", n.config.intermediate},
                   {"positions", n.config.positions}});
  }
  return out;
}

nlohmann::ordered_json device_json(const RunEstimate& e) {
  const std::string crowd = crowd_text(e.place);
  const auto warning = crowd.empty() ? std::nullopt : std::optional(crowd);
  nlohmann::ordered_json out = {{"name", e.place.device},      {"ranks", e.place.ranks},
                                {"threads", e.place.threads},  {"cores", or_null(e.place.cores)},
                                {"warning", or_null(warning)}, {"card_bytes", e.card_memory}};
  out["cards"] = nlohmann::ordered_json::array();
  for (const UsedCard& used : used_cards(e.place)) {
    out["cards"].push_back({{"name", used.card.name},
                            {"processes", used.processes},
                            {"total", used.card.total},
                            {"free", or_null(used.card.free)}});
  }
  return out;
}

}  // namespace

std::string describe(const RunEstimate& e) {
  std::string out =
      fmt::format("parameters  {:.2f} million\n", static_cast<double>(e.parameters) / 1e6);
  if (e.counted_vocabulary > 0) {
    out += fmt::format("first       counts a vocabulary of {} pieces, as the workspace has none\n",
                       e.counted_vocabulary);
  }
  if (!e.networks.empty()) {
    out += fmt::format("start       {}\n", start_text(e.networks));
    out += fmt::format("device      {}\n", device_text(e));
  }
  if (const std::string crowd = crowd_text(e.place); !e.networks.empty() && !crowd.empty())
    out += fmt::format("careful     {}\n", crowd);
  out += fmt::format("memory      at most {}, {}: {}\n", size_text(e.machine_bytes()),
                     free_text(e.free_memory), items_text(e.memory, Holder::kMachine));
  out += fmt::format("disk        {}, {}: {}\n", size_text(e.disk_bytes()), free_text(e.free_disk),
                     items_text(e.disk, Holder::kMachine));
  const std::string refreshes = e.refreshes == 0
                                    ? ""
                                    : fmt::format(", {} refresh{} of {:.3g}", e.refreshes,
                                                  e.refreshes == 1 ? "" : "es", e.refresh_flops);
  out += "time        ";
  if (const auto seconds = e.seconds()) {
    out += fmt::format("about {}: {} steps of {:.3g} operations", duration_text(*seconds), e.steps,
                       e.step_flops);
    out += refreshes;
    out += fmt::format(
        ", the matrix products alone with every sequence at its longest, at {:.0f} "
        "GFLOP/s of one product measured now in {}",
        *e.gemm_rate / 1e9, precision_text(e.gemm_precision));
    if (e.precision != e.gemm_precision)
      out += fmt::format(", as {} cannot be measured here", precision_text(e.precision));
  } else {
    out += fmt::format("not known; {} steps of {:.3g} operations", e.steps, e.step_flops);
    out += refreshes;
  }
  return out;
}

std::string to_json(const RunEstimate& e) {
  nlohmann::ordered_json memory = {{"total", e.memory_bytes()}, {"free", or_null(e.free_memory)}};
  for (const EstimatedBytes& item : e.memory) memory[item.name] = item.bytes;
  nlohmann::ordered_json disk = {{"total", e.disk_bytes()}, {"free", or_null(e.free_disk)}};
  for (const EstimatedBytes& item : e.disk) disk[item.name] = item.bytes;
  const nlohmann::ordered_json json = {{"networks", networks_json(e.networks)},
                                       {"device", device_json(e)},
                                       {"parameters", e.parameters},
                                       {"counted_vocabulary", e.counted_vocabulary},
                                       {"memory_bytes", memory},
                                       {"disk_bytes", disk},
                                       {"steps", e.steps},
                                       {"step_flops", e.step_flops},
                                       {"refreshes", e.refreshes},
                                       {"refresh_flops", e.refresh_flops},
                                       {"gemm_flops_per_second", or_null(e.gemm_rate)},
                                       {"gemm_precision", precision_text(e.gemm_precision)},
                                       {"seconds_about", or_null(e.seconds())}};
  return json.dump(2) + "\n";
}

}  // namespace realm
