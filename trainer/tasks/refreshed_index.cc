#include "trainer/tasks/refreshed_index.h"

#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "trainer/run_stages.h"

namespace realm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenShares{2};  // recorded while the trainer waits
constexpr const char* kShare = "index/refresh_share";

}  // namespace

double RefreshedIndex::before_step(int64_t step, const Embedder& embedder, RunWriter& run) {
  if (!schedule_.is_repeatable() && !said_free_) {
    said_free_ = true;
    run.append_event({"warning", step,
                      "The index is refreshed as fast as it can (refresh_mode free), so this run "
                      "does not repeat.",
                      R"({"is_repeatable":false})", 0});
  }
  double waited = 0;
  if (refresher_.is_refreshing() && is_adopted(step)) {
    const IndexRefresher::Adopted adopted = wait(step, run);
    waited = adopted.wait_seconds;
    record(step, adopted, run);
  }
  step_ = step;
  if (!refresher_.is_refreshing() && schedule_.begins(step, refresher_.made_at_step())) {
    schedule_.begun(step);
    refresher_.begin(embedder, step);
  }
  return waited;
}

IndexRefresher::Adopted RefreshedIndex::wait(int64_t step, RunWriter& run) {
  if (!refresher_.is_done()) run.heartbeat(step, kRefreshStage);
  auto next_share = Clock::now() + kBetweenShares;
  return refresher_.adopt([&] {
    inputs_.looks.within_part(kRefreshStage);
    if (Clock::now() < next_share) return;
    next_share = Clock::now() + kBetweenShares;
    const Scalar share{step, kShare, refresher_.pending_share(), 0};
    run.append({&share, 1});
  });
}

bool RefreshedIndex::is_adopted(int64_t step) {
  // A refresh that is adopted when it is done, is when all ranks are done.
  const bool done =
      schedule_.is_repeatable() ? refresher_.is_done() : inputs_.ranks->all(refresher_.is_done());
  return schedule_.is_adopted(step, refresher_.pending_step(), done);
}

void RefreshedIndex::record(int64_t step, const IndexRefresher::Adopted& adopted,
                            RunWriter& run) const {
  const int64_t age = step - adopted.replaced_made_at_step;
  // Curves count the steps that are done. A checkpoint of `step` comes before this, and a run that
  // goes on from there records it again: it must count as later than that.
  const int64_t shown_at = step + 1;
  std::vector<Scalar> scalars;
  nlohmann::json data = {{"generation", index().generation()},
                         {"made_at_step", made_at_step()},
                         {"adopted_at_step", step},
                         {"index", index().type()},
                         {"probe_documents", adopted.change.documents},
                         {"probe_queries", adopted.change.queries},
                         {"k", adopted.change.k}};
  const auto add = [&](const char* name, double value) {
    scalars.push_back({shown_at, std::string("index/") + name, value, 0});
    data[name] = value;
  };
  add("replaced_age_steps", static_cast<double>(age));
  add("replaced_age_seconds", adopted.replaced_age_seconds);
  if (adopted.change.drift_cosine) add("drift_cosine", *adopted.change.drift_cosine);
  if (adopted.change.overlap_at_k) add("overlap_at_k", *adopted.change.overlap_at_k);
  add("wait_seconds", adopted.wait_seconds);
  add("spent_seconds", adopted.spent_seconds);
  data["replaced_age_steps"] = age;
  run.append(scalars);
  run.append_event(
      {"refresh", shown_at,
       fmt::format("Index generation {} of step {} adopted.", index().generation(), made_at_step()),
       data.dump(), 0});
}

void RefreshedIndex::request(int64_t step, RunWriter& run) {
  schedule_.request(step);
  run.append_event({"control", step, "A refresh of the index was asked for.",
                    R"({"command":"refresh-now"})", 0});
}

void RefreshedIndex::repeat_request(int64_t step) {
  if (schedule_.is_repeatable()) schedule_.request(step);
}

Metrics RefreshedIndex::metrics(int64_t step) const {
  Metrics metrics = {{"index/generation", static_cast<double>(index().generation())},
                     {"index/age_steps", static_cast<double>(step - made_at_step())},
                     {"index/age_seconds", refresher_.age_seconds()}};
  if (refresher_.is_refreshing()) {
    metrics.emplace_back("index/refresh_steps",
                         static_cast<double>(step - refresher_.pending_step()));
    metrics.emplace_back(kShare, refresher_.pending_share());
  }
  return metrics;
}

nlohmann::json RefreshedIndex::state() const {
  nlohmann::json json = {{"generation", index().generation()},
                         {"made_at_step", made_at_step()},
                         {"refresh_requests", schedule_.open_requests(step_)}};
  if (refresher_.is_refreshing()) json["pending_step"] = refresher_.pending_step();
  return json;
}

void RefreshedIndex::restore(const nlohmann::json& saved, const WeightList& weights,
                             const Embedder& like) {
  IndexRefresher::Restored index{
      saved.at("generation").get<int64_t>(), saved.at("made_at_step").get<int64_t>(), {}};
  if (saved.contains("pending_step")) index.pending_step = saved.at("pending_step").get<int64_t>();
  // Checkpoints written before there were requests have none.
  for (const int64_t step : saved.value("refresh_requests", std::vector<int64_t>()))
    schedule_.request(step);
  refresher_.restore(index, weights, like);
}

}  // namespace realm
