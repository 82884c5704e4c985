#include "trainer/data/sentence_masker.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/error.h"

namespace realm {
namespace {

constexpr double kBudget = 0.15;
constexpr double kMaskShare = 0.8, kRandomShare = 0.1;
constexpr double kLengthP = 0.2;
constexpr int kMaxSpanWords = 10;

class SalientMasker final : public SentenceMasker {
 public:
  explicit SalientMasker(int32_t mask_id) : mask_id_(mask_id) {}
  MaskedSentence mask(const TrainingSentence& sentence, Rng& rng) const override {
    return mask_one_span(sentence, mask_id_, rng);
  }
  MaskedSentence mask_two(const TrainingSentence& sentence, Rng& rng) const override {
    return mask_two_spans(sentence, mask_id_, rng);
  }
  bool needs_spans() const override { return true; }

 private:
  int32_t mask_id_;
};

// What a chosen piece becomes. Differs from BERT's code: a random piece is never a special one, as
// the paper says "a random token" and [SEP] inside x would end it.
class Replacement {
 public:
  explicit Replacement(const Vocabulary& vocabulary) : mask_id_(vocabulary.special().mask) {
    for (int32_t id = 0; id < vocabulary.size(); ++id) {
      if (!vocabulary.is_special(id)) ordinary_.push_back(id);
    }
    if (ordinary_.empty())
      throw Error(ErrorCode::kInvalidArgument, "The vocabulary holds no piece but special ones.");
  }

  enum class Rule { kMask, kRandom, kKeep };
  Rule draw_rule(Rng& rng) const {
    const double u = rng.uniform();
    if (u < kMaskShare) return Rule::kMask;
    return u < kMaskShare + kRandomShare ? Rule::kRandom : Rule::kKeep;
  }
  int32_t apply(Rule rule, int32_t piece, Rng& rng) const {
    if (rule == Rule::kMask) return mask_id_;
    return rule == Rule::kRandom ? ordinary_[rng.below(ordinary_.size())] : piece;
  }

 private:
  int32_t mask_id_;
  std::vector<int32_t> ordinary_;
};

class RandomTokenMasker final : public SentenceMasker {
 public:
  explicit RandomTokenMasker(const Vocabulary& vocabulary) : replacement_(vocabulary) {}

  MaskedSentence mask(const TrainingSentence& sentence, Rng& rng) const override {
    REALM_CHECK(!sentence.pieces.empty());
    std::vector<int> order(sentence.pieces.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    rng.shuffle(order);
    order.resize(static_cast<size_t>(masking_budget(order.size())));
    std::sort(order.begin(), order.end());
    MaskedSentence out{sentence.pieces, std::move(order), {}};
    for (const int position : out.positions) {
      int32_t& piece = out.pieces[static_cast<size_t>(position)];
      out.targets.push_back(piece);
      piece = replacement_.apply(replacement_.draw_rule(rng), piece, rng);
    }
    return out;
  }

 private:
  Replacement replacement_;
};

class RandomSpanMasker final : public SentenceMasker {
 public:
  explicit RandomSpanMasker(const Vocabulary& vocabulary) : replacement_(vocabulary) {
    for (int32_t id = 0; id < vocabulary.size(); ++id)
      continues_.push_back(vocabulary.piece(id).starts_with("##"));
  }

  MaskedSentence mask(const TrainingSentence& sentence, Rng& rng) const override {
    REALM_CHECK(!sentence.pieces.empty());
    const std::vector<PieceSpan> words = words_of(sentence.pieces);
    std::vector<bool> hidden(words.size(), false);
    MaskedSentence out{sentence.pieces, {}, {}};
    int left = masking_budget(sentence.pieces.size());
    while (left > 0) {
      std::vector<size_t> starts;  // words that the budget has room for
      for (size_t i = 0; i < words.size(); ++i) {
        if (!hidden[i] && size_of(words[i]) <= left) starts.push_back(i);
      }
      // Words are never cut; where all are too long, one of them is hidden all the same.
      const bool too_long = starts.empty() && out.positions.empty();
      if (starts.empty() && !too_long) break;
      const size_t first = too_long ? rng.below(words.size()) : starts[rng.below(starts.size())];
      const int length = draw_span_length(rng);
      const Replacement::Rule rule = replacement_.draw_rule(rng);
      for (size_t word = first; word < words.size() && word < first + static_cast<size_t>(length);
           ++word) {
        if (hidden[word] || (size_of(words[word]) > left && !(too_long && word == first))) break;
        hidden[word] = true;
        left -= size_of(words[word]);
        hide(words[word], rule, rng, out);
      }
    }
    std::sort(out.positions.begin(), out.positions.end());
    for (const int position : out.positions)
      out.targets.push_back(sentence.pieces[static_cast<size_t>(position)]);
    return out;
  }

 private:
  static int size_of(PieceSpan span) { return span.end - span.begin; }

  std::vector<PieceSpan> words_of(const Pieces& pieces) const {
    std::vector<PieceSpan> words;
    for (int i = 0; i < static_cast<int>(pieces.size()); ++i) {
      const auto id = static_cast<size_t>(pieces[static_cast<size_t>(i)]);
      if (words.empty() || !continues_[id]) words.push_back({i, i});
      words.back().end = i + 1;
    }
    return words;
  }

  void hide(PieceSpan word, Replacement::Rule rule, Rng& rng, MaskedSentence& out) const {
    for (int i = word.begin; i < word.end; ++i) {
      int32_t& piece = out.pieces[static_cast<size_t>(i)];
      piece = replacement_.apply(rule, piece, rng);
      out.positions.push_back(i);
    }
  }

  Replacement replacement_;
  std::vector<bool> continues_;  // by id: a "##" piece
};

}  // namespace

std::unique_ptr<const SentenceMasker> make_sentence_masker(Masking masking,
                                                           const Vocabulary& vocabulary) {
  switch (masking) {
    case Masking::kSalient:
      return std::make_unique<SalientMasker>(vocabulary.special().mask);
    case Masking::kRandomTokens:
      return std::make_unique<RandomTokenMasker>(vocabulary);
    case Masking::kRandomSpans:
      return std::make_unique<RandomSpanMasker>(vocabulary);
  }
  throw Error(ErrorCode::kInvalidArgument, "There is no such masking.");
}

int masking_budget(size_t pieces) {
  return std::max(1, static_cast<int>(std::lround(kBudget * static_cast<double>(pieces))));
}

int draw_span_length(Rng& rng) {
  // The inverse of the distribution function P(l <= n) = (1 - q^n) / (1 - q^10), q = 0.8.
  const double q = 1 - kLengthP;
  const double u = rng.uniform() * (1 - std::pow(q, kMaxSpanWords));
  const int length = 1 + static_cast<int>(std::log1p(-u) / std::log(q));
  return std::clamp(length, 1, kMaxSpanWords);
}

}  // namespace realm
