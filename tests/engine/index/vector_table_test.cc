#include "engine/index/vector_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/error.h"

namespace realm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(VectorTable, SortsItsRowsById) {
  const VectorTable table = VectorTable::from_memory({30, 10, 20}, {3, 33, 1, 11, 2, 22}, 2);
  EXPECT_EQ(table.size(), 3);
  EXPECT_THAT(table.ids(), ElementsAre(10, 20, 30));
  EXPECT_THAT(table.rows(), ElementsAre(1, 11, 2, 22, 3, 33));
  EXPECT_EQ(table.row_of(20), 1);
  EXPECT_EQ(table.row_of(25), -1);
  EXPECT_THAT(table.row(2), ElementsAre(3, 33));
}

TEST(VectorTable, KeepsItsMemoryWhenItIsCopied) {
  VectorTable copy = VectorTable::from_memory({1}, {0.0F}, 1);
  {
    const VectorTable table = VectorTable::from_memory({5, 6}, {1, 2}, 1);
    copy = table;
  }
  EXPECT_THAT(copy.ids(), ElementsAre(5, 6));
  EXPECT_THAT(copy.rows(), ElementsAre(1, 2));
}

void expect_corrupt(std::vector<DocumentId> ids, std::vector<float> rows, int dimension,
                    const char* named) {
  try {
    VectorTable::from_memory(std::move(ids), std::move(rows), dimension);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorruptData);
    EXPECT_THAT(error.what(), HasSubstr(named));
  }
}

TEST(VectorTable, RefusesARepeatedId) { expect_corrupt({7, 4, 7}, {1, 2, 3}, 1, "7 follows 7"); }

TEST(VectorTable, RefusesTheNullDocumentsId) {
  expect_corrupt({0, 1}, {1, 2}, 1, "0");
  expect_corrupt({-4, 1}, {1, 2}, 1, "-4");
}

TEST(VectorTable, RefusesSizesThatDoNotFit) {
  expect_corrupt({1, 2}, {1, 2, 3}, 2, "need 4 values, but there are 3");
  expect_corrupt({1}, {1}, 0, "dimension 0");
  expect_corrupt({}, {}, -1, "dimension -1");
}

}  // namespace
}  // namespace realm
