#include "app/services/english_setup.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <utility>

#include "app/services/document_splitter.h"
#include "app/services/english_models.h"
#include "app/services/workspace_session.h"
#include "app/services/workspace_tokenizer.h"
#include "engine/base/error.h"
#include "engine/base/processor.h"
#include "storage/corpus_store.h"
#include "storage/workspace.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kName = "English";

bool holds_workspace(const fs::path& folder) { return fs::exists(folder / "workspace.json"); }

// A workspace that this made before is gone on with; another one is left alone, so that nobody's
// corpus is mixed with these.
Workspace open_begun(const fs::path& folder) {
  Workspace workspace = Workspace::open(folder);
  if (!fs::exists(english_package_cache(folder)) && workspace.name() != kName) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} holds a workspace that was not made by realm setup english; name "
                            "another folder.",
                            folder.string()));
  }
  if (workspace.read_only()) {
    throw Error(ErrorCode::kIo,
                fmt::format("The workspace {} cannot be written.", folder.string()));
  }
  return workspace;
}

Workspace open_or_make(const fs::path& folder) {
  if (holds_workspace(folder)) return open_begun(folder);
  Workspace workspace = Workspace::create(folder, kName);
  fs::create_directories(english_package_cache(folder));
  return workspace;
}

// Why a new workspace cannot be made there; empty: it can.
std::string why_not_new(const fs::path& folder) {
  if (fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder))) {
    return fmt::format("{} holds something else; name a new or an empty folder.", folder.string());
  }
  // It is made beside its place and moved there.
  fs::path above = folder.parent_path();
  while (above.has_relative_path() && !fs::exists(above)) above = above.parent_path();
  if (!fs::is_directory(above) || ::access(above.c_str(), W_OK) != 0)
    return fmt::format("Nothing can be written to {}.", above.string());
  return {};
}

// Passages are cut by the workspace's model. Without one it is done by the starter's vocabulary,
// which is small and so cuts a text into more pieces than others do.
EnglishCorporaOptions corpora_options(const Workspace& workspace,
                                      const EnglishSetupOptions& options) {
  EnglishCorporaOptions out;
  out.gcide = options.gcide;
  out.splitter_name = splitter_name(kPassageWordpieces);
  std::shared_ptr<const WordPieceTokenizer> tokenizer = workspace_tokenizer(workspace);
  if (tokenizer == nullptr) {
    tokenizer = std::make_shared<const WordPieceTokenizer>(
        std::make_shared<const Vocabulary>(Vocabulary::load(options.starter_vocabulary)));
    out.splitter_name += "-starter";
  }
  out.splitter = make_splitter(std::move(tokenizer), kPassageWordpieces);
  return out;
}

// Files that a workspace carries along: the gallery and the question sets.
void copy_along(const fs::path& assets, const fs::path& folder) {
  for (const char* const name : {"examples.json", "eval"}) {
    if (fs::exists(assets / name) && !fs::exists(folder / name))
      fs::copy(assets / name, folder / name, fs::copy_options::recursive);
  }
}

IndexStatus build_index(const EnglishSetupOptions& options, const std::stop_token& stop,
                        const ProgressCallback& progress) {
  SessionOptions session_options = options.session;
  session_options.workspace = options.folder;
  session_options.load_models = false;
  if (!options.precision_is_given && session_options.device == "cpu" && multiplies_bfloat16())
    session_options.precision = Precision::kBf16;
  WorkspaceSession session(session_options);
  const SessionStatus status = session.status();
  const bool is_fresh = status.index.matches_model && status.index.stale_documents == 0;
  return is_fresh ? status.index : session.build_index("", /*rebuild=*/false, stop, progress);
}

}  // namespace

bool EnglishSetupReport::complete() const { return corpora.complete() && models_failure.empty(); }

EnglishFolder look_at_english_folder(const fs::path& folder) {
  EnglishFolder found;
  try {
    found.is_begun = holds_workspace(folder);
    if (found.is_begun) {
      open_begun(folder);
    } else {
      found.problem = why_not_new(folder);
    }
  } catch (const Error& error) {
    found.problem = error.what();
  } catch (const fs::filesystem_error& error) {
    found.problem = fmt::format("{} cannot be read: {}.", folder.string(), error.code().message());
  }
  return found;
}

fs::path english_package_cache(const fs::path& workspace) {
  return workspace / "cache" / "packages";
}

EnglishSetupReport set_up_english(const EnglishSetupOptions& options, PackageFetcher& fetcher,
                                  std::stop_token stop, const ProgressCallback& progress) {
  const Clock::time_point begin = Clock::now();
  EnglishSetupReport report;
  Workspace workspace = open_or_make(options.folder);
  copy_along(options.assets, options.folder);
  if (options.models) {
    try {
      EnglishModels models =
          make_english_models(workspace, fetcher, options.assets, options.base, stop, progress);
      report.base_archive = std::move(models.archive);
      report.models = std::move(models.names);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      report.models_failure = error.what();
    }
  }
  {
    const auto corpus =
        CorpusStore::open(workspace.corpus_database(), OpenMode::kReadWrite, "realm setup english");
    report.corpora = build_english_corpora(*corpus, fetcher, corpora_options(workspace, options),
                                           stop, progress);
    report.documents = corpus->size();
  }
  if (!report.models.empty()) report.index = build_index(options, stop, progress);
  report.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return report;
}

}  // namespace realm
