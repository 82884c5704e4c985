// The three lights of a run that is alive.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/view/number_format.h"
#include "app/view/train_state.h"
#include "engine/base/progress_text.h"

namespace realm::view {
namespace {

nlohmann::json config_of(const RunSummary& run) {
  nlohmann::json config = nlohmann::json::parse(run.config_json, nullptr, false);
  return config.is_object() ? config : nlohmann::json::object();
}

std::optional<double> number_of(const nlohmann::json& config, const char* key) {
  const auto found = config.find(key);
  return found != config.end() && found->is_number() ? std::optional(found->get<double>())
                                                     : std::nullopt;
}

std::optional<double> last_of(const RunDetail& detail, const char* name) {
  const auto curve = find_curve(detail, name);
  return curve && !curve->values.empty() ? std::optional(curve->values.back()) : std::nullopt;
}

// Of the corpus that the refresh under way has embedded; nullopt: nothing is told of it, or what is
// told is of one before.
std::optional<double> embedded_share(const RunDetail& detail,
                                     const std::shared_ptr<const Curve>& age) {
  const auto share = find_curve(detail, "index/refresh_share");
  if (!share || share->steps.empty()) return std::nullopt;
  if (age && !age->steps.empty() && share->steps.back() < age->steps.back()) return std::nullopt;
  return std::clamp(share->values.back(), 0.0, 1.0);
}

// Of the steps until it is adopted, where they are known beforehand.
std::optional<double> share_of_lag(const RunSummary& run, double steps) {
  const nlohmann::json config = config_of(run);
  const auto lag = number_of(config, "refresh_lag_steps");
  if (config.value("refresh_mode", "") != "repeatable" || !lag || *lag <= 0) return std::nullopt;
  return std::clamp(steps / *lag, 0.0, 1.0);
}

TrainLight refresher_light(const RunSummary& run, const RunDetail& detail) {
  TrainLight light{.name = "refresher"};
  const auto age = find_curve(detail, "index/age_steps");
  if (run.stage == "refresh index") {
    light.state = LightState::kWorks;
    light.text = "training waits for it";
    light.done = embedded_share(detail, age);
    return light;
  }
  if (!age || age->values.empty()) {
    light.text = "no index yet";
    return light;
  }
  // The number stands beside the index's age while a refresh is under way.
  const auto begun = find_curve(detail, "index/refresh_steps");
  if (begun && !begun->steps.empty() && begun->steps.back() == age->steps.back()) {
    light.state = LightState::kWorks;
    light.text = fmt::format("embeds the corpus, begun {} ago",
                             format_counted(static_cast<int64_t>(begun->values.back()), "step"));
    light.done = embedded_share(detail, age);
    if (!light.done) light.done = share_of_lag(run, begun->values.back());
    return light;
  }
  light.text =
      fmt::format("index {} old", format_counted(static_cast<int64_t>(age->values.back()), "step"));
  return light;
}

}  // namespace

double examples_a_step(const RunSummary& run) {
  return std::max(1.0, number_of(config_of(run), "batch_size").value_or(1));
}

std::vector<TrainLight> lights_of(const RunSummary& run, const RunDetail& detail) {
  if (!is_alive(run) || run.state == RunState::kQueued || run.task == "vocabulary") return {};
  const bool trains = run.stage == "train" && run.state == RunState::kRunning;
  TrainLight generator{.name = "generator"};
  generator.state = trains ? LightState::kWorks : LightState::kOff;
  const auto rate = last_of(detail, "examples_per_second");
  generator.text = rate ? fmt::format("{} examples/s", format_number(*rate)) : "no examples yet";
  TrainLight trainer{.name = "trainer", .text = read_progress(run.stage).stage};
  trainer.state = run.state == RunState::kPaused ? LightState::kWaits : LightState::kWorks;
  if (trains) trainer.text = fmt::format("step {}", format_count(run.step));
  std::vector<TrainLight> out = {std::move(generator), std::move(trainer)};
  if (run.task == "pretrain") out.push_back(refresher_light(run, detail));
  return out;
}

}  // namespace realm::view
