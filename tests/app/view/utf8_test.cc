#include "app/view/utf8.h"

#include <gtest/gtest.h>

namespace realm::view {
namespace {

TEST(CodePointAt, ReadsInvalidBytesOneByOne) {
  EXPECT_EQ(code_point_at("\u00e9", 0).value, U'\u00e9');
  EXPECT_EQ(code_point_at("\u00e9", 0).length, 2U);
  EXPECT_EQ(code_point_at("\xff\x41", 0).value, U'\uFFFD');
  EXPECT_EQ(code_point_at("\xff\x41", 0).length, 1U);
  EXPECT_EQ(code_point_at("a", 1).length, 0U);
}

TEST(CaretStops, KeepCombiningMarksWithTheirBase) {
  const std::string text = "ae\u0301b";  // e with an acute as a mark of its own
  EXPECT_EQ(next_stop(text, 0), 1U);
  EXPECT_EQ(next_stop(text, 1), 4U);
  EXPECT_EQ(previous_stop(text, 4), 1U);
  EXPECT_EQ(previous_stop(text, 0), 0U);
  EXPECT_EQ(next_stop(text, 99), text.size());
}

TEST(SnapToBorder, MovesBackOutOfACodePoint) {
  EXPECT_EQ(snap_to_border("a\u20acb", 2), 1U);
  EXPECT_EQ(snap_to_border("a\u20acb", 3), 1U);
  EXPECT_EQ(snap_to_border("a\u20acb", 4), 4U);
  EXPECT_EQ(snap_to_border("\x80\x80\x80\x80\x80", 4),
            4U);  // stray continuation bytes are borders themselves
}

TEST(CleanInput, DropsControlCharactersAndFoldsNewlines) {
  EXPECT_EQ(clean_input("a\x01"
                        "b\tc\r\nd\x7f",
                        false),
            "ab c d");
  EXPECT_EQ(clean_input("a\r\nb\nc", true), "a\nb\nc");
  EXPECT_EQ(clean_input("\xff", false), "\uFFFD");
}

TEST(MatchKey, IgnoresCaseAndAccents) {
  EXPECT_EQ(match_key("Z\u00fcrich"), match_key("zurich"));
  EXPECT_EQ(match_key("FERMAT"), "fermat");
  EXPECT_NE(match_key("fermat"), match_key("format"));
}

TEST(Shorten, CountsCharactersAndEndsWithAnEllipsis) {
  EXPECT_EQ(shorten("prime", 5), "prime");
  EXPECT_EQ(shorten("primes", 5), "prim\u2026");
  EXPECT_EQ(shorten("\u00e9\u00e9\u00e9", 2), "\u00e9\u2026");
}

}  // namespace
}  // namespace realm::view
