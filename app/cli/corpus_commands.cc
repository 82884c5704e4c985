// realm import, export.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/cli/context.h"
#include "app/cli/json.h"
#include "app/cli/text_table.h"
#include "app/services/document_splitter.h"
#include "app/services/workspace_tokenizer.h"
#include "app/view/number_format.h"
#include "engine/base/error.h"
#include "storage/exporters.h"
#include "storage/import_preview.h"
#include "storage/importers.h"

namespace realm {
namespace {

using cli::Json;

struct ImportArguments {
  std::vector<std::string> files;
  std::string format = "auto", source, licence;
  int max_wordpieces = kPassageWordpieces;
  bool again = false, dry_run = false;
};

Json to_object(const std::string& file, const ImportReport& report) {
  Json problems = Json::array();
  for (const ImportProblem& problem : report.problems) {
    problems.push_back({{"line", problem.line}, {"reason", problem.reason}});
  }
  return {{"file", file},
          {"format", import_format_name(report.format)},
          {"rows", report.rows},
          {"documents", report.documents},
          {"passages", report.passages},
          {"skipped",
           {{"invalid_utf8", report.skipped_invalid_utf8},
            {"empty", report.skipped_empty},
            {"malformed", report.skipped_malformed},
            {"too_long", report.skipped_too_long}}},
          {"cleaned_rows", report.cleaned_rows},
          {"ignored_keys", report.ignored_keys},
          {"problems", std::move(problems)},
          {"resumed", report.resumed},
          {"already_imported", report.already_imported},
          {"seconds", cli::number(report.seconds)}};
}

std::string describe(const std::string& file, const ImportReport& report) {
  if (report.already_imported)
    return fmt::format("{}: imported before, nothing added (--again adds it once more)", file);
  std::string text =
      fmt::format("{}: {} passages from {} documents", file, view::format_count(report.passages),
                  view::format_count(report.documents));
  const auto count = [&](int64_t skipped, const char* why) {
    if (skipped > 0) text += fmt::format(", {} skipped ({})", view::format_count(skipped), why);
  };
  count(report.skipped_invalid_utf8, "invalid UTF-8");
  count(report.skipped_empty, "no text");
  count(report.skipped_malformed, "malformed");
  count(report.skipped_too_long, "too long");
  constexpr size_t kShown = 10;
  for (size_t i = 0; i < std::min(report.problems.size(), kShown); ++i) {
    text += fmt::format("\n  line {}: {}", report.problems[i].line, report.problems[i].reason);
  }
  if (report.problems.size() > kShown) text += "\n  ...";
  return text;
}

Json to_object(const ImportSample& sample) {
  Json passages = Json::array();
  for (const ImportSample::Passage& passage : sample.first) {
    passages.push_back(
        {{"words", passage.words},
         {"word_pieces", passage.word_pieces > 0 ? Json(passage.word_pieces) : Json(nullptr)},
         {"opening", passage.opening}});
  }
  return {{"line", sample.line},
          {"title", sample.title},
          {"passages", sample.passages},
          {"first", std::move(passages)}};
}

void print_samples(const CliContext& context, const std::vector<ImportSample>& samples) {
  if (samples.empty()) return;
  cli::TextTable table({{"line", cli::TextTable::Align::kRight},
                        {"title", cli::TextTable::Align::kLeft},
                        {"passages", cli::TextTable::Align::kRight},
                        {"word pieces", cli::TextTable::Align::kLeft},
                        {"words", cli::TextTable::Align::kLeft}});
  for (const ImportSample& sample : samples) {
    std::string pieces, words;
    for (const ImportSample::Passage& passage : sample.first) {
      const char* joint = words.empty() ? "" : " + ";
      words += fmt::format("{}{}", joint, passage.words);
      pieces += passage.word_pieces > 0 ? fmt::format("{}{}", joint, passage.word_pieces) : "";
    }
    if (sample.passages > static_cast<int64_t>(sample.first.size())) {
      words += " + ...";
      if (!pieces.empty()) pieces += " + ...";
    }
    table.add({std::to_string(sample.line), cli::one_line(sample.title, 40),
               std::to_string(sample.passages), pieces.empty() ? "-" : pieces, words});
  }
  context.console.text(table.str());
}

// --dry-run
void show_previews(const CliContext& context, WorkspaceSession& session,
                   const std::vector<std::string>& names, const ImportOptions& options) {
  Json files = Json::array();
  for (const std::string& file : names) {
    const ImportPreview preview = preview_import(session.corpus(), file, options, {}, context.stop,
                                                 context.console.progress());
    Json object = to_object(file, preview.report);
    Json samples = Json::array();
    for (const ImportSample& sample : preview.samples) samples.push_back(to_object(sample));
    object["samples"] = std::move(samples);
    files.push_back(std::move(object));
    context.console.text(preview.report.already_imported || !preview.report.resumed
                             ? describe(file, preview.report)
                             : describe(file, preview.report) +
                                   "\n  (the rest of an import that "
                                   "stopped half-way)");
    print_samples(context, preview.samples);
  }
  if (context.console.json) {
    context.console.document(cli::dump({{"dry_run", true},
                                        {"files", std::move(files)},
                                        {"documents", session.corpus().size()},
                                        {"revision", session.corpus().revision()}}));
  }
  context.console.note("Nothing was imported: this was a preview.");
}

void run_import(const CliContext& context, const ImportArguments& arguments) {
  ImportOptions options;
  options.format = parse_import_format(arguments.format);
  options.source = arguments.source;
  options.licence = arguments.licence;
  options.again = arguments.again;
  const auto session = context.open_session(arguments.dry_run ? CliContext::Access::kRead
                                                              : CliContext::Access::kWrite);
  if (const auto tokenizer = workspace_tokenizer(session->workspace())) {
    options.splitter = make_splitter(tokenizer, arguments.max_wordpieces);
    options.splitter_name = splitter_name(arguments.max_wordpieces);
    options.count_pieces = make_piece_counter(tokenizer);
  } else {
    context.console.note(
        "The workspace has no model to count word pieces with, so long documents are not split.");
  }
  if (arguments.dry_run) return show_previews(context, *session, arguments.files, options);
  Json files = Json::array();
  for (const std::string& file : arguments.files) {
    const ImportReport report =
        import_file(session->corpus(), file, options, context.stop, context.console.progress());
    files.push_back(to_object(file, report));
    context.console.text(describe(file, report));
  }
  const int64_t dirty = session->corpus().dirty_count();
  if (context.console.json) {
    context.console.document(cli::dump({{"files", std::move(files)},
                                        {"documents", session->corpus().size()},
                                        {"revision", session->corpus().revision()},
                                        {"stale_documents", dirty}}));
  }
  if (dirty > 0) {
    context.console.note(fmt::format("{} documents wait for the index; realm index embeds them.",
                                     view::format_count(dirty)));
  }
}

void run_export(const CliContext& context, const std::string& file, std::string format) {
  if (format.empty()) format = file.ends_with(".tsv") ? "tsv" : "jsonl";
  const auto session = context.open_session(CliContext::Access::kRead);
  const int64_t written = export_corpus(session->corpus(), file,
                                        format == "tsv" ? ExportFormat::kTsv : ExportFormat::kJsonl,
                                        context.stop, context.console.progress());
  if (context.console.json) {
    context.console.document(
        cli::dump({{"file", file}, {"format", format}, {"documents", written}}));
  } else {
    context.console.text(fmt::format("{}: {} documents", file, view::format_count(written)));
  }
}

}  // namespace

void add_corpus_commands(CLI::App& root, CliContext& context) {
  {
    CLI::App& command = add_command(root, "import");
    const auto arguments = std::make_shared<ImportArguments>();
    command.add_option("FILE", arguments->files, "files of documents")->required();
    command.add_option("--format", arguments->format, "told from the file where it can be")
        ->check(CLI::IsMember({"auto", "jsonl", "tsv", "text"}))
        ->capture_default_str();
    command.add_option("--max-wordpieces", arguments->max_wordpieces, "longer documents are split")
        ->check(CLI::Range(8, 100000))
        ->capture_default_str();
    command.add_option("--source", arguments->source,
                       "of documents that name none; else the file's name");
    command.add_option("--licence", arguments->licence, "of documents that name none");
    command.add_flag("--again", arguments->again, "also what was imported before");
    command.add_flag("--dry-run", arguments->dry_run,
                     "only say what would come in, how it would be split and what left out");
    command.callback([&context, arguments] {
      context.action = [&context, arguments] { run_import(context, *arguments); };
    });
  }
  {
    CLI::App& command = add_command(root, "export");
    const auto file = std::make_shared<std::string>();
    const auto format = std::make_shared<std::string>();
    command.add_option("FILE", *file, "the file to write; it is there whole or not at all")
        ->required();
    command
        .add_option("--format", *format,
                    "else told from the file's name, jsonl where it does not tell")
        ->check(CLI::IsMember({"jsonl", "tsv"}));
    command.callback([&context, file, format] {
      context.action = [&context, file, format] { run_export(context, *file, *format); };
    });
  }
}

}  // namespace realm
