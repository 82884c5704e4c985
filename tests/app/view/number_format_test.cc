#include "app/view/number_format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace realm::view {
namespace {

TEST(FormatNumber, ShowsThreeSignificantDigits) {
  EXPECT_EQ(format_number(0.6037), "0.604");
  EXPECT_EQ(format_number(0.01234), "0.0123");
  EXPECT_EQ(format_number(0.00123), "0.00123");
  EXPECT_EQ(format_number(12.345), "12.3");
  EXPECT_EQ(format_number(257.4), "257");
  EXPECT_EQ(format_number(1.0), "1.00");
  EXPECT_EQ(format_number(0), "0");
}

TEST(FormatNumber, DoesNotGrowADigitByRounding) {
  EXPECT_EQ(format_number(0.9996), "1.00");
  EXPECT_EQ(format_number(0.09996), "0.100");
  EXPECT_EQ(format_number(9.996), "10.0");
}

TEST(FormatNumber, IsScientificBelowAThousandthWithATrueMinus) {
  EXPECT_EQ(format_number(1.6e-17), "1.6e\u221217");
  EXPECT_EQ(format_number(0.000999), "1.0e\u22123");
  EXPECT_EQ(format_number(0.00099), "9.9e\u22124");
  EXPECT_EQ(format_number(0.001), "0.00100");
  EXPECT_EQ(format_number(4.94e-324), "4.9e\u2212324");
}

TEST(FormatNumber, ShowsADashForWhatIsNoNumber) {
  EXPECT_EQ(format_number(std::numeric_limits<double>::quiet_NaN()), "\u2013");
}

TEST(FormatFromLog, GoesBelowTheSmallestDouble) {
  EXPECT_EQ(format_from_log(std::log(0.25)), "0.250");
  EXPECT_EQ(format_from_log(-410 * std::log(10.0) + std::log(3.2)), "3.2e\u2212410");
  EXPECT_EQ(format_from_log(-std::numeric_limits<double>::infinity()), "0");
}

TEST(FormatSigned, AlwaysHasASign) {
  EXPECT_EQ(format_signed(25.13), "+25.1");
  EXPECT_EQ(format_signed(-0.11), "\u22120.110");
  EXPECT_EQ(format_signed(0), "0");
}

TEST(FormatExact, GivesTenDigits) {
  EXPECT_EQ(format_exact(2.4e-6), "2.4e\u22126");
  EXPECT_EQ(format_exact(1.0 / 3), "0.3333333333");
  EXPECT_EQ(format_exact(-1.5e-120), "\u22121.5e\u2212120");
}

TEST(FormatCount, GroupsThousands) {
  EXPECT_EQ(format_count(7), "7");
  EXPECT_EQ(format_count(2941), "2,941");
  EXPECT_EQ(format_count(13000000), "13,000,000");
  EXPECT_EQ(format_count(-1200), "\u22121,200");
  EXPECT_EQ(format_counted(1, "passage"), "1 passage");
  EXPECT_EQ(format_counted(0, "passage"), "0 passages");
  EXPECT_EQ(format_counted(3, "query", "queries"), "3 queries");
}

TEST(FormatMilliseconds, ChangesUnitWithSize) {
  EXPECT_EQ(format_milliseconds(0.414), "0.41 ms");
  EXPECT_EQ(format_milliseconds(3.21), "3.2 ms");
  EXPECT_EQ(format_milliseconds(14.4), "14 ms");
  EXPECT_EQ(format_milliseconds(1234), "1.2 s");
  EXPECT_EQ(format_milliseconds(200000), "3 min 20 s");
}

// What a reader adds up.
double sum_shown(const std::vector<std::string>& shown) {
  double sum = 0;
  for (const std::string& text : shown) {
    if (text.find('e') == std::string::npos) sum += std::stod(text);
  }
  return std::round(sum * 1000) / 1000;
}

TEST(FormatParts, AddUpToTheTotalAsShown) {
  // Each for itself these would read 0.604 + 0.386 + 0.0106 = 1.0006, that is 1.001.
  const std::vector<double> parts = {0.6037, 0.38568, 0.01062};
  const std::vector<std::string> shown = format_parts(parts, 1);
  EXPECT_EQ(shown[2], "0.0106");
  EXPECT_DOUBLE_EQ(sum_shown(shown), 1.0);
  EXPECT_NEAR(std::stod(shown[0]), 0.6037, 0.001);
}

TEST(FormatParts, LeavesThePartAsItIsThatIsShownElsewhere) {
  // For themselves 0.641 + 0.155 + 0.205 = 1.001; the first has the smallest remainder.
  const std::vector<double> parts = {0.64051, 0.1548, 0.20469};
  EXPECT_EQ(format_parts(parts, 1), (std::vector<std::string>{"0.640", "0.155", "0.205"}));
  EXPECT_EQ(format_parts(parts, 1, 0), (std::vector<std::string>{"0.641", "0.155", "0.204"}));
}

TEST(FormatParts, KeepsTinyPartsScientific) {
  const std::vector<double> parts = {0.99989, 1.1e-4};
  EXPECT_EQ(format_parts(parts, 1), (std::vector<std::string>{"1.00", "1.1e\u22124"}));
}

TEST(FormatParts, AddUpForManyRandomDistributions) {
  uint64_t state = 7;
  for (int round = 0; round < 300; ++round) {
    std::vector<double> parts;
    for (int i = 0; i < 9; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      parts.push_back(std::pow(static_cast<double>(state >> 40) / (1 << 24), 4) + 1e-9);
    }
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    for (double& part : parts) part /= sum;
    // Only parts below 0.001, shown in scientific form, are left out by the reader's sum here: at
    // most 9 of them.
    EXPECT_NEAR(sum_shown(format_parts(parts, 1)), 1.0, 0.0065) << round;
  }
}

TEST(FormatParts, RoundsEachForItselfWhereThePartsDoNotAddUp) {
  const std::vector<double> parts = {0.5, 0.1};
  EXPECT_EQ(format_parts(parts, 1), (std::vector<std::string>{"0.500", "0.100"}));
}

TEST(FormatPercents, AddUpToAHundred) {
  const std::vector<double> shares = {1 / 3.0, 1 / 3.0, 1 / 3.0};
  const std::vector<std::string> shown = format_percents(shares);
  EXPECT_EQ(shown, (std::vector<std::string>{"34 %", "33 %", "33 %"}));
}

TEST(FormatPercents, DoesNotSayZeroOfWhatIsThere) {
  const std::vector<double> shares = {0.9998, 0.0002};
  EXPECT_EQ(format_percents(shares), (std::vector<std::string>{"100 %", "<0.1 %"}));
}

}  // namespace
}  // namespace realm::view
