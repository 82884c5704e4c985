// The English workspace: free reference works as its corpus, models of our own training on a
// published encoder, and an index over all of it. What realm setup english and the window's "Get
// the English workspace" do.
//
// Every stage leaves what it finished: packages in the workspace's cache, models, sources in the
// corpus, vectors in the index. The next call goes on from there; one that finds everything does
// nothing.
//
// Thread rule: runs on the caller's thread; blocks for minutes on network, disk and processor.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "app/services/session.h"
#include "engine/base/progress.h"
#include "storage/packages/english_corpora.h"
#include "storage/packages/package_fetcher.h"

namespace realm {

struct EnglishSetupOptions {
  std::filesystem::path folder;  // of the workspace
  // assets/english: models/NAME with the differences of each model, examples.json, eval/.
  std::filesystem::path assets;
  std::filesystem::path starter_vocabulary;  // cuts passages where there is no model
  bool gcide = false;                        // the GNU dictionary of English as well
  bool models = true;                        // false: the passages alone
  // A BERT-like folder in the place of the published encoder, where that cannot be had. The same
  // weights get our models; of others the body is the retriever (pooled as the folder says, or the
  // mean) and the folder must have a masked language model head.
  std::filesystem::path base;
  SessionOptions session;           // device, precision and threads of the embedding
  bool precision_is_given = false;  // otherwise bf16 where the processor multiplies it
};

struct EnglishSetupReport {
  EnglishCorporaReport corpora;
  std::string base_archive;         // what the encoder came in, with its version; or the folder
  std::vector<std::string> models;  // names in the workspace
  std::string models_failure;       // why there are none: one sentence; empty: they are there
  int64_t documents = 0;
  IndexStatus index;  // type empty: none
  double seconds = 0;
  bool complete() const;  // nothing is missing
};

// Throws Error{kInvalidArgument} for a folder that holds something else, Error{kCancelled},
// Error{kIo} (a full disk), and what WorkspaceSession throws. What cannot be fetched is named in
// the report, and the rest goes on.
EnglishSetupReport set_up_english(const EnglishSetupOptions& options, PackageFetcher& fetcher,
                                  std::stop_token stop, const ProgressCallback& progress = {});

// What set_up_english would find in a folder. Changes nothing.
struct EnglishFolder {
  bool is_begun = false;  // a workspace of it is there, whole or not, and is gone on with
  std::string problem;    // why the folder cannot be used: one sentence; empty: it can
};
EnglishFolder look_at_english_folder(const std::filesystem::path& folder);

// WORKSPACE/cache/packages, where its packages lie.
std::filesystem::path english_package_cache(const std::filesystem::path& workspace);

}  // namespace realm
