#include "app/services/launch/launch_record.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path file_of(const fs::path& run_folder) { return run_folder / "launch.json"; }

}  // namespace

void write_launch(const fs::path& run_folder, const Launch& launch) {
  if (launch.place == LaunchPlace::kThisMachine) {
    std::error_code ignored;  // there was none
    fs::remove(file_of(run_folder), ignored);
    return;
  }
  const json object = {{"launcher", "slurm"},
                       {"job", launch.job},
                       {"cluster", launch.cluster},
                       {"attempt", launch.attempt},
                       {"cancelled", launch.cancelled}};
  write_file_atomically(file_of(run_folder), object.dump(2) + "\n");
}

std::optional<Launch> read_launch(const fs::path& run_folder) {
  std::ifstream stream(file_of(run_folder));
  if (!stream) return std::nullopt;
  const json object = json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  try {
    Launch launch{.place = LaunchPlace::kSlurm,
                  .job = object.at("job").get<std::string>(),
                  .cluster = object.value("cluster", std::string()),
                  .attempt = object.value("attempt", 0),
                  .cancelled = object.value("cancelled", UnixMillis{0})};
    // It becomes an argument of a program.
    const bool is_number =
        !launch.job.empty() && launch.job.find_first_not_of("0123456789") == std::string::npos;
    if (object.value("launcher", "") != "slurm" || !is_number) return std::nullopt;
    return launch;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace realm
