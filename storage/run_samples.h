// KeptSamples: of a run's events "sample" only the newest stay in its database, as they are looked
// at and not compared. Private to storage; thread rule as the Database.
#pragma once

#include <cstdint>
#include <deque>
#include <span>

#include "storage/database.h"
#include "storage/run_database.h"

namespace realm {

class KeptSamples {
 public:
  // Those that the database holds of the run.
  void load(Database& database, int64_t run);
  // Removes what is too old once `added`, which stand in the database, have come; within the
  // transaction that added them.
  void prune(Database& database, int64_t run, std::span<const int64_t> added) const;
  // That transaction is through.
  void keep(std::span<const int64_t> added);

 private:
  std::deque<int64_t> ids_;  // of events, oldest first
};

}  // namespace realm
