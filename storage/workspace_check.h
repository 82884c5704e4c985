// Behind `realm check`: does everything in a workspace still belong together? Reads all documents
// once.
//
// Thread rule: the caller's thread; blocks (a minute for millions of documents); stop token looked
// at between documents.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/progress.h"
#include "storage/workspace.h"

namespace realm {

struct CheckFinding {
  std::string what;      // short name: count, fingerprint, full-text, source, dirty, index,
                         // orphan-folder, model, database...
  std::string sentence;  // names the object, what was expected and what was found
  bool is_problem =
      true;  // false: worth knowing, nothing is wrong (documents that wait for embedding)
  bool repairable = false;  // by `repair`
  bool repaired = false;
};

struct CheckReport {
  int64_t documents = 0, revision = 0, dirty_documents = 0, revisions = 0, undo_steps = 0,
          indexes = 0, models = 0;
  std::string fingerprint;             // recomputed
  std::vector<CheckFinding> findings;  // empty: all is well
  bool ok() const;                     // no problem that was not repaired
};

// `repair`: counters, fingerprint and full-text index are made again from the documents; rows of
// indexes whose files are gone are removed, and so are folders that a killed import or build left
// behind. Documents are never changed. Throws Error{kIo} for `repair` on a read-only workspace;
// Error{kCancelled}.
CheckReport check_workspace(Workspace& workspace, bool repair, std::stop_token stop = {},
                            const ProgressCallback& progress = {});

}  // namespace realm
