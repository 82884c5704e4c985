#include "app/panels/ask_panel.h"

#include <gtest/gtest.h>

#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using testing::Headless;
using view::Focus;

class AskPanelTest : public ::testing::Test {
 protected:
  void open_and_answer() {
    window_.open();
    const AskResult result = testing::fermat_result();
    window_.ask(result.query.text);
    window_.answer(result);
  }
  // The name of a character of the sentence, for clicking it.
  std::string at(const std::string& word) const {
    return "ask.sentence@" + std::to_string(ask().sentence.text().find(word) + 1);
  }
  const view::AskState& ask() const { return window_.state().ask; }

  Headless window_;
};

TEST_F(AskPanelTest, ShowsWhatIsGoingOnBeforeThereIsAWorkspace) {
  EXPECT_TRUE(window_.has("ask.empty"));
  EXPECT_FALSE(window_.has("ask.example.0"));
  view::EngineSnapshot snapshot = window_.next_snapshot();
  snapshot.phase = view::EnginePhase::kFailed;
  snapshot.failure =
      view::Failure{ErrorCode::kUnsupported, "It has format 9; 100 % of \"##it\" is %s too new."};
  window_.publish(snapshot);
  window_.click("empty.open");
  EXPECT_EQ(window_.state().popup, view::Popup::kOpenWorkspace);
}

TEST_F(AskPanelTest, OffersExamplesThatAskAtOnce) {
  window_.open();
  window_.click("ask.example.0");
  ASSERT_NE(window_.sent<view::Ask>(), nullptr);
  EXPECT_EQ(window_.sent<view::Ask>()->query.text, "3 is a [[Fermat]] prime.");
}

TEST_F(AskPanelTest, SaysThatThereIsNoModel) {
  SessionStatus status = Headless::ready_status();
  status.model.reset();
  status.active_model.clear();
  window_.open(status);
  view::EngineSnapshot snapshot = window_.next_snapshot();
  snapshot.model_failure = view::Failure{ErrorCode::kNotFound, "No model is active."};
  window_.publish(snapshot);
  EXPECT_TRUE(window_.has("ask.empty"));
  EXPECT_FALSE(window_.has("ask.example.0"));
  EXPECT_FALSE(window_.has("empty.passages")) << "it has some";
  window_.apply(view::UseSentence{"3 is a [[Fermat]] prime."});
  window_.frames(2);
  window_.click("ask.run");
  window_.apply(view::RunCommand{"ask.run"});
  EXPECT_EQ(window_.sent<view::Ask>(), nullptr);
  EXPECT_NE(window_.state().ask.hint.find("no model"), std::string::npos);
  window_.click("empty.model");
  EXPECT_EQ(window_.state().popup, view::Popup::kImportModel);
}

TEST_F(AskPanelTest, LeadsFromAnEmptyWorkspaceToPassagesAndModels) {
  SessionStatus status = Headless::ready_status();
  status.model.reset();
  status.active_model.clear();
  status.corpus_documents = 0;
  window_.open(status);
  view::EngineSnapshot snapshot = window_.next_snapshot();
  snapshot.model_failure = view::Failure{ErrorCode::kNotFound, "No model is active."};
  window_.publish(snapshot);
  window_.click("empty.train");
  EXPECT_EQ(window_.state().tab, view::Tab::kTrain);
  window_.apply(view::SetTab{view::Tab::kAsk});
  window_.frames(2);
  window_.click("empty.passages");
  EXPECT_EQ(window_.state().popup, view::Popup::kImport);
}

TEST_F(AskPanelTest, SaysThatAnEmptyCorpusHasNothingToRetrieve) {
  SessionStatus status = Headless::ready_status();
  status.corpus_documents = 0;
  window_.open(status);
  EXPECT_FALSE(window_.has("empty.model"));
  window_.click("empty.passages");
  EXPECT_EQ(window_.state().popup, view::Popup::kImport);
}

TEST_F(AskPanelTest, OffersToEmbedWhereTheIndexIsAnotherModels) {
  SessionStatus status = Headless::ready_status();
  status.index.matches_model = false;
  status.model_before = "the one before";
  window_.open(status);
  EXPECT_FALSE(window_.has("ask.example.0"));
  window_.click("empty.embed");
  EXPECT_NE(window_.sent<view::BuildIndex>(), nullptr);
  window_.click("empty.back");
  ASSERT_NE(window_.sent<view::UseModel>(), nullptr);
  EXPECT_EQ(window_.sent<view::UseModel>()->name, "the one before");
}

TEST_F(AskPanelTest, GoesBackToTheModelBeforeByItsName) {
  window_.open();
  window_.click("badge.model");
  EXPECT_EQ(window_.sent<view::UseModel>(), nullptr) << "there was none before";
  SessionStatus status = Headless::ready_status();
  status.model_before = "starter-2";
  window_.open(status);
  window_.click("badge.model");
  EXPECT_NE(window_.sent<view::UseModel>(), nullptr);
}

TEST_F(AskPanelTest, TypingGoesIntoTheSentenceFromTheStart) {
  window_.open();
  window_.type("A [[b]] c");
  EXPECT_EQ(ask().sentence.text(), "A [[b]] c");
  window_.press("Enter");
  ASSERT_NE(window_.sent<view::Ask>(), nullptr);
  EXPECT_NE(ask().pending, 0U);
}

TEST_F(AskPanelTest, ClickingAWordHidesItAndAsksAndClickingAgainRestoresIt) {
  window_.open();
  window_.apply(view::UseSentence{"3 is a Fermat prime.", false});
  window_.frames(2);
  window_.click(at("Fermat"));
  EXPECT_EQ(ask().sentence.text(), "3 is a [[Fermat]] prime.");
  EXPECT_NE(window_.sent<view::Ask>(), nullptr);
  window_.click(at("ermat"));
  EXPECT_EQ(ask().sentence.text(), "3 is a Fermat prime.");
}

TEST_F(AskPanelTest, ADoubleClickSelectsTheWordInsteadOfHidingIt) {
  window_.open();
  window_.apply(view::UseSentence{"3 is a Fermat prime.", false});
  window_.frames(2);
  window_.double_click(at("Fermat"));
  EXPECT_EQ(ask().sentence.text(), "3 is a Fermat prime.");
  EXPECT_EQ(ask().sentence.selected_text(), "Fermat");
}

TEST_F(AskPanelTest, DraggingSelectsAndControlMHidesTheSelection) {
  window_.open();
  window_.apply(view::UseSentence{"in New York today", false});
  window_.frames(2);
  const view::Box from = window_.box("ask.sentence@3"), to = window_.box("ask.sentence@10");
  window_.drag("ask.sentence@3", to.right() - from.x - from.width / 2, 0);
  EXPECT_EQ(ask().sentence.selected_text(), "New York");
  window_.press("M", /*ctrl=*/true);
  EXPECT_EQ(ask().sentence.text(), "in [[New York]] today");
}

TEST_F(AskPanelTest, ShowsEveryRowOfAResult) {
  open_and_answer();
  for (const char* name :
       {"ask.word.0", "ask.word.10", "ask.watched.0", "ask.passage.0", "ask.passage.7", "ask.share",
        "ask.figure.ru", "ask.strip.0", "ask.strip.3", "ask.read.edit"}) {
    EXPECT_TRUE(window_.has(name)) << name;
  }
}

TEST_F(AskPanelTest, SelectingAWordAndAPassageIsLinked) {
  open_and_answer();
  window_.click("ask.word.1");
  EXPECT_EQ(ask().selected_word, ask().result->top[1].word);
  window_.click("ask.word.1");
  EXPECT_FALSE(ask().selected_word);
  window_.click("ask.passage.1");
  EXPECT_EQ(ask().reading, 2);
  EXPECT_EQ(ask().sorting_document, 2);
  window_.press("Down");
  EXPECT_EQ(ask().reading, 3);
  window_.press("Esc");
  EXPECT_FALSE(ask().sorting_document);
}

TEST_F(AskPanelTest, TheOtherRowCannotBeSelected) {
  open_and_answer();
  window_.click("ask.word.10");
  EXPECT_FALSE(ask().selected_word);
}

TEST_F(AskPanelTest, TheNullDocumentCanBeRead) {
  open_and_answer();
  for (size_t i = 0; i < ask().result->documents.size(); ++i) {
    if (!ask().result->documents[i].is_null) continue;
    window_.click("ask.passage." + std::to_string(i));
  }
  EXPECT_EQ(ask().reading, kNullDocumentId);
  EXPECT_FALSE(window_.has("ask.read.edit"));
  EXPECT_FALSE(window_.has("ask.figure.ru"));
}

TEST_F(AskPanelTest, PassagesCanBePinnedExcludedAndTakenBack) {
  open_and_answer();
  window_.click("ask.read.exclude");
  ASSERT_NE(window_.sent<view::Ask>(), nullptr);
  EXPECT_EQ(window_.sent<view::Ask>()->query.excluded, std::vector<DocumentId>{1});
  window_.click("ask.include.0");
  EXPECT_TRUE(window_.sent<view::Ask>()->query.excluded.empty());
  window_.click("ask.read.pin");
  EXPECT_EQ(window_.sent<view::Ask>()->query.pinned, std::vector<DocumentId>{1});
}

TEST_F(AskPanelTest, AWordIsWatchedByTypingItAndRemovedByItsCross) {
  open_and_answer();
  window_.click("ask.watch_field");
  window_.type("gauss");
  window_.press("Enter");
  EXPECT_EQ(ask().watch, std::vector<std::string>{"gauss"});
  window_.hover("ask.watched.0");
  window_.click("ask.watched.0.remove");
  EXPECT_FALSE(ask().selected_word);  // the click was the cross's alone
}

TEST_F(AskPanelTest, RightClickCopiesARow) {
  open_and_answer();
  window_.right_click("ask.word.0");
  window_.click("ask.word.0.copy");
  ASSERT_FALSE(window_.effects().empty());
  const auto* clipboard = std::get_if<view::SetClipboard>(&window_.effects().back());
  ASSERT_NE(clipboard, nullptr);
  EXPECT_EQ(clipboard->text.substr(0, 7), "fermat\t");
}

TEST_F(AskPanelTest, TheNumberOfCandidatesIsChosenFromAList) {
  open_and_answer();
  window_.click("ask.k");
  window_.click("ask.k.2");
  EXPECT_EQ(ask().candidates, 4);
  EXPECT_EQ(window_.sent<view::Ask>()->query.candidates, 4);
}

TEST_F(AskPanelTest, AnEditShowsOldAndNewAndCanBeUndone) {
  open_and_answer();
  view::EngineSnapshot snapshot = window_.next_snapshot();
  SessionStatus status = Headless::ready_status();
  status.can_undo = true;
  status.undo_title = "edit of \u201C257 (number)\u201D";
  snapshot.status = std::make_shared<SessionStatus>(status);
  view::Outcome outcome;
  outcome.id = 900;
  outcome.kind = view::OutcomeKind::kEdit;
  outcome.touched = {1};
  outcome.title = "257 (number)";
  snapshot.outcomes =
      std::make_shared<const std::vector<view::Outcome>>(std::vector<view::Outcome>{outcome});
  window_.publish(snapshot);
  AskResult after = testing::fermat_result();
  after.p_y_given_x = 0.02;
  after.log_p_y_given_x = -3.9;
  window_.answer(after);
  ASSERT_TRUE(ask().reference);
  window_.click("ask.undo_edit");
  EXPECT_NE(window_.sent<view::UndoChange>(), nullptr);
  window_.click("ask.clear_reference");
  EXPECT_FALSE(ask().reference);
}

TEST_F(AskPanelTest, DrawsResultsOfEverySize) {
  window_.open();
  AskQuery query;
  query.text = "[[x]]";
  for (const size_t count : {size_t{0}, size_t{1}, size_t{40}}) {
    std::vector<Document> passages;
    for (size_t i = 0; i < count; ++i) {
      Document document;
      document.id = static_cast<DocumentId>(i + 1);
      document.title = i % 3 == 0 ? "" : "A title with ##, %s and %n " + std::to_string(i);
      document.text = i % 4 == 0 ? std::string(9000, 'x') : "Some text.\nAnd \xff more.";
      passages.push_back(document);
    }
    passages.push_back({});
    const std::vector<double> scores(passages.size(), 1.0);
    std::vector<testing::SampleWord> words;
    for (size_t i = 0; i < std::max<size_t>(1, count); ++i) {
      words.push_back({i == 0 ? "x" : "w%s##" + std::to_string(i),
                       std::vector<double>(passages.size(), 1e-320), 0});
    }
    window_.ask(query.text);
    window_.answer(testing::make_result(query, passages, scores, words, "x", true));
    window_.frames(2);
    EXPECT_GT(window_.vertices(), 100);
    for (const auto& [width, height] :
         {std::pair{640.0F, 420.0F}, {3000.0F, 2000.0F}, {1280.0F, 800.0F}})
      window_.resize(width, height);
  }
}

TEST_F(AskPanelTest, DrawsAResultThatIsAlmostEmpty) {
  window_.open();
  window_.ask("[MASK]");
  AskResult nothing;
  nothing.query.text = "[MASK]";
  window_.answer(nothing);
  EXPECT_FALSE(ask().has_reading);
  window_.set_theme(view::ThemeKind::kDark);
  window_.frames(2);
}

TEST_F(AskPanelTest, AnErrorIsShownAndTheOldResultStays) {
  open_and_answer();
  window_.ask("[[%s ##]]");
  view::EngineSnapshot snapshot = window_.next_snapshot();
  auto reply = std::make_shared<view::AskReply>();
  reply->id = ask().pending;
  reply->failure =
      view::Failure{ErrorCode::kInvalidArgument, "The answer \"%s ##\" is not in the vocabulary."};
  snapshot.ask = reply;
  window_.publish(snapshot);
  EXPECT_TRUE(ask().failure);
  EXPECT_TRUE(window_.has("ask.passage.0"));
}

TEST_F(AskPanelTest, SplittersMovePanesAndADoubleClickPutsThemBack) {
  open_and_answer();
  const float before = window_.state().memory.panes.words;
  window_.drag("ask.split.words", 120, 0);
  EXPECT_NEAR(window_.state().memory.panes.words, before + 120 / 1183.0F, 0.01F);
  window_.double_click("ask.split.words");
  EXPECT_FLOAT_EQ(window_.state().memory.panes.words, before);
}

TEST_F(AskPanelTest, ShowsTheWordPiecesOfTheSentence) {
  window_.open();
  window_.apply(view::UseSentence{"3 is a [[Fermat]] prime.", false});
  ASSERT_NE(window_.sent<view::ReadSentence>(), nullptr);
  EXPECT_EQ(window_.sent<view::ReadSentence>()->text, "3 is a [[Fermat]] prime.");
  SentenceReading reading;
  reading.limit = 94;
  for (const char* piece : {"3", "is", "a", "[MASK]", "[MASK]", "prime", ".", "##%s"})
    reading.pieces.push_back({.text = piece, .id = 7, .hidden = piece[0] == '['});
  window_.read_sentence(reading);
  EXPECT_TRUE(window_.has("ask.count"));
  EXPECT_FALSE(window_.has("ask.pieces"));
  window_.click("ask.count");
  EXPECT_TRUE(window_.state().preferences.shows_pieces);
  EXPECT_TRUE(window_.has("ask.piece.4"));
  window_.hover("ask.piece.4");
  // Far too long: lines are left out, none is drawn over the controls.
  reading.pieces.assign(500, {.text = "unconstructible", .id = 9});
  window_.apply(view::UseSentence{"much longer [[now]]", false});
  window_.read_sentence(reading);
  EXPECT_LE(window_.box("ask.pieces").bottom(), window_.box("ask.run").y);
}

TEST_F(AskPanelTest, TheNumberOfWordsIsChosenFromAList) {
  open_and_answer();
  window_.click("ask.words.count");
  window_.click("ask.words.count.2");
  EXPECT_EQ(ask().words, 20);
  EXPECT_EQ(window_.sent<view::Ask>()->query.words, 20);
}

TEST_F(AskPanelTest, ADoubleClickOnATitleShowsThatPaneAlone) {
  open_and_answer();
  window_.double_click("ask.reading.head");
  EXPECT_EQ(window_.state().zoomed, view::Pane::kReading);
  EXPECT_FALSE(window_.has("ask.passage.0"));
  EXPECT_TRUE(window_.has("ask.figure.score"));
  window_.press("Esc");
  EXPECT_EQ(window_.state().zoomed, view::Pane::kNone);
  window_.click("ask.word.0");
  window_.press("F", /*ctrl=*/true, /*shift=*/true);
  EXPECT_EQ(window_.state().zoomed, view::Pane::kWords);
  window_.apply(view::RunCommand{"view.corpus"});
  EXPECT_EQ(window_.state().zoomed, view::Pane::kNone);
}

TEST_F(AskPanelTest, ATallWindowWritesTheSumOut) {
  open_and_answer();
  EXPECT_FALSE(window_.has("ask.sum"));
  window_.resize(1920, 1080);
  EXPECT_TRUE(window_.has("ask.sum"));
  window_.click("ask.word.1");
  EXPECT_TRUE(window_.has("ask.sum"));
}

TEST_F(AskPanelTest, SaysWhatTheCandidatesLeaveOut) {
  window_.open();
  AskResult result = testing::fermat_result();
  window_.ask(result.query.text);
  result.mass_outside_top_k = 0.0123;
  result.exact_p_y_given_x = 0.811;
  window_.answer(result);
  EXPECT_TRUE(window_.has("ask.outside"));
  window_.apply(view::RunCommand{"ask.exact_sum"});
  EXPECT_TRUE(window_.sent<view::Ask>()->query.exact_sum);
}

TEST_F(AskPanelTest, NumbersOfTheStripAndOfThePassageAreCopied) {
  open_and_answer();
  window_.right_click("ask.strip.area");
  window_.click("ask.strip.area.copy_table");
  const auto* table = std::get_if<view::SetClipboard>(&window_.effects().back());
  ASSERT_NE(table, nullptr);
  EXPECT_NE(table->text.find("BERT\t1.6e\u221217"), std::string::npos) << table->text;
  window_.right_click("ask.figure.pz");
  const auto* number = std::get_if<view::SetClipboard>(&window_.effects().back());
  ASSERT_NE(number, nullptr);
  EXPECT_EQ(number->text.substr(0, 3), "0.5");
}

TEST_F(AskPanelTest, TabGoesRound) {
  open_and_answer();
  EXPECT_EQ(window_.state().focus, Focus::kSentence);
  window_.press("Tab");
  EXPECT_EQ(window_.state().focus, Focus::kWords);
  window_.press("Down");
  EXPECT_EQ(ask().selected_word, ask().result->top[0].word);
  window_.press("Tab");
  EXPECT_EQ(window_.state().focus, Focus::kPassages);
  window_.press("Tab");
  EXPECT_EQ(window_.state().focus, Focus::kSentence);
}

}  // namespace
}  // namespace realm::panels
