#include "trainer/options.h"

#include <cmath>
#include <functional>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace realm {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void reject(const std::string& sentence) {
  throw Error(ErrorCode::kInvalidArgument, sentence);
}

template <typename Enum>
struct Names;
template <>
struct Names<TrainTask> {
  static inline const std::vector<std::pair<std::string, TrainTask>> all = {
      {"vocabulary", TrainTask::kVocabulary},
      {"mlm", TrainTask::kMlm},
      {"ict", TrainTask::kIct},
      {"pretrain", TrainTask::kPretrain}};
};
template <>
struct Names<MarginalForm> {
  static inline const std::vector<std::pair<std::string, MarginalForm>> all = {
      {"paper", MarginalForm::kPaper}, {"per_piece", MarginalForm::kPerPiece}};
};
template <>
struct Names<PassageRule> {
  static inline const std::vector<std::pair<std::string, PassageRule>> all = {
      {"none", PassageRule::kNone}, {"gold", PassageRule::kGold}};
};

template <>
struct Names<Masking> {
  static inline const std::vector<std::pair<std::string, Masking>> all = {
      {"salient", Masking::kSalient},
      {"random_tokens", Masking::kRandomTokens},
      {"random_spans", Masking::kRandomSpans}};
};

template <typename Enum>
std::string enum_name(Enum value) {
  for (const auto& [name, candidate] : Names<Enum>::all) {
    if (candidate == value) return name;
  }
  return {};
}

template <typename Enum>
Enum enum_value(const std::string& key, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [candidate, value] : Names<Enum>::all) {
    if (candidate == name) return value;
    known.push_back(candidate);
  }
  reject(fmt::format("The value of {} must be one of {}, but it is \"{}\".", key,
                     fmt::join(known, ", "), name));
}

// Calls visitor(key, member) for every option, so that reading, writing and setting know the same
// keys.
template <typename Options, typename Visitor>
void visit(Options& o, Visitor&& v) {
  v("task", o.task);
  v("workspace", o.workspace);
  v("training_text", o.training_text);
  v("masking", o.masking);
  v("span_tagger", o.span_tagger);
  v("held_out_text", o.held_out_text);
  v("initial_model", o.initial_model);
  v("initial_encoder", o.initial_encoder);
  v("output_model", o.output_model);
  v("vocabulary_text", o.vocabulary_text);
  v("vocabulary_size", o.vocabulary_size);
  v("layers", o.layers);
  v("hidden", o.hidden);
  v("heads", o.heads);
  v("intermediate", o.intermediate);
  v("positions", o.positions);
  v("projection", o.projection);
  v("dropout", o.dropout);
  v("copying_start", o.copying_start);
  v("grow_to_layers", o.grow_to_layers);
  v("query_length", o.query_length);
  v("document_length", o.document_length);
  v("steps", o.steps);
  v("batch_size", o.batch_size);
  v("learning_rate", o.learning_rate);
  v("encoder_learning_rate", o.encoder_learning_rate);
  v("warmup_fraction", o.warmup_fraction);
  v("decay_to", o.decay_to);
  v("weight_decay", o.weight_decay);
  v("clip_norm", o.clip_norm);
  v("seed", o.seed);
  v("threads", o.threads);
  v("passage", o.passage);
  v("one_sentence_until", o.one_sentence_until);
  v("two_sentences_until", o.two_sentences_until);
  v("swap_probability", o.swap_probability);
  v("swap_from", o.swap_from);
  v("second_span_probability", o.second_span_probability);
  v("passage_mask_probability", o.passage_mask_probability);
  v("null_probability", o.null_probability);
  v("wrong_probability", o.wrong_probability);
  v("unmasked_targets", o.unmasked_targets);
  v("unmasked_weight", o.unmasked_weight);
  v("remove_probability", o.remove_probability);
  v("same_source_probability", o.same_source_probability);
  v("word_dropout", o.word_dropout);
  v("mask_digits_probability", o.mask_digits_probability);
  v("mask_span_probability", o.mask_span_probability);
  v("neighbour_probability", o.neighbour_probability);
  v("pair_fraction", o.pair_fraction);
  v("candidates", o.candidates);
  v("marginal", o.marginal);
  v("refresh_every_steps", o.refresh_every_steps);
  v("refresh_lag_steps", o.refresh_lag_steps);
  v("drop_trivial_candidate", o.drop_trivial_candidate);
  v("warm_pair_fraction", o.warm_pair_fraction);
  v("log_every_steps", o.log_every_steps);
  v("evaluate_every_steps", o.evaluate_every_steps);
  v("evaluate_examples", o.evaluate_examples);
  v("checkpoint_every_steps", o.checkpoint_every_steps);
}

Json value_of(const std::string& value) { return value; }
Json value_of(bool value) { return value; }
Json value_of(int value) { return value; }
Json value_of(int64_t value) { return value; }
Json value_of(double value) { return value; }
template <typename Enum>
requires std::is_enum_v<Enum> Json value_of(Enum value) { return enum_name(value); }

void read_value(const std::string& key, const Json& json, std::string& out) {
  if (!json.is_string())
    reject(fmt::format("The value of {} must be a text, but it is {}.", key, json.dump()));
  out = json.get<std::string>();
}
void read_value(const std::string& key, const Json& json, bool& out) {
  if (!json.is_boolean())
    reject(fmt::format("The value of {} must be true or false, but it is {}.", key, json.dump()));
  out = json.get<bool>();
}
void read_value(const std::string& key, const Json& json, int64_t& out) {
  // 1e5 is a whole number that people write.
  const double number = json.is_number() ? json.get<double>() : NAN;
  if (!(std::abs(number) < 9e15) || number != std::floor(number)) {
    reject(fmt::format("The value of {} must be a whole number, but it is {}.", key, json.dump()));
  }
  out = static_cast<int64_t>(number);
}
void read_value(const std::string& key, const Json& json, int& out) {
  int64_t wide = 0;
  read_value(key, json, wide);
  if (std::abs(wide) > 2'000'000'000)
    reject(fmt::format("The value of {} is out of range: {}.", key, wide));
  out = static_cast<int>(wide);
}
void read_value(const std::string& key, const Json& json, double& out) {
  if (!json.is_number())
    reject(fmt::format("The value of {} must be a number, but it is {}.", key, json.dump()));
  out = json.get<double>();
}
template <typename Enum>
requires std::is_enum_v<Enum>
void read_value(const std::string& key, const Json& json, Enum& out) {
  std::string name;
  read_value(key, json, name);
  out = enum_value<Enum>(key, name);
}

void apply(TrainOptions& options, const std::string& key, const Json& value) {
  bool found = false;
  visit(options, [&](const char* name, auto& member) {
    if (key != name) return;
    found = true;
    read_value(key, value, member);
  });
  if (!found) reject(fmt::format("There is no training option \"{}\".", key));
}

void require(bool condition, const char* key, const std::string& rule) {
  if (!condition) reject(fmt::format("The training option {} must be {}.", key, rule));
}

}  // namespace

std::string to_string(TrainTask task) { return enum_name(task); }

TrainTask parse_task(const std::string& name) { return enum_value<TrainTask>("task", name); }

std::string to_json(const TrainOptions& options) {
  Json json = Json::object();
  visit(options, [&](const char* name, const auto& member) { json[name] = value_of(member); });
  return json.dump(2) + "\n";
}

TrainOptions train_options_from_json(const std::string& json, TrainOptions base) {
  Json parsed;
  try {
    parsed = Json::parse(json);
  } catch (const Json::parse_error& error) {
    reject(fmt::format("The training options are not valid JSON: {}.", error.what()));
  }
  if (!parsed.is_object()) reject("The training options must be one JSON object.");
  for (const auto& [key, value] : parsed.items()) apply(base, key, value);
  return base;
}

void set_option(TrainOptions& options, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    reject(fmt::format("A training option is set as key=value, but this is \"{}\".", assignment));
  }
  const std::string key = assignment.substr(0, equals);
  const std::string value = assignment.substr(equals + 1);
  bool is_text = false;
  visit(options, [&](const char* name, auto& member) {
    using Member = std::decay_t<decltype(member)>;
    if (key == name) is_text = std::is_same_v<Member, std::string> || std::is_enum_v<Member>;
  });
  Json json = is_text ? Json(value) : Json::parse(value, nullptr, false);
  if (json.is_discarded()) json = Json(value);
  apply(options, key, json);
}

void validate(const TrainOptions& o) {
  require(o.steps >= 1, "steps", "at least 1");
  require(o.batch_size >= 1, "batch_size", "at least 1");
  require(o.task != TrainTask::kIct || o.batch_size >= 2, "batch_size",
          "at least 2 for in-batch negatives");
  require(o.learning_rate > 0 && o.learning_rate <= 1, "learning_rate", "above 0 and at most 1");
  require(o.encoder_learning_rate >= 0, "encoder_learning_rate", "0 or more");
  require(o.layers >= 1 && o.layers <= 96, "layers", "from 1 to 96");
  require(o.hidden >= 1 && o.heads >= 1 && o.hidden % o.heads == 0, "hidden",
          "a multiple of heads");
  require(o.grow_to_layers >= 0 && o.grow_to_layers <= 96, "grow_to_layers", "from 0 to 96");
  require(o.intermediate >= 1, "intermediate", "at least 1");
  require(o.projection >= 1, "projection", "at least 1");
  require(o.query_length >= 4, "query_length", "at least 4");
  require(o.document_length >= 4, "document_length", "at least 4");
  require(o.positions >= o.query_length && o.positions >= o.document_length, "positions",
          "at least query_length and document_length");
  require(o.candidates >= 1, "candidates", "at least 1, the null document alone");
  require(o.refresh_every_steps >= 1, "refresh_every_steps", "at least 1");
  require(o.refresh_lag_steps >= 1 && o.refresh_lag_steps <= o.refresh_every_steps,
          "refresh_lag_steps", "from 1 to refresh_every_steps");
  require(o.checkpoint_every_steps >= 1, "checkpoint_every_steps", "at least 1");
  require(o.log_every_steps >= 1, "log_every_steps", "at least 1");
  require(o.evaluate_every_steps >= 1, "evaluate_every_steps", "at least 1");
  require(o.clip_norm > 0, "clip_norm", "above 0");
  require(o.unmasked_targets >= 0 && o.unmasked_targets <= 64, "unmasked_targets", "from 0 to 64");
  require(o.unmasked_weight >= 0, "unmasked_weight", "0 or more");
  require(o.threads >= 1, "threads", "at least 1");
  require(o.vocabulary_size >= 64, "vocabulary_size", "at least 64");
  visit(o, [](const char* name, const auto& member) {
    const std::string key = name;
    if constexpr (std::is_same_v<std::decay_t<decltype(member)>, double>) {
      const bool is_share = key.ends_with("_probability") || key.ends_with("_fraction") ||
                            key.ends_with("_until") || key == "dropout" || key == "word_dropout" ||
                            key == "swap_from" || key == "decay_to";
      if (is_share && !(member >= 0 && member <= 1)) {
        reject(
            fmt::format("The training option {} must be from 0 to 1, but it is {}.", key, member));
      }
      if (!std::isfinite(member))
        reject(fmt::format("The training option {} is not a finite number.", key));
    }
  });
}

}  // namespace realm
