#include <gtest/gtest.h>

#include "app/commands/command_table.h"
#include "app/view/workbench.h"
#include "tests/app/view/fake_session.h"

namespace realm::view {
namespace {

WorkbenchState ready_state() {
  WorkbenchState state;
  auto engine = std::make_shared<EngineSnapshot>();
  engine->phase = EnginePhase::kReady;
  auto status = std::make_shared<SessionStatus>();
  status->can_undo = true;
  status->undo_title = "edit of \u201CRhine\u201D";
  engine->status = status;
  state.engine = engine;
  return state;
}

KeyPress key(std::string name, bool ctrl = false, bool shift = false, bool alt = false) {
  return {.ctrl = ctrl, .shift = shift, .alt = alt, .key = std::move(name)};
}

TEST(CommandState, SaysWhyACommandCannotRun) {
  WorkbenchState state = ready_state();
  EXPECT_FALSE(command_state(state, "edit.redo").enabled);
  EXPECT_FALSE(command_state(state, "edit.redo").reason.empty());
  EXPECT_TRUE(command_state(state, "edit.undo").enabled);
  EXPECT_EQ(command_state(state, "edit.undo").title, "Undo edit of \u201CRhine\u201D");
  state.read_only = true;
  EXPECT_FALSE(command_state(state, "edit.undo").enabled);
  EXPECT_FALSE(command_state(WorkbenchState{}, "corpus.add").enabled);
  EXPECT_FALSE(command_state(state, "no.such").enabled);
}

TEST(CommandState, KnowsEveryWindowCommandInEveryState) {
  for (WorkbenchState state : {WorkbenchState{}, ready_state()}) {
    for (const CommandInfo& command : command_table()) {
      if (!command.in_window) continue;
      const CommandState known = command_state(state, command.id);
      EXPECT_TRUE(known.enabled || !known.reason.empty()) << command.id;
    }
  }
}

TEST(CommandForKey, FollowsTheTableOfCommands) {
  WorkbenchState state = ready_state();
  EXPECT_EQ(command_for_key(state, key("P", true, true), false), "help.palette");
  EXPECT_EQ(command_for_key(state, key("F1"), false), "help.shortcuts");
  EXPECT_EQ(command_for_key(state, key("2", true), false), "view.corpus");
  EXPECT_EQ(command_for_key(state, key("=", true), false), "view.scale_up");
  EXPECT_EQ(command_for_key(state, key("=", true, true), false),
            "view.scale_up");  // layouts where = needs Shift
  EXPECT_EQ(command_for_key(state, key("K", true), false), "");
}

TEST(CommandForKey, LeavesEditingKeysToTheFieldThatHasTheKeyboard) {
  WorkbenchState state = ready_state();
  state.focus = Focus::kSentence;
  EXPECT_EQ(command_for_key(state, key("Z", true), false), "");
  EXPECT_EQ(command_for_key(state, key("Left"), false), "");
  EXPECT_EQ(command_for_key(state, key("A"), false), "");
  EXPECT_EQ(command_for_key(state, key("Enter"), false), "ask.run");
  EXPECT_EQ(command_for_key(state, key("Esc"), false), "ask.cancel");
  EXPECT_EQ(command_for_key(state, key("Left", false, false, true), false), "ask.previous_query");
  state.focus = Focus::kWords;
  EXPECT_EQ(command_for_key(state, key("Z", true), false), "edit.undo");
  EXPECT_EQ(command_for_key(state, key("Z", true), /*imgui_field_is_active=*/true), "");
  EXPECT_EQ(command_for_key(state, key("Enter"), /*imgui_field_is_active=*/true), "");
}

TEST(CommandForKey, DependsOnTheWorkspaceInFront) {
  WorkbenchState state = ready_state();
  state.tab = Tab::kCorpus;
  state.focus = Focus::kCorpusTable;
  EXPECT_EQ(command_for_key(state, key("F2"), false), "corpus.edit");
  EXPECT_EQ(command_for_key(state, key("Delete"), false), "corpus.delete");
  EXPECT_EQ(command_for_key(state, key("S", true), false), "");
  state.corpus.form = PassageForm{};
  state.focus = Focus::kPassageText;
  EXPECT_EQ(command_for_key(state, key("S", true), false), "corpus.keep");
  EXPECT_EQ(command_for_key(state, key("Esc"), false), "corpus.leave");
  EXPECT_EQ(command_for_key(state, key("Delete"), false), "");
  EXPECT_EQ(command_for_key(state, key("Enter"), false), "");
}

TEST(CommandForKey, APopupTakesTheKeyboard) {
  WorkbenchState state = ready_state();
  state.popup = Popup::kPalette;
  EXPECT_EQ(command_for_key(state, key("Enter"), false), "");
  EXPECT_EQ(command_for_key(state, key("Z", true), false), "");
  EXPECT_EQ(command_for_key(state, key("0", true), false), "view.scale_reset");
}

}  // namespace
}  // namespace realm::view
