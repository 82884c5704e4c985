#include "app/view/workbench.h"

#include <gtest/gtest.h>

#include "tests/app/view/fake_session.h"

namespace realm::view {
namespace {

constexpr std::string_view kSentence = "3 is a [[Fermat]] prime.";

template <typename T>
const T* sent(const Effects& effects) {
  for (const Effect& effect : effects) {
    if (const auto* send = std::get_if<SendCommand>(&effect)) {
      if (const auto* body = std::get_if<T>(&send->command.body)) return body;
    }
  }
  return nullptr;
}

template <typename T>
RequestId sent_id(const Effects& effects) {
  for (const Effect& effect : effects) {
    if (const auto* send = std::get_if<SendCommand>(&effect)) {
      if (std::holds_alternative<T>(send->command.body)) return send->command.id;
    }
  }
  return 0;
}

// Plays the engine: builds the next snapshot on the last one.
class FakeEngineThread {
 public:
  EngineSnapshot next() {
    ++last_.version;
    return last_;
  }
  std::shared_ptr<const EngineSnapshot> publish(EngineSnapshot snapshot) {
    last_ = std::move(snapshot);
    return std::make_shared<EngineSnapshot>(last_);
  }
  std::shared_ptr<const EngineSnapshot> ready() {
    EngineSnapshot snapshot = next();
    snapshot.phase = EnginePhase::kReady;
    snapshot.folder = "/w";
    auto status = std::make_shared<SessionStatus>();
    status->can_undo = true;
    status->undo_title = "edit of \u201CRhine\u201D";
    snapshot.status = status;
    return publish(std::move(snapshot));
  }
  std::shared_ptr<const EngineSnapshot> answer(RequestId id, AskResult result) {
    EngineSnapshot snapshot = next();
    auto reply = std::make_shared<AskReply>();
    reply->id = id;
    reply->query = result.query;
    reply->result = std::make_shared<AskResult>(std::move(result));
    snapshot.ask = reply;
    return publish(std::move(snapshot));
  }
  std::shared_ptr<const EngineSnapshot> refuse(RequestId id, ErrorCode code) {
    EngineSnapshot snapshot = next();
    auto reply = std::make_shared<AskReply>();
    reply->id = id;
    reply->failure = Failure{code, "It could not be."};
    snapshot.ask = reply;
    return publish(std::move(snapshot));
  }
  std::shared_ptr<const EngineSnapshot> outcome(Outcome outcome) {
    EngineSnapshot snapshot = next();
    auto outcomes = std::make_shared<std::vector<Outcome>>();
    if (last_.outcomes) *outcomes = *last_.outcomes;
    outcomes->push_back(std::move(outcome));
    snapshot.outcomes = outcomes;
    return publish(std::move(snapshot));
  }

 private:
  EngineSnapshot last_;
};

class WorkbenchTest : public ::testing::Test {
 protected:
  void open(StartOptions options = {}) {
    options.workspace = "/w";
    bench_.start(options);
    bench_.take(engine_.ready());
  }
  AskResult result_for(std::string_view text) {
    AskResult result = testing::fermat_result();
    result.query.text = std::string(text);
    return result;
  }
  RequestId ask(std::string_view text) {
    TextEditor sentence(TextFieldKind::kSentence, text);
    bench_.apply(SetSentence{.sentence = sentence});
    return sent_id<Ask>(bench_.apply(RunCommand{"ask.run"}));
  }
  const AskState& state() const { return bench_.state().ask; }

  Workbench bench_;
  FakeEngineThread engine_;
};

TEST_F(WorkbenchTest, StartOpensTheWorkspaceAndAsksTheGivenSentence) {
  StartOptions options;
  options.workspace = "/w";
  options.ask = std::string(kSentence);
  const Effects effects = bench_.start(options);
  ASSERT_NE(sent<OpenWorkspace>(effects), nullptr);
  ASSERT_NE(sent<Ask>(effects), nullptr);
  EXPECT_EQ(sent<Ask>(effects)->query.text, kSentence);
  EXPECT_NE(state().pending, 0U);
}

TEST_F(WorkbenchTest, AWorkspaceThatOpensShowsItsFirstPage) {
  StartOptions options;
  options.workspace = "/w";
  bench_.start(options);
  const Effects effects = bench_.take(engine_.ready());
  EXPECT_NE(sent<LoadPage>(effects), nullptr);
  EXPECT_EQ(bench_.state().memory.recent, std::vector<std::string>{"/w"});
}

TEST_F(WorkbenchTest, AskingNeedsAHiddenWord) {
  open();
  EXPECT_EQ(ask("3 is a prime."), 0U);
  EXPECT_FALSE(state().hint.empty());
  EXPECT_NE(ask(kSentence), 0U);
  EXPECT_TRUE(state().hint.empty());
}

TEST_F(WorkbenchTest, TheOldResultStaysUntilTheNewOneComes) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  EXPECT_FALSE(is_outdated(state()));
  const RequestId second = ask("5 is a [[Fermat]] prime.");
  EXPECT_TRUE(is_outdated(state()));
  ASSERT_TRUE(state().result);
  EXPECT_EQ(state().result->query.text, kSentence);
  bench_.take(engine_.answer(second, result_for("5 is a [[Fermat]] prime.")));
  EXPECT_FALSE(is_outdated(state()));
}

TEST_F(WorkbenchTest, AnAnswerToAnOlderQuestionIsIgnored) {
  open();
  const RequestId first = ask(kSentence);
  const RequestId second = ask("5 is a [[Fermat]] prime.");
  bench_.take(engine_.answer(first, result_for(kSentence)));
  EXPECT_FALSE(state().result);
  EXPECT_EQ(state().pending, second);
}

TEST_F(WorkbenchTest, HidingAWordByAClickPredictsAtOnceUnlessSwitchedOff) {
  open();
  const TextEditor sentence(TextFieldKind::kSentence, kSentence);
  EXPECT_NE(sent<Ask>(bench_.apply(SetSentence{.sentence = sentence, .hid_word = true})), nullptr);
  StartOptions options;
  options.preferences.predict_on_hide = false;
  open(options);
  EXPECT_EQ(sent<Ask>(bench_.apply(SetSentence{.sentence = sentence, .hid_word = true})), nullptr);
}

TEST_F(WorkbenchTest, AFailedQuestionKeepsTheLastResultAndSaysWhy) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  bench_.take(engine_.refuse(ask("[[x]]"), ErrorCode::kInvalidArgument));
  EXPECT_TRUE(state().failure);
  EXPECT_TRUE(state().result);
  EXPECT_EQ(state().pending, 0U);
}

TEST_F(WorkbenchTest, EscapeCancelsWhatIsBeingAsked) {
  open();
  const RequestId id = ask(kSentence);
  const Effects effects = bench_.apply(RunCommand{"ask.cancel"});
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_EQ(std::get<CancelRequest>(effects[0]).id, id);
  bench_.take(engine_.refuse(id, ErrorCode::kCancelled));
  EXPECT_FALSE(state().failure);
  EXPECT_FALSE(state().hint.empty());
}

TEST_F(WorkbenchTest, AKeptEditAsksAgainAndComparesWithBefore) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  const Effects effects = bench_.take(engine_.outcome(
      {.id = 50, .kind = OutcomeKind::kEdit, .touched = {1}, .title = "257 (number)"}));
  ASSERT_NE(sent<Ask>(effects), nullptr);
  EXPECT_NE(sent<LoadPage>(effects), nullptr);
  AskResult after = result_for(kSentence);
  after.p_y_given_x = 0.02;
  bench_.take(engine_.answer(sent_id<Ask>(effects), after));
  ASSERT_TRUE(state().reference);
  EXPECT_EQ(state().reference->label, "after the edit of \u201C257 (number)\u201D");
  EXPECT_GT(state().reference->result->p_y_given_x, 0.5);
  // The next question of the user's own has nothing to be compared with.
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  EXPECT_FALSE(state().reference);
}

TEST_F(WorkbenchTest, APinnedResultStaysForComparison) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  bench_.apply(RunCommand{"ask.pin_result"});
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  ASSERT_TRUE(state().reference);
  EXPECT_TRUE(state().reference->is_pinned);
  bench_.apply(RunCommand{"ask.pin_result"});
  EXPECT_FALSE(state().reference);
}

TEST_F(WorkbenchTest, TheMostHelpfulPassageIsReadFirst) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  EXPECT_EQ(state().reading, 1);
  EXPECT_FALSE(state().sorting_document);
  bench_.apply(SelectPassage{.id = 2});
  EXPECT_EQ(state().reading, 2);
  EXPECT_EQ(state().sorting_document, 2);
  bench_.apply(SelectPassage{.id = 2});
  EXPECT_FALSE(state().sorting_document);
}

TEST_F(WorkbenchTest, WatchedWordsAreAskedForAtOnce) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  const Effects effects = bench_.apply(AddWatch{"  gauss "});
  ASSERT_NE(sent<Ask>(effects), nullptr);
  EXPECT_EQ(sent<Ask>(effects)->query.watch, std::vector<std::string>{"gauss"});
  EXPECT_TRUE(bench_.apply(AddWatch{"gauss"}).empty());
  EXPECT_TRUE(bench_.apply(AddWatch{"   "}).empty());
}

TEST_F(WorkbenchTest, AnExcludedPassageIsNoLongerPinned) {
  open();
  bench_.take(engine_.answer(ask(kSentence), result_for(kSentence)));
  bench_.apply(SetPinned{{7, "Rhine"}, true});
  const Effects effects = bench_.apply(SetExcluded{{7, "Rhine"}, true});
  ASSERT_NE(sent<Ask>(effects), nullptr);
  EXPECT_EQ(sent<Ask>(effects)->query.excluded, std::vector<DocumentId>{7});
  EXPECT_TRUE(sent<Ask>(effects)->query.pinned.empty());
}

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

TEST_F(WorkbenchTest, SettingsAreWrittenAMomentAfterTheyChange) {
  StartOptions options;
  options.folders.config = "/config";
  options.folders.state = "/state";
  open(options);
  bench_.apply(RunCommand{"view.theme"});
  EXPECT_EQ(sent<WriteTextFile>(bench_.tick(0.5)), nullptr);
  EXPECT_GT(bench_.next_deadline(), 0);
  const Effects effects = bench_.tick(2);
  ASSERT_NE(sent<WriteTextFile>(effects), nullptr);
  EXPECT_EQ(sent<WriteTextFile>(effects)->file, "/config/settings.json");
  EXPECT_EQ(sent<WriteTextFile>(bench_.tick(4)), nullptr);
  EXPECT_LT(bench_.next_deadline(), 0);
}

TEST_F(WorkbenchTest, TheScaleCannotLeaveItsRange) {
  open();
  for (int i = 0; i < 60; ++i) bench_.apply(RunCommand{"view.scale_up"});
  EXPECT_FLOAT_EQ(bench_.state().preferences.scale, kMaxScale);
  for (int i = 0; i < 60; ++i) bench_.apply(RunCommand{"view.scale_down"});
  EXPECT_FLOAT_EQ(bench_.state().preferences.scale, kMinScale);
  bench_.apply(RunCommand{"view.scale_reset"});
  EXPECT_FLOAT_EQ(bench_.state().preferences.scale, 1);
}

}  // namespace
}  // namespace realm::view
