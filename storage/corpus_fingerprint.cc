#include "storage/corpus_fingerprint.h"

#include <fmt/format.h>

#include "engine/base/digest.h"
#include "engine/base/error.h"

namespace realm {
namespace {

constexpr size_t kBytes = 32;
constexpr size_t kLimbBytes = 8;

uint64_t hex_digit(char c) { return static_cast<uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10); }

}  // namespace

MultisetHash MultisetHash::from_bytes(std::string_view bytes) {
  if (bytes.size() != kBytes) {
    throw Error(
        ErrorCode::kCorruptData,
        fmt::format("The corpus fingerprint has {} bytes, expected {}.", bytes.size(), kBytes));
  }
  MultisetHash hash;
  for (size_t i = 0; i < kBytes; ++i) {
    hash.limbs_[i / kLimbBytes] |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i]))
                                   << (8 * (i % kLimbBytes));
  }
  return hash;
}

std::string MultisetHash::bytes() const {
  std::string bytes(kBytes, '\0');
  for (size_t i = 0; i < kBytes; ++i) {
    bytes[i] = static_cast<char>((limbs_[i / kLimbBytes] >> (8 * (i % kLimbBytes))) & 0xff);
  }
  return bytes;
}

std::string MultisetHash::hex() const {
  return fmt::format("{:016x}{:016x}{:016x}{:016x}", limbs_[3], limbs_[2], limbs_[1], limbs_[0]);
}

MultisetHash& MultisetHash::operator+=(const MultisetHash& other) {
  uint64_t carry = 0;
  for (size_t i = 0; i < limbs_.size(); ++i) {
    const uint64_t partial = limbs_[i] + carry;
    carry = partial < carry ? 1 : 0;
    limbs_[i] = partial + other.limbs_[i];
    carry += limbs_[i] < partial ? 1 : 0;
  }
  return *this;
}

MultisetHash& MultisetHash::operator-=(const MultisetHash& other) {
  uint64_t borrow = 0;
  for (size_t i = 0; i < limbs_.size(); ++i) {
    const uint64_t partial = limbs_[i] - borrow;
    borrow = partial > limbs_[i] ? 1 : 0;
    borrow += other.limbs_[i] > partial ? 1 : 0;
    limbs_[i] = partial - other.limbs_[i];
  }
  return *this;
}

MultisetHash hash_document(int64_t id, std::string_view title, std::string_view text,
                           std::string_view source, std::string_view licence) {
  std::string form;
  form.reserve(title.size() + text.size() + source.size() + licence.size() + 80);
  fmt::format_to(std::back_inserter(form), "realm document 1\n{}\n", id);
  for (const std::string_view part : {title, text, source, licence}) {
    fmt::format_to(std::back_inserter(form), "{}:", part.size());
    form.append(part).push_back('\n');
  }
  const std::string digest = sha256_hex(form);
  std::string bytes(kBytes, '\0');
  for (size_t i = 0; i < kBytes; ++i) {
    // The digest's first digits are the most significant ones; bytes() has them last.
    bytes[kBytes - 1 - i] =
        static_cast<char>(hex_digit(digest[2 * i]) << 4 | hex_digit(digest[2 * i + 1]));
  }
  return MultisetHash::from_bytes(bytes);
}

}  // namespace realm
