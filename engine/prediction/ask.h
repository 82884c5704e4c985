// The values of one question to the model and of its answer: p(y|x) = sum over z of p(z|x) p(y|z,x)
// (REALM section 3.1). Plain values without LibTorch or FAISS, shared by the command line, the
// window and exports (shared contract: realm ask --json).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/text/corpus.h"

namespace realm {

struct AskQuery {
  std::string
      text;  // UTF-8; hides words as [MASK] (one piece each) or [[word]] (which also names y)
  std::optional<std::string>
      answer;  // y for plain [MASK]s; the one run of masks becomes as many as y has pieces
  std::vector<std::string> watch;    // words to report whatever their rank
  int candidates = 8;                // k, the null document counted in; >= 1
  int words = 10;                    // how many top words
  std::vector<DocumentId> pinned;    // always among the candidates
  std::vector<DocumentId> excluded;  // never among them
  bool exact_sum = false;  // also sum over the whole corpus and report the mass outside the top k
};

// One candidate z and its part in the answer. Probabilities of y are products over its pieces.
// Where the query names no y, y is the top word of the marginal, so that every column has a
// meaning; AskResult::answer_is_given tells.
struct AskedDocument {
  Document document;  // for the null document: id kNullDocumentId, empty texts
  bool is_null = false;
  bool is_pinned = false;
  int rank = 0;            // 1 is the highest p(z|x)
  double score = 0;        // f(x,z), computed with the current weights
  double p_z_given_x = 0;  // softmax of f over the candidates listed
  double p_y_given_zx = 0;
  double log_p_y_given_zx = 0;   // natural logarithm
  double posterior = 0;          // p(z|x,y)
  double retrieval_utility = 0;  // RU(z|x) = log p(y|z,x) - log p(y|null,x), nats
  double credit = 0;             // r(z) = [p(y|z,x)/p(y|x) - 1] p(z|x), the paper's learning signal
};

struct PredictedWord {
  std::string word;  // decoded pieces; several hidden words are joined by a space
  std::vector<std::string> pieces;
  double p = 0;  // marginal p(word|x), exact
  double log_p = 0;
  std::vector<double>
      by_document;        // p(z|x) p(word|z,x), in the order of AskResult::documents; sums to p
  double baseline_p = 0;  // the baseline's p(word|x); 0 where there is no baseline
  double null_p = 0;      // p(word|null,x)
};

struct WatchedWord {
  std::string word;
  std::vector<std::string> pieces;
  double p = 0;
  double log_p = 0;
  std::optional<int64_t>
      rank;  // among all single pieces for one mask (1 is best); nullopt for several pieces
  double baseline_p = 0;
  double null_p = 0;
  std::vector<double> by_document;
  std::string note;  // why it could not be scored (pieces differ from the masks), else empty
};

struct BaselineWord {
  std::string word;
  double p = 0;
};

struct BaselineResult {
  std::string name;
  double p_y_given_x = 0;
  double log_p_y_given_x = 0;
  std::vector<BaselineWord> top;
};

struct AskTimings {  // milliseconds
  double tokenize = 0, embed = 0, search = 0, read = 0, total = 0;
};

struct AskResult {
  AskQuery query;                   // its own copy of what was asked
  std::vector<std::string> pieces;  // pieces of x with the masks in place
  std::vector<int> masks;           // indices into pieces
  std::string answer;               // y as a word; empty when nothing could be predicted
  bool answer_is_given = false;
  std::vector<std::string> answer_pieces;
  bool truncated =
      false;  // x was longer than the model takes and nothing hidden was lost by cutting it

  std::string model_name, model_fingerprint;
  int64_t model_step = 0;
  std::string corpus_name, corpus_fingerprint;
  int64_t corpus_revision = 0, corpus_documents = 0;
  std::string index_type, index_model_fingerprint;
  int64_t index_generation = 0, stale_documents = 0;

  std::vector<AskedDocument> documents;  // by rank; exactly one is the null document
  double p_y_given_x = 0, log_p_y_given_x = 0;
  double p_y_null = 0;  // p(y|null,x)
  std::optional<BaselineResult> baseline;
  std::vector<PredictedWord> top;
  double top_other = 0;  // 1 - sum of top p: what "other" holds
  std::vector<WatchedWord> watch;
  std::optional<double>
      mass_outside_top_k;  // share of exp f outside the candidates, where exact_sum was asked
  std::optional<double>
      exact_p_y_given_x;  // p(y|x) summed over the whole corpus, where exact_sum was asked
  AskTimings timings_ms;
};

}  // namespace realm
