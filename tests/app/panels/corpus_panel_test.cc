#include "app/panels/corpus_panel.h"

#include <gtest/gtest.h>

#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using testing::Headless;

std::vector<DocumentRow> rows(int count) {
  std::vector<DocumentRow> made;
  for (int i = 1; i <= count; ++i) {
    DocumentRow row;
    row.id = i;
    row.title = i % 5 == 0 ? "" : "Title %s ## " + std::to_string(i);
    row.snippet = "A \x02hit\x03 in the text";
    row.source = "rivers";
    row.words = 12;
    row.dirty = i % 3 == 0;
    row.edited = i % 2 == 0;
    made.push_back(row);
  }
  return made;
}

Document rhine() {
  Document document;
  document.id = 1;
  document.title = "Rhine";
  document.text = "The Rhine flows north.";
  document.source = "rivers";
  document.revision = 3;
  return document;
}

class CorpusPanelTest : public ::testing::Test {
 protected:
  void SetUp() override { window_.apply(view::SetTab{view::Tab::kCorpus}); }
  void open(int count = 3, int64_t total = -1) {
    window_.open();
    window_.show_page(rows(count), total);
    if (count > 0) window_.show_document(rhine());
  }
  const view::CorpusState& corpus() const { return window_.state().corpus; }
  Headless window_;
};

TEST_F(CorpusPanelTest, WaitsForAWorkspace) {
  window_.frames(2);
  EXPECT_TRUE(window_.has("corpus.empty"));
}

TEST_F(CorpusPanelTest, AnEmptyCorpusOffersTheOneNextThing) {
  open(0);
  window_.click("corpus.first");
  ASSERT_TRUE(corpus().form);
  EXPECT_EQ(corpus().form->id, 0);
}

TEST_F(CorpusPanelTest, ReadsTheFirstPassageAndTheOneThatIsClicked) {
  open();
  EXPECT_EQ(corpus().selected, 1);
  EXPECT_TRUE(window_.has("corpus.edit"));
  window_.click("corpus.row.2");
  EXPECT_EQ(corpus().selected, 3);
  EXPECT_EQ(window_.sent<view::LoadDocument>()->id, 3);
}

TEST_F(CorpusPanelTest, ColumnsAreHiddenByARightClickOnTheHeads) {
  open();
  EXPECT_TRUE(window_.has("corpus.head.words"));
  window_.right_click("corpus.head.text");
  window_.click("corpus.columns.words");
  EXPECT_FALSE(window_.state().memory.panes.words_column);
  window_.frames(2);
  EXPECT_FALSE(window_.has("corpus.head.words"));
  window_.right_click("corpus.head.text");
  window_.click("corpus.columns.words");
  window_.frames(2);
  EXPECT_TRUE(window_.has("corpus.head.words"));
}

TEST_F(CorpusPanelTest, WarnsOfAPassageWithTheSameText) {
  open();
  window_.press("F2");
  window_.type("x");
  window_.frames(40);  // more than half a second without a key
  ASSERT_NE(window_.sent<view::FindDuplicate>(), nullptr);
  EXPECT_EQ(window_.sent<view::FindDuplicate>()->id, 1);
  view::EngineSnapshot snapshot = window_.next_snapshot();
  auto reply = std::make_shared<view::DuplicateReply>();
  reply->id = corpus().form->pending_duplicate;
  reply->found = 7;
  snapshot.duplicate = reply;
  window_.publish(snapshot);
  EXPECT_TRUE(window_.has("corpus.duplicate"));
}

TEST_F(CorpusPanelTest, OnePaneCanFillTheWorkspace) {
  open();
  window_.press("F", /*ctrl=*/true, /*shift=*/true);
  EXPECT_EQ(window_.state().zoomed, view::Pane::kTable);
  EXPECT_FALSE(window_.has("corpus.edit"));
  window_.press("Esc");
  EXPECT_TRUE(window_.has("corpus.edit"));
}

TEST_F(CorpusPanelTest, EditsByF2AndKeepsByControlS) {
  open();
  window_.press("F2");
  ASSERT_TRUE(corpus().form);
  EXPECT_TRUE(window_.has("corpus.form.text"));
  window_.press("Home", /*ctrl=*/true);
  window_.type("Always: ");
  EXPECT_EQ(corpus().form->text.text(), "Always: The Rhine flows north.");
  window_.press("S", /*ctrl=*/true);
  ASSERT_NE(window_.sent<view::EditDocument>(), nullptr);
  EXPECT_EQ(window_.sent<view::EditDocument>()->change.text, "Always: The Rhine flows north.");
}

TEST_F(CorpusPanelTest, ADoubleClickEdits) {
  open();
  window_.double_click("corpus.row.0");
  EXPECT_TRUE(corpus().form);
}

TEST_F(CorpusPanelTest, EscapeLeavesAnUnchangedFormAndAsksAboutAChangedOne) {
  open();
  window_.press("F2");
  window_.press("Esc");
  EXPECT_FALSE(corpus().form);
  window_.press("F2");
  window_.type("x");
  window_.press("Esc");
  EXPECT_EQ(window_.state().popup, view::Popup::kUnsavedEdit);
  window_.click("unsaved.cancel");
  ASSERT_TRUE(corpus().form);
  window_.click("corpus.leave");
  EXPECT_FALSE(corpus().form);
}

TEST_F(CorpusPanelTest, SearchesWhileTyping) {
  open();
  window_.press("F", /*ctrl=*/true);
  window_.type("rhine");
  EXPECT_EQ(corpus().search, "rhine");
  ASSERT_NE(window_.sent<view::LoadPage>(), nullptr);
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.search, "rhine");
  window_.show_page({}, 0);
  window_.click("corpus.clear");
  EXPECT_TRUE(corpus().search.empty());
}

TEST_F(CorpusPanelTest, PagesThroughALongCorpus) {
  open(200, 13000000);
  window_.click("corpus.next");
  EXPECT_EQ(corpus().offset, 200);
  window_.show_page(rows(200), 13000000);
  window_.click("corpus.last");
  EXPECT_EQ(corpus().offset, 12999800);
  window_.show_page(rows(200), 13000000);
  window_.apply(view::SetFocus{view::Focus::kCorpusTable});
  window_.press("PageUp");
  EXPECT_EQ(corpus().offset, 12999600);
}

TEST_F(CorpusPanelTest, SortsByAClickOnAHead) {
  open();
  window_.click("corpus.head.title");
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.order, DocumentOrder::kByTitle);
  EXPECT_FALSE(window_.sent<view::LoadPage>()->query.descending);
  window_.click("corpus.head.title");
  EXPECT_TRUE(window_.sent<view::LoadPage>()->query.descending);
  window_.click("corpus.head.title");
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.order, DocumentOrder::kById);
  window_.click("corpus.head.words");
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.order, DocumentOrder::kByWords);
  window_.click("corpus.head.source");
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.order, DocumentOrder::kBySource);
}

TEST_F(CorpusPanelTest, ChoosesASourceOrAllButIt) {
  open();
  window_.press("R", /*ctrl=*/true, /*shift=*/true);
  window_.click("corpus.source");
  window_.click("corpus.source.2");
  EXPECT_EQ(corpus().filters.source, "rivers");
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.source, "rivers");
  window_.click("corpus.source");
  window_.click("corpus.source.3");
  EXPECT_TRUE(window_.sent<view::LoadPage>()->query.except_source);
  EXPECT_EQ(corpus().filters.source, "rivers");
  window_.click("corpus.source");
  window_.click("corpus.source.0");
  EXPECT_EQ(corpus().filters, view::CorpusFilters{});
}

TEST_F(CorpusPanelTest, FiltersWhileTyping) {
  open();
  window_.click("corpus.filters");
  window_.click("corpus.contains");
  window_.type("ri");
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.contains, "ri");
  window_.click("corpus.lacks");
  window_.type("sea");
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.lacks, "sea");
  window_.click("corpus.gap");
  window_.click("corpus.gap.1");
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.gap, DocumentGap::kTitle);
  window_.show_page({}, 0);
  window_.click("corpus.clear");
  EXPECT_EQ(corpus().filters, view::CorpusFilters{});
}

TEST_F(CorpusPanelTest, SaysWhatIsWrongWithAnExpressionUnderTheField) {
  open();
  window_.click("corpus.filters");
  window_.click("corpus.expression");
  window_.type("Rh");
  EXPECT_FALSE(window_.has("corpus.expression_problem"));
  window_.type("(");
  EXPECT_TRUE(window_.has("corpus.expression_problem"));
  EXPECT_TRUE(window_.has("corpus.row.2"));  // the table is still there
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.expression, "Rh");
  window_.type("i)");
  EXPECT_FALSE(window_.has("corpus.expression_problem"));
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.expression, "Rh(i)");
}

TEST_F(CorpusPanelTest, DeletesWithoutAskingAsItCanBeUndone) {
  open();
  window_.click("corpus.delete");
  ASSERT_NE(window_.sent<view::DeleteDocument>(), nullptr);
  EXPECT_EQ(window_.sent<view::DeleteDocument>()->id, 1);
}

TEST_F(CorpusPanelTest, AReadOnlyWorkspaceOffersNoEdit) {
  SessionStatus status = Headless::ready_status();
  status.read_only = true;
  window_.open(status);
  window_.show_page(rows(3));
  window_.show_document(rhine());
  window_.click("corpus.edit");
  window_.click("corpus.add");
  EXPECT_FALSE(corpus().form);
}

TEST_F(CorpusPanelTest, ShowsRevisionsWithWhatTheyChanged) {
  open();
  RevisionEntry edit;
  edit.revision = 4;
  edit.at = "2026-11-22T06:51:00Z";
  edit.who = "ada";
  edit.what = "edit";
  edit.title_before = edit.title_after = "Rhine";
  edit.text_before = "The Rhine flows south.";
  edit.text_after = "The Rhine flows north.";
  window_.click("corpus.row.1");
  Document document = rhine();
  document.id = 2;
  const int before = window_.vertices();
  window_.show_document(document, {edit, RevisionEntry{}});
  EXPECT_NE(window_.vertices(), before);
}

TEST_F(CorpusPanelTest, ADeletedPassageAndAFailedPageAreSaid) {
  open();
  view::EngineSnapshot snapshot = window_.next_snapshot();
  window_.click("corpus.row.1");
  auto gone = std::make_shared<view::DocumentReply>();
  gone->id = corpus().pending_detail;
  gone->document_id = 2;
  snapshot.document = gone;
  window_.publish(snapshot);
  EXPECT_FALSE(window_.has("corpus.edit"));
  window_.apply(view::GoToOffset{0});
  snapshot = window_.next_snapshot();
  auto failed = std::make_shared<view::PageReply>();
  failed->id = corpus().pending_page;
  failed->failure = view::Failure{ErrorCode::kBusy, "Another process holds corpus.sqlite (%s)."};
  snapshot.page = failed;
  window_.publish(snapshot);
  EXPECT_TRUE(window_.has("corpus.table"));
}

TEST_F(CorpusPanelTest, ACancelledSearchCanBeMadeAgain) {
  open();
  window_.apply(view::SetFilters{{.expression = "x"}});
  view::EngineSnapshot snapshot = window_.next_snapshot();
  auto failed = std::make_shared<view::PageReply>();
  failed->id = corpus().pending_page;
  failed->failure = view::Failure{ErrorCode::kCancelled, "The query was cancelled."};
  snapshot.page = failed;
  window_.publish(snapshot);
  window_.forget_effects();
  window_.click("corpus.again");
  ASSERT_NE(window_.sent<view::LoadPage>(), nullptr);
  EXPECT_EQ(window_.sent<view::LoadPage>()->query.expression, "x");
}

TEST_F(CorpusPanelTest, DrawsAtEverySize) {
  open(200, 4000);
  window_.press("R", /*ctrl=*/true, /*shift=*/true);
  for (const auto& [width, height] : {std::pair{640.0F, 420.0F}, {3000.0F, 2000.0F}})
    window_.resize(width, height);
  window_.press("F2");
  window_.resize(640, 420);
  window_.set_theme(view::ThemeKind::kDark);
  window_.frames(2);
}

}  // namespace
}  // namespace realm::panels
