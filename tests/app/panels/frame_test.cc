#include "app/panels/frame.h"

#include <gtest/gtest.h>

#include "app/commands/command_table.h"
#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using testing::Headless;

TEST(FrameTest, TheRailSwitchesWorkspaces) {
  Headless window;
  window.open();
  window.click("rail.corpus");
  EXPECT_EQ(window.state().tab, view::Tab::kCorpus);
  window.press("1", /*ctrl=*/true);
  EXPECT_EQ(window.state().tab, view::Tab::kAsk);
}

TEST(FrameTest, EveryMenuOpensAndRunsItsCommands) {
  Headless window;
  window.open();
  window.click("menubar.View");
  window.click("menu.view.theme");
  EXPECT_EQ(window.state().preferences.theme, view::ThemeKind::kDark);
  for (const char* menu : {"File", "Edit", "Ask", "Corpus", "Index", "View", "Help"}) {
    window.click(std::string("menubar.") + menu);
    window.press("Esc");
    window.click("status");
  }
}

TEST(FrameTest, ADisabledCommandDoesNothing) {
  Headless window;
  window.open();
  window.click("menubar.Edit");
  window.click("menu.edit.undo");
  EXPECT_EQ(window.sent<view::UndoChange>(), nullptr);
}

TEST(FrameTest, TheBadgesWarnAndMend) {
  Headless window;
  SessionStatus status = Headless::ready_status();
  status.index.stale_documents = 3;
  window.open(status);
  window.click("badge.index");
  EXPECT_NE(window.sent<view::BuildIndex>(), nullptr);
  for (const char* badge : {"badge.model", "badge.corpus", "badge.index"}) window.hover(badge);
  status.index = IndexStatus{};
  status.model.reset();
  view::EngineSnapshot snapshot = window.next_snapshot();
  snapshot.status = std::make_shared<SessionStatus>(status);
  window.publish(snapshot);
  for (const char* badge : {"badge.model", "badge.corpus", "badge.index"}) window.hover(badge);
}

TEST(FrameTest, LongWorkShowsItsProgressAndCanBeCancelled) {
  Headless window;
  window.open();
  view::EngineSnapshot snapshot = window.next_snapshot();
  snapshot.activity = {.id = 77,
                       .stage = "Embedding 100 % of %s",
                       .done = 40,
                       .total = 100,
                       .can_cancel = true,
                       .since = std::chrono::steady_clock::now() - std::chrono::seconds(5)};
  window.publish(snapshot);
  window.click("status.cancel");
  bool cancelled = false;
  for (const view::Effect& effect : window.effects()) {
    if (const auto* cancel = std::get_if<view::CancelRequest>(&effect))
      cancelled = cancel->id == 77;
  }
  EXPECT_TRUE(cancelled);
}

TEST(FrameTest, ErrorsStayUntilTheirCrossIsClicked) {
  Headless window;
  window.open();
  view::EngineSnapshot snapshot = window.next_snapshot();
  view::Outcome outcome;
  outcome.id = 500;
  outcome.kind = view::OutcomeKind::kBuildIndex;
  outcome.failure = view::Failure{ErrorCode::kIo, "The disk is full: 100 % of ##it (%s)."};
  snapshot.outcomes =
      std::make_shared<const std::vector<view::Outcome>>(std::vector<view::Outcome>{outcome});
  window.publish(snapshot);
  ASSERT_EQ(window.state().toasts.size(), 1U);
  window.frames(600);
  ASSERT_EQ(window.state().toasts.size(), 1U);
  window.click("toast." + std::to_string(window.state().toasts[0].id));
  EXPECT_TRUE(window.state().toasts.empty());
}

TEST(FrameTest, SurvivesASmallWindow) {
  Headless window(320, 240);
  window.open();
  window.ask("3 is a [[Fermat]] prime.");
  AskResult result = testing::fermat_result();
  window.answer(result);
  window.resize(60, 40);
  window.resize(1, 1);
}

TEST(Frame, EscapeClosesAnOpenMenuAndNothingElse) {
  testing::Headless window;
  window.open();
  const AskResult result = testing::fermat_result();
  window.ask(result.query.text);
  window.answer(result);
  window.click("ask.word.1");
  ASSERT_TRUE(window.state().ask.selected_word);
  window.right_click("ask.passage.0");
  EXPECT_TRUE(window.has("ask.passage.0.copy"));
  window.press("Esc");
  EXPECT_FALSE(window.has("ask.passage.0.copy"));
  EXPECT_TRUE(window.state().ask.selected_word);  // the menu alone took the key
  window.press("Esc");
  EXPECT_FALSE(window.state().ask.selected_word);
}

}  // namespace
}  // namespace realm::panels
