#include "app/workbench/options.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "engine/base/nearest_word.h"

namespace realm::workbench {
namespace {

constexpr const char* kDescription =
    "The window of REALM: hides words of a sentence, retrieves passages, and shows how they add up "
    "to the answer.\n"
    "Everything it does can be done by the command realm as well.";

// The option nearest to what was typed: "did you mean --screenshot?"
std::string hint_for(const CLI::App& app, const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const std::string& argument : arguments) {
    if (!argument.starts_with("-")) continue;
    const std::string typed = argument.substr(0, argument.find('='));
    if (std::find(names.begin(), names.end(), typed) != names.end()) continue;
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    if (const auto near = nearest_word(typed, candidates))
      return fmt::format(" Did you mean {}?", *near);
  }
  return " See realm-workbench --help.";
}

std::optional<view::WindowPlace> parse_size(const std::string& text) {
  const size_t x = text.find('x');
  if (x == std::string::npos) return std::nullopt;
  view::WindowPlace place;
  place.width = std::atoi(text.substr(0, x).c_str());
  place.height = std::atoi(text.substr(x + 1).c_str());
  if (place.width < 320 || place.height < 240 || place.width > 16384 || place.height > 16384)
    return std::nullopt;
  return place;
}

Message mistake(const std::string& sentence) { return {sentence + "\n", 2}; }

std::string with_full_stop(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

}  // namespace

std::variant<Options, Message> parse_options(const std::vector<std::string>& arguments,
                                             const std::string& version) {
  Options options;
  std::string tab, theme, size, screenshot, frame_report, workspace;
  float scale = 0;
  CLI::App app(kDescription, "realm-workbench");
  app.set_version_flag("--version", version, "Names the versions of the program and its libraries");
  app.add_option("workspace", workspace,
                 "The workspace to open; else $REALM_WORKSPACE, the last one, or the starter")
      ->type_name("[DIR]");
  app.add_option("--ask", options.ask,
                 "A sentence to ask at the start, its word hidden as [[word]] or [MASK]")
      ->type_name("TEXT");
  app.add_option("--workspace-tab", tab, "What is in front: ask, corpus or train")
      ->type_name("NAME");
  app.add_flag("--read-only", options.read_only, "Changes nothing in the workspace");
  app.add_option("--screenshot", screenshot,
                 "Writes a picture of the window once everything asked is on screen")
      ->type_name("FILE.png");
  app.add_flag("--exit-after-screenshot", options.exit_after_screenshot, "Ends after the picture");
  app.add_flag("--fresh", options.fresh,
               "Takes up nothing of the last session and keeps nothing of this one");
  app.add_option("--frame-report", frame_report,
                 "Writes what every frame costs, one JSON object a line, for the benchmarks")
      ->type_name("FILE.jsonl");
  app.add_option("--theme", theme, "light or dark")->type_name("NAME");
  app.add_option("--scale", scale, "Size of everything, 0.5 to 4")->type_name("FACTOR");
  app.add_option("--size", size, "Size of the window in pixels")->type_name("WIDTHxHEIGHT");
  app.add_option("--device", options.device, "cpu, cuda or cuda:N")->type_name("DEVICE");
  app.add_option("--threads", options.threads, "0: as many as cores are free")->type_name("N");
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return Message{app.help(), 0};
  } catch (const CLI::CallForVersion&) {
    return Message{version + "\n", 0};
  } catch (const CLI::ParseError& error) {
    return mistake("realm-workbench: " + with_full_stop(error.what()) + hint_for(app, arguments));
  }
  options.workspace = workspace;
  if (!screenshot.empty()) options.screenshot = screenshot;
  if (!frame_report.empty()) options.frame_report = frame_report;
  if (!tab.empty()) {
    options.tab = view::tab_named(tab);
    if (!options.tab)
      return mistake(fmt::format(
          "realm-workbench: there is no workspace tab \"{}\"; there are ask, corpus and train.",
          tab));
  }
  if (!theme.empty()) {
    if (theme != "light" && theme != "dark")
      return mistake(fmt::format(
          "realm-workbench: there is no theme \"{}\"; there are light and dark.", theme));
    options.theme = theme == "dark" ? view::ThemeKind::kDark : view::ThemeKind::kLight;
  }
  if (app.count("--scale") > 0) {
    if (!(scale >= view::kMinScale && scale <= view::kMaxScale))
      return mistake(
          fmt::format("realm-workbench: --scale should be between 0.5 and 4, and is {}.", scale));
    options.scale = scale;
  }
  if (!size.empty()) {
    options.size = parse_size(size);
    if (!options.size)
      return mistake(
          fmt::format("realm-workbench: --size should be like 1280x800, and is \"{}\".", size));
  }
  if (options.exit_after_screenshot && !options.screenshot) {
    return mistake("realm-workbench: --exit-after-screenshot needs --screenshot FILE.png.");
  }
  return options;
}

}  // namespace realm::workbench
