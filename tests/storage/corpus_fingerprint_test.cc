#include "storage/corpus_fingerprint.h"

#include <gtest/gtest.h>

#include "engine/base/digest.h"
#include "engine/base/error.h"

namespace realm {
namespace {

MultisetHash number(unsigned char least) {
  std::string bytes(32, '\0');
  bytes[0] = static_cast<char>(least);
  return MultisetHash::from_bytes(bytes);
}

TEST(MultisetHash, IsZeroForNothing) { EXPECT_EQ(MultisetHash().hex(), std::string(64, '0')); }

TEST(MultisetHash, WritesTheMostSignificantDigitFirst) {
  EXPECT_EQ(number(0xAB).hex(), std::string(62, '0') + "ab");
}

TEST(MultisetHash, CarriesThroughAllLimbs) {
  MultisetHash sum = MultisetHash::from_bytes(std::string(32, '\xFF'));
  sum += number(1);
  EXPECT_EQ(sum.hex(), std::string(64, '0'));
  sum -= number(1);
  EXPECT_EQ(sum.hex(), std::string(64, 'f'));
}

TEST(MultisetHash, CarriesIntoALimbThatIsFull) {
  // 0x...FFFFFFFFFFFFFFFF_FFFFFFFFFFFFFFFF (two full limbs) plus itself: both the carry and the sum
  // overflow.
  std::string bytes(32, '\0');
  for (size_t i = 0; i < 16; ++i) bytes[i] = '\xFF';
  MultisetHash sum = MultisetHash::from_bytes(bytes);
  sum += MultisetHash::from_bytes(bytes);
  EXPECT_EQ(sum.hex(), std::string(31, '0') + "1" + std::string(31, 'f') + "e");
  sum -= MultisetHash::from_bytes(bytes);
  EXPECT_EQ(sum, MultisetHash::from_bytes(bytes));
}

TEST(MultisetHash, DoesNotDependOnTheOrder) {
  const MultisetHash a = hash_document(1, "A", "text", "s", "");
  const MultisetHash b = hash_document(2, "B", "text", "s", "");
  MultisetHash ab = a;
  ab += b;
  MultisetHash ba = b;
  ba += a;
  EXPECT_EQ(ab, ba);
  ab -= a;
  EXPECT_EQ(ab, b);
}

TEST(MultisetHash, RefusesAnotherLength) { EXPECT_THROW(MultisetHash::from_bytes("short"), Error); }

TEST(HashDocument, IsTheSha256OfTheDocumentedForm) {
  const std::string form = "realm document 1\n7\n5:Rhine\n8:A river.\n4:book\n3:CC0\n";
  EXPECT_EQ(hash_document(7, "Rhine", "A river.", "book", "CC0").hex(), sha256_hex(form));
}

TEST(HashDocument, TellsWhereATextEnds) {
  EXPECT_NE(hash_document(1, "ab", "c", "", ""), hash_document(1, "a", "bc", "", ""));
}

}  // namespace
}  // namespace realm
