#include "engine/base/published.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace realm {
namespace {

TEST(Published, IsEmptyBeforeTheFirstPublish) {
  const Published<int> published;
  EXPECT_EQ(published.get(), nullptr);
  EXPECT_EQ(published.version(), 0U);
}

TEST(Published, AReaderKeepsItsSnapshot) {
  Published<int> published;
  published.publish(1);
  const std::shared_ptr<const int> old = published.get();
  published.publish(2);
  EXPECT_EQ(*old, 1);
  EXPECT_EQ(*published.get(), 2);
  EXPECT_EQ(published.version(), 2U);
}

TEST(Published, LetsGoOfAValueThatWasReplaced) {
  auto value = std::make_shared<const int>(1);
  const std::weak_ptr<const int> watch = value;
  Published<int> published(std::move(value));
  EXPECT_FALSE(watch.expired());
  published.publish(std::make_shared<const int>(2));
  EXPECT_TRUE(watch.expired());
}

// The two numbers are published together, so no reader may ever see them apart, nor go back.
TEST(Published, ReadersSeeWholeValuesInOrder) {
  using Value = std::pair<int, int>;
  constexpr int kLast = 2000;
  Published<Value> published(std::make_shared<const Value>(0, 0));
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i) {
      readers.emplace_back([&] {
        for (int last = 0; last < kLast;) {
          const std::shared_ptr<const Value> value = published.get();
          ASSERT_EQ(value->first, value->second);
          ASSERT_GE(value->first, last);
          last = value->first;
        }
      });
    }
    for (int i = 1; i <= kLast; ++i) published.publish(Value(i, i));
  }
  EXPECT_EQ(published.get()->first, kLast);
}

}  // namespace
}  // namespace realm
