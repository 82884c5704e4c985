// The rules of Corpus: edits that are kept or refused, and the table's search, order and filters.
#include <gtest/gtest.h>

#include "app/view/workbench.h"
#include "tests/app/view/workbench_world.h"

namespace realm::view {
namespace {

class WorkbenchCorpusTest : public WorkbenchTest {
 protected:
  void SetUp() override {
    open();
    bench_.apply(SetTab{Tab::kCorpus});
  }
  void load(DocumentId id) {
    const RequestId request = sent_id<LoadDocument>(bench_.apply(SelectRow{id}));
    EngineSnapshot snapshot = engine_.next();
    auto reply = std::make_shared<DocumentReply>();
    reply->id = request;
    reply->document_id = id;
    Document document;
    document.id = id;
    document.title = "Rhine";
    document.text = "It flows north.";
    reply->document = document;
    snapshot.document = reply;
    bench_.take(engine_.publish(std::move(snapshot)));
  }
  void change_text(std::string_view text) {
    bench_.apply(
        ChangeForm{.title = corpus().form->title, .text = TextEditor(TextFieldKind::kPlain, text)});
  }
  const CorpusState& corpus() const { return bench_.state().corpus; }
};

TEST_F(WorkbenchCorpusTest, KeepSendsOnlyWhatChanged) {
  load(7);
  bench_.apply(RunCommand{"corpus.edit"});
  ASSERT_TRUE(corpus().form);
  change_text("It flows south.");
  const Effects effects = bench_.apply(RunCommand{"corpus.keep"});
  const auto* edit = sent<EditDocument>(effects);
  ASSERT_NE(edit, nullptr);
  EXPECT_EQ(edit->id, 7);
  EXPECT_FALSE(edit->change.title);
  EXPECT_EQ(edit->change.text, "It flows south.");
  bench_.take(engine_.outcome(
      {.id = sent_id<EditDocument>(effects), .kind = OutcomeKind::kEdit, .touched = {7}}));
  EXPECT_FALSE(corpus().form);
}

TEST_F(WorkbenchCorpusTest, ARefusedEditStaysInTheForm) {
  load(7);
  bench_.apply(RunCommand{"corpus.edit"});
  change_text("It flows south.");
  const RequestId id = sent_id<EditDocument>(bench_.apply(RunCommand{"corpus.keep"}));
  bench_.take(engine_.outcome({.id = id,
                               .kind = OutcomeKind::kEdit,
                               .failure = Failure{ErrorCode::kIo, "The disk is full."}}));
  ASSERT_TRUE(corpus().form);
  EXPECT_EQ(corpus().form->failure->sentence, "The disk is full.");
  EXPECT_EQ(corpus().form->text.text(), "It flows south.");
}

TEST_F(WorkbenchCorpusTest, AnEmptyTextIsNotSent) {
  load(7);
  bench_.apply(RunCommand{"corpus.edit"});
  change_text(" \n");
  EXPECT_TRUE(bench_.apply(RunCommand{"corpus.keep"}).empty());
  EXPECT_TRUE(corpus().form->failure);
}

TEST_F(WorkbenchCorpusTest, AnUnsavedEditIsNeverLostSilently) {
  load(7);
  bench_.apply(RunCommand{"corpus.edit"});
  change_text("It flows south.");
  bench_.apply(CloseWindow{});
  EXPECT_FALSE(bench_.state().wants_quit);
  EXPECT_EQ(bench_.state().popup, Popup::kUnsavedEdit);
  bench_.apply(ResolveUnsaved{ResolveUnsaved::Choice::kCancel});
  EXPECT_TRUE(corpus().form);
  bench_.apply(SelectRow{8});
  EXPECT_EQ(corpus().form->id, 7);
  EXPECT_EQ(bench_.state().popup, Popup::kUnsavedEdit);
  bench_.apply(ResolveUnsaved{ResolveUnsaved::Choice::kDiscard});
  EXPECT_FALSE(corpus().form);
  bench_.apply(CloseWindow{});
  EXPECT_TRUE(bench_.state().wants_quit);
}

TEST_F(WorkbenchCorpusTest, QuittingWithKeepSendsTheEditFirst) {
  load(7);
  bench_.apply(RunCommand{"corpus.edit"});
  change_text("It flows south.");
  bench_.apply(RunCommand{"file.quit"});
  const Effects effects = bench_.apply(ResolveUnsaved{ResolveUnsaved::Choice::kKeep});
  EXPECT_NE(sent<EditDocument>(effects), nullptr);
  EXPECT_TRUE(bench_.state().wants_quit);
}

TEST_F(WorkbenchCorpusTest, SearchingStartsAtTheFirstPageByRelevance) {
  bench_.apply(GoToOffset{400});
  const Effects effects = bench_.apply(SetSearch{"rhine"});
  ASSERT_NE(sent<LoadPage>(effects), nullptr);
  EXPECT_EQ(sent<LoadPage>(effects)->query.offset, 0);
  EXPECT_EQ(sent<LoadPage>(effects)->query.order, DocumentOrder::kByRelevance);
  const Effects cleared = bench_.apply(SetSearch{""});
  EXPECT_EQ(sent<LoadPage>(cleared)->query.order, DocumentOrder::kById);
}

TEST_F(WorkbenchCorpusTest, AClickOnAHeadSortsThenTurnsThenLetsGo) {
  CorpusState corpus;
  EXPECT_EQ(next_order(corpus, DocumentOrder::kById), (TableOrder{DocumentOrder::kById, true}));
  EXPECT_EQ(next_order(corpus, DocumentOrder::kByWords),
            (TableOrder{DocumentOrder::kByWords, false}));
  corpus.order = DocumentOrder::kByWords;
  EXPECT_EQ(next_order(corpus, DocumentOrder::kByWords),
            (TableOrder{DocumentOrder::kByWords, true}));
  corpus.descending = true;
  EXPECT_EQ(next_order(corpus, DocumentOrder::kByWords), (TableOrder{DocumentOrder::kById, false}));
  corpus.search = "rhine";
  EXPECT_EQ(next_order(corpus, DocumentOrder::kByWords),
            (TableOrder{DocumentOrder::kByRelevance, false}));

  bench_.apply(GoToOffset{400});
  const Effects effects = bench_.apply(SetOrder{{DocumentOrder::kBySource, true}});
  ASSERT_NE(sent<LoadPage>(effects), nullptr);
  EXPECT_EQ(sent<LoadPage>(effects)->query.order, DocumentOrder::kBySource);
  EXPECT_TRUE(sent<LoadPage>(effects)->query.descending);
  EXPECT_EQ(sent<LoadPage>(effects)->query.offset, 0);
  // An order that was chosen outlives a search.
  const Effects searched = bench_.apply(SetSearch{"rhine"});
  EXPECT_EQ(sent<LoadPage>(searched)->query.order, DocumentOrder::kBySource);
}

TEST_F(WorkbenchCorpusTest, AWrongExpressionLeavesTheTableAsItIs) {
  bench_.apply(GoToOffset{400});
  const Effects good = bench_.apply(SetFilters{{.contains = "north", .expression = "Rh"}});
  ASSERT_NE(sent<LoadPage>(good), nullptr);
  EXPECT_EQ(sent<LoadPage>(good)->query.offset, 0);
  const Effects wrong = bench_.apply(SetFilters{{.contains = "north", .expression = "Rh["}});
  EXPECT_EQ(sent<LoadPage>(wrong), nullptr);
  EXPECT_EQ(bench_.state().corpus.filters.expression, "Rh[");
  EXPECT_EQ(bench_.state().corpus.expression_problem,
            "The regular expression is not valid: missing ]: [.");
  // Other filters work meanwhile, with the last expression that was one.
  const Effects other = bench_.apply(SetFilters{{.contains = "south", .expression = "Rh["}});
  ASSERT_NE(sent<LoadPage>(other), nullptr);
  EXPECT_EQ(sent<LoadPage>(other)->query.expression, "Rh");
  EXPECT_EQ(sent<LoadPage>(other)->query.contains, "south");
  const Effects all = bench_.apply(ShowEverything{});
  EXPECT_FALSE(sent<LoadPage>(all)->query.filters());
  EXPECT_TRUE(bench_.state().corpus.expression_problem.empty());
}

TEST_F(WorkbenchCorpusTest, ErrorsStayUntilDismissedAndSuccessesGo) {
  bench_.take(engine_.outcome(
      {.id = 90, .kind = OutcomeKind::kUndo, .title = "edit of \u201CRhine\u201D"}));
  bench_.take(engine_.outcome(
      {.id = 91, .kind = OutcomeKind::kBuildIndex, .failure = Failure{ErrorCode::kIo, "No."}}));
  EXPECT_EQ(bench_.state().toasts.size(), 2U);
  bench_.tick(60);
  ASSERT_EQ(bench_.state().toasts.size(), 1U);
  EXPECT_EQ(bench_.state().toasts[0].text, "No.");
  bench_.apply(DismissToast{bench_.state().toasts[0].id});
  EXPECT_TRUE(bench_.state().toasts.empty());
}

}  // namespace
}  // namespace realm::view
