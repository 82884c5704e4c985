#include "app/commands/command_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace realm {
namespace {

using ::testing::ElementsAre;

TEST(FilterCommands, GivesAllOfTheWindowInOrderWhenNothingIsTyped) {
  std::vector<const CommandInfo*> expected;
  for (const CommandInfo& command : command_table()) {
    if (command.in_window) expected.push_back(&command);
  }
  std::vector<const CommandInfo*> found;
  for (const CommandMatch& match : filter_commands("")) found.push_back(match.command);
  EXPECT_EQ(found, expected);
}

TEST(FilterCommands, PutsTheWordThatWasTypedFirst) {
  const std::vector<CommandMatch> matches = filter_commands("edit pas");
  ASSERT_FALSE(matches.empty());
  EXPECT_EQ(matches.front().command->id, "corpus.edit");
  EXPECT_THAT(matches.front().matched, ElementsAre(0, 1, 2, 3, 5, 6, 7));  // "Edit passage"
}

TEST(FilterCommands, FindsInitialsOfWordsWhateverTheirCase) {
  const std::vector<CommandMatch> matches = filter_commands("FS");
  ASSERT_FALSE(matches.empty());
  EXPECT_EQ(matches.front().command->id, "view.fullscreen");  // "Full screen"
  EXPECT_THAT(matches.front().matched, ElementsAre(0, 5));
}

TEST(FilterCommands, FindsByIdWhereTheTitleDoesNotMatch) {
  const std::vector<CommandMatch> matches = filter_commands("view.theme");
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches.front().command->id, "view.theme");
  EXPECT_TRUE(matches.front().matched.empty());
}

TEST(FilterCommands, GivesNothingForLettersThatNoCommandHas) {
  EXPECT_TRUE(filter_commands("zzq").empty());
}

TEST(FilterCommands, LeavesOutWhatOnlyTheCommandLineHas) {
  for (const CommandMatch& match : filter_commands("starter"))
    EXPECT_NE(match.command->id, "file.setup_starter");
}

}  // namespace
}  // namespace realm
