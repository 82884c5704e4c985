#include "engine/text/character_class.h"

#include <utf8proc.h>

#include <memory>

#include "engine/text/unicode_14.h"

namespace realm {
namespace {

constexpr char32_t kHangulBegin = 0xAC00;
constexpr char32_t kHangulEnd = 0xD7A4;

bool within(char32_t value, char32_t first, char32_t last) noexcept {
  return value >= first && value <= last;
}

bool is_ideograph(char32_t value) noexcept {
  return within(value, 0x4E00, 0x9FFF) || within(value, 0x3400, 0x4DBF) ||
         within(value, 0x20000, 0x2A6DF) || within(value, 0x2A700, 0x2B73F) ||
         within(value, 0x2B740, 0x2B81F) || within(value, 0x2B820, 0x2CEAF) ||
         within(value, 0xF900, 0xFAFF) || within(value, 0x2F800, 0x2FA1F);
}

bool is_ascii_punctuation(char32_t value) noexcept {
  return within(value, 33, 47) || within(value, 58, 64) || within(value, 91, 96) ||
         within(value, 123, 126);
}

// The general category in Unicode 14.
utf8proc_category_t category(char32_t value) noexcept {
  if (!is_assigned_in_unicode_14(value)) return UTF8PROC_CATEGORY_CN;
  return utf8proc_category(static_cast<utf8proc_int32_t>(value));
}

uint8_t compute_class(char32_t value) noexcept {
  if (value == '\t' || value == '\n' || value == '\r' || value == ' ') return kSpace;
  if (value == 0 || value == 0xFFFD) return kDropped | kDroppedByGoogle;
  uint8_t bits = is_ideograph(value) ? kIdeograph : 0;
  switch (category(value)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
      return kDropped | kDroppedByGoogle;
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
      return bits | kDropped;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return kSpace;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
      bits |= kPunctuation;
      break;
    case UTF8PROC_CATEGORY_MN:
      bits |= kNonspacing;
      break;
    default:
      break;
  }
  if (is_ascii_punctuation(value)) bits |= kPunctuation;
  if (combining_class(value) != 0) bits |= kCombining;
  return bits;
}

// The first two planes hold nearly all text; the others are worked out when asked.
constexpr size_t kTableSize = 0x20000;
using Table = std::array<uint8_t, kTableSize>;

const Table& table() noexcept {
  static const std::unique_ptr<const Table> made = [] {
    auto classes = std::make_unique<Table>();
    for (size_t i = 0; i < kTableSize; ++i) {
      (*classes)[i] = compute_class(static_cast<char32_t>(i));
    }
    return std::unique_ptr<const Table>(std::move(classes));
  }();
  return *made;
}

}  // namespace

uint8_t character_class(char32_t value) noexcept {
  return value < kTableSize ? table()[value] : compute_class(value);
}

char32_t lower_case(char32_t value) noexcept {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(value)));
}

std::span<const char32_t> decompose(char32_t value, std::array<char32_t, 4>& space) noexcept {
  if (value >= kHangulBegin && value < kHangulEnd) {  // (Unicode section 3.12)
    const char32_t index = value - kHangulBegin;
    space[0] = 0x1100 + index / 588;
    space[1] = 0x1161 + (index % 588) / 28;
    space[2] = 0x11A7 + index % 28;
    return {space.data(), index % 28 == 0 ? size_t{2} : size_t{3}};
  }
  std::array<utf8proc_int32_t, 4> parts{};
  int boundary = 0;
  const utf8proc_ssize_t count =
      utf8proc_decompose_char(static_cast<utf8proc_int32_t>(value), parts.data(), parts.size(),
                              UTF8PROC_DECOMPOSE, &boundary);
  if (count < 1 || count > static_cast<utf8proc_ssize_t>(parts.size())) {
    space[0] = value;
    return {space.data(), 1};
  }
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    space[i] = static_cast<char32_t>(parts[i]);
  }
  return {space.data(), static_cast<size_t>(count)};
}

int combining_class(char32_t value) noexcept {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(value))->combining_class;
}

bool is_word_character(char32_t value) noexcept {
  switch (category(value)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
      return true;
    default:
      return false;
  }
}

bool is_capital(char32_t value) noexcept {
  const utf8proc_category_t found = category(value);
  return found == UTF8PROC_CATEGORY_LU || found == UTF8PROC_CATEGORY_LT;
}

bool is_cased(char32_t value) noexcept {
  switch (category(value)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
      return true;
    default:
      break;
  }
  // Other_Lowercase and Other_Uppercase outside the modifier letters, which are case-ignorable
  // first.
  return value == 0xAA || value == 0xBA || within(value, 0x2160, 0x217F) ||
         within(value, 0x24B6, 0x24E9) || within(value, 0x1F130, 0x1F149) ||
         within(value, 0x1F150, 0x1F169) || within(value, 0x1F170, 0x1F189);
}

bool is_case_ignorable(char32_t value) noexcept {
  switch (category(value)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      break;
  }
  // Word_Break = MidLetter, MidNumLet and Single_Quote.
  constexpr char32_t kInnerMarks[] = {0x27,   0x2E,   0x3A,   0xB7,   0x387,  0x55F,
                                      0x5F4,  0x2018, 0x2019, 0x2024, 0x2027, 0xFE13,
                                      0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A};
  for (const char32_t mark : kInnerMarks) {
    if (value == mark) return true;
  }
  return false;
}

}  // namespace realm
