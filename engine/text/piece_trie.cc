#include "engine/text/piece_trie.h"

#include <fmt/format.h>

#include <bit>
#include <utility>

#include "engine/base/error.h"

namespace realm {
namespace {

constexpr std::string_view kContinuationPrefix = "##";
constexpr size_t kMaxNodes = size_t{1} << 24;  // a node has 24 bits of an edge's key
constexpr size_t kLeastSlots = 1024;           // a power of two

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
  resize(kLeastSlots);
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
  size_t slot = 0;
  for (const char c : piece) {
    const uint32_t key = (node << 8) | static_cast<unsigned char>(c);
    slot = slot_of(key);
    if (edges_[slot].child == 0) {
      if (2 * ids_.size() >= edges_.size()) {
        resize(2 * edges_.size());
        slot = slot_of(key);
      }
      edges_[slot] = {key, static_cast<uint32_t>(ids_.size())};
      ids_.push_back(-1);
    }
    node = edges_[slot].child & ~kEndsPiece;
  }
  edges_[slot].child |= kEndsPiece;
  ids_[node] = id;
}

void PieceTrie::resize(size_t slots) {
  const std::vector<Edge> old = std::exchange(edges_, std::vector<Edge>(slots));
  shift_ = 32U - static_cast<uint32_t>(std::countr_zero(slots));
  for (const Edge& edge : old) {
    if (edge.child != 0) edges_[slot_of(edge.key)] = edge;
  }
}

PieceTrie::Match PieceTrie::longest(std::string_view text, bool continues_word) const noexcept {
  uint32_t node = continues_word ? kContinuationRoot : kWordRoot;
  uint32_t last = 0;
  size_t length = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const uint32_t child = edges_[slot_of((node << 8) | static_cast<unsigned char>(text[i]))].child;
    if (child == 0) break;
    node = child & ~kEndsPiece;
    if (child != node) {
      last = node;
      length = i + 1;
    }
  }
  if (length == 0) return {};
  return {ids_[last], length};
}

}  // namespace realm
