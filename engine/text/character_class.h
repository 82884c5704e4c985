// What BERT's tokenizer needs to know of a code point (REALM_SPEC 2.1, steps 1 to 5). Pure
// functions, thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace realm {

// Bits of character_class().
enum CharacterClass : uint8_t {
  kDropped = 1,          // U+0000, U+FFFD and category C* but tab, line feed, carriage return
  kDroppedByGoogle = 2,  // the same, of category C* only Cc and Cf
  kSpace = 4,            // tab, line feed, carriage return, category Zs, U+2028 and U+2029
  kIdeograph = 8,        // a CJK ideograph, which is a word by itself
  kPunctuation = 16,     // ASCII 33-47, 58-64, 91-96, 123-126 and category P*
  kNonspacing = 32,      // category Mn
  kCombining = 64,       // canonical combining class above 0: normalisation may reorder it
};

uint8_t character_class(char32_t value) noexcept;

// Simple lower-casing, code point by code point: U+0130 gives "i" (its dot above would be dropped
// as Mn all the same).
char32_t lower_case(char32_t value) noexcept;

// The full canonical decomposition (NFD) of one code point; `space` holds it. Never empty.
std::span<const char32_t> decompose(char32_t value, std::array<char32_t, 4>& space) noexcept;

// Canonical combining class, 0 to 254.
int combining_class(char32_t value) noexcept;

// Categories L*, M* and Nd: what words are made of; and Lu or Lt.
bool is_word_character(char32_t value) noexcept;
bool is_capital(char32_t value) noexcept;

// Unicode's Final_Sigma needs these two (derived from the categories and the few code points
// outside them).
bool is_cased(char32_t value) noexcept;
bool is_case_ignorable(char32_t value) noexcept;

}  // namespace realm
