#include "engine/evaluation/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

namespace realm {
namespace {

using nlohmann::ordered_json;

ordered_json number(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

ordered_json number(const std::optional<double>& value) {
  return value ? number(*value) : ordered_json(nullptr);
}

ordered_json to_object(const Spread& spread) {
  return {{"mean", number(spread.mean)}, {"median", number(spread.median)}};
}

ordered_json to_object(const std::optional<Spread>& spread) {
  return spread ? to_object(*spread) : ordered_json(nullptr);
}

ordered_json to_object(EvaluationTask task, const SetReport& set) {
  ordered_json object = {{"set", set.name},
                         {"items", set.items},
                         {"failed", set.failed},
                         {"with_gold", set.with_gold},
                         {"recall_at_1", number(set.recall_at_1)},
                         {"recall_at_5", number(set.recall_at_5)},
                         {"recall_at_8", number(set.recall_at_8)},
                         {"reciprocal_rank", number(set.reciprocal_rank)}};
  if (task == EvaluationTask::kCloze) {
    object["right"] = number(set.right);
    object["p"] = to_object(set.p);
    object["p_null"] = to_object(set.p_null);
    object["null_right"] = number(set.null_right);
    object["p_ratio"] = number(set.p_ratio);
    object["utility_with_answer"] = number(set.utility_with_answer);
    object["utility_without_answer"] = number(set.utility_without_answer);
    object["baseline_right"] = number(set.baseline_right);
    object["p_baseline"] = to_object(set.p_baseline);
    object["p_gold"] = to_object(set.p_gold);
    object["p_old"] = to_object(set.p_old);
  }
  return object;
}

// Those of the scores that have the value, as numbers.
std::vector<double> values_of(
    const std::vector<const ClozeScore*>& scores,
    const std::function<std::optional<double>(const ClozeScore&)>& value) {
  std::vector<double> values;
  for (const ClozeScore* score : scores) {
    if (const std::optional<double> found = value(*score)) values.push_back(*found);
  }
  return values;
}

std::optional<Spread> spread_if_any(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  return spread_of(std::move(values));
}

std::optional<double> mean_if_any(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  return spread_of(values).mean;
}

// Of all values that the member holds.
std::optional<double> mean_of_all(const std::vector<const ClozeScore*>& scores,
                                  std::vector<double> ClozeScore::*member) {
  std::vector<double> values;
  for (const ClozeScore* score : scores)
    values.insert(values.end(), (score->*member).begin(), (score->*member).end());
  return mean_if_any(values);
}

SetReport summarize(const std::string& name, const std::vector<const ClozeScore*>& scores) {
  SetReport set;
  set.name = name;
  set.items = static_cast<int64_t>(scores.size());
  if (scores.empty()) return set;
  double right = 0, null_right = 0, baseline_right = 0, found_1 = 0, found_5 = 0, found_8 = 0,
         reciprocal = 0;
  bool has_baseline = false;
  for (const ClozeScore* score : scores) {
    set.failed += score->failure.empty() ? 0 : 1;
    set.with_gold += score->item.title ? 1 : 0;
    right += score->is_right ? 1 : 0;
    null_right += score->is_null_right ? 1 : 0;
    baseline_right += score->is_baseline_right ? 1 : 0;
    has_baseline = has_baseline || score->p_baseline;
    if (!score->gold_rank) continue;
    found_1 += *score->gold_rank <= 1 ? 1 : 0;
    found_5 += *score->gold_rank <= 5 ? 1 : 0;
    found_8 += *score->gold_rank <= 8 ? 1 : 0;
    reciprocal += 1.0 / *score->gold_rank;
  }
  const auto items = static_cast<double>(set.items);
  const auto with_gold = static_cast<double>(std::max<int64_t>(set.with_gold, 1));
  set.right = right / items;
  set.null_right = null_right / items;
  set.recall_at_1 = found_1 / with_gold;
  set.recall_at_5 = found_5 / with_gold;
  set.recall_at_8 = found_8 / with_gold;
  set.reciprocal_rank = reciprocal / with_gold;
  set.p = spread_of(values_of(scores, [](const ClozeScore& s) { return std::optional(s.p); }));
  set.p_null =
      spread_of(values_of(scores, [](const ClozeScore& s) { return std::optional(s.p_null); }));
  const std::vector<double> ratios = values_of(scores, [](const ClozeScore& s) {
    return s.p_null > 0 ? std::optional(s.p / s.p_null) : std::nullopt;
  });
  if (!ratios.empty()) set.p_ratio = spread_of(ratios).median;
  set.utility_with_answer = mean_of_all(scores, &ClozeScore::utility_with_answer);
  set.utility_without_answer = mean_of_all(scores, &ClozeScore::utility_without_answer);
  if (has_baseline) {
    set.baseline_right = baseline_right / items;
    set.p_baseline = spread_of(values_of(
        scores, [](const ClozeScore& s) { return std::optional(s.p_baseline.value_or(0)); }));
  }
  set.p_gold = spread_if_any(values_of(scores, [](const ClozeScore& s) { return s.p_gold; }));
  set.p_old = spread_if_any(values_of(scores, [](const ClozeScore& s) { return s.p_old; }));
  return set;
}

// Three significant digits, scientific below 0.001, as everywhere in the program.
std::string figure(double value) {
  if (value == 0) return "0";
  if (std::abs(value) < 0.001) return fmt::format("{:.1e}", value);
  return fmt::format("{:.3g}", value);
}

std::string figure(const std::optional<double>& value) { return value ? figure(*value) : "-"; }

std::string figure(const std::optional<Spread>& spread) {
  return spread ? figure(spread->mean) + " / " + figure(spread->median) : "-";
}

std::string layout(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths(rows.front().size(), 3);
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (size_t r = 0; r < rows.size(); ++r) {
    table += "|";
    for (size_t i = 0; i < rows[r].size(); ++i) {
      table += i == 0 ? fmt::format(" {:<{}} |", rows[r][i], widths[i])
                      : fmt::format(" {:>{}} |", rows[r][i], widths[i]);
    }
    table += "\n";
    if (r > 0) continue;
    table += "|";
    for (size_t i = 0; i < widths.size(); ++i)
      table += (i == 0 ? " " : " -") + std::string(widths[i] - (i == 0 ? 0 : 2), '-') +
               (i == 0 ? " |" : ": |");
    table += "\n";
  }
  return table;
}

}  // namespace

const char* evaluation_task_name(EvaluationTask task) {
  return task == EvaluationTask::kCloze ? "cloze" : "retrieval";
}

Spread spread_of(std::vector<double> values) {
  if (values.empty()) return {};
  Spread spread;
  spread.mean =
      std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  spread.median = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return spread;
}

EvaluationReport make_report(EvaluationTask task, std::span<const ClozeScore> scores) {
  std::vector<std::pair<std::string, std::vector<const ClozeScore*>>> groups;
  std::vector<const ClozeScore*> all;
  for (const ClozeScore& score : scores) {
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& g) { return g.first == score.item.set; });
    if (group == groups.end()) group = groups.insert(groups.end(), {score.item.set, {}});
    group->second.push_back(&score);
    all.push_back(&score);
  }
  EvaluationReport report;
  report.task = task;
  for (const auto& [name, members] : groups) report.sets.push_back(summarize(name, members));
  report.all = summarize("all", all);
  return report;
}

std::string to_json(const EvaluationReport& report) {
  ordered_json object = {{"task", evaluation_task_name(report.task)},
                         {"sets", ordered_json::array()}};
  for (const SetReport& set : report.sets) object["sets"].push_back(to_object(report.task, set));
  object["all"] = to_object(report.task, report.all);
  return object.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

std::string to_json(EvaluationTask task, const ClozeScore& score) {
  const auto optional_text = [](const std::string& text) {
    return text.empty() ? ordered_json(nullptr) : ordered_json(text);
  };
  ordered_json row = {
      {"line", score.item.line},
      {"set", score.item.set},
      {"text", score.item.text},
      {"title", score.item.title ? ordered_json(*score.item.title) : ordered_json(nullptr)},
      {"gold_rank", score.gold_rank ? ordered_json(*score.gold_rank) : ordered_json(nullptr)}};
  if (task == EvaluationTask::kCloze) {
    row["answer"] = optional_text(score.answer);
    row["predicted"] = optional_text(score.predicted);
    row["right"] = score.is_right;
    row["p"] = number(score.p);
    row["log_p"] = number(score.log_p);
    row["p_null"] = number(score.p_null);
    row["null_right"] = score.is_null_right;
    row["utility_with_answer"] = number(mean_if_any(score.utility_with_answer));
    row["utility_without_answer"] = number(mean_if_any(score.utility_without_answer));
    row["p_baseline"] = number(score.p_baseline);
    row["baseline_right"] = score.is_baseline_right;
    row["p_gold"] = number(score.p_gold);
    row["p_z_gold"] = number(score.p_z_gold);
    row["p_old"] = number(score.p_old);
  }
  row["failure"] = optional_text(score.failure);
  return row.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string to_table(const EvaluationReport& report) {
  const bool cloze = report.task == EvaluationTask::kCloze;
  std::vector<std::string> header = {"set", "items", "failed", "R@1", "R@5", "R@8"};
  const std::vector<std::string> cloze_header = {"top word right",
                                                 "p mean / median",
                                                 "null mean / median",
                                                 "null right",
                                                 "RU a piece with / without y",
                                                 "baseline right",
                                                 "baseline mean / median",
                                                 "with gold mean / median",
                                                 "old answer mean / median"};
  if (cloze) header.insert(header.end(), cloze_header.begin(), cloze_header.end());
  std::vector<std::vector<std::string>> rows = {header};
  const auto add = [&](const SetReport& set) {
    const auto recall = [&](double value) {
      return set.with_gold > 0 ? figure(value) : std::string("-");
    };
    std::vector<std::string> row = {set.name,
                                    std::to_string(set.items),
                                    std::to_string(set.failed),
                                    recall(set.recall_at_1),
                                    recall(set.recall_at_5),
                                    recall(set.recall_at_8)};
    if (cloze) {
      const std::vector<std::string> more = {
          figure(set.right),
          figure(std::optional(set.p)),
          figure(std::optional(set.p_null)),
          figure(set.null_right),
          figure(set.utility_with_answer) + " / " + figure(set.utility_without_answer),
          figure(set.baseline_right),
          figure(set.p_baseline),
          figure(set.p_gold),
          figure(set.p_old)};
      row.insert(row.end(), more.begin(), more.end());
    }
    rows.push_back(std::move(row));
  };
  for (const SetReport& set : report.sets) add(set);
  if (report.sets.size() != 1) add(report.all);
  return layout(rows);
}

}  // namespace realm
