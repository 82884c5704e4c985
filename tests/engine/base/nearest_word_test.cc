#include "engine/base/nearest_word.h"

#include <gtest/gtest.h>

#include <vector>

namespace realm {
namespace {

TEST(NearestWord, ForgivesSwappedMissingAndWrongLetters) {
  const std::vector<std::string_view> words = {"import", "export", "index", "ask", "eval"};
  EXPECT_EQ(nearest_word("imprt", words), "import");
  EXPECT_EQ(nearest_word("exoprt", words), "export");
  EXPECT_EQ(nearest_word("idnex", words), "index");
  EXPECT_EQ(nearest_word("akk", words), "ask");
}

TEST(NearestWord, FindsNothingForAnotherWord) {
  const std::vector<std::string_view> words = {"import", "export", "index", "ask", "eval"};
  EXPECT_FALSE(nearest_word("banana", words).has_value());
  EXPECT_FALSE(nearest_word("xyz", words).has_value());
}

}  // namespace
}  // namespace realm
