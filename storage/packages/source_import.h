// The passages of one source into the corpus, batch by batch, going on where an earlier import
// stood. Private to storage/packages; the thread rule is that of english_corpora.h.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "storage/packages/english_corpora.h"
#include "storage/packages/entry_source.h"

namespace realm {

struct OpenedSource {
  std::unique_ptr<EntrySource> entries;
  std::string hash;  // of the files that it was made from
};

struct SourceKind {
  std::string source, licence;
  PackageRequest package;
  std::function<OpenedSource(const std::filesystem::path& content)> open;
};

struct ImportControl {
  std::stop_token stop;
  const ProgressCallback& progress;
};

// Fills in what the report says of the import; `report` has source and licence. Throws
// Error{kCancelled} and what CorpusStore throws.
void import_source(CorpusStore& corpus, const OpenedSource& opened,
                   const EnglishCorporaOptions& options, EnglishSourceReport& report,
                   const ImportControl& control);

}  // namespace realm
