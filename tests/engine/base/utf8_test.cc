#include "engine/base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace realm {
namespace {

TEST(Utf8, ReadsTheBordersOfEveryLength) {
  struct Case {
    std::string bytes;
    char32_t value;
  };
  const Case cases[] = {
      {std::string(1, '\0'), 0x0},   {"\x7f", 0x7F},           {"\xc2\x80", 0x80},
      {"\xdf\xbf", 0x7FF},           {"\xe0\xa0\x80", 0x800},  {"\xed\x9f\xbf", 0xD7FF},
      {"\xee\x80\x80", 0xE000},      {"\xef\xbf\xbf", 0xFFFF}, {"\xf0\x90\x80\x80", 0x10000},
      {"\xf4\x8f\xbf\xbf", 0x10FFFF}};
  for (const Case& c : cases) {
    const DecodedCodePoint point = decode_utf8(c.bytes, 0);
    EXPECT_TRUE(point.valid) << static_cast<uint32_t>(c.value);
    EXPECT_EQ(point.value, c.value);
    EXPECT_EQ(point.length, c.bytes.size());
    std::string written;
    append_utf8(written, c.value);
    EXPECT_EQ(written, c.bytes);
  }
}

TEST(Utf8, RefusesWhatTheStandardForbids) {
  const char* const cases[] = {"\x80",
                               "\xc0\x80",
                               "\xc1\xbf",
                               "\xe0\x9f\xbf",
                               "\xed\xa0\x80",
                               "\xf0\x8f\xbf\xbf",
                               "\xf4\x90\x80\x80",
                               "\xf5\x80\x80\x80",
                               "\xff",
                               "\xe2\x82",
                               "\xc2",
                               "\xe2(\xa1"};
  for (const char* bytes : cases) {
    const DecodedCodePoint point = decode_utf8(bytes, 0);
    EXPECT_FALSE(point.valid) << bytes;
    EXPECT_EQ(point.value, kReplacementCharacter);
    EXPECT_EQ(point.length, 1U);
  }
}

TEST(Utf8, FindsTheFirstInvalidByte) {
  EXPECT_EQ(find_invalid_utf8("na\xc3\xafve"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8(""), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("ab\xffz"), 2U);
  EXPECT_EQ(find_invalid_utf8("ab\xe2\x82"), 2U);
}

TEST(Utf8, KnowsWhereATextMayBeCut) {
  const std::string text = "a\xc3\xa9z";
  EXPECT_TRUE(is_code_point_border(text, 1));
  EXPECT_FALSE(is_code_point_border(text, 2));
  EXPECT_TRUE(is_code_point_border(text, 3));
  EXPECT_TRUE(is_code_point_border(text, text.size()));
}

}  // namespace
}  // namespace realm
