#include "trainer/saved_checkpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "engine/base/error.h"

namespace realm {

namespace fs = std::filesystem;

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
    out.push_back({step, entry->path()});
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
