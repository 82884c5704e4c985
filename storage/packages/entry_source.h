// EntrySource: the entries of a package (dictionary articles, sections of a country) and the
// passages that each gives. Entries are numbered, and their order and passages depend on the
// package's files alone, so that an import can go on at any of them.
//
// Thread rule: const calls from any thread. Everything is in memory: calls do not block.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/text/corpus.h"

namespace realm {

struct MadeEntry {
  std::vector<Document> passages;  // title and text; the rest is the importer's
  const char* skipped = nullptr;   // why there are none, in a few words
};

class EntrySource {
 public:
  virtual ~EntrySource() = default;
  virtual int64_t size() const = 0;
  virtual MadeEntry make(int64_t entry) const = 0;  // 0 <= entry < size()
};

}  // namespace realm
