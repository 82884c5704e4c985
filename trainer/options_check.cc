// What the values of training options can be.
#include <cmath>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "engine/base/error.h"
#include "trainer/options_table.h"

namespace realm {
namespace {

// Beyond these a value is a slip of the keyboard, and sums made of it would not fit their numbers.
constexpr int kMostThreads = 1024;
constexpr int kLongestInput = 65'536;     // pieces
constexpr int kWidest = 65'536;           // dimensions
constexpr int kWidestInside = 1'048'576;  // the same, of the feed-forward part
constexpr int kMostCandidates = 10'000;
constexpr int kLargestVocabulary = 10'000'000;
constexpr int64_t kMostSteps = 1'000'000'000;
constexpr int64_t kLongestInterval = 1'000'000'000'000;  // steps; in place of never

[[noreturn]] void reject(const std::string& sentence) {
  throw Error(ErrorCode::kInvalidArgument, sentence);
}

void require(bool condition, const char* key, const std::string& rule) {
  if (!condition) reject(fmt::format("The training option {} must be {}.", key, rule));
}

void require_range(int64_t value, const char* key, int64_t least, int64_t most) {
  if (value >= least && value <= most) return;
  reject(fmt::format("The training option {} must be from {} to {}, but it is {}.", key, least,
                     most, value));
}

bool is_device(const std::string& name) {
  if (name == "cpu" || name == "cuda") return true;
  return name.starts_with("cuda:") && name.size() > 5 && name.size() <= 8 &&
         name.find_first_not_of("0123456789", 5) == std::string::npos;
}

void check_network(const TrainOptions& o) {
  require_range(o.layers, "layers", 1, 96);
  require(o.hidden >= 1 && o.heads >= 1 && o.hidden % o.heads == 0, "hidden",
          "a multiple of heads");
  require_range(o.hidden, "hidden", 1, kWidest);
  require_range(o.grow_to_layers, "grow_to_layers", 0, 96);
  require_range(o.intermediate, "intermediate", 1, kWidestInside);
  require_range(o.projection, "projection", 1, kWidest);
  require_range(o.query_length, "query_length", 4, kLongestInput);
  require_range(o.document_length, "document_length", 4, kLongestInput);
  require_range(o.positions, "positions", 1, kLongestInput);
  require(o.positions >= o.query_length && o.positions >= o.document_length, "positions",
          "at least query_length and document_length");
  require_range(o.vocabulary_size, "vocabulary_size", 64, kLargestVocabulary);
}

void check_schedule(const TrainOptions& o) {
  require_range(o.steps, "steps", 1, kMostSteps);
  require(o.batch_size >= 1, "batch_size", "at least 1");
  require(o.task != TrainTask::kIct || o.batch_size >= 2, "batch_size",
          "at least 2 for in-batch negatives");
  require(o.learning_rate > 0 && o.learning_rate <= 1, "learning_rate", "above 0 and at most 1");
  require(o.encoder_learning_rate >= 0, "encoder_learning_rate", "0 or more");
  require(o.head_rate_factor > 0 && o.head_rate_factor <= 1000, "head_rate_factor",
          "above 0 and at most 1000");
  require(o.weight_decay >= 0, "weight_decay", "0 or more");
  require(o.clip_norm > 0, "clip_norm", "above 0");
  require(o.unmasked_targets >= 0 && o.unmasked_targets <= 64, "unmasked_targets", "from 0 to 64");
  require(o.unmasked_weight >= 0, "unmasked_weight", "0 or more");
  require(o.accumulate_steps >= 1 && o.accumulate_steps <= o.batch_size, "accumulate_steps",
          "from 1 to batch_size");
  require(o.accumulate_steps == 1 || o.task != TrainTask::kIct, "accumulate_steps",
          "1 for ict, whose negatives are the whole batch");
}

void check_retrieval(const TrainOptions& o) {
  // 1: the null document alone.
  require_range(o.candidates, "candidates", 1, kMostCandidates);
  require_range(o.refresh_every_steps, "refresh_every_steps", 1, kLongestInterval);
  require(o.refresh_lag_steps >= 1 && o.refresh_lag_steps <= o.refresh_every_steps,
          "refresh_lag_steps", "from 1 to refresh_every_steps");
  require_range(o.stale_factor, "stale_factor", 1, 1'000'000);
}

void check_measurements(const TrainOptions& o) {
  require(o.checkpoint_every_steps >= 1, "checkpoint_every_steps", "at least 1");
  require(o.keep_every_steps >= 0 && o.keep_every_steps % o.checkpoint_every_steps == 0,
          "keep_every_steps", "0 or a multiple of checkpoint_every_steps");
  require(o.log_every_steps >= 1, "log_every_steps", "at least 1");
  require(o.evaluate_every_steps >= 1, "evaluate_every_steps", "at least 1");
  require(o.evaluate_examples >= 1, "evaluate_examples",
          "at least 1; an empty held_out_text measures nothing");
}

void check_devices(const TrainOptions& o) {
  require_range(o.threads, "threads", 1, kMostThreads);
  require_range(o.refresh_threads, "refresh_threads", 1, kMostThreads);
  require(is_device(o.device), "device", "cpu, cuda or cuda:N");
  require(o.refresh_device.empty() || is_device(o.refresh_device), "refresh_device",
          "empty, cpu, cuda or cuda:N");
}

}  // namespace

void validate(const TrainOptions& o) {
  check_network(o);
  check_schedule(o);
  check_retrieval(o);
  check_measurements(o);
  check_devices(o);
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
