// The one table of commands. The command line's help, the window's menus, its palette
// (Ctrl+Shift+P) and its F1 page are all made from it, so a command has one name, one chord and one
// sentence of help everywhere (UI.md section d, CLI.md).
//
// Plain constant data and pure functions over it: thread-safe, never blocking, free of LibTorch,
// ImGui and SQLite. What a command does is bound to its id by whoever runs it: app/cli for words,
// app/workbench for menus and chords.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace realm {

// Menus of the window and sections of the help, in this order.
enum class CommandGroup {
  kFile,
  kEdit,
  kAsk,
  kCorpus,
  kIndex,
  kModel,
  kTrain,
  kEvaluate,
  kView,
  kHelp
};

// Where a chord acts. Two commands may share a chord only where their scopes cannot hold at the
// same time.
enum class CommandScope {
  kAnywhere,        // the whole window
  kAskWorkspace,    // Ask is in front
  kCorpusTable,     // Corpus is in front and no passage is being edited
  kCorpusEditing,   // Corpus is in front and a passage is being edited
  kTrainWorkspace,  // Train is in front
};

struct CommandInfo {
  std::string_view id;           // "corpus.edit": stable, group first
  std::string_view title;        // a verb first, as in a menu
  std::string_view chord;        // "Ctrl+Shift+P", "F2", "Esc"; empty: none
  std::string_view other_chord;  // a second chord for the same; empty: none
  std::string_view cli_usage;    // words and arguments after `realm`: "doc edit ID [--title T]
                                 // [--text X]"; empty: none
  std::string_view help;         // one sentence
  CommandGroup group = CommandGroup::kFile;
  CommandScope scope = CommandScope::kAnywhere;
  bool in_window = false;
  bool in_cli = false;
};

// All commands, those of one group next to each other and in the order of a menu.
std::span<const CommandInfo> command_table() noexcept;

// "File", "Ask", ...
std::string_view command_group_title(CommandGroup group) noexcept;

// nullptr: no such id.
const CommandInfo* find_command(std::string_view id) noexcept;

// The command whose usage begins with these words ("doc edit", "ask"); nullptr: none.
const CommandInfo* find_cli_command(std::string_view words) noexcept;

// The leading lower-case words of a usage, before its arguments: "doc edit" of "doc edit ID
// [--title T]".
std::string_view cli_words(const CommandInfo& command) noexcept;

// A chord taken apart. `key` is the last part as written in the table: "P", "F2", "Esc", "=",
// "Enter", "Delete".
struct Chord {
  bool ctrl = false, shift = false, alt = false;
  std::string_view key;
  friend bool operator==(const Chord&, const Chord&) = default;
};

// nullopt: empty, or not of the form [Ctrl+][Shift+][Alt+]Key.
std::optional<Chord> parse_chord(std::string_view text) noexcept;

}  // namespace realm
