// MultisetHash: the fingerprint of a corpus, cheap to keep through edits: the sum modulo 2^256 of
// one SHA-256 a document. A sum does not depend on the order, so equal content has an equal
// fingerprint however it came about, and undo gives the old one back. It tells accidents apart, not
// forgeries: it is no signature.
//
// Values; thread-compatible.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace realm {

class MultisetHash {
 public:
  MultisetHash() = default;
  // From the 32 bytes of bytes(). Throws Error{kCorruptData} for another length.
  static MultisetHash from_bytes(std::string_view bytes);
  std::string bytes() const;  // 32, least significant first
  std::string hex() const;    // 64 digits, most significant first

  MultisetHash& operator+=(const MultisetHash& other);
  MultisetHash& operator-=(const MultisetHash& other);
  bool operator==(const MultisetHash& other) const = default;

 private:
  std::array<uint64_t, 4> limbs_{};  // least significant first
};

// SHA-256 over "realm document 1\n", the id in decimal, and each text preceded by its length in
// bytes, so that no two documents share a form.
MultisetHash hash_document(int64_t id, std::string_view title, std::string_view text,
                           std::string_view source, std::string_view licence);

}  // namespace realm
