#include "trainer/tasks/refresh_schedule.h"

namespace realm {

RefreshSchedule::RefreshSchedule(const TrainOptions& options)
    : mode_(options.refresh_mode),
      every_(options.refresh_every_steps * options.stale_factor),
      lag_(options.refresh_lag_steps) {}

std::vector<int64_t> RefreshSchedule::open_requests(int64_t step) const {
  return {requests_.begin(), requests_.upper_bound(step)};
}

bool RefreshSchedule::is_adopted(int64_t step, int64_t begun, bool is_done) const noexcept {
  return is_repeatable() ? step >= begun + lag_ : is_done;
}

bool RefreshSchedule::begins(int64_t step, int64_t made_at) const noexcept {
  if (!requests_.empty() && *requests_.begin() <= step) return true;
  // A multiple of every_ that came while another one was under way is not left out.
  return is_repeatable() ? step / every_ > made_at / every_ : step >= made_at + every_;
}

}  // namespace realm
