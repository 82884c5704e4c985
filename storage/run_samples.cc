#include "storage/run_samples.h"

namespace realm {

void KeptSamples::load(Database& database, int64_t run) {
  ids_.clear();
  Query query =
      database.query("SELECT id FROM events WHERE run = ? AND kind = 'sample' ORDER BY id");
  query.bind(run);
  while (query.step()) ids_.push_back(query.int64(0));
}

void KeptSamples::prune(Database& database, int64_t run, std::span<const int64_t> added) const {
  const size_t all = ids_.size() + added.size();
  if (all <= kMostSamples) return;
  Query remove = database.query("DELETE FROM events WHERE run = ? AND id = ?");
  for (size_t i = 0; i < all - kMostSamples; ++i)
    remove.bind(run, i < ids_.size() ? ids_[i] : added[i - ids_.size()]).run();
}

void KeptSamples::keep(std::span<const int64_t> added) {
  ids_.insert(ids_.end(), added.begin(), added.end());
  while (ids_.size() > kMostSamples) ids_.pop_front();
}

}  // namespace realm
