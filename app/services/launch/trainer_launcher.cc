#include "app/services/launch/trainer_launcher.h"

#include <deque>
#include <fstream>

#include "app/services/launch/local_launcher.h"
#include "app/services/launch/slurm_launcher.h"

namespace realm {

std::unique_ptr<TrainerLauncher> make_launcher(LaunchPlace place) {
  if (place == LaunchPlace::kSlurm) return std::make_unique<SlurmLauncher>();
  return std::make_unique<LocalLauncher>();
}

std::string trainer_log_tail(const std::filesystem::path& run_folder, int lines, int64_t skipped) {
  std::ifstream stream(run_folder / "trainer.log");
  stream.seekg(skipped);
  std::deque<std::string> last;
  for (std::string line; std::getline(stream, line);) {
    last.push_back(line);
    if (static_cast<int>(last.size()) > lines) last.pop_front();
  }
  std::string text;
  for (const std::string& line : last) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace realm
