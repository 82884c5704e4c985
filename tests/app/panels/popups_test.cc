#include "app/panels/popups.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using testing::Headless;
using view::Popup;

class PopupsTest : public ::testing::Test {
 protected:
  void SetUp() override { window_.open(); }
  void forecast(ImportForecast forecast, std::optional<view::Failure> failure = {});
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
        Popup::kExamples, Popup::kUnsavedEdit, Popup::kImport, Popup::kExportCorpus,
        Popup::kModels}) {
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
  window_.press("Esc");  // it waits for the workspace
  window_.press("O", true);
  window_.frames(3);
  window_.click("open.recent.0");
  EXPECT_EQ(window_.sent<view::OpenWorkspace>()->folder, "/home/ada/starter");
}

TEST_F(PopupsTest, AWorkspaceOpenedBeforeIsChosenWithTheArrowKeys) {
  window_.press("O", /*ctrl=*/true);
  window_.frames(3);
  window_.press("Down");
  EXPECT_EQ(window_.state().popup_selected, 1);
  window_.press("Up");
  EXPECT_EQ(window_.state().popup_selected, 0) << "the field";
  window_.press("Down");
  window_.press("Enter");
  ASSERT_NE(window_.sent<view::OpenWorkspace>(), nullptr);
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

// What the engine says of the file in the import's popup.
void PopupsTest::forecast(ImportForecast forecast, std::optional<view::Failure> failure) {
  ASSERT_NE(window_.sent<view::ForecastImport>(), nullptr);
  auto reply = std::make_shared<view::ForecastReply>();
  reply->id = window_.state().corpus.pending_forecast;
  reply->file = window_.sent<view::ForecastImport>()->file;
  reply->forecast = std::move(forecast);
  reply->failure = std::move(failure);
  view::EngineSnapshot snapshot = window_.next_snapshot();
  snapshot.forecast = reply;
  window_.publish(snapshot);
  window_.frames(3);
}

ImportForecast twelve_passages() {
  ImportForecast forecast;
  forecast.summary = {.documents = 5, .passages = 12, .skipped = 1, .why_skipped = "1 malformed"};
  forecast.format = "jsonl";
  forecast.estimated_documents = 5;
  forecast.estimated_passages = 12;
  forecast.problems = {{7, "not valid JSON %s"}};
  for (int64_t i = 1; i <= 5; ++i) {
    forecast.samples.push_back(
        {.line = i, .title = i == 2 ? "" : "Title %s", .passages = i, .first = {}});
    for (int64_t k = 0; k < i; ++k)
      forecast.samples.back().first.push_back(
          {.words = 10 * k, .word_pieces = i == 3 ? 0 : 12 * k, .opening = "The first words"});
  }
  return forecast;
}

TEST_F(PopupsTest, AFileIsPreviewedBeforeItIsImported) {
  window_.press("P", /*ctrl=*/true, /*shift=*/true);
  window_.frames(3);
  window_.type("import passages");
  window_.press("Enter");
  window_.frames(3);
  window_.type("/tmp/a.tsv");
  EXPECT_FALSE(window_.has("import.go"));
  window_.press("Enter");
  ASSERT_NE(window_.sent<view::ForecastImport>(), nullptr);
  EXPECT_EQ(window_.sent<view::ForecastImport>()->file, "/tmp/a.tsv");
  EXPECT_EQ(window_.sent<view::ImportFile>(), nullptr);
  forecast(twelve_passages());
  EXPECT_TRUE(window_.has("import.headline"));
  EXPECT_TRUE(window_.has("import.left_out"));
  window_.type("x");  // another file: nothing is known of it
  window_.frames(2);
  EXPECT_FALSE(window_.has("import.go"));
  window_.press("Enter");
  EXPECT_EQ(window_.sent<view::ForecastImport>()->file, "/tmp/a.tsvx");
  forecast(twelve_passages());
  window_.press("Enter");  // once more: that is it
  ASSERT_NE(window_.sent<view::ImportFile>(), nullptr);
  EXPECT_EQ(window_.sent<view::ImportFile>()->file, "/tmp/a.tsvx");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
}

TEST_F(PopupsTest, APreviewThatBringsNothingCannotBeImported) {
  window_.apply(view::SuggestImport{"/tmp/a.tsv"});
  window_.frames(3);
  ImportForecast before = twelve_passages();
  before.summary.already_imported = true;
  forecast(before);
  window_.click("import.go");
  EXPECT_EQ(window_.sent<view::ImportFile>(), nullptr);
  window_.click("import.preview");
  forecast({}, view::Failure{ErrorCode::kNotFound, "There is no file '%s' to import."});
  EXPECT_FALSE(window_.has("import.go"));
  EXPECT_EQ(window_.state().popup, Popup::kImport);
}

TEST_F(PopupsTest, ClosingTheImportEndsItsPreview) {
  window_.apply(view::SuggestImport{"/tmp/a.tsv"});
  window_.frames(3);
  const view::RequestId pending = window_.state().corpus.pending_forecast;
  ASSERT_NE(pending, 0U);
  window_.press("Esc");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
  EXPECT_EQ(window_.state().corpus.pending_forecast, 0U);
  const bool cancelled = std::any_of(
      window_.effects().begin(), window_.effects().end(), [&](const view::Effect& effect) {
        const auto* cancel = std::get_if<view::CancelRequest>(&effect);
        return cancel != nullptr && cancel->id == pending;
      });
  EXPECT_TRUE(cancelled);
}

TEST_F(PopupsTest, AFileOfPassagesIsImportedAndTheIndexFollows) {
  window_.apply(view::SuggestImport{"/tmp/rivers.jsonl"});  // dropped on the window
  window_.frames(3);
  EXPECT_EQ(window_.state().popup, Popup::kImport);
  forecast(twelve_passages());
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
            "Imported 12 passages from rivers.jsonl. Ctrl+Z takes them out again. Left out: 1 "
            "malformed.");
  EXPECT_NE(window_.sent<view::BuildIndex>(), nullptr);
  EXPECT_NE(window_.sent<view::LoadPage>(), nullptr);
}

TEST_F(PopupsTest, AnImportThatIsDoneAgainIsEmbeddedAgain) {
  const auto step = [&](view::RequestId id, view::OutcomeKind kind, int64_t stale) {
    window_.forget_effects();
    view::EngineSnapshot snapshot = window_.next_snapshot();
    auto status = std::make_shared<SessionStatus>(*snapshot.status);
    status->index.stale_documents = stale;
    snapshot.status = status;
    view::Outcome outcome{.id = id, .kind = kind, .title = "import of a.jsonl (300 passages)"};
    outcome.passages = 300;
    snapshot.outcomes =
        std::make_shared<const std::vector<view::Outcome>>(std::vector<view::Outcome>{outcome});
    window_.publish(snapshot);
  };
  step(901, view::OutcomeKind::kUndo, 0);  // the index has followed by itself
  EXPECT_EQ(window_.sent<view::BuildIndex>(), nullptr);
  EXPECT_EQ(window_.state().toasts.back().text, "Undid the import of a.jsonl (300 passages).");
  step(902, view::OutcomeKind::kRedo, 300);
  EXPECT_NE(window_.sent<view::BuildIndex>(), nullptr);
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
  ASSERT_NE(window_.sent<view::ForecastImport>(), nullptr);
  EXPECT_EQ(window_.sent<view::ForecastImport>()->file, "/tmp/a.tsv");
}

TEST_F(PopupsTest, TheNameOfAChartIsReplacedByTypingEachTimeItIsAskedFor) {
  for (const char* typed : {"a.png", "b.svg", "c.csv"}) {
    window_.apply(view::SaveCurves{{.title = "Loss"}, "loss.png"});
    window_.frames(4);
    window_.type(typed);
    EXPECT_EQ(window_.state().popup_text, typed);
    window_.press("Esc");
    window_.frames(3);
  }
}

TEST_F(PopupsTest, CtrlASelectsTheWholeName) {
  window_.apply(view::SaveCurves{{.title = "Loss"}, "loss.png"});
  window_.frames(4);
  window_.type("run");
  window_.type(".png");
  EXPECT_EQ(window_.state().popup_text, "run.png");
  window_.press("A", /*ctrl=*/true);
  window_.type("x");
  EXPECT_EQ(window_.state().popup_text, "x");
}

TEST_F(PopupsTest, AChartThatCannotBeWrittenLeavesItsNameAndTheReason) {
  window_.apply(view::SaveCurves{{.title = "Loss"}, "loss.csv"});
  window_.frames(4);
  window_.type("/no/such/loss.csv");
  EXPECT_FALSE(window_.has("save.place")) << "it names its folder";
  window_.press("Enter");
  ASSERT_NE(window_.sent<view::WriteCurves>(), nullptr);
  view::EngineSnapshot snapshot = window_.next_snapshot();
  snapshot.outcomes = std::make_shared<const std::vector<view::Outcome>>(
      std::vector<view::Outcome>{{.id = window_.state().popup_saving,
                                  .kind = view::OutcomeKind::kWriteCurves,
                                  .failure = view::Failure{ErrorCode::kIo, "No folder %s."}}});
  window_.publish(snapshot);
  window_.frames(3);
  EXPECT_TRUE(window_.has("save.failure"));
  EXPECT_EQ(window_.state().popup_text, "/no/such/loss.csv");
  window_.type("x");
  window_.frames(2);
  EXPECT_EQ(window_.state().popup_text, "/no/such/loss.csvx") << "the cursor stands at the end";
  EXPECT_FALSE(window_.has("save.failure"));
}

TEST_F(PopupsTest, AModelIsUsedOrRemovedAfterAQuestion) {
  window_.apply(view::RunCommand{"model.list"});
  ASSERT_EQ(window_.state().popup, Popup::kModels);
  EXPECT_NE(window_.sent_to_training<view::ListModels>(), nullptr);
  const std::string active = view::engine_of(window_.state()).status->active_model;
  view::TrainSnapshot snapshot;
  snapshot.models = std::make_shared<const std::vector<view::StoredModel>>(
      std::vector<view::StoredModel>{{.name = active, .kind = "%s", .can_be_asked = true},
                                     {.name = "run@7", .bytes = 1000, .can_be_asked = true},
                                     {.name = "words", .problem = "No model ##here."}});
  window_.show_runs(std::move(snapshot));
  window_.frames(3);
  window_.click("models.remove");
  EXPECT_EQ(window_.state().model_to_remove, "") << "it is in use";
  window_.press("Down");
  window_.click("models.use");
  ASSERT_NE(window_.sent<view::UseModel>(), nullptr);
  EXPECT_EQ(window_.sent<view::UseModel>()->name, "run@7");
  window_.click("models.remove");
  window_.frames(2);
  EXPECT_EQ(window_.sent_to_training<view::RemoveModel>(), nullptr) << "it asks first";
  window_.click("models.keep");
  window_.frames(2);
  window_.click("models.remove");
  window_.frames(2);
  window_.click("models.2");  // the question was about another one
  window_.frames(2);
  EXPECT_FALSE(window_.has("models.sure"));
  window_.click("models.remove");
  window_.frames(2);
  window_.click("models.sure");
  ASSERT_NE(window_.sent_to_training<view::RemoveModel>(), nullptr);
  EXPECT_EQ(window_.sent_to_training<view::RemoveModel>()->name, "words");
}

TEST_F(PopupsTest, AClickOutsideClosesIt) {
  window_.apply(view::SetPopup{Popup::kAbout});
  window_.frames(3);
  window_.click("status");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
}

}  // namespace
}  // namespace realm::panels
