// RunShelf: the runs of one workspace as a list: their summaries, the one number that tells each
// from its like, what is wrong with a folder, and what lies in the trash. Used by TrainService
// alone. Thread rule: one thread; blocks on disk.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/services/launch/run_launches.h"
#include "app/view/train_messages.h"
#include "storage/run_database.h"

namespace realm {

class RunShelf {
 public:
  // `read_only`: what an earlier window left in the trash stays there.
  RunShelf(std::filesystem::path database, bool read_only)
      : database_(std::move(database)),
        launches_(database_.parent_path()),
        has_looked_(read_only) {}

  // Reads the list anew into the snapshot; true when it differs. Throws what RunReader throws.
  bool read(const RunReader& reader, view::TrainSnapshot& now);

  // A launcher was asked and has not answered yet.
  bool is_asking() const { return launches_.is_asking(); }

  // Each carries out one command on the database and the folders. Throws what
  // storage/run_upkeep.h throws.
  void erase(const RunId& run);
  void put_back(const RunId& run);
  // Removes for good what this window deleted, and what one that was killed had left in the trash.
  // A run that cannot be removed stays there.
  void empty_trash() noexcept;

 private:
  bool read_headlines(const RunReader& reader, view::TrainSnapshot& now);
  std::map<RunId, std::string> troubles(const std::vector<RunSummary>& runs) const;
  std::map<RunId, std::vector<int64_t>> checkpoints(const std::vector<RunSummary>& runs) const;

  std::filesystem::path database_;
  LaunchWatch launches_;
  std::map<RunId, RunNumbers> numbers_;
  std::set<RunId> trash_;  // removed when the window closes
  bool has_looked_;
};

}  // namespace realm
