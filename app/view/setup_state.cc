#include "app/view/setup_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/view/machine_state.h"
#include "app/view/number_format.h"
#include "app/view/workbench_state.h"

namespace realm::view {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDownloading = "downloading ", kAdding = "adding ",
                           kEmbedding = "embedding documents", kWritingIndex = "writing the index";
constexpr double kSecondsBeforeGuess = 3;

// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

std::string with_capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

bool is_setting_up(const SetupState& setup) {
  return setup.pending != 0 || (setup.snapshot && setup.snapshot->phase == SetupPhase::kRunning);
}

SetupStand setup_stand(const SetupState& setup, const fs::path& folder) {
  if (is_setting_up(setup)) return SetupStand::kRunning;
  if (!setup.snapshot || setup.snapshot->phase == SetupPhase::kIdle ||
      setup.snapshot->folder != folder)
    return SetupStand::kNone;
  if (const std::optional<Failure>& failure = setup.snapshot->failure)
    return failure->code == ErrorCode::kCancelled ? SetupStand::kStopped : SetupStand::kFailed;
  const bool complete = setup.snapshot->result && setup.snapshot->result->missing.empty();
  return complete ? SetupStand::kDone : SetupStand::kIncomplete;
}

fs::path setup_folder(const WorkbenchState& state) {
  const fs::path folder = path_of(state.popup_text, state.folders.home).lexically_normal();
  return folder.has_filename() || !folder.has_relative_path() ? folder : folder.parent_path();
}

const SetupFolder* looked_at(const SetupState& setup, const fs::path& folder) {
  const bool known =
      setup.snapshot && setup.snapshot->looked_at && setup.snapshot->looked_at->folder == folder;
  return known ? &*setup.snapshot->looked_at : nullptr;
}

std::string why_not_there(const WorkbenchState& state) {
  const fs::path folder = setup_folder(state);
  if (folder.empty()) return "Name a folder for it.";
  if (!folder.is_absolute()) return "Give the folder's whole path, from / on.";
  if (engine_of(state).status && engine_of(state).folder == folder)
    return "This workspace is open in this window; open another one first.";
  const SetupFolder* known = looked_at(state.setup, folder);
  if (known == nullptr) return "The folder is being looked at\u2026";
  return known->kind == SetupFolderKind::kOther ? known->problem : std::string();
}

bool offers_english(const WorkbenchState& state) {
  const auto& snapshot = state.setup.snapshot;
  if (!snapshot || !snapshot->offer.problem.empty() || state.read_only) return false;
  const EngineSnapshot& engine = engine_of(state);
  if (!engine.status) return true;
  return engine.status->workspace_name != "English" && engine.folder != snapshot->folder;
}

std::string packages_text(const SetupOffer& offer) {
  std::string text;
  if (!offer.debian.empty())
    text = fmt::format("{} with apt-get from this system's Debian archive", listed(offer.debian));
  if (!offer.npm.empty())
    text += fmt::format("{}{} with npm", text.empty() ? "" : ", ", listed(offer.npm));
  return text;
}

int setup_step(const SetupOffer& offer, std::string_view stage) {
  constexpr int kEncoder = 1, kModels = 2, kPassages = 3, kIndex = 4;
  if (stage.empty()) return kEncoder;
  if (stage.starts_with(kDownloading))
    return stage.substr(kDownloading.size()) == offer.encoder ? kEncoder : kPassages;
  if (stage.starts_with(kAdding)) return kPassages;
  return stage == kEmbedding || stage == kWritingIndex ? kIndex : kModels;
}

std::string_view setup_step_name(int step) {
  constexpr std::string_view kNames[] = {"the encoder", "the models", "the passages", "the index"};
  return kNames[std::clamp(step, 1, kSetupSteps) - 1];
}

std::string stage_text(const SetupProgress& progress) {
  const std::string& stage = progress.stage;
  if (stage.empty()) return "Looking at what is there already";
  if (stage.starts_with(kDownloading)) {
    const std::string name = stage.substr(kDownloading.size());
    return progress.done > 0
               ? fmt::format("Fetching {}, {} so far", name, format_bytes(progress.done))
               : fmt::format("Fetching {}", name);
  }
  const std::string counts =
      progress.total > 0
          ? fmt::format(", {} of {}", format_count(progress.done), format_count(progress.total))
          : std::string();
  if (stage.starts_with(kAdding))
    return fmt::format("Adding {}{}{}", stage.substr(kAdding.size()), counts,
                       counts.empty() ? "" : " entries");
  if (stage == kEmbedding) return "Embedding the passages" + counts;
  if (progress.total > 0)
    return fmt::format("{}, {}", with_capital(stage), format_percent(stage_share(progress)));
  return with_capital(stage);
}

double stage_share(const SetupProgress& progress) {
  if (progress.total <= 0) return -1;
  return std::clamp(static_cast<double>(progress.done) / static_cast<double>(progress.total), 0.0,
                    1.0);
}

std::string time_left_text(const SetupProgress& progress,
                           std::chrono::steady_clock::time_point now) {
  const double seconds = std::chrono::duration<double>(now - progress.since).count();
  if (progress.total <= 0 || progress.done <= progress.first || seconds < kSecondsBeforeGuess)
    return {};
  const double left = seconds * static_cast<double>(progress.total - progress.done) /
                      static_cast<double>(progress.done - progress.first);
  constexpr double kMinute = 60, kHour = 3600;
  if (left < kMinute) return fmt::format("{:.0f} s left", std::max(1.0, std::ceil(left)));
  if (left < kHour) return fmt::format("about {:.0f} min left", std::ceil(left / kMinute));
  return fmt::format("about {:.1f} h left", left / kHour);
}

}  // namespace realm::view
