#include "trainer/cuda_cards.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace realm {
namespace {

constexpr CudaLibraries kFake{REALM_FAKE_CUDA, REALM_FAKE_CUDA};
constexpr const char* kNowhere = "/nowhere/lib.so";

TEST(CudaCards, AreThoseOfTheDriverWithWhatIsFree) {
  const std::vector<CudaCard> cards = cuda_cards(kFake);
  ASSERT_EQ(cards.size(), 2U);
  EXPECT_EQ(cards[0].name, "First");
  EXPECT_EQ(cards[0].total, 8'000'000'000);
  EXPECT_FALSE(cards[0].free);
  EXPECT_EQ(cards[1].name, "Second");
  EXPECT_EQ(cards[1].total, 16'000'000'000);
  EXPECT_EQ(cards[1].free, 9'000'000'000);
}

TEST(CudaCards, AreToldWithoutTheManagementLibrary) {
  const std::vector<CudaCard> cards = cuda_cards({REALM_FAKE_CUDA, kNowhere});
  ASSERT_EQ(cards.size(), 2U);
  EXPECT_FALSE(cards[1].free);
}

TEST(CudaCards, AreNoneWithoutADriver) {
  EXPECT_TRUE(cuda_cards({kNowhere, kNowhere}).empty());
  ::setenv("FAKE_CUDA", "no_driver", 1);
  EXPECT_TRUE(cuda_cards(kFake).empty());
  ::unsetenv("FAKE_CUDA");
}

}  // namespace
}  // namespace realm
