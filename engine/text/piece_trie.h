// PieceTrie: finds the longest vocabulary piece that a text begins with, one hash probe a byte and
// no allocation. It is the inner loop of WordPiece (REALM_SPEC 2.1, step 6). Immutable: safe to
// share between threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/text/vocabulary.h"

namespace realm {

class PieceTrie {
 public:
  // Pieces that begin a word and "##" pieces stand in two tries of one table.
  // Throws Error{kUnsupported} when the pieces together are longer than 16 million bytes.
  explicit PieceTrie(const Vocabulary& vocabulary);

  struct Match {
    int32_t id = -1;
    size_t length = 0;  // bytes; 0 when no piece fits
  };
  // `continues_word` looks among the "##" pieces. A piece of valid UTF-8 ends on a code point
  // border of a valid text.
  Match longest(std::string_view text, bool continues_word) const noexcept;

 private:
  // The edge from a node by a byte. `key` is node << 8 | byte. `child` is the node that it leads
  // to, with kEndsPiece where a piece ends there; the roots are no node's child, so 0 marks a free
  // slot.
  struct Edge {
    uint32_t key = 0;
    uint32_t child = 0;
  };
  static constexpr uint32_t kEndsPiece = uint32_t{1} << 31;
  static constexpr uint32_t kWordRoot = 0;
  static constexpr uint32_t kContinuationRoot = 1;

  // The slot that holds `key`, or the free one where it belongs.
  size_t slot_of(uint32_t key) const noexcept {
    size_t slot = (key * 0x9E3779B1U) >> shift_;
    while (edges_[slot].child != 0 && edges_[slot].key != key) {
      slot = (slot + 1) & (edges_.size() - 1);
    }
    return slot;
  }
  void insert(uint32_t root, std::string_view piece, int32_t id);
  void resize(size_t slots);

  std::vector<Edge> edges_;   // open addressing, linear probing, at most half full
  std::vector<int32_t> ids_;  // by node: the piece that ends there, or -1
  uint32_t shift_ = 0;        // 32 - log2(edges_.size())
};

}  // namespace realm
