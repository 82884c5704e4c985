// Top words for one or several masks from log p(piece | z, x) tables (REALM_SPEC 1: the product
// over pieces stands inside the sum over documents). Pure functions, thread-safe. Every probability
// returned is exact; only the choice of words to look at is bounded, and for a single mask not even
// that.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace realm {

// log p(piece v at mask m | z_k, x), row-major [K, M, V], float32.
struct PieceTable {
  std::span<const float> log_p;
  int documents = 0;   // K
  int masks = 0;       // M
  int vocabulary = 0;  // V
  const float* row(int document, int mask) const {
    return log_p.data() + (static_cast<int64_t>(document) * masks + mask) * vocabulary;
  }
};

struct RankedWord {
  std::vector<int32_t> pieces;         // M ids
  double log_p = 0;                    // log of the marginal
  std::vector<double> log_p_document;  // log p(word | z_k, x), K values
};

// log p(pieces | z_k, x) for each document: the sum over the masks. pieces has M ids.
std::vector<double> word_log_p(const PieceTable& table, std::span<const int32_t> pieces);

// The `count` words with the highest marginal. One mask: over the whole vocabulary. Several: over
// the union of each document's own `count` best piece combinations; a word outside that union
// cannot be among any document's best, and its marginal is below the largest of the documents'
// count-th best. Ties by the smaller piece ids.
std::vector<RankedWord> top_words(const PieceTable& table, std::span<const double> log_p_z,
                                  int count);

// 1 + the number of pieces whose marginal is higher than that of `piece` (one mask only).
int64_t piece_rank(const PieceTable& table, std::span<const double> log_p_z, int32_t piece);

}  // namespace realm
