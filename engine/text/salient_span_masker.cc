#include "engine/text/salient_span_masker.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/base/check.h"
#include "engine/text/sentence_splitter.h"

namespace realm {

SalientSpanMasker::SalientSpanMasker(std::shared_ptr<const WordPieceTokenizer> tokenizer,
                                     SequenceLengths lengths, SalientSpanMaskerOptions options)
    : tokenizer_(std::move(tokenizer)), lengths_(lengths), options_(options) {
  REALM_CHECK(tokenizer_ != nullptr && options_.max_masks > 0);
}

std::optional<MaskedExample> SalientSpanMasker::mask(std::string_view text,
                                                     std::span<const ByteSpan> spans,
                                                     Rng& rng) const {
  const std::vector<ByteSpan> sentences = split_sentences(text);
  std::vector<std::pair<ByteSpan, ByteSpan>> choices;  // sentence, span
  for (const ByteSpan& span : spans) {
    const auto sentence =
        std::find_if(sentences.begin(), sentences.end(),
                     [&](const ByteSpan& candidate) { return candidate.contains(span); });
    if (sentence != sentences.end() && span.size() > 0) choices.emplace_back(*sentence, span);
  }
  const auto order = [](const auto& choice) {
    return std::tie(choice.second.begin, choice.second.end);
  };
  std::sort(choices.begin(), choices.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  choices.erase(std::unique(choices.begin(), choices.end()), choices.end());
  // Drawing without replacement until one can be hidden is a uniform choice among those that can.
  while (!choices.empty()) {
    const size_t drawn = rng.below(choices.size());
    const auto [sentence, span] = choices[drawn];
    if (std::optional<MaskedExample> example = mask_span(text, sentence, span)) return example;
    choices.erase(choices.begin() + static_cast<std::ptrdiff_t>(drawn));
  }
  return std::nullopt;
}

std::optional<MaskedExample> SalientSpanMasker::mask_span(std::string_view text, ByteSpan sentence,
                                                          ByteSpan span) const {
  const SpecialIds& special = tokenizer_->vocabulary().special();
  MaskedExample example;
  example.sentence = sentence;
  example.span = span;
  int last_hidden = -1;
  for (const Token& token : tokenizer_->tokenize(text.substr(sentence.begin, sentence.size()))) {
    const ByteSpan piece{sentence.begin + token.begin, sentence.begin + token.end};
    const auto index = static_cast<int>(example.x.size());
    if (!span.contains(piece)) {
      example.x.push_back(token.id);
      continue;
    }
    if (token.id == special.unknown) return std::nullopt;
    last_hidden = index;
    example.x.push_back(special.mask);
    if (static_cast<int>(example.masks.size()) < options_.max_masks) {
      example.masks.push_back(index);
      example.targets.push_back(token.id);
    }
  }
  if (last_hidden < 0 || last_hidden >= lengths_.query - 2) return std::nullopt;
  return example;
}

}  // namespace realm
