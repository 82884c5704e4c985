#include "engine/text/bert_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "engine/base/error.h"

namespace realm {
namespace {

TokenSpan first(TokenSpan pieces, int count) {
  return pieces.first(std::min(pieces.size(), static_cast<size_t>(std::max(count, 0))));
}

}  // namespace

BertInput pack_sequences(std::span<const TokenSpan> sequences, int max_length,
                         const SpecialIds& special, bool* truncated) {
  const int framing = 1 + static_cast<int>(sequences.size());
  if (max_length < framing) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("A sequence length of {} cannot hold the {} special pieces of {} sequences.",
                    max_length, framing, sequences.size()));
  }
  size_t budget = static_cast<size_t>(max_length - framing);
  bool cut = false;
  BertInput input;
  const auto push = [&input](int32_t id, size_t segment) {
    input.ids.push_back(id);
    input.segments.push_back(static_cast<int32_t>(segment));
  };
  push(special.cls, 0);
  for (size_t i = 0; i < sequences.size(); ++i) {
    const size_t count = std::min(budget, sequences[i].size());
    cut = cut || count < sequences[i].size();
    budget -= count;
    for (const int32_t id : sequences[i].first(count)) push(id, i);
    push(special.sep, i);
  }
  if (truncated != nullptr) *truncated = cut;
  return input;
}

BertInput pack_query(TokenSpan x, const SequenceLengths& lengths, const SpecialIds& special,
                     QueryMasks masks) {
  std::vector<int32_t> words;
  if (masks == QueryMasks::kLeftOut) {
    std::ranges::remove_copy(x, std::back_inserter(words), special.mask);
    x = words;
  }
  const std::array<TokenSpan, 1> sequences{x};
  return pack_sequences(sequences, lengths.query, special);
}

BertInput pack_document(TokenSpan title, TokenSpan body, const SequenceLengths& lengths,
                        const SpecialIds& special) {
  const std::array<TokenSpan, 2> sequences{title, body};
  return pack_sequences(sequences, lengths.document, special);
}

BertInput pack_joint(TokenSpan x, TokenSpan body, const SequenceLengths& lengths,
                     const SpecialIds& special) {
  const std::array<TokenSpan, 2> sequences{first(x, lengths.query - 2),
                                           first(body, lengths.document - 2)};
  return pack_sequences(sequences, lengths.joint, special);
}

}  // namespace realm
