#include "trainer/saved_checkpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "engine/base/error.h"

namespace realm {

namespace fs = std::filesystem;

constexpr size_t kKeptWhole = 2;

std::vector<CheckpointFolder> saved_checkpoints(const fs::path& run_folder) {
  std::vector<CheckpointFolder> out;
  std::error_code error;  // a trainer removes old ones meanwhile
  for (fs::directory_iterator entry(run_folder / "checkpoints", error), end; entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    int64_t step = 0;
    std::error_code ignored;
    if (!name.starts_with("step-") || !fs::exists(entry->path() / "state.json", ignored)) continue;
    const char* const stop = name.data() + name.size();
    if (const auto read = std::from_chars(name.data() + 5, stop, step);
        read.ec != std::errc() || read.ptr != stop)
      continue;
    out.push_back({step, entry->path(), fs::exists(entry->path() / kCheckpointTensors, ignored)});
  }
  std::sort(out.begin(), out.end(),
            [](const CheckpointFolder& a, const CheckpointFolder& b) { return a.step < b.step; });
  return out;
}

std::optional<fs::path> newest_checkpoint(const fs::path& run_folder) {
  const auto all = saved_checkpoints(run_folder);
  if (all.empty()) return std::nullopt;
  return all.back().folder;
}

std::optional<fs::path> checkpoint_to_resume(const fs::path& run_folder) {
  const auto all = saved_checkpoints(run_folder);
  for (auto at = all.rbegin(); at != all.rend(); ++at) {
    if (at->can_go_on) return at->folder;
  }
  if (all.empty()) return std::nullopt;
  throw Error(
      ErrorCode::kNotFound,
      fmt::format("The run {} cannot go on: of its checkpoints on disk only the models were "
                  "kept, the newest of step {}.",
                  run_folder.filename().string(), all.back().step));
}

void thin_checkpoints(const fs::path& run_folder, int64_t keep_every_steps) {
  const auto all = saved_checkpoints(run_folder);
  for (size_t i = 0; i + kKeptWhole < all.size(); ++i) {
    std::error_code ignored;
    if (keep_every_steps > 0 && all[i].step % keep_every_steps == 0) {
      fs::remove(all[i].folder / kCheckpointTensors, ignored);
    } else {
      fs::remove_all(all[i].folder, ignored);
    }
  }
}

CheckpointFolder checkpoint_at(const fs::path& run_folder, std::optional<int64_t> step) {
  const std::string run = run_folder.filename().string();
  const std::vector<CheckpointFolder> all = saved_checkpoints(run_folder);
  if (all.empty()) {
    throw Error(ErrorCode::kNotFound, fmt::format("The run {} has no checkpoint on disk.", run));
  }
  if (!step) return all.back();
  const auto later = std::find_if(all.begin(), all.end(), [&](const CheckpointFolder& checkpoint) {
    return checkpoint.step > *step;
  });
  if (later == all.begin()) {
    std::vector<int64_t> steps;
    for (const CheckpointFolder& checkpoint : all) steps.push_back(checkpoint.step);
    throw Error(ErrorCode::kNotFound,
                fmt::format("The run {} has no checkpoint of step {} or before on disk; those that "
                            "are kept are of step {}.",
                            run, *step, fmt::join(steps, " and ")));
  }
  return *(later - 1);
}

}  // namespace realm
