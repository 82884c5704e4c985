#include "engine/prediction/word_ranking.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <set>

#include "engine/base/check.h"
#include "engine/prediction/marginal.h"

namespace realm {
namespace {

// Marginal of every piece at the only mask: [V], as probabilities.
std::vector<double> marginal_of_pieces(const PieceTable& table, std::span<const double> log_p_z) {
  REALM_CHECK(table.masks == 1 && log_p_z.size() == static_cast<size_t>(table.documents));
  std::vector<double> p(static_cast<size_t>(table.vocabulary), 0.0);
  for (int k = 0; k < table.documents; ++k) {
    const double weight = log_p_z[static_cast<size_t>(k)];
    const float* row = table.row(k, 0);
    for (size_t v = 0; v < p.size(); ++v) p[v] += std::exp(weight + static_cast<double>(row[v]));
  }
  return p;
}

std::vector<int32_t> best_pieces(const float* row, int vocabulary, int count) {
  std::vector<int32_t> ids(static_cast<size_t>(vocabulary));
  for (size_t v = 0; v < ids.size(); ++v) ids[v] = static_cast<int32_t>(v);
  const auto better = [row](int32_t a, int32_t b) {
    return row[a] != row[b] ? row[a] > row[b] : a < b;
  };
  const size_t keep = std::min(ids.size(), static_cast<size_t>(count));
  std::partial_sort(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(keep), ids.end(),
                    better);
  ids.resize(keep);
  return ids;
}

// The `count` best piece combinations under one document, best first (the pieces are independent
// given z and x).
std::vector<std::vector<int32_t>> best_combinations(const PieceTable& table, int document,
                                                    int count) {
  std::vector<std::vector<int32_t>> best;  // per mask, best pieces first
  for (int m = 0; m < table.masks; ++m)
    best.push_back(best_pieces(table.row(document, m), table.vocabulary, count));

  struct State {
    double log_p;
    std::vector<size_t> choice;  // index into best[m]
    bool operator<(const State& other) const {
      return log_p != other.log_p ? log_p < other.log_p : choice > other.choice;
    }
  };
  const auto score = [&](const std::vector<size_t>& choice) {
    double sum = 0;
    for (size_t m = 0; m < choice.size(); ++m) {
      sum += static_cast<double>(table.row(document, static_cast<int>(m))[best[m][choice[m]]]);
    }
    return sum;
  };
  std::priority_queue<State> frontier;
  std::set<std::vector<size_t>> seen;
  std::vector<size_t> first(best.size(), 0);
  seen.insert(first);
  frontier.push({score(first), first});
  std::vector<std::vector<int32_t>> out;
  while (!frontier.empty() && out.size() < static_cast<size_t>(count)) {
    const State state = frontier.top();
    frontier.pop();
    std::vector<int32_t> pieces;
    for (size_t m = 0; m < best.size(); ++m) pieces.push_back(best[m][state.choice[m]]);
    out.push_back(std::move(pieces));
    for (size_t m = 0; m < best.size(); ++m) {
      std::vector<size_t> next = state.choice;
      if (++next[m] >= best[m].size() || !seen.insert(next).second) continue;
      frontier.push({score(next), std::move(next)});
    }
  }
  return out;
}

RankedWord rank_word(const PieceTable& table, std::span<const double> log_p_z,
                     std::vector<int32_t> pieces) {
  RankedWord word;
  word.log_p_document = word_log_p(table, pieces);
  std::vector<double> joint(word.log_p_document);
  for (size_t k = 0; k < joint.size(); ++k) joint[k] += log_p_z[k];
  word.log_p = log_sum_exp(joint);
  word.pieces = std::move(pieces);
  return word;
}

}  // namespace

std::vector<double> word_log_p(const PieceTable& table, std::span<const int32_t> pieces) {
  REALM_CHECK(pieces.size() == static_cast<size_t>(table.masks));
  std::vector<double> out(static_cast<size_t>(table.documents), 0.0);
  for (int k = 0; k < table.documents; ++k) {
    for (int m = 0; m < table.masks; ++m) {
      out[static_cast<size_t>(k)] +=
          static_cast<double>(table.row(k, m)[pieces[static_cast<size_t>(m)]]);
    }
  }
  return out;
}

std::vector<RankedWord> top_words(const PieceTable& table, std::span<const double> log_p_z,
                                  int count) {
  REALM_CHECK(log_p_z.size() == static_cast<size_t>(table.documents));
  std::set<std::vector<int32_t>> candidates;
  if (count <= 0 || table.masks == 0) return {};
  if (table.masks == 1) {
    const std::vector<double> p = marginal_of_pieces(table, log_p_z);
    std::vector<int32_t> ids(p.size());
    for (size_t v = 0; v < ids.size(); ++v) ids[v] = static_cast<int32_t>(v);
    const size_t keep = std::min(ids.size(), static_cast<size_t>(count));
    std::partial_sort(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(keep), ids.end(),
                      [&p](int32_t a, int32_t b) {
                        const double pa = p[static_cast<size_t>(a)];
                        const double pb = p[static_cast<size_t>(b)];
                        return pa != pb ? pa > pb : a < b;
                      });
    for (size_t i = 0; i < keep; ++i) candidates.insert({ids[i]});
  } else {
    for (int k = 0; k < table.documents; ++k) {
      for (std::vector<int32_t>& pieces : best_combinations(table, k, count))
        candidates.insert(std::move(pieces));
    }
  }
  std::vector<RankedWord> words;
  for (const std::vector<int32_t>& pieces : candidates)
    words.push_back(rank_word(table, log_p_z, pieces));
  std::stable_sort(words.begin(), words.end(),
                   [](const RankedWord& a, const RankedWord& b) { return a.log_p > b.log_p; });
  if (words.size() > static_cast<size_t>(count)) words.resize(static_cast<size_t>(count));
  return words;
}

int64_t piece_rank(const PieceTable& table, std::span<const double> log_p_z, int32_t piece) {
  const std::vector<double> p = marginal_of_pieces(table, log_p_z);
  const double own = p[static_cast<size_t>(piece)];
  return 1 + std::count_if(p.begin(), p.end(), [own](double other) { return other > own; });
}

}  // namespace realm
