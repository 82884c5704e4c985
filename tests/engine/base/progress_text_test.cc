#include "engine/base/progress_text.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

TEST(ProgressText, IsReadAsItWasWritten) {
  const Progress half{.done = 12000, .total = 90000, .stage = "count words"};
  EXPECT_EQ(progress_text(half), "count words 12000/90000");
  const Progress read = read_progress(progress_text(half));
  EXPECT_EQ(read.stage, "count words");
  EXPECT_EQ(read.done, 12000);
  EXPECT_EQ(read.total, 90000);
  EXPECT_EQ(progress_text({.done = 7, .total = 0, .stage = "train"}), "train");
}

TEST(ProgressText, TakesEverythingElseForANameAlone) {
  for (const char* text : {"", "train", "refresh index", "a b/c", "x 3/0", "x -1/4", "x 1/2/3",
                           "x 1/", "3/4", "x 99999999999999999999/3"}) {
    const Progress read = read_progress(text);
    EXPECT_EQ(read.stage, text);
    EXPECT_EQ(read.total, 0) << text;
  }
}

}  // namespace
}  // namespace realm
