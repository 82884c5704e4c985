#include "trainer/options.h"

#include <algorithm>
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

// Bytes that are no text are replaced.
std::string shown(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void read_value(const std::string& key, const Json& json, std::string& out) {
  if (!json.is_string())
    reject(fmt::format("The value of {} must be a text, but it is {}.", key, shown(json)));
  out = json.get<std::string>();
}
void read_value(const std::string& key, const Json& json, bool& out) {
  if (!json.is_boolean())
    reject(fmt::format("The value of {} must be true or false, but it is {}.", key, shown(json)));
  out = json.get<bool>();
}
void read_value(const std::string& key, const Json& json, int64_t& out) {
  // 1e5 is a whole number that people write.
  const double number = json.is_number() ? json.get<double>() : NAN;
  if (!(std::abs(number) < 9e15) || number != std::floor(number)) {
    reject(fmt::format("The value of {} must be a whole number, but it is {}.", key, shown(json)));
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
    reject(fmt::format("The value of {} must be a number, but it is {}.", key, shown(json)));
  out = json.get<double>();
}
template <typename Enum>
requires std::is_enum_v<Enum>
void read_value(const std::string& key, const Json& json, Enum& out) {
  std::string name;
  read_value(key, json, name);
  out = enum_value<Enum>(key, name);
}

// Where a parser gave up at the byte `at`, counted from 1; columns are bytes too.
std::string place_of(std::string_view text, size_t at) {
  const std::string_view before = text.substr(0, at > 0 ? at - 1 : 0);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t newline = before.rfind('\n');
  const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  return fmt::format("line {}, column {}", line, before.size() - begin + 1);
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

TrainOptions train_options_from_json(const std::string& json, TrainOptions base,
                                     const std::string& file) {
  const std::string options =
      file.empty() ? "The training options" : fmt::format("The training options in {}", file);
  // What is wrong is told by its place alone: the parser's own words quote bytes of the file.
  Json parsed;
  try {
    parsed = Json::parse(json);
  } catch (const Json::parse_error& error) {
    reject(fmt::format("{} are not valid JSON from {} on.", options, place_of(json, error.byte)));
  }
  if (!parsed.is_object()) reject(fmt::format("{} must be one JSON object.", options));
  for (const auto& [key, value] : parsed.items()) apply(base, key, value);
  return base;
}

std::vector<OptionDescription> describe_options(const TrainOptions& options) {
  std::vector<OptionDescription> out;
  visit_options(options, [&](const OptionText& option, const auto& member) {
    using Member = std::decay_t<decltype(member)>;
    OptionDescription described{option.key, option.group, option.unit,    {},
                                {},         {},           option.meaning, option.cost};
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

}  // namespace realm
