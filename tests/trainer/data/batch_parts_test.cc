#include "trainer/data/batch_parts.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

std::vector<std::pair<size_t, size_t>> cut(size_t examples, int parts) {
  std::vector<std::pair<size_t, size_t>> out;
  for (const BatchPart& part : parts_of(examples, parts)) out.emplace_back(part.begin, part.size);
  return out;
}

TEST(BatchParts, FollowEachOtherAndCoverTheBatch) {
  using Parts = std::vector<std::pair<size_t, size_t>>;
  EXPECT_EQ(cut(8, 1), (Parts{{0, 8}}));
  EXPECT_EQ(cut(8, 2), (Parts{{0, 4}, {4, 4}}));
  EXPECT_EQ(cut(8, 3), (Parts{{0, 3}, {3, 3}, {6, 2}}));
  EXPECT_EQ(cut(2, 5), (Parts{{0, 1}, {1, 1}}));
  EXPECT_EQ(cut(0, 3), Parts{});
}

}  // namespace
}  // namespace realm
