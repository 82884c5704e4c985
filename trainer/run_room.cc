#include "trainer/run_room.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "engine/base/error.h"

namespace realm {
namespace {

constexpr int kNoCard = 1'000'000;  // a number that no machine has

int64_t sum(const std::vector<EstimatedBytes>& items) {
  int64_t total = 0;
  for (const EstimatedBytes& item : items) total += item.bytes;
  return total;
}

// The N of "cuda:N"; nullopt: of "cuda", or of another device.
std::optional<int> card_number(const std::string& device) {
  if (!device.starts_with("cuda:")) return std::nullopt;
  int number = 0;
  const auto [end, error] =
      std::from_chars(device.data() + 5, device.data() + device.size(), number);
  return error == std::errc() ? number : kNoCard;
}

// How many cards there must be for the device. Processes that train together take one each, unless
// a card is named.
int cards_needed(const std::string& device, int processes) {
  if (!device.starts_with("cuda")) return 0;
  const std::optional<int> number = card_number(device);
  return number ? *number + 1 : processes;
}

void require_cards(const RunPlace& place) {
  if (!place.cards) return;
  const auto require = [&](const std::string& device, int processes, const char* option) {
    const auto found = static_cast<int>(place.cards->size());
    if (cards_needed(device, processes) <= found) return;
    throw Error(
        ErrorCode::kNotFound,
        fmt::format("The training option {} asks for {}{}, but this machine has {}.", option,
                    device, processes > 1 ? fmt::format(" in {} processes", processes) : "",
                    found == 0   ? "no CUDA device"
                    : found == 1 ? "one CUDA device, cuda:0"
                                 : fmt::format("{} CUDA devices", found)));
  };
  require(place.device, place.ranks, "device");
  require(place.refresh_device, 1, "refresh_device");
}

constexpr const char* kLessMemory =
    "a smaller batch_size, a larger accumulate_steps or activation_checkpointing=true needs less";

void require_memory(const RunEstimate& e) {
  const int64_t beside = e.machine_bytes() - e.program.value_or(0);
  if (e.free_memory && beside > *e.free_memory) {
    throw Error(ErrorCode::kResourceExhausted,
                fmt::format("The run needs up to {} of memory ({}), but {} are free; {}.",
                            size_text(beside), items_text(e.memory, Holder::kMachine),
                            size_text(*e.free_memory), kLessMemory));
  }
  for (const UsedCard& used : used_cards(e.place)) {
    const int64_t needed = used.processes * e.card_memory;
    if (!used.card.free || needed <= *used.card.free) continue;
    throw Error(ErrorCode::kResourceExhausted,
                fmt::format("The run needs up to {} of the memory of {}, a {}, of which {} are "
                            "free; {}.",
                            size_text(needed), used.name, used.card.name,
                            size_text(*used.card.free), kLessMemory));
  }
}

}  // namespace

int64_t RunEstimate::memory_bytes() const { return sum(memory); }
int64_t RunEstimate::machine_bytes() const {
  int64_t total = 0;
  for (const EstimatedBytes& item : memory) total += item.on_cards ? 0 : item.bytes;
  return total;
}
int64_t RunEstimate::disk_bytes() const { return sum(disk); }

std::vector<UsedCard> used_cards(const RunPlace& place) {
  std::vector<UsedCard> out;
  if (!place.cards) return out;
  const auto use = [&](int number, int processes) {
    if (number < 0 || number >= static_cast<int>(place.cards->size())) return;
    const std::string name = fmt::format("cuda:{}", number);
    const auto known =
        std::find_if(out.begin(), out.end(), [&](const UsedCard& u) { return u.name == name; });
    if (known != out.end()) {
      known->processes += processes;
    } else {
      out.push_back({name, processes, (*place.cards)[static_cast<size_t>(number)]});
    }
  };
  if (const auto number = card_number(place.device)) {
    use(*number, place.ranks);
  } else if (place.device == "cuda") {
    for (int rank = 0; rank < place.ranks; ++rank) use(rank, 1);
  }
  if (place.refresh_device.starts_with("cuda"))
    use(card_number(place.refresh_device).value_or(0), 0);
  return out;
}

std::string size_text(int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (value >= 1e9) return fmt::format("{:.1f} GB", value / 1e9);
  if (value >= 1e6) return fmt::format("{:.0f} MB", value / 1e6);
  return fmt::format("{:.0f} kB", value / 1e3);
}

std::string items_text(const std::vector<EstimatedBytes>& items, Holder holder) {
  std::string out;
  for (const EstimatedBytes& item : items) {
    if (item.bytes == 0 || item.on_cards != (holder == Holder::kCards)) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", item.name, size_text(item.bytes));
  }
  return out;
}

void require_room(const TrainOptions& options, const RunEstimate& estimate, RunStart start) {
  require_cards(estimate.place);
  if (start == RunStart::kBegins) require_chosen_size(options, estimate.networks);
  require_memory(estimate);
  if (start == RunStart::kBegins && estimate.free_disk &&
      estimate.disk_bytes() > *estimate.free_disk) {
    throw Error(
        ErrorCode::kResourceExhausted,
        fmt::format("The run needs {} of disk ({}), but {} are free in the workspace {}.",
                    size_text(estimate.disk_bytes()), items_text(estimate.disk, Holder::kMachine),
                    size_text(*estimate.free_disk), options.workspace));
  }
}

}  // namespace realm
