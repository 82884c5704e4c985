// What the window keeps between starts: the user's preferences
// ($XDG_CONFIG_HOME/realm-workbench/settings.json) and where things were
// ($XDG_STATE_HOME/realm-workbench/state.json). Never the working directory, never an imgui.ini.
//
// Values with JSON text to and from; reading is forgiving (a damaged or older file gives defaults
// for what it lacks), so a bad file can never keep the window from opening. Thread-safe; only
// load_text blocks on a disk.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/view/theme.h"

namespace realm::view {

inline constexpr float kMinScale = 0.5F, kMaxScale = 4.0F;

enum class Tab { kAsk, kCorpus, kTrain };

std::string_view tab_name(Tab tab);                   // "ask", "corpus", "train"
std::optional<Tab> tab_named(std::string_view name);  // also "Ask", "Corpus", "Train"

struct Preferences {
  ThemeKind theme = ThemeKind::kLight;
  float scale = 1.0F;  // of everything, on top of the display's own; kMinScale to kMaxScale
  bool logarithmic_bars = false;
  bool predict_on_hide = true;  // a click that hides a word predicts at once
  bool shows_pieces = false;    // the sentence's word pieces under it
};

// Shares of the width or height that panes take, each in (0, 1).
struct PaneLayout {
  float words = 0.335F;  // of Ask's width
  float passages = 0.365F;
  float corpus_table = 0.58F;                                          // of Corpus's width
  bool text_column = true, words_column = true, source_column = true;  // of Corpus's table
};

struct WindowPlace {
  int width = 1280, height = 800;
  bool maximized = false;
};

// An edit that was not kept when the window ended, however it ended.
struct Draft {
  std::string workspace{};  // empty: there is none
  int64_t id = 0;           // 0: a new passage
  std::string title{}, text{};
};

struct Memory {
  std::string workspace{};            // the folder that was open
  std::vector<std::string> recent{};  // workspaces, newest first
  Tab tab = Tab::kAsk;
  std::string sentence{};
  int candidates = 8, words = 10;
  bool exact_sum = false;
  std::vector<std::string> watch{};
  std::vector<std::string> history{};  // questions, oldest first
  PaneLayout panes{};
  WindowPlace window{};
  Draft draft{};
};

std::string to_json(const Preferences& preferences);
std::string to_json(const Memory& memory);
Preferences preferences_from_json(std::string_view json);
Memory memory_from_json(std::string_view json);

// The folder goes to the front of the list; the list holds ten.
void remember_workspace(Memory& memory, const std::string& folder);

struct UserFolders {
  std::filesystem::path config{}, data{}, state{}, cache{};  // each ends in realm-workbench
  std::filesystem::path home{};                              // "~"
  std::filesystem::path working{};  // where a name without a folder lands; empty: not known
};
// By the XDG base directory rules: an unset, empty or relative variable means the default below
// $HOME.
UserFolders user_folders(const std::function<const char*(const char*)>& environment);

// nullopt: there is no such file, or it cannot be read.
std::optional<std::string> load_text(const std::filesystem::path& file);

}  // namespace realm::view
