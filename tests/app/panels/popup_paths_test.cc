// Paths in popups: filled in by Tab, chosen from what is in the folder that is typed.
#include <gtest/gtest.h>

#include "app/panels/popups.h"
#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using testing::Headless;
using view::FolderKind;
using view::Popup;

class PathPopups : public ::testing::Test {
 protected:
  void SetUp() override { window_.open(); }
  void open(const char* command, std::string_view typed = {}) {
    window_.apply(view::RunCommand{command});
    window_.frames(4);
    window_.type(typed);
  }
  void show_folder(std::vector<view::FolderEntry> entries, std::string problem = {}) {
    window_.bench().take(std::make_shared<const view::FolderListing>(
        view::FolderListing{.folder = window_.state().folder_looked_at,
                            .entries = std::move(entries),
                            .problem = std::move(problem)}));
    window_.frames(2);
  }
  void end(view::Outcome outcome, const std::string& reason = {}) {
    outcome.id = window_.state().popup_saving;
    if (!reason.empty()) outcome.failure = view::Failure{ErrorCode::kMismatch, reason};
    view::EngineSnapshot snapshot = window_.next_snapshot();
    snapshot.outcomes = std::make_shared<const std::vector<view::Outcome>>(
        std::vector<view::Outcome>{std::move(outcome)});
    window_.publish(snapshot);
    window_.frames(3);
  }
  const std::string& typed() const { return window_.state().popup_text; }
  Headless window_;
};

TEST_F(PathPopups, TabFillsInWhatIsThereAndTypingGoesOnBehindIt) {
  open("corpus.import", "/data/no");
  show_folder({{"notes", true, FolderKind::kPlain}, {"passages.jsonl", false, FolderKind::kPlain}});
  window_.press("Tab");
  window_.frames(3);
  EXPECT_EQ(typed(), "/data/notes/");
  window_.type("x");
  EXPECT_EQ(typed(), "/data/notes/x");
}

TEST_F(PathPopups, TypingGoesOnBehindWhatWasClicked) {
  const auto click_and_type = [&](const char* command, view::FolderEntry entry) {
    open(command, "/data/");
    show_folder({std::move(entry)});
    window_.click("path.offer.0");
    window_.frames(4);
    window_.type("new");
    const std::string after = typed();
    window_.press("Esc");
    window_.frames(3);
    return after;
  };
  const view::FolderEntry plain{"plain", true, FolderKind::kPlain};
  EXPECT_EQ(click_and_type("file.new_workspace", plain), "/data/plain/new");
  EXPECT_EQ(click_and_type("file.open_workspace", plain), "/data/plain/new");
  EXPECT_EQ(click_and_type("model.import", {"bert", true, FolderKind::kModel}), "/data/bertnew");
  EXPECT_EQ(click_and_type("corpus.export", plain), "/data/plain/new");
  // None of it is left for the next popup.
  window_.press("P", /*ctrl=*/true, /*shift=*/true);
  window_.frames(4);
  EXPECT_EQ(typed(), "");
  window_.type("a");
  EXPECT_EQ(typed(), "a");
}

TEST_F(PathPopups, ANameThatIsRefusedIsWrittenAnew) {
  open("model.import", "/data/bert");
  window_.click("import_model.name");
  window_.type("a name");
  window_.press("Enter");
  ASSERT_NE(window_.state().popup_saving, 0U);
  end({.kind = view::OutcomeKind::kImportModel, .title = "a name"}, "It cannot name a model.");
  window_.type("2");
  EXPECT_EQ(typed(), "/data/bert");
  EXPECT_NE(window_.state().popup_name, "a name") << "the keyboard is still the name's";
}

TEST_F(PathPopups, BlanksNameNothing) {
  for (const char* command : {"file.new_workspace", "file.open_workspace", "model.import"}) {
    open(command);
    window_.type("   ");
    const view::RequestId before = window_.state().next_request;
    window_.press("Enter");
    EXPECT_EQ(window_.state().next_request, before) << command;
    window_.press("Esc");
    window_.frames(3);
  }
}

TEST_F(PathPopups, AFileThatWouldBeReplacedIsNamed) {
  open("corpus.export", "/data/notes");
  show_folder({{"notes.txt", false, FolderKind::kPlain}});
  EXPECT_FALSE(window_.has("save.replaces"));
  window_.press("Tab");
  window_.frames(3);
  EXPECT_EQ(typed(), "/data/notes.txt");
  EXPECT_TRUE(window_.has("save.replaces"));
}

TEST_F(PathPopups, AWorkspaceThatCannotBeOpenedLeavesThePopupAndTheOneThatIsOpen) {
  open("file.open_workspace", "/none");
  window_.press("Enter");
  ASSERT_EQ(window_.state().popup, Popup::kOpenWorkspace) << "until it is there";
  end({.kind = view::OutcomeKind::kOpenWorkspace, .file = "/none"}, "/none is no workspace.");
  EXPECT_EQ(window_.state().popup, Popup::kOpenWorkspace);
  EXPECT_TRUE(window_.has("save.failure"));
  EXPECT_TRUE(window_.state().toasts.empty());
  window_.press("Enter");
  end({.kind = view::OutcomeKind::kOpenWorkspace, .file = "/none"});
  EXPECT_EQ(window_.state().popup, Popup::kNone);
}

TEST_F(PathPopups, ALongImportCanBeCancelledWhereItIsShown) {
  open("model.import", "/data/bert");
  window_.press("Enter");
  view::EngineSnapshot snapshot = window_.next_snapshot();
  snapshot.activity = {.id = window_.state().popup_saving,
                       .stage = "copying",
                       .done = 1,
                       .total = 2,
                       .can_cancel = true,
                       .since = {}};
  window_.publish(snapshot);
  window_.frames(2);
  const view::RequestId importing = window_.state().popup_saving;
  window_.forget_effects();
  window_.click("import_model.cancel");
  ASSERT_FALSE(window_.effects().empty());
  const auto* cancel = std::get_if<view::CancelRequest>(&window_.effects().front());
  ASSERT_NE(cancel, nullptr);
  EXPECT_EQ(cancel->id, importing);
}

TEST_F(PathPopups, AFileIsChosenWithTheArrowsAndPreviewed) {
  open("corpus.import", "/data/");
  show_folder({{"notes", true, FolderKind::kPlain}, {"passages.jsonl", false, FolderKind::kPlain}});
  window_.press("Down");
  EXPECT_EQ(window_.state().popup_selected, 1);
  window_.press("Down");
  window_.press("Enter");
  ASSERT_NE(window_.sent<view::ForecastImport>(), nullptr);
  EXPECT_EQ(window_.sent<view::ForecastImport>()->file, "/data/passages.jsonl");
  EXPECT_EQ(typed(), "/data/passages.jsonl");
}

TEST_F(PathPopups, AFolderIsGoneInto) {
  open("corpus.import", "/data/");
  show_folder({{"notes", true, FolderKind::kPlain}});
  window_.click("path.offer.0");
  window_.frames(3);
  EXPECT_EQ(typed(), "/data/notes/");
  EXPECT_EQ(window_.state().folder_looked_at, "/data/notes");
  EXPECT_EQ(window_.sent<view::ForecastImport>(), nullptr);
}

TEST_F(PathPopups, AWorkspaceIsOpenedFromTheListAndAnotherFolderIsGoneInto) {
  open("file.open_workspace", "/data/");
  window_.forget_effects();
  show_folder({{"plain", true, FolderKind::kPlain}, {"w", true, FolderKind::kWorkspace}});
  window_.click("path.offer.0");
  EXPECT_EQ(window_.sent<view::OpenWorkspace>(), nullptr);
  show_folder({{"w", true, FolderKind::kWorkspace}});
  window_.click("path.offer.0");
  ASSERT_NE(window_.sent<view::OpenWorkspace>(), nullptr);
  EXPECT_EQ(window_.sent<view::OpenWorkspace>()->folder, "/data/plain/w");
}

TEST_F(PathPopups, AnUnreadableFolderIsSaid) {
  open("corpus.import", "/none/");
  show_folder({}, "The folder /none cannot be read: No such file or directory.");
  EXPECT_TRUE(window_.has("path.heading"));
  EXPECT_FALSE(window_.has("path.offer.0"));
}

TEST_F(PathPopups, AThousandFilesAreNoBurden) {
  std::vector<view::FolderEntry> many;
  for (int i = 0; i < 1000; ++i) many.push_back({"f" + std::to_string(i), false, {}});
  open("corpus.import", "/data/");
  show_folder(many);
  EXPECT_TRUE(window_.has("path.offer.199"));
  EXPECT_FALSE(window_.has("path.offer.200"));
  for (int i = 0; i < 300; ++i) window_.press("Down");
  EXPECT_EQ(window_.state().popup_selected, 200);
}

TEST_F(PathPopups, AWorkspaceIsMadeInANewFolder) {
  open("file.new_workspace");
  window_.type("/data/new");
  show_folder({});
  window_.press("Enter");
  ASSERT_NE(window_.sent<view::MakeWorkspace>(), nullptr);
  EXPECT_EQ(window_.sent<view::MakeWorkspace>()->folder, "/data/new");
  end({.kind = view::OutcomeKind::kMakeWorkspace, .file = "/data/new"}, "It holds something.");
  EXPECT_TRUE(window_.has("save.failure"));
  window_.click("new_workspace.go");
  end({.kind = view::OutcomeKind::kMakeWorkspace, .file = "/data/new"});
  EXPECT_EQ(window_.sent<view::OpenWorkspace>()->folder, "/data/new");
}

TEST_F(PathPopups, AModelIsChosenNamedAndImported) {
  open("model.import", "/data/");
  show_folder({{"bert", true, FolderKind::kModel}});
  window_.click("path.offer.0");
  window_.frames(3);
  EXPECT_EQ(typed(), "/data/bert");
  EXPECT_EQ(window_.sent<view::ImportModel>(), nullptr) << "its name can be changed still";
  window_.click("import_model.name");
  window_.type("base");
  window_.click("import_model.go");
  ASSERT_NE(window_.sent<view::ImportModel>(), nullptr);
  EXPECT_EQ(window_.sent<view::ImportModel>()->folder, "/data/bert");
  EXPECT_EQ(window_.sent<view::ImportModel>()->name, "base");
  end({.kind = view::OutcomeKind::kImportModel, .title = "base"}, "encoder: a tensor is missing.");
  EXPECT_TRUE(window_.has("save.failure"));
  EXPECT_EQ(typed(), "/data/bert");
  EXPECT_EQ(window_.state().popup_name, "base");
}

TEST_F(PathPopups, TheListOfModelsLeadsToTheImport) {
  window_.apply(view::RunCommand{"model.list"});
  view::TrainSnapshot runs;
  runs.models = std::make_shared<const std::vector<view::StoredModel>>();
  window_.show_runs(runs);
  window_.frames(3);
  window_.click("models.import");
  EXPECT_EQ(window_.state().popup, Popup::kImportModel);
}

}  // namespace
}  // namespace realm::panels
