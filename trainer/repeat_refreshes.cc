#include "trainer/repeat_refreshes.h"

#include <nlohmann/json.hpp>

namespace realm {

void repeat_refreshes(const std::filesystem::path& run_folder, int64_t first, TrainingTask& task) {
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
        task.repeat_refresh(event.step);
    }
    cursor = delta.next;
    more = delta.more;
  }
}

}  // namespace realm
