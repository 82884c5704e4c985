#include "app/view/settings.h"

#include <gtest/gtest.h>

#include <map>

namespace realm::view {
namespace {

TEST(Preferences, SurviveTheFile) {
  const Preferences written{
      .theme = ThemeKind::kDark, .scale = 1.5F, .logarithmic_bars = true, .predict_on_hide = false};
  const Preferences read = preferences_from_json(to_json(written));
  EXPECT_EQ(read.theme, ThemeKind::kDark);
  EXPECT_FLOAT_EQ(read.scale, 1.5F);
  EXPECT_TRUE(read.logarithmic_bars);
  EXPECT_FALSE(read.predict_on_hide);
}

TEST(Preferences, AScaleThatCouldNotBeUndoneIsHeld) {
  EXPECT_FLOAT_EQ(preferences_from_json(R"({"scale": 50})").scale, kMaxScale);
  EXPECT_FLOAT_EQ(preferences_from_json(R"({"scale": 0})").scale, kMinScale);
  EXPECT_FLOAT_EQ(preferences_from_json(R"({"scale": "big"})").scale, 1);
}

TEST(Memory, SurvivesTheFile) {
  Memory written;
  remember_workspace(written, "/a");
  remember_workspace(written, "/b");
  remember_workspace(written, "/a");
  written.tab = Tab::kCorpus;
  written.sentence = "3 is a [[Fermat]] prime \u2212 \"so\"";
  written.history = {"x", "y"};
  written.panes.words = 0.25F;
  written.window = {.width = 1920, .height = 1080, .maximized = true};
  const Memory read = memory_from_json(to_json(written));
  EXPECT_EQ(read.recent, (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(read.workspace, "/a");
  EXPECT_EQ(read.tab, Tab::kCorpus);
  EXPECT_EQ(read.sentence, written.sentence);
  EXPECT_EQ(read.history, written.history);
  EXPECT_FLOAT_EQ(read.panes.words, 0.25F);
  EXPECT_EQ(read.window.width, 1920);
  EXPECT_TRUE(read.window.maximized);
}

TEST(Memory, ADamagedFileGivesDefaults) {
  for (const char* text :
       {"", "[]", "{", R"({"recent": 3, "panes": [], "window": {"width": -1}, "candidates": 1e99})",
        R"({"panes": {"words": 0.8, "passages": 0.8}})"}) {
    const Memory memory = memory_from_json(text);
    EXPECT_TRUE(memory.recent.empty());
    EXPECT_GE(memory.window.width, 640);
    EXPECT_EQ(memory.candidates, 8);
    EXPECT_LT(memory.panes.words + memory.panes.passages, 0.9F);
  }
}

TEST(Memory, InvalidUtf8DoesNotKeepItFromBeingWritten) {
  Memory memory;
  memory.workspace = "/bad\xff";
  EXPECT_NE(to_json(memory).find("/bad"), std::string::npos);
}

TEST(UserFolders, FollowTheXdgRules) {
  const std::map<std::string, std::string> set = {
      {"HOME", "/home/u"}, {"XDG_CONFIG_HOME", "/etc/mine"}, {"XDG_STATE_HOME", "relative"}};
  const UserFolders folders = user_folders([&](const char* name) {
    const auto found = set.find(name);
    return found == set.end() ? nullptr : found->second.c_str();
  });
  EXPECT_EQ(folders.config, "/etc/mine/realm-workbench");
  EXPECT_EQ(folders.state, "/home/u/.local/state/realm-workbench");
  EXPECT_EQ(folders.data, "/home/u/.local/share/realm-workbench");
  EXPECT_EQ(folders.cache, "/home/u/.cache/realm-workbench");
}

}  // namespace
}  // namespace realm::view
