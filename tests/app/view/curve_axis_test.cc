#include "app/view/curve_axis.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace realm::view {
namespace {

std::vector<std::string> labels(const std::vector<CurveTick>& ticks) {
  std::vector<std::string> out;
  for (const CurveTick& tick : ticks) out.push_back(tick.label);
  return out;
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using Labels = std::vector<std::string>;

TEST(ValueTicks, StandAtRoundValues) {
  const AxisScale scale{.low = 0, .high = 1, .from = 0, .to = 400};
  EXPECT_EQ(labels(value_ticks(scale, 80)), (Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(labels(value_ticks(scale, 81)), (Labels{"0.0", "0.5", "1.0"}));
  EXPECT_DOUBLE_EQ(value_ticks(scale, 80)[3].at, 240);
}

TEST(ValueTicks, AreToldApartWhateverTheirSize) {
  const auto of = [](double low, double high) {
    return labels(value_ticks({.low = low, .high = high, .from = 0, .to = 300}, 100));
  };
  EXPECT_EQ(of(-1, 1), (Labels{"\u22121", "0", "1"}));
  EXPECT_EQ(of(0, 3e-5), (Labels{"0", "1e\u22125", "2e\u22125", "3e\u22125"}));
  EXPECT_EQ(of(0, 3e6), (Labels{"0", "1,000,000", "2,000,000", "3,000,000"}));
  EXPECT_EQ(of(6.7841, 6.7844), (Labels{"6.7841", "6.7842", "6.7843", "6.7844"}));
}

TEST(ValueTicks, StandAtDecadesOfALogarithmicAxis) {
  const AxisScale scale{.low = 1e-4, .high = 1, .from = 400, .to = 0, .logarithmic = true};
  const std::vector<CurveTick> ticks = value_ticks(scale, 60);
  EXPECT_EQ(labels(ticks), (Labels{"1e\u22124", "1e\u22123", "0.01", "0.1", "1"}));
  EXPECT_NEAR(ticks[1].at, 300, 1e-9);
  EXPECT_EQ(labels(value_ticks(scale, 110)), (Labels{"1e\u22124", "0.01", "1"}));
  const std::vector<CurveTick> parts = value_ticks(scale, 30);
  EXPECT_EQ(parts[1].label, "2e\u22124");
  EXPECT_EQ(parts.size(), 13U);
}

TEST(ValueTicks, KeepTheirDistanceWithinADecade) {
  const AxisScale scale{.low = 3, .high = 8, .from = 0, .to = 400, .logarithmic = true};
  const std::vector<CurveTick> ticks = value_ticks(scale, 60);
  ASSERT_GE(ticks.size(), 3U);
  for (size_t i = 1; i < ticks.size(); ++i) EXPECT_GE(ticks[i].at - ticks[i - 1].at, 60);
}

TEST(XTicks, AreWholeSteps) {
  EXPECT_EQ(labels(x_ticks({.low = 0, .high = 3, .from = 0, .to = 300}, CurveXKind::kSteps, 30)),
            (Labels{"0", "1", "2", "3"}));
  EXPECT_EQ(
      labels(x_ticks({.low = 8000, .high = 1e4, .from = 0, .to = 200}, CurveXKind::kSteps, 90)),
      (Labels{"8,000", "9,000", "10,000"}));
}

TEST(XTicks, AreRoundTimes) {
  const auto of = [](double low, double high, double gap) {
    return labels(
        x_ticks({.low = low, .high = high, .from = 0, .to = 600}, CurveXKind::kSeconds, gap));
  };
  EXPECT_EQ(of(0, 3600, 140), (Labels{"0 s", "15 min", "30 min", "45 min", "1 h"}));
  EXPECT_EQ(of(7200, 7230, 190), (Labels{"2 h", "2 h 10 s", "2 h 20 s", "2 h 30 s"}));
  EXPECT_EQ(of(0, 10, 290), (Labels{"0 s", "5 s", "10 s"}));
  EXPECT_EQ(of(61, 62, 290), (Labels{"61.0 s", "61.5 s", "62.0 s"}));
  EXPECT_EQ(of(0, 96 * 3600.0, 290), (Labels{"0 s", "48 h", "96 h"}));
}

TEST(FormatSeconds, LeavesOutPartsOfNought) {
  EXPECT_EQ(format_seconds(0), "0 s");
  EXPECT_EQ(format_seconds(12.34), "12.3 s");
  EXPECT_EQ(format_seconds(42), "42 s");
  EXPECT_EQ(format_seconds(200), "3 min 20 s");
  EXPECT_EQ(format_seconds(7500), "2 h 5 min");
  EXPECT_EQ(format_seconds(3600), "1 h");
  EXPECT_EQ(format_seconds(-90), "\u22121 min 30 s");
}

TEST(FormatX, NamesStepsAndTimes) {
  EXPECT_EQ(format_x(12345, CurveXKind::kSteps), "step 12,345");
  EXPECT_EQ(format_x(12345, CurveXKind::kExamples), "12,345 examples");
  EXPECT_EQ(format_x(90, CurveXKind::kSeconds), "1 min 30 s");
  EXPECT_EQ(format_curve_value(kNan), "NaN");
  EXPECT_EQ(format_curve_value(6.784), "6.78");
}

}  // namespace
}  // namespace realm::view
