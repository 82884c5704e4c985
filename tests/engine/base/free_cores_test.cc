#include "engine/base/free_cores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace realm {
namespace {

TEST(FreeCores, LeavesTheCoresThatOthersRunOn) {
  EXPECT_EQ(free_cores_of("0.20 0.18 0.12 1/80 11206\n", 1, 4), 4);
  EXPECT_EQ(free_cores_of("0.20 0.18 0.12 3/80 11206\n", 1, 4), 2);
}

TEST(FreeCores, DoesNotCountItsOwnThreads) {
  EXPECT_EQ(free_cores_of("0.20 0.18 0.12 3/80 11206\n", 3, 4), 4);
  EXPECT_EQ(free_cores_of("0.20 0.18 0.12 3/80 11206\n", 2, 4), 3);
  // The two texts are read one after the other and may disagree.
  EXPECT_EQ(free_cores_of("0.20 0.18 0.12 1/80 11206\n", 4, 4), 4);
}

TEST(FreeCores, TellsARunningTaskWhateverItsName) {
  EXPECT_TRUE(is_running("7 (realm) R 1 7 7 0"));
  EXPECT_FALSE(is_running("7 (realm) S 1 7 7 0"));
  EXPECT_FALSE(is_running("7 (a) R b) S 1 7 7 0"));
  EXPECT_TRUE(is_running("7 (a) S b) R 1 7 7 0"));
  EXPECT_FALSE(is_running(""));
}

TEST(FreeCores, IsAtLeastOne) { EXPECT_EQ(free_cores_of("9.00 8.00 7.00 12/80 11206\n", 1, 4), 1); }

TEST(FreeCores, IsAllOfThemWhereTheSystemDoesNotSay) {
  EXPECT_EQ(free_cores_of("", 1, 4), 4);
  EXPECT_EQ(free_cores_of("0.20 0.18 0.12", 1, 4), 4);
  EXPECT_EQ(free_cores_of("0.20 0.18 0.12 x/80 1", 1, 4), 4);
  EXPECT_EQ(free_cores_of("0.20 0.18 0.12 /80 1", 1, 4), 4);
  EXPECT_EQ(free_cores_of("0.20 0.18 0.12 0/80 1", 1, 4), 4);
}

TEST(FreeCores, OfThisMachineAreBetweenOneAndAllOfThem) {
  EXPECT_GE(free_cores(), 1);
  EXPECT_LE(free_cores(), std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

}  // namespace
}  // namespace realm
