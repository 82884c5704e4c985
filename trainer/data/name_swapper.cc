#include "trainer/data/name_swapper.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "trainer/data/reading_example.h"

namespace realm {
namespace {

constexpr size_t kShortPiece = 2;  // letters: what rare names fall into

bool all_of_bytes(const std::string& text, int (*test)(int)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [test](char c) {
    return test(static_cast<unsigned char>(c)) != 0;
  });
}

int32_t draw(const std::vector<int32_t>& from, Rng& rng) { return from[rng.below(from.size())]; }

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

// How often each piece stands in names of the text, less how often elsewhere.
std::vector<int64_t> name_surplus(const Vocabulary& vocabulary, const TrainingText& text) {
  std::vector<int64_t> surplus(static_cast<size_t>(vocabulary.size()), 0);
  for (const TrainingSentence& sentence : text.sentences) {
    std::vector<bool> in_name(sentence.pieces.size(), false);
    for (const Pieces& name : sentence.names) {
      for (const int begin : mentions(sentence.pieces, name, vocabulary)) {
        for (size_t i = 0; i < name.size(); ++i) in_name[static_cast<size_t>(begin) + i] = true;
      }
    }
    for (size_t i = 0; i < sentence.pieces.size(); ++i)
      surplus[static_cast<size_t>(sentence.pieces[i])] += in_name[i] ? 1 : -1;
  }
  return surplus;
}

}  // namespace

NameSwapper::NameSwapper(const Vocabulary& vocabulary, const TrainingText& text) {
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    const std::string& piece = vocabulary.piece(id);
    continues_.push_back(piece.starts_with("##") && piece.size() > 2);
  }
  fill_pools(vocabulary, text);
}

void NameSwapper::fill_pools(const Vocabulary& vocabulary, const TrainingText& text) {
  const std::vector<int64_t> surplus = name_surplus(vocabulary, text);
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.is_special(id)) continue;
    const bool continues = continues_[static_cast<size_t>(id)];
    const std::string body = vocabulary.piece(id).substr(continues ? 2 : 0);
    const auto add = [&](PiecePool& pool) {
      (continues ? pool.continuations : pool.starts).push_back(id);
    };
    if (all_of_bytes(body, std::isdigit)) {
      add(digits_);
    } else if (all_of_bytes(body, std::isalpha) && surplus[static_cast<size_t>(id)] >= 0) {
      add(words_);
      if (body.size() <= kShortPiece) add(short_words_);
    }
  }
  if (words_.starts.empty() || words_.continuations.empty()) words_ = {{0}, {0}};
  if (short_words_.starts.empty()) short_words_.starts = words_.starts;
  if (short_words_.continuations.empty()) short_words_.continuations = words_.continuations;

  const std::set<int32_t> digits(digits_.starts.begin(), digits_.starts.end());
  std::set<Pieces> seen;
  for (const TrainingSentence& sentence : text.sentences) {
    for (const Pieces& name : sentence.names) {
      if (digits.contains(name.front()) || !seen.insert(name).second) continue;
      names_[std::min(words_in(name), names_.size()) - 1].push_back(name);
    }
  }
}

size_t NameSwapper::words_in(const Pieces& name) const {
  size_t words = 0;
  for (const int32_t id : name) words += continues_[static_cast<size_t>(id)] ? 0 : 1;
  return std::max<size_t>(words, 1);
}

Pieces NameSwapper::other_name(const Pieces& original, Rng& rng) const {
  const bool number = std::find(digits_.starts.begin(), digits_.starts.end(), original.front()) !=
                      digits_.starts.end();
  if (number && !digits_.continuations.empty()) {
    // A number keeps its number of pieces: years stay as long as years.
    Pieces out = {draw(digits_.starts, rng)};
    while (out.size() < original.size()) out.push_back(draw(digits_.continuations, rng));
    return out;
  }
  const std::vector<Pieces>& alike = names_[std::min(words_in(original), names_.size()) - 1];
  if (!alike.empty() && rng.chance(0.5)) return alike[rng.below(alike.size())];
  return random_name(rng);
}

Pieces NameSwapper::random_name(Rng& rng) const {
  Pieces out;
  const size_t words = rng.chance(0.5) ? 1 : rng.chance(0.8) ? 2 : 3;
  for (size_t w = 0; w < words; ++w) {
    const bool falls_apart = rng.chance(0.4);
    const PiecePool& pool = falls_apart ? short_words_ : words_;
    const size_t more = falls_apart ? 1 + rng.below(words == 1 ? 6 : 4) : rng.below(4);
    out.push_back(draw(pool.starts, rng));
    for (size_t i = 0; i < more; ++i) out.push_back(draw(pool.continuations, rng));
  }
  if (out.size() > static_cast<size_t>(kMaxTargets)) out.resize(kMaxTargets);
  return out;
}

SwappedPair NameSwapper::swap(const TrainingSentence& sentence, const std::vector<Pieces>& passage,
                              Rng& rng) const {
  Replacements replacements;
  for (const Pieces& name : sentence.names) {
    if (!replacements.contains(name)) replacements[name] = other_name(name, rng);
  }
  SwappedPair out;
  const Rewritten rewritten = rewrite(sentence.pieces, sentence.names, replacements, continues_);
  out.sentence = sentence;
  out.sentence.pieces = rewritten.pieces;
  for (Pieces& name : out.sentence.names) name = replacements.at(name);
  for (PieceSpan& span : out.sentence.spans) {
    span = {rewritten.moved[static_cast<size_t>(span.begin)].begin,
            rewritten.moved[static_cast<size_t>(span.end) - 1].end};
  }
  for (const Pieces& old : passage) {
    out.passage.push_back(rewrite(old, sentence.names, replacements, continues_).pieces);
  }
  return out;
}

}  // namespace realm
