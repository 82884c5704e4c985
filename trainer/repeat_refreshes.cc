#include "trainer/repeat_refreshes.h"

#include <nlohmann/json.hpp>

namespace realm {
namespace {

std::vector<int64_t> requested_refreshes(const std::filesystem::path& run_folder, int64_t first) {
  std::vector<int64_t> steps;
  const auto reader = RunReader::open(run_folder.parent_path() / "runs.sqlite");
  RunCursor cursor;
  cursor.run = run_folder.filename().string();
  for (bool more = true; more;) {
    const RunDelta delta = reader->read_since(cursor);
    for (const RunEvent& event : delta.events) {
      if (event.kind != "control" || event.step < first) continue;
      const auto data = nlohmann::json::parse(event.data_json, nullptr, false);
      if (data.is_object() &&
          data.value("command", "") == control_name(ControlCommand::kRefreshNow))
        steps.push_back(event.step);
    }
    cursor = delta.next;
    more = delta.more;
  }
  return steps;
}

}  // namespace

void repeat_refreshes(const std::filesystem::path& run_folder, int64_t first, TrainingTask& task,
                      RankGroup& ranks) {
  // The first rank's database may lie on another machine.
  const nlohmann::json own =
      ranks.is_first() ? requested_refreshes(run_folder, first) : std::vector<int64_t>();
  for (const nlohmann::json& step : nlohmann::json::parse(ranks.from_first(own.dump())))
    task.repeat_refresh(step.get<int64_t>());
}

}  // namespace realm
