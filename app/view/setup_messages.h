// What the window and the thread that makes the English workspace say to each other: commands as
// values, and immutable snapshots of how far it is.
//
// Plain values without Dear ImGui, LibTorch or threads; a snapshot never changes once published.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/view/engine_messages.h"

namespace realm::view {

// What the folder is to a set-up. Nothing in it is changed.
struct LookAtSetupFolder {
  std::filesystem::path folder{};
};
struct MakeEnglishWorkspace {
  RequestId id = 0;
  std::filesystem::path folder{};
};
// What is there stays.
struct StopSetup {};

using SetupCommand = std::variant<LookAtSetupFolder, MakeEnglishWorkspace, StopSetup>;

// The packages that it is made of, as their package managers call them.
struct SetupOffer {
  std::vector<std::string> debian{}, npm{};
  std::string encoder{};  // which of them it is that the models are made from
  std::string problem{};  // why this program cannot make one: one sentence; empty: it can
};

enum class SetupFolderKind {
  kFree,   // new or empty
  kBegun,  // an English workspace, whole or not: a set-up goes on with it
  kOther,  // something that is left alone: see `problem`
};
struct SetupFolder {
  std::filesystem::path folder{};
  SetupFolderKind kind = SetupFolderKind::kFree;
  std::string problem{};  // one sentence
};

// How far the stage is that is being done.
struct SetupProgress {
  std::string stage{};          // as set_up_english names it; empty: it has just begun
  int64_t done = 0, total = 0;  // total 0: not known
  int64_t first = 0;            // where the stage began, as one that goes on does not begin at 0
  std::chrono::steady_clock::time_point since{};  // of the stage
};

// What a set-up left in the folder.
struct SetupResult {
  int64_t documents = 0, vectors = 0;
  std::vector<std::string> missing{};  // one sentence each, why; empty: everything is there
  double seconds = 0;
};

enum class SetupPhase { kIdle, kRunning, kEnded };

struct SetupSnapshot {
  uint64_t version = 0;
  SetupOffer offer{};
  std::optional<SetupFolder> looked_at{};  // the folder that was asked about last
  // The set-up that runs, or that ran last:
  SetupPhase phase = SetupPhase::kIdle;
  RequestId id = 0;
  std::filesystem::path folder{};
  SetupProgress progress{};
  std::shared_ptr<const SetupResult> result{};  // once it has ended, unless it failed
  std::optional<Failure> failure{};             // kCancelled where it was stopped
};

}  // namespace realm::view
