// What is brought in by its path: a workspace that is made, a model, and what the popups look at.
#include <gmock/gmock.h>

#include "tests/app/view/workbench_world.h"

namespace realm::view {
namespace {

using ::testing::HasSubstr;

template <typename T>
const T* effect(const Effects& effects) {
  for (const Effect& each : effects) {
    if (const auto* found = std::get_if<T>(&each)) return found;
  }
  return nullptr;
}

class BroughtIn : public WorkbenchTest {
 protected:
  BroughtIn() {
    StartOptions options;
    options.folders.home = "/home/ada";
    open(options);
  }
  const WorkbenchState& all() const { return bench_.state(); }
  Effects end(Outcome outcome, const std::string& failure = {}) {
    outcome.id = all().popup_saving;
    if (!failure.empty()) outcome.failure = Failure{ErrorCode::kMismatch, failure};
    return bench_.take(engine_.outcome(std::move(outcome)));
  }
};

TEST_F(BroughtIn, APopupLooksAtTheFolderThatIsTypedOnce) {
  bench_.apply(SetPopup{Popup::kImport});
  const Effects first = bench_.apply(ChangePopup{"~/data/co", 0});
  ASSERT_NE(effect<LookAtFolder>(first), nullptr);
  EXPECT_EQ(effect<LookAtFolder>(first)->folder, "/home/ada/data");
  EXPECT_EQ(effect<LookAtFolder>(bench_.apply(ChangePopup{"~/data/cor", 0})), nullptr);
  EXPECT_NE(effect<LookAtFolder>(bench_.apply(ChangePopup{"~/", 0})), nullptr);
  bench_.apply(SetPopup{Popup::kNone});
  bench_.apply(SetPopup{Popup::kImport});
  EXPECT_NE(effect<LookAtFolder>(bench_.apply(ChangePopup{"~/", 0})), nullptr)
      << "files come and go between two popups";
  EXPECT_EQ(effect<LookAtFolder>(bench_.apply(SetPopup{Popup::kShortcuts})), nullptr);
}

TEST_F(BroughtIn, AFolderThatIsAnsweredLateIsNotTakenForTheNewOne) {
  bench_.apply(SetPopup{Popup::kImport});
  bench_.apply(ChangePopup{"/a/", 0});
  bench_.apply(ChangePopup{"/b/", 0});
  const auto late = std::make_shared<const FolderListing>(FolderListing{.folder = "/a"});
  bench_.take(late);
  EXPECT_EQ(typed_listing(all()), nullptr);
  const auto now = std::make_shared<const FolderListing>(FolderListing{.folder = "/b"});
  bench_.take(now);
  EXPECT_EQ(typed_listing(all()), now.get());
}

TEST_F(BroughtIn, ATildeIsTheHomeFolderInEveryCommand) {
  EXPECT_EQ(sent<OpenWorkspace>(bench_.apply(OpenFolder{"~/w"}))->folder, "/home/ada/w");
  EXPECT_EQ(sent<ForecastImport>(bench_.apply(PreviewImport{"~/a.tsv"}))->file, "/home/ada/a.tsv");
  EXPECT_EQ(sent<ImportFile>(bench_.apply(ImportFrom{"~/a.tsv"}))->file, "/home/ada/a.tsv");
  EXPECT_EQ(sent<ExportCorpus>(bench_.apply(ExportCorpusTo{"~/a.tsv"}))->file, "/home/ada/a.tsv");
}

TEST_F(BroughtIn, AWorkspaceThatWasMadeIsOpened) {
  bench_.apply(RunCommand{"file.new_workspace"});
  ASSERT_EQ(all().popup, Popup::kNewWorkspace);
  EXPECT_EQ(all().popup_text, "/home/ada/");
  const Effects made = bench_.apply(MakeWorkspaceIn{"~/new"});
  ASSERT_NE(sent<MakeWorkspace>(made), nullptr);
  EXPECT_EQ(sent<MakeWorkspace>(made)->folder, "/home/ada/new");
  EXPECT_EQ(sent<MakeWorkspace>(bench_.apply(MakeWorkspaceIn{"~/other"})), nullptr)
      << "one at once";
  const Effects opened = end({.kind = OutcomeKind::kMakeWorkspace, .file = "/home/ada/new"});
  EXPECT_EQ(all().popup, Popup::kNone);
  ASSERT_NE(sent<OpenWorkspace>(opened), nullptr);
  EXPECT_EQ(sent<OpenWorkspace>(opened)->folder, "/home/ada/new");
}

TEST_F(BroughtIn, AWorkspaceThatCouldNotBeMadeLeavesTheOneThatIsOpen) {
  bench_.apply(RunCommand{"file.new_workspace"});
  bench_.apply(MakeWorkspaceIn{"/full"});
  const Effects effects =
      end({.kind = OutcomeKind::kMakeWorkspace, .file = "/full"}, "/full holds something already.");
  EXPECT_EQ(sent<OpenWorkspace>(effects), nullptr);
  EXPECT_EQ(all().popup, Popup::kNewWorkspace);
  EXPECT_EQ(all().popup_failure, "/full holds something already.");
  bench_.apply(ChangePopup{"/ful", 0});
  EXPECT_EQ(all().popup_failure, "");
}

TEST_F(BroughtIn, AModelComesInUnderItsFoldersNameOrAnother) {
  bench_.apply(SuggestModel{"/models/realm-nq/"});
  EXPECT_EQ(all().popup, Popup::kImportModel);
  EXPECT_EQ(model_name(all()), "realm-nq");
  bench_.apply(NamePopup{"mine"});
  EXPECT_EQ(model_name(all()), "mine");
  const Effects effects = bench_.apply(ImportModelFrom{"/models/realm-nq/", "mine"});
  ASSERT_NE(sent<ImportModel>(effects), nullptr);
  EXPECT_EQ(sent<ImportModel>(effects)->name, "mine");
  end({.kind = OutcomeKind::kImportModel, .title = "mine"}, "encoder: 2 tensors are missing.");
  EXPECT_EQ(all().popup, Popup::kImportModel) << "what was typed stays";
  EXPECT_THAT(all().popup_failure, HasSubstr("2 tensors"));
  EXPECT_TRUE(all().toasts.empty()) << "it is told once";
  bench_.apply(ImportModelFrom{"/models/realm-nq", "mine"});
  end({.kind = OutcomeKind::kImportModel, .title = "mine", .text = "mine is in the workspace."});
  EXPECT_EQ(all().popup, Popup::kNone);
  ASSERT_EQ(all().toasts.size(), 1U);
  EXPECT_EQ(all().toasts[0].text, "mine is in the workspace.");
}

TEST_F(BroughtIn, AFoldersNameIsMadeFitForAModel) {
  const auto name_of = [&](const std::string& folder) {
    bench_.apply(SuggestModel{folder});
    return model_name(all());
  };
  EXPECT_EQ(name_of("/m/with  space"), "with_space");
  EXPECT_EQ(name_of("/m/.hidden"), "hidden");
  EXPECT_EQ(name_of("/m/--a"), "a");
  EXPECT_EQ(name_of("/m/gr\u00F6\u00DFe"), "gr\u00F6\u00DFe");
  EXPECT_EQ(name_of("/"), "");
  EXPECT_EQ(name_of("/m/" + std::string(127, 'a') + "\u00F6").size(), 127U) << "no half character";
}

TEST_F(BroughtIn, OnePlaceHasOneSpelling) {
  for (const char* typed : {"/a/b/", "/a/./b", "/a/x/../b//", " /a/b "})
    EXPECT_EQ(sent<OpenWorkspace>(bench_.apply(OpenFolder{typed}))->folder, "/a/b") << typed;
  EXPECT_EQ(sent<OpenWorkspace>(bench_.apply(OpenFolder{"/"}))->folder, "/");
  EXPECT_EQ(sent<OpenWorkspace>(bench_.apply(OpenFolder{"  "})), nullptr);
}

TEST_F(BroughtIn, TheFirstModelEmbedsThePassagesThatWaitedForIt) {
  bench_.apply(SuggestModel{"/models/a"});
  bench_.apply(ImportModelFrom{"/models/a", "a"});
  EngineSnapshot now = engine_.next();
  auto status = std::make_shared<SessionStatus>();
  status->active_model = "a";
  status->corpus_documents = 3;
  now.status = status;
  bench_.take(engine_.publish(now));
  const Effects effects =
      end({.kind = OutcomeKind::kImportModel, .title = "a", .text = "a.", .is_in_use = true});
  EXPECT_NE(sent<BuildIndex>(effects), nullptr);
}

TEST_F(BroughtIn, AModelThatIsNotUsedAtOnceEmbedsNothing) {
  bench_.apply(SuggestModel{"/models/a"});
  bench_.apply(ImportModelFrom{"/models/a", "a"});
  const Effects effects =
      end({.kind = OutcomeKind::kImportModel, .title = "a", .text = "a.", .is_in_use = false});
  EXPECT_EQ(sent<BuildIndex>(effects), nullptr);
}

TEST_F(BroughtIn, NothingComesIntoAWorkspaceThatIsOpenForReadingOnly) {
  EngineSnapshot now = engine_.next();
  auto status = std::make_shared<SessionStatus>();
  status->read_only = true;
  now.status = status;
  bench_.take(engine_.publish(now));
  bench_.apply(SuggestModel{"/models/a"});
  EXPECT_EQ(all().popup, Popup::kNone);
  EXPECT_FALSE(command_state(all(), "model.import").reason.empty());
}

}  // namespace
}  // namespace realm::view
