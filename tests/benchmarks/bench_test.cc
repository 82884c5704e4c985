// That `realm bench` runs the benchmarks and prints what it should. How long things take is no
// test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/cli/realm_program.h"

namespace realm {
namespace {

using ::testing::HasSubstr;

TEST(CliBench, PrintsOneJsonDocumentOfTheBenchmarksNamed) {
  const testing::Outcome outcome = testing::run_realm({"bench", "tokenizer", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json document = outcome.json();
  ASSERT_EQ(document.at("benchmarks").size(), 1u);
  const nlohmann::json& tokenizer = document.at("benchmarks").at(0);
  EXPECT_FALSE(tokenizer.contains("error_occurred")) << tokenizer;
  EXPECT_GT(tokenizer.at("MB_per_s"), 0);
}

TEST(CliBench, SaysThatNoBenchmarkHasSuchAName) {
  const testing::Outcome outcome = testing::run_realm({"bench", "tokeniser", "--json"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("no benchmark"));
}

}  // namespace
}  // namespace realm
