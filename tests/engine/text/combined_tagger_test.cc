#include "engine/text/combined_tagger.h"

#include <gtest/gtest.h>

namespace realm {
namespace {

using Kind = SalientSpanKind;

class FixedTagger final : public SalientSpanTagger {
 public:
  explicit FixedTagger(std::vector<SalientSpan> spans) : spans_(std::move(spans)) {}
  std::vector<SalientSpan> tag(std::string_view) const override { return spans_; }

 private:
  std::vector<SalientSpan> spans_;
};

TEST(CombinedTagger, AddsTheSecondsSpansOfTheKindsWhereTheFirstHasNone) {
  const auto first = std::make_shared<FixedTagger>(
      std::vector<SalientSpan>{{{10, 15}, Kind::kName}, {{30, 35}, Kind::kName}});
  const auto second = std::make_shared<FixedTagger>(
      std::vector<SalientSpan>{{{0, 4}, Kind::kDate},      // added
                               {{5, 9}, Kind::kName},      // names are the first's
                               {{14, 18}, Kind::kDate},    // overlaps
                               {{20, 22}, Kind::kNumber},  // added
                               {{35, 37}, Kind::kDate}});  // touches, and is added
  const CombinedTagger tagger(first, second, {Kind::kDate, Kind::kNumber});
  EXPECT_EQ(tagger.tag("anything"), (std::vector<SalientSpan>{{{0, 4}, Kind::kDate},
                                                              {{10, 15}, Kind::kName},
                                                              {{20, 22}, Kind::kNumber},
                                                              {{30, 35}, Kind::kName},
                                                              {{35, 37}, Kind::kDate}}));
  EXPECT_EQ(tagger.tag_all(std::vector<std::string_view>{"a", "b"}).size(), 2U);
}

}  // namespace
}  // namespace realm
