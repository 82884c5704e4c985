// EvaluationReport: the figures of an evaluation, one line a set and one for all items, as values,
// JSON and a table. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/evaluation/cloze_evaluation.h"

namespace realm {

enum class EvaluationTask { kCloze, kRetrieval };
const char* evaluation_task_name(EvaluationTask task);  // "cloze", "retrieval"

struct Spread {
  double mean = 0, median = 0;
};
// Of no values: both 0. The median of an even number is the mean of the middle two.
Spread spread_of(std::vector<double> values);

// Figures of one set. Shares are in [0,1] and over all its items: those that could not be scored
// count as wrong, with p = 0. Recalls are over the items that name a gold passage.
struct SetReport {
  std::string name;
  int64_t items = 0, failed = 0, with_gold = 0;
  double recall_at_1 = 0, recall_at_5 = 0, recall_at_8 = 0;
  double reciprocal_rank = 0;  // mean of 1/rank, 0 where the gold passage was not found
  // Of the cloze task only:
  double right = 0;               // share whose top word is y
  Spread p;                       // p(y|x)
  Spread p_null;                  // p(y|null,x)
  double null_right = 0;          // share whose top word with the null document alone is y
  std::optional<double> p_ratio;  // median of p(y|x) / p(y|null,x) over the items scored
  // Mean RU a piece, nats, over the candidates whose text holds y and over those where it does not.
  std::optional<double> utility_with_answer, utility_without_answer;
  std::optional<double> baseline_right;
  std::optional<Spread> p_baseline;  // nullopt: there was no baseline
  std::optional<Spread>
      p_gold;  // p(y|z,x) of the gold passage, over the items where it was a candidate
  std::optional<Spread> p_old;  // of the answers that were right before the items' edits
};

struct EvaluationReport {
  EvaluationTask task = EvaluationTask::kCloze;
  std::vector<SetReport> sets;  // in the order of their first items
  SetReport all;                // name "all"
};

EvaluationReport make_report(EvaluationTask task, std::span<const ClozeScore> scores);

// One JSON object; no NaN or infinity is ever in it.
std::string to_json(const EvaluationReport& report);
// One JSON object without line ends, for a file with a row an item.
std::string to_json(EvaluationTask task, const ClozeScore& score);
// A Markdown table that also reads well on a terminal; ends with a line end.
std::string to_table(const EvaluationReport& report);

}  // namespace realm
