#include "app/services/run_follower.h"

#include <utility>

namespace realm {

RunFollower::RunFollower(RunId run) {
  cursor_.run = std::move(run);
  publish(0);
}

bool RunFollower::read(const RunReader& reader) {
  bool changed = false;
  for (bool more = true; more;) {
    const RunDelta delta = reader.read_since(cursor_);
    if (delta.restarted) {
      forget();
      changed = true;
    }
    changed = changed || !delta.scalars.empty() || !delta.events.empty() || !delta.probes.empty() ||
              delta.next.attempt != cursor_.attempt;
    take(delta);
    cursor_ = delta.next;
    more = delta.more;
  }
  if (changed) publish(cursor_.attempt);
  return changed;
}

void RunFollower::forget() {
  curves_.clear();
  published_.clear();
  first_time_.reset();
  events_.clear();
  probes_.clear();
  samples_.clear();
  films_.clear();
  published_samples_.reset();
}

void RunFollower::take(const RunDelta& delta) {
  for (const Scalar& scalar : delta.scalars) {
    if (!first_time_) first_time_ = scalar.time;
    view::Curve& curve = curves_[scalar.name];
    curve.name = scalar.name;
    view::append(curve, static_cast<double>(scalar.step), scalar.value,
                 static_cast<double>(scalar.time - *first_time_) / 1e3);
    published_.erase(scalar.name);
  }
  for (const RunEvent& event : delta.events) {
    if (event.kind != "sample") {
      events_.push_back(event);
      continue;
    }
    samples_.push_back(view::sample_of(event));
    if (samples_.size() > kMostSamples) samples_.erase(samples_.begin());
    published_samples_.reset();
  }
  if (events_.size() > kMostEvents) {
    events_.erase(events_.begin(), events_.end() - static_cast<std::ptrdiff_t>(kMostEvents));
  }
  if (delta.probes.empty()) return;
  probes_.insert(probes_.end(), delta.probes.begin(), delta.probes.end());
  films_ = view::films_of(probes_);
}

void RunFollower::publish(int attempt) {
  auto detail = std::make_shared<view::RunDetail>();
  detail->run = cursor_.run;
  detail->attempt = attempt;
  for (const auto& [name, curve] : curves_) {
    auto& known = published_[name];
    if (!known) known = std::make_shared<const view::Curve>(curve);
    detail->curves.push_back(known);
  }
  detail->events = std::make_shared<const std::vector<RunEvent>>(events_);
  detail->films = films_;
  if (!published_samples_)
    published_samples_ = std::make_shared<const std::vector<view::TrainingSample>>(samples_);
  detail->samples = published_samples_;
  detail_ = std::move(detail);
}

}  // namespace realm
