#include "trainer/throughput.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

// Two updates of 3 s, of which the second stood still for 2: 4 s of work.
TEST(Throughput, CountsTheTimeOfUpdatesWithoutWaiting) {
  Throughput throughput;
  throughput.add({{"loss", 7}, {kTokens, 100}, {kExamples, 8}}, 3);
  throughput.add({{kTokens, 60}, {kExamples, 8}, {kWaitedSeconds, 2}}, 3);
  EXPECT_EQ(throughput.tokens_per_second(), 40);
  EXPECT_EQ(throughput.examples_per_second(), 4);
}

TEST(Throughput, TakesWhatIsNotRecordedByItself) {
  for (const char* name : {"tokens", "examples", "waited_seconds"})
    EXPECT_TRUE(Throughput::takes(name)) << name;
  EXPECT_FALSE(Throughput::takes("loss"));
}

}  // namespace
}  // namespace realm
