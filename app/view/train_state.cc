#include "app/view/train_state.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/view/curve_axis.h"

namespace realm::view {
namespace {

using nlohmann::json;

bool has_curve(const std::vector<const RunDetail*>& details, const std::string& name) {
  return std::any_of(details.begin(), details.end(),
                     [&](const RunDetail* detail) { return find_curve(*detail, name) != nullptr; });
}

const std::vector<ChartSpec>& known_charts() {
  static const std::vector<ChartSpec> kCharts = {
      {"Loss",
       "What training minimises: of the last batch, and on the held-out text",
       {"loss", "held_out/loss", "warm_loss"}},
      {"log p(y|x)",
       "The marginal log-likelihood of the hidden words, in nats: the mean over examples",
       {"log_p_y", "held_out/log_p_y", "held_out/null_log_p_y"}},
      {"Retrieval utility",
       "log p(y|x) \u2212 log p(y|\u2205,x): nats a masked piece that retrieval is worth",
       {"retrieval_utility", "held_out/retrieval_utility"}},
      {"p(\u2205|x)",
       "The share of the null document: how often nothing is worth retrieving",
       {"null_share", "held_out/null_share"}},
      {"Gold passage",
       "How often the passage that states the fact is retrieved, and its p(z|x)",
       {"recall_at_k", "held_out/recall_at_1", "held_out/recall_at_5", "held_out/recall_at_8",
        "held_out/p_gold"}},
      {"Right answers",
       "Masked pieces or whole answers that come first; in-batch: passages found among the batch's",
       {"piece_accuracy", "in_batch_accuracy", "top_document_right", "held_out/answer_right",
        "held_out/null_answer_right", "held_out/top_document_right"}},
      {"Age of the index", "Steps since the weights that embedded the corpus", {"index/age_steps"}},
      {"Change by a refresh",
       "Mean cosine of passages before and after, and how much of the top k stays",
       {"index/drift_cosine", "index/overlap_at_k"}},
      {"Gradient norm", "Before clipping", {"gradient_norm"}},
      {"Learning rate", "Of the retriever where there are two", {"learning_rate"}},
      {"Word pieces a second", "That went through a network", {"tokens_per_second"}}};
  return kCharts;
}

// Numbers that no chart is wanted for: others say the same.
bool is_left_out(const std::string& name) {
  static constexpr std::array kNames = {"p_y",
                                        "held_out/p_y",
                                        "index/generation",
                                        "index/age_seconds",
                                        "index/refresh_steps",
                                        "index/refresh_share",
                                        "examples_per_second",
                                        "dropped_trivial",
                                        "held_out/recall_at_k",
                                        "held_out/index_generation",
                                        "index/wait_seconds",
                                        "index/spent_seconds",
                                        "index/replaced_age_steps",
                                        "index/replaced_age_seconds"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

enum class Better { kHigher, kLower, kNeither };
struct GaugeSpec {
  const char* name;
  const char* label;
  const char* meaning;
  Better better;
  const char* in_place_of = "";  // shown where the run has no curve of this name
  const char* unit = "";
};
constexpr std::array kGauges = {
    GaugeSpec{"loss", "loss", "Of the last batch", Better::kLower},
    GaugeSpec{"held_out/p_y", "held-out p(y|x)", "Mean over the held-out sentences",
              Better::kHigher},
    GaugeSpec{"p_y", "p(y|x) of a batch", "Mean over the last batch; the run has no held-out text",
              Better::kHigher, "held_out/p_y"},
    GaugeSpec{"held_out/answer_right", "held-out right", "Whole answers that come first",
              Better::kHigher},
    GaugeSpec{"held_out/retrieval_utility", "retrieval utility",
              "Nats a masked piece that retrieval is worth, held-out", Better::kHigher},
    GaugeSpec{"retrieval_utility", "utility of a batch",
              "Nats a masked piece that retrieval is worth, in the last batch", Better::kHigher,
              "held_out/retrieval_utility"},
    GaugeSpec{"held_out/null_share", "p(\u2205|x)", "Share of the null document, held-out",
              Better::kNeither},
    GaugeSpec{"null_share", "p(\u2205|x) of a batch",
              "Share of the null document in the last batch", Better::kNeither,
              "held_out/null_share"},
    GaugeSpec{"held_out/recall_at_5", "recall@5", "Gold passage among the first five, held-out",
              Better::kHigher},
    GaugeSpec{"recall_at_k", "recall@k of a batch",
              "Named passages among the candidates of the last batch", Better::kHigher,
              "held_out/recall_at_5"},
    GaugeSpec{"in_batch_accuracy", "in-batch right", "Passages found among those of the batch",
              Better::kHigher},
    GaugeSpec{"index/age_steps", "index age", "Steps since the weights that embedded the corpus",
              Better::kNeither, "", "steps"},
    GaugeSpec{"index/age_seconds", "index age",
              "Seconds since the weights that embedded the corpus", Better::kNeither, "", "s"},
    GaugeSpec{"tokens_per_second", "pieces/s", "Word pieces that went through a network",
              Better::kNeither}};

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

void append(Curve& curve, double step, double value, double seconds) {
  curve.steps.push_back(step);
  curve.values.push_back(value);
  curve.seconds.push_back(seconds);
  if (!std::isfinite(value)) return;
  curve.lowest = std::min(value, curve.lowest.value_or(value));
  curve.highest = std::max(value, curve.highest.value_or(value));
}

std::shared_ptr<const Curve> find_curve(const RunDetail& detail, std::string_view name) {
  for (const auto& curve : detail.curves) {
    if (curve->name == name) return curve;
  }
  return nullptr;
}

const RunSummary* find_run(const TrainState& train, std::string_view id) {
  if (!train.snapshot) return nullptr;
  for (const RunSummary& run : *train.snapshot->runs) {
    if (run.id == id) return &run;
  }
  return nullptr;
}

const RunSummary* selected_run(const TrainState& train) { return find_run(train, train.selected); }

std::vector<const RunDetail*> shown_details(const TrainState& train) {
  std::vector<const RunDetail*> out;
  if (!train.snapshot) return out;
  const auto add = [&](const RunId& id) {
    for (const auto& detail : train.snapshot->followed) {
      if (detail->run == id) out.push_back(detail.get());
    }
  };
  add(train.selected);
  for (const RunId& id : train.compared) add(id);
  return out;
}

bool is_alive(const RunSummary& run) { return is_going_on(run.state); }

bool is_settled(const TrainState& train) {
  if (!train.snapshot || !train.snapshot->is_known) return false;
  if (train.form) return train.form->pending == 0;
  if (train.snapshot->runs->empty()) return true;
  const std::vector<const RunDetail*> details = shown_details(train);
  return !details.empty() && details.front()->attempt > 0;
}

bool has_living_run(const TrainState& train) {
  return train.snapshot &&
         std::any_of(train.snapshot->runs->begin(), train.snapshot->runs->end(), is_alive);
}

std::string_view state_word(RunState state) {
  return state == RunState::kCreated ? "starting" : run_state_name(state);
}

int64_t stalled_seconds(const RunSummary& run, int64_t unix_seconds) {
  if (!is_alive(run) || run.state == RunState::kQueued || unix_seconds == 0 || run.heartbeat == 0)
    return 0;
  const int64_t silent = unix_seconds - run.heartbeat / 1000;
  return silent >= kStallSeconds ? silent : 0;
}

std::optional<int64_t> seconds_to_stall(const RunSummary& run, int64_t unix_seconds) {
  if (!is_alive(run) || run.state == RunState::kQueued || unix_seconds == 0 || run.heartbeat == 0)
    return std::nullopt;
  return std::max<int64_t>(1, kStallSeconds - (unix_seconds - run.heartbeat / 1000));
}

std::vector<ChartSpec> charts_of(const std::vector<const RunDetail*>& details) {
  std::vector<ChartSpec> out;
  std::set<std::string> shown;
  for (const ChartSpec& known : known_charts()) {
    ChartSpec chart{known.title, known.meaning, {}};
    for (const std::string& name : known.names) {
      if (!has_curve(details, name)) continue;
      chart.names.push_back(name);
      shown.insert(name);
    }
    if (!chart.names.empty()) out.push_back(std::move(chart));
  }
  std::set<std::string> others;
  for (const RunDetail* detail : details) {
    for (const auto& curve : detail->curves) {
      if (!shown.contains(curve->name) && !is_left_out(curve->name)) others.insert(curve->name);
    }
  }
  for (const std::string& name : others) out.push_back({name, {}, {name}});
  return out;
}

std::vector<Gauge> gauges_of(const RunDetail& detail) {
  std::vector<Gauge> out;
  for (const GaugeSpec& spec : kGauges) {
    const auto curve = find_curve(detail, spec.name);
    if (!curve || curve->values.empty() || find_curve(detail, spec.in_place_of)) continue;
    Gauge gauge{spec.name, spec.label, spec.meaning, curve->values.back(), {}};
    if (spec.better != Better::kNeither)
      gauge.best = spec.better == Better::kHigher ? curve->highest : curve->lowest;
    gauge.is_count = gauge.name == "index/age_steps";
    gauge.unit = spec.unit;
    out.push_back(std::move(gauge));
  }
  return out;
}

std::vector<SettingRow> settings_of(const std::vector<const RunSummary*>& runs) {
  std::vector<nlohmann::ordered_json> configs;
  std::vector<std::string> keys;
  for (const RunSummary* run : runs) {
    configs.push_back(nlohmann::ordered_json::parse(run->config_json, nullptr, false));
    if (!configs.back().is_object()) configs.back() = nlohmann::ordered_json::object();
    for (const auto& [key, value] : configs.back().items()) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  std::vector<SettingRow> out;
  for (const std::string& key : keys) {
    SettingRow row{.key = key};
    for (const auto& config : configs) {
      const auto found = config.find(key);
      row.values.push_back(found == config.end() ? "" : text_of(*found));
      row.differs = row.differs || row.values.back() != row.values.front();
    }
    out.push_back(std::move(row));
  }
  return out;
}

float bottom_share(const TrainLook& look) {
  const bool is_large = look.bottom == TrainBottom::kProbes || look.bottom == TrainBottom::kSamples;
  return look.bottom_share.value_or(is_large ? 0.55F : 0.3F);
}

const ProbeFilm* shown_film(const RunDetail& detail, const TrainLook& look) {
  for (const auto& film : detail.films) {
    if (film->name == look.film) return film.get();
  }
  return detail.films.empty() ? nullptr : detail.films.front().get();
}

const TrainingSample* shown_sample(const RunDetail& detail, const TrainLook& look) {
  for (const TrainingSample& sample : *detail.samples) {
    if (!look.sample.empty() && key_of(sample) == look.sample) return &sample;
  }
  return detail.samples->empty() ? nullptr : &detail.samples->back();
}

bool is_main_option(std::string_view key, std::string_view task) {
  static constexpr std::array kAll = {"training_text", "held_out_text", "initial_model",
                                      "output_model",  "steps",         "batch_size",
                                      "learning_rate", "device",        "probes"};
  static constexpr std::array kPretrain = {"initial_encoder", "encoder_learning_rate",
                                           "candidates",      "refresh_every_steps",
                                           "masking",         "refresh_mode"};
  static constexpr std::array kVocabulary = {"vocabulary_text", "vocabulary_size", "output_model"};
  const auto among = [&](const auto& keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  if (task == "vocabulary") return among(kVocabulary);
  if (task == "mlm" && key == "passage") return true;
  if (task == "pretrain" && among(kPretrain)) return true;
  return among(kAll);
}

const std::string* setting_of(const RunPlan& plan, std::string_view key) {
  for (const std::string& setting : plan.settings) {
    if (setting.size() > key.size() && setting.starts_with(key) && setting[key.size()] == '=')
      return &setting;
  }
  return nullptr;
}

void change_setting(RunPlan& plan, std::string_view key, const std::string* value) {
  std::erase_if(plan.settings, [&](const std::string& setting) {
    return setting.size() > key.size() && setting.starts_with(key) && setting[key.size()] == '=';
  });
  if (value != nullptr) plan.settings.push_back(fmt::format("{}={}", key, *value));
}

}  // namespace realm::view
