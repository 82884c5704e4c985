#include "engine/text/piece_trie.h"

#include <fmt/format.h>

#include <bit>

#include "engine/base/error.h"

namespace realm {
namespace {

constexpr std::string_view kContinuationPrefix = "##";
constexpr size_t kMaxNodes = size_t{1} << 24;  // a node has 24 bits of an edge's key

}  // namespace

PieceTrie::PieceTrie(const Vocabulary& vocabulary) : ids_(2, -1) {
  size_t bytes = 0;
  for (int32_t id = 0; id < vocabulary.size(); ++id) bytes += vocabulary.piece(id).size();
  if (bytes + 2 > kMaxNodes) {
    throw Error(
        ErrorCode::kUnsupported,
        fmt::format("The vocabulary's pieces are {} bytes together; at most {} are supported.",
                    bytes, kMaxNodes - 2));
  }
  const size_t slots = std::bit_ceil(2 * (bytes + 1));
  edges_.resize(slots);
  shift_ = 32U - static_cast<uint32_t>(std::countr_zero(slots));
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    const std::string_view piece = vocabulary.piece(id);
    if (vocabulary.find(piece) != id) continue;  // repeated later: the last id counts
    if (piece.substr(0, kContinuationPrefix.size()) != kContinuationPrefix) {
      insert(kWordRoot, piece, id);
    } else if (piece.size() > kContinuationPrefix.size()) {
      insert(kContinuationRoot, piece.substr(kContinuationPrefix.size()), id);
    }
  }
}

void PieceTrie::insert(uint32_t root, std::string_view piece, int32_t id) {
  uint32_t node = root;
  for (const char c : piece) {
    const uint32_t key = (node << 8) | static_cast<unsigned char>(c);
    size_t slot = slot_of(key);
    while (edges_[slot].child != 0 && edges_[slot].key != key)
      slot = (slot + 1) & (edges_.size() - 1);
    if (edges_[slot].child == 0) {
      edges_[slot] = {key, static_cast<uint32_t>(ids_.size())};
      ids_.push_back(-1);
    }
    node = edges_[slot].child;
  }
  ids_[node] = id;
}

uint32_t PieceTrie::child(uint32_t node, unsigned char byte) const noexcept {
  const uint32_t key = (node << 8) | byte;
  size_t slot = slot_of(key);
  while (edges_[slot].child != 0 && edges_[slot].key != key)
    slot = (slot + 1) & (edges_.size() - 1);
  return edges_[slot].child;
}

PieceTrie::Match PieceTrie::longest(std::string_view text, bool continues_word) const noexcept {
  uint32_t node = continues_word ? kContinuationRoot : kWordRoot;
  Match best;
  for (size_t i = 0; i < text.size(); ++i) {
    node = child(node, static_cast<unsigned char>(text[i]));
    if (node == 0) break;
    if (ids_[node] >= 0) best = {ids_[node], i + 1};
  }
  return best;
}

}  // namespace realm
