// Popups that write a file: they stay until it is written, or with the reason why it is not.
#include <gtest/gtest.h>

#include "app/panels/popups.h"
#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using testing::Headless;
using view::Popup;

class SavingPopups : public ::testing::Test {
 protected:
  void SetUp() override { window_.open(); }
  void outcome(const view::Outcome& outcome) {
    view::EngineSnapshot snapshot = window_.next_snapshot();
    snapshot.outcomes =
        std::make_shared<const std::vector<view::Outcome>>(std::vector<view::Outcome>{outcome});
    window_.publish(snapshot);
    window_.frames(3);
  }
  // What the engine says of the file that the popup waits for; without a reason it is written.
  void end_saving(view::OutcomeKind kind, const std::string& reason = {}) {
    view::Outcome done{.id = window_.state().popup_saving, .kind = kind, .file = "/a"};
    if (!reason.empty()) done.failure = view::Failure{ErrorCode::kIo, reason};
    outcome(done);
  }
  Headless window_;
};

TEST_F(SavingPopups, AnExportThatCannotBeWrittenLeavesItsNameAndTheReason) {
  window_.ask("3 is a [[Fermat]] prime.");
  window_.answer(testing::fermat_result());
  const auto check = [&](Popup popup, const char* button, view::OutcomeKind kind) {
    const size_t toasts = window_.state().toasts.size();
    ASSERT_EQ(window_.state().popup, popup);
    window_.type("/no/such/file.jsonl");
    window_.click(button);
    EXPECT_EQ(window_.state().popup, popup) << "until it is written";
    const view::RequestId first = window_.state().popup_saving;
    EXPECT_NE(first, 0U);
    window_.click(button);
    EXPECT_EQ(window_.state().popup_saving, first) << "one at a time";
    end_saving(kind, "No folder %s.");
    ASSERT_EQ(window_.state().popup, popup);
    EXPECT_TRUE(window_.has("save.failure"));
    EXPECT_EQ(window_.state().popup_text, "/no/such/file.jsonl");
    EXPECT_EQ(window_.state().toasts.size(), toasts) << "it is told once";
    window_.click(button);
    EXPECT_GT(window_.state().popup_saving, first) << "once more";
    end_saving(kind);
    EXPECT_EQ(window_.state().popup, Popup::kNone);
  };
  window_.press("E", /*ctrl=*/true);
  window_.frames(4);
  check(Popup::kExport, "export.go", view::OutcomeKind::kExport);
  window_.apply(view::RunCommand{"corpus.export"});
  window_.frames(4);
  check(Popup::kExportCorpus, "export_corpus.go", view::OutcomeKind::kExportCorpus);
}

TEST_F(SavingPopups, AnExportWhosePopupIsGoneTellsOfItsFailureAsOthersDo) {
  window_.apply(view::RunCommand{"corpus.export"});
  window_.frames(4);
  window_.press("Enter");
  const view::RequestId saving = window_.state().popup_saving;
  ASSERT_NE(saving, 0U);
  window_.press("Esc");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
  window_.apply(view::RunCommand{"corpus.export"});
  window_.frames(4);
  outcome({.id = saving,
           .kind = view::OutcomeKind::kExportCorpus,
           .failure = view::Failure{ErrorCode::kIo, "The disk is full."}});
  EXPECT_EQ(window_.state().popup, Popup::kExportCorpus) << "another one";
  EXPECT_FALSE(window_.has("save.failure"));
  ASSERT_FALSE(window_.state().toasts.empty());
  EXPECT_EQ(window_.state().toasts.back().text, "The disk is full.");
}

}  // namespace
}  // namespace realm::panels
