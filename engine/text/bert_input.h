// BERT input packing (REALM_SPEC 3): token ids and segment ids of one sequence, without padding.
//
// The general join of sequences s_0..s_k into length L is [CLS] s_0 [SEP] s_1 [SEP] ...; the
// segment of s_i and of its closing [SEP] is i, of [CLS] 0. The budget L - 1 - (number of
// sequences) is spent on s_0 first, then on s_1, ... Pure functions, thread-safe. A length too
// short for the special pieces alone is Error{kInvalidArgument}.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/text/vocabulary.h"

namespace realm {

struct BertInput {
  std::vector<int32_t> ids;
  std::vector<int32_t> segments;  // same length as ids
};

// Sequence lengths of a REALM model, counted in pieces with the special ones.
struct SequenceLengths {
  int query = 96;      // x as the embedder sees it; x is cut to query - 2 pieces
  int document = 288;  // title + body as the embedder sees them; the body is cut to document - 2 in
                       // the joint input
  int joint = 384;     // query + document, not longer than the model's positions
};

using TokenSpan = std::span<const int32_t>;

// The general join. `truncated`, where given, is set to whether a piece was left out.
BertInput pack_sequences(std::span<const TokenSpan> sequences, int max_length,
                         const SpecialIds& special, bool* truncated = nullptr);
// Whether the masks of x stand in what the retriever reads of it. REALM's does read them; an
// encoder that has never seen a mask finds more without (ModelConfig's query_masks).
enum class QueryMasks { kKept, kLeftOut };

// [CLS] x [SEP]
BertInput pack_query(TokenSpan x, const SequenceLengths& lengths, const SpecialIds& special,
                     QueryMasks masks = QueryMasks::kKept);
// [CLS] title [SEP] body [SEP]; the null document is pack_document({}, {}, ...) = [CLS] [SEP]
// [SEP].
BertInput pack_document(TokenSpan title, TokenSpan body, const SequenceLengths& lengths,
                        const SpecialIds& special);
// [CLS] x [SEP] body [SEP], without the title. x is cut to lengths.query - 2 and the body to
// lengths.document - 2 pieces, and the body further so that the whole fits lengths.joint.
BertInput pack_joint(TokenSpan x, TokenSpan body, const SequenceLengths& lengths,
                     const SpecialIds& special);

}  // namespace realm
