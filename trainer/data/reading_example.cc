#include "trainer/data/reading_example.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "engine/base/check.h"

namespace realm {
namespace {

bool all_of_bytes(const std::string& text, int (*test)(int)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [test](char c) {
    return test(static_cast<unsigned char>(c)) != 0;
  });
}

bool matches_at(const Pieces& pieces, size_t at, const Pieces& needle) {
  return at + needle.size() <= pieces.size() &&
         std::equal(needle.begin(), needle.end(), pieces.begin() + static_cast<std::ptrdiff_t>(at));
}

using Replacements = std::map<Pieces, Pieces>;

// Replaces whole-word occurrences, longest names first, and tells where each old piece went.
struct Rewritten {
  Pieces pieces;
  std::vector<PieceSpan>
      moved;  // by old index: the piece itself, or the whole new name that it became a part of
};

Rewritten rewrite(const Pieces& pieces, const std::vector<Pieces>& names,
                  const Replacements& replacements, const std::vector<bool>& continues) {
  Rewritten out;
  size_t i = 0;
  while (i < pieces.size()) {
    const Pieces* found = nullptr;
    const bool starts_word = !continues[static_cast<size_t>(pieces[i])];
    for (const Pieces& name : names) {
      if (!starts_word || !matches_at(pieces, i, name)) continue;
      const size_t after = i + name.size();
      if (after < pieces.size() && continues[static_cast<size_t>(pieces[after])]) continue;
      found = &name;
      break;
    }
    const auto here = static_cast<int>(out.pieces.size());
    if (found == nullptr) {
      out.moved.push_back({here, here + 1});
      out.pieces.push_back(pieces[i++]);
      continue;
    }
    const Pieces& replacement = replacements.at(*found);
    out.moved.insert(out.moved.end(), found->size(),
                     {here, here + static_cast<int>(replacement.size())});
    out.pieces.insert(out.pieces.end(), replacement.begin(), replacement.end());
    i += found->size();
  }
  return out;
}

}  // namespace

MaskedSentence mask_one_span(const TrainingSentence& sentence, int32_t mask_id, Rng& rng) {
  REALM_CHECK(!sentence.spans.empty());
  const PieceSpan span = sentence.spans[rng.below(sentence.spans.size())];
  MaskedSentence out;
  out.pieces = sentence.pieces;
  for (int i = span.begin; i < span.end; ++i) {
    if (out.targets.size() < static_cast<size_t>(kMaxTargets)) {
      out.positions.push_back(i);
      out.targets.push_back(out.pieces[static_cast<size_t>(i)]);
    }
    out.pieces[static_cast<size_t>(i)] = mask_id;
  }
  return out;
}

NameSwapper::NameSwapper(const Vocabulary& vocabulary) {
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    const std::string& piece = vocabulary.piece(id);
    const bool continues = piece.starts_with("##") && piece.size() > 2;
    continues_.push_back(continues);
    if (vocabulary.is_special(id)) continue;
    const std::string body = continues ? piece.substr(2) : piece;
    if (all_of_bytes(body, std::isdigit)) {
      (continues ? digit_continuations_ : digits_).push_back(id);
    } else if (all_of_bytes(body, std::isalpha)) {
      (continues ? continuations_ : starts_).push_back(id);
    }
  }
  if (starts_.empty() || continuations_.empty()) starts_ = continuations_ = {0};
}

Pieces NameSwapper::random_name(const Pieces& original, Rng& rng) const {
  const auto draw = [&rng](const std::vector<int32_t>& from) {
    return from[rng.below(from.size())];
  };
  const bool number = std::find(digits_.begin(), digits_.end(), original.front()) != digits_.end();
  if (number && !digit_continuations_.empty()) {
    Pieces out = {draw(digits_)};
    // A number keeps its number of pieces: years stay as long as years.
    while (out.size() < original.size()) out.push_back(draw(digit_continuations_));
    return out;
  }
  // One or two words of one to four pieces.
  Pieces out;
  const size_t words = rng.chance(0.25) ? 2 : 1;
  for (size_t w = 0; w < words; ++w) {
    out.push_back(draw(starts_));
    const size_t more = rng.below(words == 1 ? 4 : 3);
    for (size_t i = 0; i < more; ++i) out.push_back(draw(continuations_));
  }
  return out;
}

SwappedPair NameSwapper::swap(const TrainingSentence& sentence, const std::vector<Pieces>& passage,
                              Rng& rng) const {
  Replacements replacements;
  for (const Pieces& name : sentence.names) {
    if (!replacements.contains(name)) replacements[name] = random_name(name, rng);
  }
  SwappedPair out;
  const Rewritten rewritten = rewrite(sentence.pieces, sentence.names, replacements, continues_);
  out.sentence = sentence;
  out.sentence.pieces = rewritten.pieces;
  for (PieceSpan& span : out.sentence.spans) {
    // A span that holds a part of a name grows over the whole of the new one.
    span = {rewritten.moved[static_cast<size_t>(span.begin)].begin,
            rewritten.moved[static_cast<size_t>(span.end) - 1].end};
  }
  for (const Pieces& old : passage) {
    out.passage.push_back(rewrite(old, sentence.names, replacements, continues_).pieces);
  }
  return out;
}

bool contains_words(const Pieces& pieces, const Pieces& needle, const Vocabulary& vocabulary) {
  if (needle.empty()) return false;
  for (auto at = pieces.begin();; ++at) {
    at = std::search(at, pieces.end(), needle.begin(), needle.end());
    if (at == pieces.end()) return false;
    const auto after = at + static_cast<std::ptrdiff_t>(needle.size());
    if (after == pieces.end() || !vocabulary.piece(*after).starts_with("##")) return true;
  }
}

std::vector<Pieces> crop_passage(const std::vector<Pieces>& sentences, const Pieces& answer,
                                 int keep, const Vocabulary& vocabulary, Rng& rng) {
  const auto count = sentences.size();
  if (static_cast<size_t>(keep) >= count) return sentences;
  std::vector<size_t> order(count);
  for (size_t i = 0; i < count; ++i) order[i] = i;
  rng.shuffle(order);
  const auto holder = std::find_if(order.begin(), order.end(), [&](size_t i) {
    return contains_words(sentences[i], answer, vocabulary);
  });
  if (holder != order.end()) std::iter_swap(order.begin(), holder);
  order.resize(static_cast<size_t>(keep));
  std::sort(order.begin(), order.end());
  std::vector<Pieces> out;
  for (const size_t i : order) out.push_back(sentences[i]);
  return out;
}

}  // namespace realm
