#include "trainer/options.h"

#include <cmath>
#include <optional>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/nearest_word.h"
#include "trainer/options_table.h"

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
struct Names<RefreshMode> {
  static inline const std::vector<std::pair<std::string, RefreshMode>> all = {
      {"repeatable", RefreshMode::kRepeatable}, {"free", RefreshMode::kFree}};
};
template <>
struct Names<PassageRule> {
  static inline const std::vector<std::pair<std::string, PassageRule>> all = {
      {"none", PassageRule::kNone}, {"gold", PassageRule::kGold}};
};

template <>
struct Names<TrainPrecision> {
  static inline const std::vector<std::pair<std::string, TrainPrecision>> all = {
      {"fp32", TrainPrecision::kFp32}, {"bf16", TrainPrecision::kBf16}};
};

template <>
struct Names<Masking> {
  static inline const std::vector<std::pair<std::string, Masking>> all = {
      {"salient", Masking::kSalient},
      {"random_tokens", Masking::kRandomTokens},
      {"random_spans", Masking::kRandomSpans}};
};

bool is_device(const std::string& name) {
  if (name == "cpu" || name == "cuda") return true;
  return name.starts_with("cuda:") && name.size() > 5 && name.size() <= 8 &&
         name.find_first_not_of("0123456789", 5) == std::string::npos;
}

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

Json value_of(const std::string& value) { return value; }
Json value_of(bool value) { return value; }
Json value_of(int value) { return value; }
Json value_of(int64_t value) { return value; }
Json value_of(double value) { return value; }
template <typename Enum>
requires std::is_enum_v<Enum> Json value_of(Enum value) { return enum_name(value); }

const char* kind_of(const std::string&) { return "text"; }
const char* kind_of(bool) { return "true or false"; }
const char* kind_of(int) { return "whole number"; }
const char* kind_of(int64_t) { return "whole number"; }
const char* kind_of(double) { return "number"; }

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

[[noreturn]] void reject_unknown(const std::string& key) {
  std::vector<std::string_view> keys;
  const TrainOptions options;
  visit_options(options,
                [&](const OptionText& option, const auto&) { keys.push_back(option.key); });
  const std::optional<std::string_view> near = nearest_word(key, keys);
  reject(fmt::format("There is no training option \"{}\"{}", key,
                     near ? fmt::format("; did you mean {}?", *near) : "."));
}

void apply(TrainOptions& options, const std::string& key, const Json& value) {
  bool found = false;
  visit_options(options, [&](const OptionText& option, auto& member) {
    if (key != option.key) return;
    found = true;
    read_value(key, value, member);
  });
  if (!found) reject_unknown(key);
}

void require(bool condition, const char* key, const std::string& rule) {
  if (!condition) reject(fmt::format("The training option {} must be {}.", key, rule));
}

}  // namespace

std::string to_string(TrainTask task) { return enum_name(task); }

TrainTask parse_task(const std::string& name) { return enum_value<TrainTask>("task", name); }

std::string to_json(const TrainOptions& options) {
  Json json = Json::object();
  visit_options(options, [&](const OptionText& option, const auto& member) {
    json[option.key] = value_of(member);
  });
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

std::vector<OptionDescription> describe_options(const TrainOptions& options) {
  std::vector<OptionDescription> out;
  visit_options(options, [&](const OptionText& option, const auto& member) {
    using Member = std::decay_t<decltype(member)>;
    OptionDescription described{option.key, option.group, option.unit, {}, {}, {}, option.meaning};
    described.value_json = value_of(member).dump();
    if constexpr (std::is_enum_v<Member>) {
      described.kind = "name";
      for (const auto& [name, value] : Names<Member>::all) described.names.push_back(name);
    } else {
      described.kind = kind_of(member);
    }
    out.push_back(std::move(described));
  });
  return out;
}

void set_option(TrainOptions& options, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    reject(fmt::format("A training option is set as key=value, but this is \"{}\".", assignment));
  }
  const std::string key = assignment.substr(0, equals);
  const std::string value = assignment.substr(equals + 1);
  bool is_text = false;
  visit_options(options, [&](const OptionText& option, auto& member) {
    using Member = std::decay_t<decltype(member)>;
    if (key == option.key) is_text = std::is_same_v<Member, std::string> || std::is_enum_v<Member>;
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
  require(o.head_rate_factor > 0 && o.head_rate_factor <= 1000, "head_rate_factor",
          "above 0 and at most 1000");
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
  require(o.stale_factor >= 1 && o.stale_factor <= 1'000'000, "stale_factor", "from 1 to 1000000");
  require(o.refresh_threads >= 1, "refresh_threads", "at least 1");
  require(o.checkpoint_every_steps >= 1, "checkpoint_every_steps", "at least 1");
  require(o.keep_every_steps >= 0 && o.keep_every_steps % o.checkpoint_every_steps == 0,
          "keep_every_steps", "0 or a multiple of checkpoint_every_steps");
  require(o.log_every_steps >= 1, "log_every_steps", "at least 1");
  require(o.evaluate_every_steps >= 1, "evaluate_every_steps", "at least 1");
  require(o.clip_norm > 0, "clip_norm", "above 0");
  require(o.unmasked_targets >= 0 && o.unmasked_targets <= 64, "unmasked_targets", "from 0 to 64");
  require(o.unmasked_weight >= 0, "unmasked_weight", "0 or more");
  require(o.threads >= 1, "threads", "at least 1");
  require(is_device(o.device), "device", "cpu, cuda or cuda:N");
  require(o.accumulate_steps >= 1 && o.accumulate_steps <= o.batch_size, "accumulate_steps",
          "from 1 to batch_size");
  require(o.accumulate_steps == 1 || o.task != TrainTask::kIct, "accumulate_steps",
          "1 for ict, whose negatives are the whole batch");
  require(o.vocabulary_size >= 64, "vocabulary_size", "at least 64");
  require(o.task != TrainTask::kVocabulary || !o.output_model.empty(), "output_model",
          "the name of the model that gets the word pieces");
  visit_options(o, [](const OptionText& option, const auto& member) {
    if constexpr (std::is_same_v<std::decay_t<decltype(member)>, double>) {
      if (option.unit == std::string_view("share") && !(member >= 0 && member <= 1)) {
        reject(fmt::format("The training option {} must be from 0 to 1, but it is {}.", option.key,
                           member));
      }
      if (!std::isfinite(member))
        reject(fmt::format("The training option {} is not a finite number.", option.key));
    }
  });
}

}  // namespace realm
