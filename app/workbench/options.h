// The options of realm-workbench (CLI.md): [DIR] --ask --workspace-tab --read-only --screenshot ...
// Parsing only; needs no display. Pure function, thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/view/settings.h"

namespace realm::workbench {

struct Options {
  std::filesystem::path workspace;  // empty: the last one, or the starter
  std::string ask;                  // a sentence that is asked at the start
  std::optional<view::Tab> tab;
  bool read_only = false;
  bool fresh = false;  // nothing of the last session is taken up, and none of this one is kept
  std::optional<std::filesystem::path> screenshot;
  bool exit_after_screenshot = false;
  std::optional<std::filesystem::path> frame_report;
  std::optional<view::ThemeKind> theme;
  std::optional<float> scale;
  std::optional<view::WindowPlace> size;
  std::string device = "cpu";
  int threads = 0;
};

// What is to be printed instead of opening a window, and the exit code: 0 for --help and --version,
// 2 for a mistake.
struct Message {
  std::string text;
  int exit_code = 0;
};

std::variant<Options, Message> parse_options(const std::vector<std::string>& arguments,
                                             const std::string& version);

}  // namespace realm::workbench
