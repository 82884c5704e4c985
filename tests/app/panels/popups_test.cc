#include "app/panels/popups.h"

#include <gtest/gtest.h>

#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using testing::Headless;
using view::Popup;

class PopupsTest : public ::testing::Test {
 protected:
  void SetUp() override { window_.open(); }
  Headless window_;
};

TEST_F(PopupsTest, ThePaletteFindsAndRunsACommand) {
  window_.press("P", /*ctrl=*/true, /*shift=*/true);
  EXPECT_EQ(window_.state().popup, Popup::kPalette);
  window_.frames(3);
  window_.type("dark");
  EXPECT_EQ(window_.state().popup_text, "dark");
  window_.press("Enter");
  EXPECT_EQ(window_.state().preferences.theme, view::ThemeKind::kDark);
  EXPECT_EQ(window_.state().popup, Popup::kNone);
}

TEST_F(PopupsTest, ThePaletteIsMovedThroughWithTheArrows) {
  window_.press("P", true, true);
  window_.frames(3);
  for (int i = 0; i < 60; ++i) window_.press("Down");
  const int last = window_.state().popup_selected;
  EXPECT_GT(last, 20);
  window_.press("Up");
  EXPECT_EQ(window_.state().popup_selected, last - 1);
  window_.type("zzzzqq");
  window_.press("Enter");
  EXPECT_EQ(window_.state().popup, Popup::kPalette);
  window_.press("Esc");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
}

TEST_F(PopupsTest, TypingInAPopupDoesNotReachTheSentence) {
  window_.press("P", true, true);
  window_.frames(3);
  window_.type("abc");
  EXPECT_TRUE(window_.state().ask.sentence.text().empty());
}

TEST_F(PopupsTest, EveryPopupOpensAndClosesByEscape) {
  window_.ask("3 is a [[Fermat]] prime.");
  window_.answer(testing::fermat_result());
  for (const Popup popup :
       {Popup::kPalette, Popup::kShortcuts, Popup::kAbout, Popup::kOpenWorkspace, Popup::kExport,
        Popup::kExamples, Popup::kUnsavedEdit, Popup::kImport, Popup::kExportCorpus}) {
    window_.apply(view::SetPopup{popup});
    window_.frames(3);
    window_.press("Esc");
    EXPECT_EQ(window_.state().popup, Popup::kNone) << static_cast<int>(popup);
    window_.frames(2);
  }
}

TEST_F(PopupsTest, AnExampleIsChosenFromTheGallery) {
  window_.press("E", true, true);
  window_.frames(2);
  window_.press("Down");
  window_.press("Enter");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
  EXPECT_NE(window_.sent<view::Ask>(), nullptr);
}

TEST_F(PopupsTest, AWorkspaceIsOpenedByItsPathOrFromTheOnesBefore) {
  window_.press("O", /*ctrl=*/true);
  window_.frames(3);
  window_.type("2");
  window_.press("Enter");
  ASSERT_NE(window_.sent<view::OpenWorkspace>(), nullptr);
  EXPECT_NE(window_.sent<view::OpenWorkspace>()->folder.string().find('2'), std::string::npos);
  window_.press("O", true);
  window_.frames(3);
  window_.click("open.recent.0");
  EXPECT_EQ(window_.sent<view::OpenWorkspace>()->folder, "/home/ada/starter");
}

TEST_F(PopupsTest, AResultIsExportedUnderAName) {
  window_.ask("3 is a [[Fermat]] prime.");
  window_.answer(testing::fermat_result());
  window_.press("E", /*ctrl=*/true);
  window_.frames(3);
  EXPECT_EQ(window_.state().popup_text, "realm-fermat.json");
  window_.click("export.go");
  ASSERT_NE(window_.sent<view::ExportResult>(), nullptr);
  EXPECT_EQ(window_.sent<view::ExportResult>()->file, "realm-fermat.json");
}

TEST_F(PopupsTest, AFileOfPassagesIsImportedAndTheIndexFollows) {
  window_.apply(view::SuggestImport{"/tmp/rivers.jsonl"});  // dropped on the window
  window_.frames(3);
  EXPECT_EQ(window_.state().popup, Popup::kImport);
  window_.click("import.go");
  ASSERT_NE(window_.sent<view::ImportFile>(), nullptr);
  EXPECT_EQ(window_.sent<view::ImportFile>()->file, "/tmp/rivers.jsonl");
  view::EngineSnapshot snapshot = window_.next_snapshot();
  view::Outcome outcome{.id = 900, .kind = view::OutcomeKind::kImport, .title = "rivers.jsonl"};
  outcome.passages = 12;
  outcome.text = "1 malformed";
  snapshot.outcomes =
      std::make_shared<const std::vector<view::Outcome>>(std::vector<view::Outcome>{outcome});
  window_.publish(snapshot);
  ASSERT_FALSE(window_.state().toasts.empty());
  EXPECT_EQ(window_.state().toasts.back().text,
            "Imported 12 passages from rivers.jsonl. Left out: 1 malformed.");
  EXPECT_NE(window_.sent<view::BuildIndex>(), nullptr);
  EXPECT_NE(window_.sent<view::LoadPage>(), nullptr);
}

TEST_F(PopupsTest, WhatIsTypedWithTheChordIsNotLost) {
  window_.press_without_waiting("P", /*ctrl=*/true, /*shift=*/true);
  window_.type_each("switch");  // from the very frame in which the palette appears
  window_.frames(2);
  EXPECT_EQ(window_.state().popup_text, "switch");
}

TEST_F(PopupsTest, APopupThatThePaletteOpensHasTheKeyboard) {
  window_.press("P", /*ctrl=*/true, /*shift=*/true);
  window_.frames(3);
  window_.type("import passages");
  window_.press("Enter");
  window_.frames(3);
  ASSERT_EQ(window_.state().popup, Popup::kImport);
  window_.type("/tmp/a.tsv");
  window_.press("Enter");
  ASSERT_NE(window_.sent<view::ImportFile>(), nullptr);
  EXPECT_EQ(window_.sent<view::ImportFile>()->file, "/tmp/a.tsv");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
}

TEST_F(PopupsTest, AClickOutsideClosesIt) {
  window_.apply(view::SetPopup{Popup::kAbout});
  window_.frames(3);
  window_.click("status");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
}

}  // namespace
}  // namespace realm::panels
