// realm setup english.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "app/cli/assets.h"
#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/text_table.h"
#include "app/cli/workspace_tokenizer.h"
#include "app/services/document_splitter.h"
#include "app/view/number_format.h"
#include "engine/base/error.h"
#include "storage/corpus_store.h"
#include "storage/packages/english_corpora.h"
#include "storage/packages/package_fetcher.h"
#include "storage/workspace.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using cli::Json;

constexpr const char* kName = "English";

struct EnglishArguments {
  std::string folder;
  bool gcide = false, no_model = false;
};

fs::path package_cache(const fs::path& workspace) { return workspace / "cache" / "packages"; }

// A workspace that this command made before is gone on with; another one is left alone, so that
// nobody's corpus is mixed with these.
Workspace open_or_make(const fs::path& folder) {
  if (!fs::exists(folder / "workspace.json")) {
    Workspace workspace = Workspace::create(folder, kName);
    fs::create_directories(package_cache(folder));
    return workspace;
  }
  Workspace workspace = Workspace::open(folder);
  if (!fs::exists(package_cache(folder)) && workspace.name() != kName) {
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

// Passages are cut by the workspace's model. Without one it is done by the starter's vocabulary,
// which is small and so cuts a text into more pieces than others do.
EnglishCorporaOptions corpora_options(const Workspace& workspace, bool gcide) {
  EnglishCorporaOptions options;
  options.gcide = gcide;
  std::shared_ptr<const WordPieceTokenizer> tokenizer = workspace_tokenizer(workspace);
  options.splitter_name = splitter_name(kPassageWordpieces);
  if (tokenizer == nullptr) {
    const fs::path vocabulary = find_asset("starter") / "models" / "starter" / "vocab.txt";
    tokenizer = std::make_shared<const WordPieceTokenizer>(
        std::make_shared<const Vocabulary>(Vocabulary::load(vocabulary)));
    options.splitter_name += "-starter";
  }
  options.splitter = make_splitter(std::move(tokenizer), kPassageWordpieces);
  return options;
}

EnglishCorporaReport add_corpora(const CliContext& context, const Workspace& workspace,
                                 bool gcide) {
  const auto corpus =
      CorpusStore::open(workspace.corpus_database(), OpenMode::kReadWrite, "realm setup english");
  SystemPackageFetcher fetcher(package_cache(workspace.folder()));
  return build_english_corpora(*corpus, fetcher, corpora_options(workspace, gcide), context.stop,
                               context.console.progress());
}

Json to_object(const EnglishSourceReport& source) {
  return {{"source", source.source},
          {"licence", source.licence},
          {"package", source.package},
          {"archive", cli::text_or_null(source.archive)},
          {"entries", source.entries},
          {"passages", source.passages},
          {"skipped", source.skipped},
          {"already_there", source.already_there},
          {"resumed", source.resumed},
          {"note", cli::text_or_null(source.note)},
          {"failure", cli::text_or_null(source.failure)},
          {"seconds", cli::number(source.seconds)}};
}

void print_report(const CliContext& context, const Workspace& workspace,
                  const EnglishCorporaReport& report) {
  const auto corpus = CorpusStore::open(workspace.corpus_database(), OpenMode::kReadOnly);
  if (context.console.json) {
    Json sources = Json::array();
    for (const EnglishSourceReport& source : report.sources) sources.push_back(to_object(source));
    context.console.document(cli::dump({{"workspace", workspace.folder().string()},
                                        {"name", workspace.name()},
                                        {"documents", corpus->size()},
                                        {"complete", report.complete()},
                                        {"sources", std::move(sources)},
                                        {"seconds", cli::number(report.seconds)}}));
    return;
  }
  using Align = cli::TextTable::Align;
  cli::TextTable table({{"source", Align::kLeft},
                        {"licence", Align::kLeft},
                        {"passages", Align::kRight},
                        {"entries", Align::kRight},
                        {"left out", Align::kLeft}});
  for (const EnglishSourceReport& source : report.sources) {
    std::string left_out;
    for (const auto& [why, count] : source.skipped) {
      left_out +=
          fmt::format("{}{} {}", left_out.empty() ? "" : ", ", view::format_count(count), why);
    }
    table.add({source.source, source.licence,
               source.failure.empty() ? view::format_count(source.passages) : "missing",
               source.failure.empty() ? view::format_count(source.entries) : "-",
               left_out.empty() ? "-" : left_out});
  }
  context.console.text(table.str());
  for (const EnglishSourceReport& source : report.sources) {
    for (const std::string* sentence : {&source.note, &source.failure}) {
      if (!sentence->empty()) context.console.text(*sentence);
    }
  }
  context.console.text(fmt::format("Workspace {}: {} documents", workspace.folder().string(),
                                   view::format_count(corpus->size())));
}

void run_setup_english(const CliContext& context, const EnglishArguments& arguments) {
  const fs::path wanted = fs::absolute(arguments.folder.empty() ? user_data_folder() / "english"
                                                                : fs::path(arguments.folder))
                              .lexically_normal();
  const Workspace workspace = open_or_make(wanted.has_filename() ? wanted : wanted.parent_path());
  const EnglishCorporaReport report = add_corpora(context, workspace, arguments.gcide);
  print_report(context, workspace, report);
  if (!report.complete()) {
    const auto missing =
        std::count_if(report.sources.begin(), report.sources.end(),
                      [](const EnglishSourceReport& source) { return !source.failure.empty(); });
    throw Error(ErrorCode::kIo,
                fmt::format("{} of {} sources are missing; the same command fetches them later.",
                            missing, report.sources.size()));
  }
}

}  // namespace

void add_setup_english_command(CLI::App& root, CliContext& context) {
  CLI::App& command = add_command(root, "setup english");
  const auto arguments = std::make_shared<EnglishArguments>();
  command.add_option("DIR", arguments->folder, "where; else the user's data folder");
  command.add_flag("--gcide", arguments->gcide,
                   "also the GNU dictionary of English (about 126,000 passages more)");
  command.add_flag("--no-model", arguments->no_model, "the passages alone");
  command.callback([&context, arguments] {
    context.action = [&context, arguments] { run_setup_english(context, *arguments); };
  });
}

}  // namespace realm
