#include "app/commands/command_table.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace realm {
namespace {

// Can both scopes hold at once? The corpus table and its editor exclude each other, and so do the
// two workspaces.
bool can_meet(CommandScope a, CommandScope b) {
  return a == b || a == CommandScope::kAnywhere || b == CommandScope::kAnywhere;
}

TEST(CommandTable, NamesEveryCommandOnceAndCompletely) {
  std::set<std::string_view> ids;
  for (const CommandInfo& command : command_table()) {
    EXPECT_TRUE(ids.insert(command.id).second) << command.id;
    EXPECT_FALSE(command.title.empty()) << command.id;
    EXPECT_TRUE(command.in_window || command.in_cli) << command.id;
    EXPECT_EQ(command.in_cli, !command.cli_usage.empty()) << command.id;
    ASSERT_FALSE(command.help.empty()) << command.id;
    EXPECT_EQ(command.help.back(), '.') << command.id;
    EXPECT_EQ(find_command(command.id), &command);
  }
  EXPECT_EQ(find_command("corpus.paint"), nullptr);
}

TEST(CommandTable, KeepsTheCommandsOfAGroupTogether) {
  std::set<CommandGroup> seen;
  std::optional<CommandGroup> last;
  for (const CommandInfo& command : command_table()) {
    if (last != command.group) {
      EXPECT_TRUE(seen.insert(command.group).second) << command.id;
    }
    last = command.group;
  }
}

TEST(CommandTable, GivesNoChordToTwoCommandsThatCanMeet) {
  std::vector<std::pair<Chord, const CommandInfo*>> taken;
  for (const CommandInfo& command : command_table()) {
    for (const std::string_view text : {command.chord, command.other_chord}) {
      if (text.empty()) continue;
      const std::optional<Chord> chord = parse_chord(text);
      ASSERT_TRUE(chord.has_value()) << command.id << " " << text;
      for (const auto& [other_chord, other] : taken) {
        EXPECT_FALSE(*chord == other_chord && can_meet(command.scope, other->scope))
            << text << " of " << command.id << " and of " << other->id;
      }
      taken.emplace_back(*chord, &command);
    }
  }
}

TEST(CommandTable, HasTheChordsThatAPersonExpects) {
  const std::map<std::string_view, std::string_view> expected = {
      {"file.open_workspace", "Ctrl+O"},
      {"file.export_result", "Ctrl+E"},
      {"file.quit", "Ctrl+Q"},
      {"edit.undo", "Ctrl+Z"},
      {"edit.redo", "Ctrl+Shift+Z"},
      {"ask.run", "Enter"},
      {"ask.cancel", "Esc"},
      {"corpus.search", "Ctrl+F"},
      {"corpus.search_next", "F3"},
      {"corpus.edit", "F2"},
      {"corpus.keep", "Ctrl+S"},
      {"corpus.leave", "Esc"},
      {"view.ask", "Ctrl+1"},
      {"view.corpus", "Ctrl+2"},
      {"view.scale_up", "Ctrl+="},
      {"view.scale_down", "Ctrl+-"},
      {"view.scale_reset", "Ctrl+0"},
      {"view.fullscreen", "F11"},
      {"help.palette", "Ctrl+Shift+P"},
      {"help.shortcuts", "F1"},
  };
  for (const auto& [id, chord] : expected) {
    const CommandInfo* command = find_command(id);
    ASSERT_NE(command, nullptr) << id;
    EXPECT_EQ(command->chord, chord) << id;
    EXPECT_TRUE(command->in_window) << id;
  }
}

TEST(CliWords, AreTheLeadingWordsOfTheUsage) {
  const CommandInfo* edit = find_cli_command("doc edit");
  ASSERT_NE(edit, nullptr);
  EXPECT_EQ(edit->id, "corpus.edit");
  EXPECT_EQ(cli_words(*edit), "doc edit");
  EXPECT_EQ(cli_words(*find_command("edit.undo")), "doc undo");
  EXPECT_EQ(cli_words(*find_command("ask.run")), "ask");
  EXPECT_EQ(find_cli_command("doc"), nullptr);
  EXPECT_EQ(find_cli_command(""), nullptr);
}

TEST(ParseChord, TakesModifiersAndTheKeyApart) {
  EXPECT_EQ(parse_chord("Ctrl+Shift+P"),
            (Chord{.ctrl = true, .shift = true, .alt = false, .key = "P"}));
  EXPECT_EQ(parse_chord("F2"), (Chord{.ctrl = false, .shift = false, .alt = false, .key = "F2"}));
  EXPECT_EQ(parse_chord("Ctrl+="), (Chord{.ctrl = true, .shift = false, .alt = false, .key = "="}));
  EXPECT_EQ(parse_chord("Alt+Left"),
            (Chord{.ctrl = false, .shift = false, .alt = true, .key = "Left"}));
}

TEST(ParseChord, RefusesWhatIsNoChord) {
  EXPECT_FALSE(parse_chord("").has_value());
  EXPECT_FALSE(parse_chord("Ctrl+").has_value());
  EXPECT_FALSE(parse_chord("Hyper+X").has_value());
  EXPECT_FALSE(parse_chord("Ctrl+Ctrl+X").has_value());
}

}  // namespace
}  // namespace realm
