// Scoring of cloze items: how often the hidden word comes out on top, how probable it is, and
// whether its passage was retrieved. Every item goes the way of a user's question
// (RealmEngine::ask), so the figures are those of the screen.
//
// Thread rule: the engine's thread. Blocks; the stop token is looked at before every item and
// inside the engine (Error{kCancelled}).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/evaluation/cloze_file.h"
#include "engine/index/mips_index.h"
#include "engine/realm_engine.h"
#include "engine/text/corpus.h"

namespace realm {

struct EvaluationKnowledge {
  const Corpus& corpus;
  std::shared_ptr<const MipsIndex> index;
  std::string index_model_fingerprint;
};

struct EvaluationOptions {
  int candidates = 8;  // k of the answer, the null document counted in
  int depth =
      8;  // passages retrieved to look for the gold one, the null document not counted; >= 8
};

// One item's figures. Where the item has no gold passage or the corpus does not hold it, the gold
// fields are empty.
struct ClozeScore {
  ClozeItem item;
  std::string answer, predicted;  // y and the top word of the marginal
  bool is_right = false;          // all pieces of the top word are those of y
  double p = 0, log_p = 0;        // p(y|x), the marginal over the candidates
  double p_null = 0;              // p(y|null,x)
  bool is_null_right = false;     // the null document's top word is y
  // RU(z|x) a piece of y, nats: log p(y|z,x) - log p(y|null,x) over the pieces of y. One value a
  // candidate; apart by whether its text holds y as whole words (case, articles and punctuation
  // aside).
  std::vector<double> utility_with_answer, utility_without_answer;
  std::optional<double> p_baseline;  // the baseline's p(y|x); nullopt: there is no baseline
  bool is_baseline_right = false;
  std::optional<int>
      gold_rank;  // 1: the passage with the highest score; nullopt: not among `depth`
  std::optional<double> p_gold;    // p(y|z,x) of the gold passage, where it is a candidate
  std::optional<double> p_z_gold;  // p(z|x) of it
  std::optional<double> p_old;     // p of the answer that was right before the edit
  std::string failure;  // why it could not be scored; empty: it was. Counts as wrong with p = 0.
};

// Scores in the order of the items. Throws what RealmEngine::ask throws, but for
// Error{kInvalidArgument, kNotFound}, which concern one item and become its `failure`.
std::vector<ClozeScore> evaluate_cloze(RealmEngine& engine, const EvaluationKnowledge& knowledge,
                                       std::span<const ClozeItem> items,
                                       const EvaluationOptions& options, std::stop_token stop,
                                       const ProgressCallback& progress = {});

// The same for retrieval alone: only gold_rank and failure are set. Faster, and needs no hidden
// word.
std::vector<ClozeScore> evaluate_retrieval(RealmEngine& engine,
                                           const EvaluationKnowledge& knowledge,
                                           std::span<const ClozeItem> items,
                                           const EvaluationOptions& options, std::stop_token stop,
                                           const ProgressCallback& progress = {});

}  // namespace realm
