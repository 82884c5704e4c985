#include "app/view/history.h"

#include <gtest/gtest.h>

namespace realm::view {
namespace {

TEST(History, GoesBackAndForward) {
  History history;
  EXPECT_FALSE(history.back());
  history.add("a");
  history.add("b");
  history.add("b");
  EXPECT_EQ(history.entries().size(), 2U);
  EXPECT_EQ(history.back(), "a");
  EXPECT_FALSE(history.back());
  EXPECT_EQ(history.forward(), "b");
  EXPECT_FALSE(history.forward());
}

TEST(History, ForgetsWhatLayForwardWhenAsked) {
  History history({"a", "b", "c"});
  history.back();
  history.back();
  history.add("d");
  EXPECT_EQ(history.entries(), (std::vector<std::string>{"a", "d"}));
}

TEST(History, KeepsTheNewestOnly) {
  History history;
  for (int i = 0; i < 250; ++i) history.add(std::to_string(i));
  EXPECT_EQ(history.entries().size(), History::kMaxEntries);
  EXPECT_EQ(history.entries().back(), "249");
}

}  // namespace
}  // namespace realm::view
